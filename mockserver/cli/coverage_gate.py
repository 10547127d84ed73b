"""Coverage gate: the report and the exit code that `run` and `report` share."""

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mockserver.cli.files import write_files
from mockserver.cli.github import tell_github
from mockserver.cli.output import FINDINGS, FINE, WRONG_USE, do_all, print_error, print_output
from mockserver.reports.counts import RuleCount
from mockserver.reports.ctrf import as_ctrf
from mockserver.reports.report import report
from mockserver.reports.report_junit import as_junit
from mockserver.reports.report_text import as_text
from mockserver.reports.selection import Selection, SelectionError


def is_valid(options: argparse.Namespace, coverage: Mapping[str, Any]) -> bool:
    """Return whether the flags name only what exists. If not, `conclude` prints the error."""
    try:
        _selection(options).check(RuleCount.of_json(coverage["rules"]))
    except SelectionError:
        return False
    return True


def conclude(coverage: Mapping[str, Any], options: argparse.Namespace, url: str, *, is_below: bool = False) -> int:
    """Print the report, write the report files, and return the exit code. Raises CannotWrite.

    `url` is the base URL of the server. `is_below`: requests have reached servers below the run.
    """
    selection = _selection(options)
    try:
        selection.check(RuleCount.of_json(coverage["rules"]))
    except SelectionError as error:
        print_error(f"--{error.option}: {error}")
        return WRONG_USE
    made = report(coverage, selection)
    findings = made.findings(options.fail_under)
    if not options.allow_no_requests and not is_below and (nothing := made.without_requests(url)):
        findings.insert(0, f"{nothing}; check the base URL of the tests, or allow it with --allow-no-requests")
    files = {
        "--junit": lambda: as_junit(made),
        "--ctrf": lambda: as_ctrf(made, datetime.now(UTC)),
        "--report": lambda: json.dumps(made.as_json(), indent=2) + "\n",
    }
    do_all(
        lambda: tell_github(made, findings),
        lambda: print_output(as_text(made, verbose=options.verbose)),
        lambda: write_files(options, files),
    )
    for finding in findings:
        print_error(finding)
    return FINDINGS if findings else FINE


def _selection(options: argparse.Namespace) -> Selection:
    return Selection(
        only=options.only, ignore=options.ignore, resources=options.resource, operations=options.operation,
        allow_unserved=options.allow_unserved,
    )  # fmt: skip
