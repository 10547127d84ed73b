"""The flags and the outcome that `run` and `report` share."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mockserver.cli import flags
from mockserver.cli.output import FINDINGS, FINE, WRONG_USE, say
from mockserver.contract.contract import STANDINGS
from mockserver.messages import meant
from mockserver.recording.report import Report, as_junit, as_text, report


def add_flags(flag: flags.Flags) -> None:
    """Add the flags on what counts, what is enough, and where reports go."""
    flag.add("--fail-under", flags.percent, 0.0, "exit with 1 where fewer percent of the rules were met", metavar="N")
    flag.add("--only", flags.one_of(*STANDINGS), [], "count rules of this standing alone; repeatable",
             metavar="STANDING")  # fmt: skip
    flag.add("--ignore", flags.word, [], "leave this rule out of the count; repeatable", metavar="RULE")
    flag.add("--junit", flags.word, None, "write JUnit XML there, a test case for each rule", metavar="FILE")
    flag.add("--report", flags.word, None, "write the report there as JSON", metavar="FILE")


def conclude(coverage: Mapping[str, Any], options: argparse.Namespace) -> int:
    """Print the report, write what was asked for, and say whether it is good enough."""
    known = [rule["id"] for rule in coverage["rules"]]
    for name in options.ignore:
        if name not in known:
            print(f"opendental-mock: --ignore: there is no rule {name}{meant(name, known)}", file=sys.stderr)
            return WRONG_USE
    made = report(coverage, only=options.only, ignore=options.ignore)
    say(as_text(made))
    try:
        write(made, options)
    except OSError as error:
        print(f"opendental-mock: {error.filename}: {error.strerror}", file=sys.stderr)
        return WRONG_USE
    findings = made.findings(options.fail_under)
    for finding in findings:
        print(f"opendental-mock: {finding}", file=sys.stderr)
    return FINDINGS if findings else FINE


def write(made: Report, options: argparse.Namespace) -> None:
    """Write the files that were asked for. Raises OSError."""
    if options.junit:
        Path(options.junit).write_text(as_junit(made), encoding="utf-8")
    if options.report:
        Path(options.report).write_text(json.dumps(made.as_json(), indent=2) + "\n", encoding="utf-8")
