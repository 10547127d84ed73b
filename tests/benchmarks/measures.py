"""Measures: operations, pages, start, and changes of a whole office, each as lines of a table."""

import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.load import Figures, measure
from benchmarks.processes import Process, floor, mock, plain_environment
from benchmarks.workloads import (
    COPIED,
    LIST,
    NO_SUCH_CLAIM,
    OPERATIONS,
    TRACED,
    UNSERVED,
    Operation,
    Request,
    fixture,
    lists_and_writes,
)

RESET = Request(method="POST", path="/__admin/reset")
ROWS = 100
KEYS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The extent of a run: the number and the seconds of its rounds, and the sizes of its offices."""

    rounds: int = 15
    seconds: int = 1
    pages: tuple[int, ...] = (100, 10_000, 1_000_000)
    rows: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: the mock's result and its reference. `ratio` is the median of the rounds' own ratios.

    `cpu` is microseconds of CPU for a request, of the mock and of the floor, and the median of the rounds' ratios.
    """

    name: str
    unit: str
    value: float
    by: float | None = None
    ratio: float | None = None
    budget: str = ""
    percentiles: tuple[float, ...] = ()
    cpu: tuple[float, float, float] | None = None


def operations(plan: Plan) -> Iterator[Line]:
    """Measure each operation, and a bare handler that sends the same bytes."""
    return _operations(OPERATIONS, plan)


def traced(plan: Plan) -> Iterator[Line]:
    """Measure requests of which each has a trace id of its own, so that no head was parsed before."""
    return _operations(TRACED, plan)


def _operations(operations: Iterable[Operation], plan: Plan) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "office.json"
        file.write_text(json.dumps(fixture(ROWS)), encoding="utf-8")
        for operation in operations:
            tls = ("--tls",) if operation.tls else ()
            with mock("--fixtures", file, *tls) as ours, floor(ours, *operation.requests) as bare:
                yield _operation(operation, ours, bare, plan)


