"""Coverage gate: the report and the exit code that `run` and `report` share."""

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mockserver.cli.files import write_files
from mockserver.cli.github import tell_github
from mockserver.cli.output import FINDINGS, FINE, CommandFailed, do_all, print_error, print_output
from mockserver.reports.counts import RuleCount
from mockserver.reports.ctrf import as_ctrf
from mockserver.reports.report import report
from mockserver.reports.report_junit import as_junit
from mockserver.reports.report_text import as_text
from mockserver.reports.selection import Selection, SelectionError


def selection_of(options: argparse.Namespace, coverage: Mapping[str, Any]) -> Selection:
    """Return the rules that the flags select. Raises CommandFailed for a name that does not exist."""
    selection = Selection(
        only=options.only, ignore=options.ignore, resources=options.resource, operations=options.operation,
        allow_unserved=options.allow_unserved,
    )  # fmt: skip
    try:
        selection.check(RuleCount.of_json(coverage["rules"]))
    except SelectionError as error:
        raise CommandFailed(f"--{error.option}: {error}") from None
    return selection


def conclude(coverage: Mapping[str, Any], options: argparse.Namespace, url: str, *, is_below: bool = False) -> int:
    """Print the report, write the report files, and return the exit code. Raises CommandFailed.

    `url` is the base URL of the server. `is_below`: requests have reached servers below the run.
    """
    made = report(coverage, selection_of(options, coverage))
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
