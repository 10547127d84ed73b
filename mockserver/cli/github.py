"""GitHub Actions: the step summary, and an annotation for each warning that `--strict` refused."""

import os
from pathlib import Path

from mockserver.cli.output import print_error, print_output
from mockserver.recording.report import Report

_MAX_ANNOTATIONS = 10
"""GitHub shows so many warnings of a step."""


def tell_github(report: Report, findings: list[str]) -> None:
    """Append to the step summary if there is one, and print annotations if this runs in GitHub Actions.

    A summary that cannot be written is reported, and does not change the exit code: nobody asked for it by a flag.
    """
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for line in annotations(report):
            print_output(line)
    if file := os.environ.get("GITHUB_STEP_SUMMARY"):
        from mockserver.recording.step_summary import as_markdown  # few runs need it

        try:
            with Path(file).open("a", encoding="utf-8", newline="\n") as summary:
                summary.write(as_markdown(report, findings))
        except OSError as error:
            print_error(f"GITHUB_STEP_SUMMARY {file}: {error.strerror}")


def annotations(report: Report) -> list[str]:
    """Return a workflow command for each refused warning, as far as GitHub shows them."""
    return [
        f"::warning title={as_property(warning['rule'])}::"
        + as_data(f"{warning['text']} ({warning['count']} x {warning['request']})")
        for warning in report.refused_warnings[:_MAX_ANNOTATIONS]
    ]


def as_data(text: str) -> str:
    """Return `text` escaped for the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def as_property(text: str) -> str:
    """Return `text` escaped for a property of a workflow command."""
    return as_data(text).replace(":", "%3A").replace(",", "%2C")