def neighbourhood(plan: Plan) -> Iterator[Line]:
    """Measure a list of each resource, and the update of a line with the sums of its claim beside that of a tracking."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "office.json"
        file.write_text(json.dumps(COPIED), encoding="utf-8")
        for operation in lists_and_writes():
            with mock("--fixtures", file) as ours, floor(ours, *operation.requests) as bare:
                yield _operation(operation, ours, bare, plan)


def _operation(operation: Operation, ours: Process, bare: Process, plan: Plan) -> Line:
    both: list[tuple[Figures, Figures]] = []
    spent: list[tuple[float, float]] = []
    for server in (ours, bare):
        _load(server, operation, 1)
    for _ in range(plan.rounds):
        ours.answer(RESET)  # so that no round finds more rows than the one before
        mine, my_cpu = _weighed(ours, operation, plan)
        floors, floors_cpu = _weighed(bare, operation, plan)
        both.append((mine, floors))
        if my_cpu and floors_cpu:
            spent.append((my_cpu, floors_cpu))
    return Line(
        name=operation.name,
        unit="requests/s",
        value=median(mine.per_second for mine, _ in both),
        by=median(floors.per_second for _, floors in both),
        ratio=median(mine.per_second / floors.per_second for mine, floors in both),
        budget=f">= {operation.budget}" if operation.budget else "",
        percentiles=tuple(
            median(getattr(figures[which], name) for figures in both) for which in (0, 1) for name in ("p50", "p99")
        ),
        cpu=(
            median(mine for mine, _ in spent),
            median(floors for _, floors in spent),
            median(floors / mine for mine, floors in spent),
        )
        if spent
        else None,
    )


def _weighed(server: Process, operation: Operation, plan: Plan) -> tuple[Figures, float | None]:
    """Run a period of load. Return its figures and the microseconds of CPU per request."""
    before = server.cpu()
    figures = _load(server, operation, plan.seconds)
    after = server.cpu()
    return figures, None if before is None or after is None else (after - before) / figures.requests * 1e6


def _load(server: Process, operation: Operation, seconds: int) -> Figures:
    return measure(
        server.host, operation.requests, seconds, operation.connections,
        in_two=operation.in_two, tls=operation.tls, traced=operation.traced,
    )  # fmt: skip


def pages(plan: Plan) -> Iterator[Line]:
    """Measure the first page of offices of several sizes, relative to the smallest, and the memory of the largest."""
    with ExitStack() as stack:
        servers = [stack.enter_context(Process("-m", "benchmarks.big_office", str(count))) for count in plan.pages]
        for server in servers:
            measure(server.host, (LIST,), 1)
        rounds = [[measure(server.host, (LIST,), plan.seconds) for server in servers] for _ in range(plan.rounds)]
        for index, count in enumerate(plan.pages):
            yield Line(
                name=f"page of 100 of {count:,} rows",
                unit="requests/s",
                value=median(figures[index].per_second for figures in rounds),
                by=median(figures[0].per_second for figures in rounds) if index else None,
                ratio=median(figures[index].per_second / figures[0].per_second for figures in rounds)
                if index
                else None,
                budget=">= 0.83" if index else "",
                percentiles=tuple(median(getattr(one[index], name) for one in rounds) for name in ("p50", "p99")),
            )
        resident = servers[-1].resident()
        if resident:
            yield Line(name=f"memory of {plan.pages[-1]:,} rows", unit="MB", value=resident / 1000, budget="<= 1000")


def start(plan: Plan) -> Iterator[Line]:
    """Measure the time from the start of the process to the first response, its memory, and its imports."""
    took: list[tuple[float, float]] = []
    weights: list[tuple[int, int]] = []
    with mock() as first:  # which writes the bytecode that no start has written yet
        first.answer(LIST)
    for _ in range(max(plan.rounds, 3)):
        with mock() as ours:
            ours.answer(LIST)
            mine = time.perf_counter() - ours.started
            with floor(ours, LIST) as bare:
                bare.answer(LIST)
                took.append((mine, time.perf_counter() - bare.started))
                weights.append((ours.resident() or 0, bare.resident() or 0))
    yield _pair("start to first answer", "ms", [(mine * 1000, floors * 1000) for mine, floors in took], "<= 1.4")
    if all(mine and floors for mine, floors in weights):
        yield _pair("memory after the start", "MB", [(mine / 1000, floors / 1000) for mine, floors in weights])
    modules = ("mockserver.web.app", "aiohttp.web")
    imports = [(_import(modules[0]), _import(modules[1])) for _ in range(max(plan.rounds, 3))]
    yield _pair("import of mockserver.web.app", "ms", imports)

    with mock("--office-per-key") as ours:
        ours.answer(LIST)
        before = ours.resident()
        for number in range(KEYS):
            ours.answer(LIST, customer_key=f"Key{number}")
        after = ours.resident()
    if before and after:
        more = (after - before) / 1000
        yield Line(name=f"memory of {KEYS} more offices", unit="MB", value=more, budget="<= 100")


def bursts(plan: Plan) -> Iterator[Line]:
    """Measure the p99 of lists while others send requests that are not served, and while they send refused ones."""
    with mock() as ours:
        both: list[tuple[float, float]] = []
        for _ in range(plan.rounds):
            first, second = (_p99_beside(other, ours, plan) for other in (UNSERVED, NO_SUCH_CLAIM))
            both.append((first, second))
        yield _pair("p99 beside unserved requests", "ms", both, "<= 1.1")


def _p99_beside(other: Request, server: Process, plan: Plan) -> float:
    """Return the p99 of lists over one connection in milliseconds, while four others send a request over and over."""
    others = multiprocessing.Process(target=measure, args=(server.host, (other,), plan.seconds + 1, 4))
    others.start()
    try:
        return measure(server.host, (LIST,), plan.seconds, 1).p99
    finally:
        others.join()


def _pair(name: str, unit: str, both: list[tuple[float, float]], budget: str = "") -> Line:
    return Line(
        name=name,
        unit=unit,
        value=median(mine for mine, _ in both),
        by=median(floors for _, floors in both),
        ratio=median(mine / floors for mine, floors in both),
        budget=budget,
    )


def waits(plan: Plan) -> Iterator[Line]:
    """Measure what people wait for, relative to a bare import of `aiohttp.web`."""
    mockserver, nothing = (sys.executable, "-m", "mockserver"), (sys.executable, "-c", "pass")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "office.yaml").write_text(_yaml(1_000), encoding="utf-8")
        Path(folder, "conftest.py").write_text(_CONFTEST, encoding="utf-8")
        Path(folder, "test_first.py").write_text(_FIRST_TEST, encoding="utf-8")
        pytest = (sys.executable, "-m", "pytest", "-sq", "-p", "no:cacheprovider", "test_first.py")
        for name, budget, command in (
            ("run around nothing", "<= 500", (*mockserver, "run", "--allow-no-requests", "--", *nothing)),
            ("check of 1,000 rows", "<= 600", (*mockserver, "check", "office.yaml")),
            ("first test after collection", "<= 600", pytest),
        ):
            _spent(command, folder)  # which writes the bytecode
            rounds = max(plan.rounds, 3)
            both = [(_spent(command, folder), _spent(_BARE, folder)) for _ in range(rounds)]
            yield _pair(name, "ms", both, budget)


_BARE = (sys.executable, "-c", "import aiohttp.web")
_CONFTEST = """
import time

