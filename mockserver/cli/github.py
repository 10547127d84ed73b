"""GitHub Actions: the step summary, and an annotation for each refused warning and each unserved operation."""

import os
from pathlib import Path

from mockserver.cli.output import print_error, print_output
from mockserver.reports.counts import UnservedCount, WarningCount
from mockserver.reports.report import Report
from mockserver.syntax.text import printable

_MAX_ANNOTATIONS = 10
"""GitHub shows so many warnings of a step."""


def tell_github(report: Report, findings: list[str]) -> None:
    """Append to the step summary if there is one, and print annotations if this runs in GitHub Actions.

    A summary that cannot be written is reported, and does not change the exit code: nobody asked for it by a flag.
    """
    if os.environ.get("GITHUB_STEP_SUMMARY"):
        from mockserver.reports.step_summary import as_markdown  # few runs need it

        append_summary(as_markdown(report, findings))
    if os.environ.get("GITHUB_ACTIONS") == "true" and (lines := annotations(report)):
        print_output("\n".join(lines))


def append_summary(text: str) -> None:
    """Append Markdown to the step summary, if there is one. Report a summary that cannot be written."""
    if file := os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(file).open("a", encoding="utf-8", newline="\n") as summary:
                summary.write(text)
        except OSError as error:
            print_error(f"GITHUB_STEP_SUMMARY {file}: {error.strerror}")


def annotations(report: Report) -> list[str]:
    """Return a workflow command for each operation that is not served and for each refused warning.

    There are as many as GitHub shows.
    """
    texts: list[tuple[str, str, UnservedCount | WarningCount]] = [
        *(("mock.unserved", f"{one.operation} is not served", one) for one in report.unallowed),
        *((one.rule, one.text, one) for one in report.refused_warnings),
    ]
    return [
        f"::warning title={as_property(rule)}::" + as_data(f"{text} ({counted.count} x {counted.request})")
        for rule, text, counted in texts[:_MAX_ANNOTATIONS]
    ]


def as_data(text: str) -> str:
    """Return `text` on one line, escaped for the message of a workflow command."""
    return printable(text).replace("%", "%25")


def as_property(text: str) -> str:
    """Return `text` escaped for a property of a workflow command."""
    return as_data(text).replace(":", "%3A").replace(",", "%2C")
