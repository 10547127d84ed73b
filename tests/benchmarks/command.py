"""Benchmark command: `python tests/benchmarks`, its options and the table that it prints."""

import argparse
import json
import platform
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from benchmarks import measures
from benchmarks.load import WRK
from benchmarks.measures import Line, Plan
from benchmarks.processes import load_on_its_own_core
from benchmarks.soak import soak

SHORT = Plan(rounds=1, seconds=1, pages=(100, 1_000), rows=200)
_NOT_SHORT = ("neighbourhood", "traced", "bursts", "waits")
MEASURES: dict[str, Callable[[Plan], Iterator[Line]]] = {
    "operations": measures.operations,
    "traced": measures.traced,
    "neighbourhood": measures.neighbourhood,
    "pages": measures.pages,
    "start": measures.start,
    "bursts": measures.bursts,
    "waits": measures.waits,
    "offices": measures.offices,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, or run a soak test. Return the exit code, which is 1 if a soak test finds that memory grows."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the started servers are stopped
    load_on_its_own_core()
    if options.soak:
        return 0 if soak(options.soak) else 1
    plan = SHORT if options.short else Plan(rounds=options.rounds, seconds=options.seconds)
    print(f"Python {platform.python_version()}, load by {'wrk' if WRK else 'a Python client, which may be the limit'}")
    lines: list[Line] = []
    for name in options.only or [one for one in MEASURES if one not in _NOT_SHORT or not options.short]:
        print(_HEADINGS[name], flush=True)
        for line in MEASURES[name](plan):
            lines.append(line)
            print(_shown(line), flush=True)
    if options.json:
        kept = {"date": date.today().isoformat(), "plan": asdict(plan), "lines": [asdict(line) for line in lines]}
        Path(options.json).write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python tests/benchmarks",
        description="Measure the mock by a bare aiohttp handler that sends the same bytes, in the same run.",
    )
    plan = Plan()
    parser.add_argument("--rounds", type=int, default=plan.rounds, help="medians of so many (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=plan.seconds, help="how long each lasts (default: %(default)s)")
    parser.add_argument("--only", action="append", choices=MEASURES, help="measure this alone; repeatable")
    parser.add_argument("--short", action="store_true", help="a second each and small offices: to see that it works")
    parser.add_argument("--json", metavar="FILE", help="keep the figures there")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="mixed load instead, and memory every 10 s")
    return parser


_OPERATIONS = (
    f"\n{'operation':34}{'mock':>10}{'floor':>10} {'unit':11}{'ratio':>6}  budget   "
    "p50, p99 of the mock; of the floor (ms); us of CPU, and the floor's (ratio)"
)
_HEADINGS = {
    "operations": _OPERATIONS,
    "neighbourhood": _OPERATIONS,
    "traced": _OPERATIONS,
    "pages": f"\n{'page':34}{'mock':>10}{'at first':>10} {'unit':11}{'ratio':>6}  budget   p50, p99 (ms)",
    "start": f"\n{'start':34}{'mock':>10}{'floor':>10} {'unit':11}{'ratio':>6}  budget",
    "bursts": f"\n{'burst':34}{'unserved':>10}{'refused':>10} {'unit':11}{'ratio':>6}  budget",
    "waits": f"\n{'wait':34}{'mock':>10}{'import':>10} {'unit':11}{'ratio':>6}  budget",
    "offices": f"\n{'office':34}{'mock':>10}{'':>10} {'unit':11}{'':>6}  budget",
}


def _shown(line: Line) -> str:
    by = "" if line.by is None else _number(line.by)
    ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
    pairs = [line.percentiles[index : index + 2] for index in range(0, len(line.percentiles), 2)]
    details = "; ".join(", ".join(f"{value:.2f}" for value in pair) for pair in pairs)
    if line.cpu is not None:
        details += f"; {line.cpu[0]:.0f}, {line.cpu[1]:.0f} ({line.cpu[2]:.2f})"
    return (
        f"{line.name:34}{_number(line.value):>10}{by:>10} {line.unit:11}{ratio:>6}  {line.budget:8} {details}".rstrip()
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