def pytest_collection_finish():
    globals()["began"] = time.perf_counter()

def pytest_runtest_logreport(report):
    if report.when == "call" and report.passed:
        print("milliseconds", (time.perf_counter() - began) * 1000)
"""
_FIRST_TEST = """
def test_a_list(opendental_mock):
    import urllib.request
    request = urllib.request.Request(opendental_mock.url + "/claimtrackings", headers=opendental_mock.headers)
    with urllib.request.urlopen(request) as response:
        assert response.status == 200
"""


def _spent(command: Sequence[str], folder: str) -> float:
    """Run a command. Return the milliseconds that it took, or those that it prints."""
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=plain_environment(), capture_output=True, encoding="utf-8", check=True
    )
    took = (time.perf_counter() - began) * 1000
    _, is_said, rest = done.stdout.partition("milliseconds ")  # in a line of pytest's dots
    return float(rest.split()[0]) if is_said else took


def _import(module: str) -> float:
    code = f"import time; t = time.perf_counter(); import {module}; print((time.perf_counter() - t) * 1000)"
    command, environment = [sys.executable, "-c", code], plain_environment()
    return float(subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=True).stdout)


def offices(plan: Plan) -> Iterator[Line]:
    """Measure reset, snapshot, restore and load, in this process and without HTTP."""
    from mockserver import load_office  # the other measures start the mock as a process, of any version

    default = load_office()
    yield Line(name="reset of the default office", unit="ms", value=_took(default.reset, 100), budget="<= 1")
    files = {"JSON": (json.dumps(fixture(plan.rows)), "<= 200"), "YAML": (_yaml(plan.rows), "<= 2000")}
    with tempfile.TemporaryDirectory() as folder:
        for form, (text, budget) in files.items():
            file = Path(folder) / f"office.{form.lower()}"
            file.write_text(text, encoding="utf-8")
            value = _took(partial(load_office, str(file)), min(plan.rounds, 3))
            name = f"load of {plan.rows:,} rows as {form}"
            yield Line(name=name, unit="ms", value=value, budget=budget if plan.rows == 10_000 else "")
        large = load_office(str(Path(folder) / "office.json"))
    kept = large.snapshot()
    yield Line(name=f"snapshot of {plan.rows:,} rows", unit="ms", value=_took(large.snapshot, 20))
    yield Line(name=f"restore of {plan.rows:,} rows", unit="ms", value=_took(lambda: large.restore(kept), 20))


def _yaml(count: int) -> str:
    """Return the fixture as people write it, one row a line."""
    return "".join(
        f"{table}:\n" + "".join(f"  - {json.dumps(row)}\n" for row in rows) for table, rows in fixture(count).items()
    )


def _took(call: Callable[[], object], times: int) -> float:
    took = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        took.append((time.perf_counter() - started) * 1000)
    return median(took)
