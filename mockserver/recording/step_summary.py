"""Step summary: contract coverage as Markdown for the page of a run of GitHub Actions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.messages import shortened
from mockserver.recording.report import Report

MAX_ROWS = 50
"""The number of warnings in the table; GitHub shows a summary of at most 1 MiB."""
_MAX_CELL_LENGTH = 300
# Requests quote what a client has sent, so none of it may become Markdown or HTML.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&@:-])")


def as_markdown(report: Report, findings: list[str]) -> str:
    """Return the coverage of each operation and all warnings as Markdown, with the `findings` of the gate."""
    return "\n".join([*_head(report, findings), *_operations(report), *_warnings(report)]) + "\n"


def _head(report: Report, findings: list[str]) -> Iterator[str]:
    yield "## Open Dental contract coverage"
    yield ""
    yield f"**{report.met} of {len(report.rules)} rules met ({report.percent:g} %)**"
    yield ""
    for finding in findings:
        yield f"- ❌ {_cell(finding)}"
    if findings:
        yield ""


def _operations(report: Report) -> Iterator[str]:
    yield "| Operation | Met | Rules | Coverage |"
    yield "|---|---:|---:|---:|"
    for operation in dict.fromkeys(rule["operation"] for rule in report.rules):
        rules = [rule for rule in report.rules if rule["operation"] == operation]
        met = sum(1 for rule in rules if rule["met"])
        name = "every operation" if operation == "any" else f"`{operation}`"
        yield f"| {name} | {met} | {len(rules)} | {met * 100 // len(rules)} % |"
    yield ""
    missing = [rule for rule in report.rules if not rule["met"]]
    if missing:
        yield f"<details><summary>{len(missing)} rules not met</summary>"
        yield ""
        yield "| Rule | Standing | Status | Sentence |"
        yield "|---|---|---:|---|"
        for rule in missing:
            yield f"| `{rule['id']}` | {rule['standing']} | {rule['status']} | {_cell(rule['says'])} |"
        yield ""
        yield "</details>"
        yield ""


def _warnings(report: Report) -> Iterator[str]:
    if not report.warnings:
        return
    yield "| Warning | Outcome | Count | First request | Text |"
    yield "|---|---|---:|---|---|"
    # The refused ones first: they fail the run.
    for warning in sorted(report.warnings, key=lambda one: not one["refused"])[:MAX_ROWS]:
        yield _warning(warning)
    yield ""
    if len(report.warnings) > MAX_ROWS:
        yield f"{len(report.warnings) - MAX_ROWS} more warnings are in the report."
        yield ""


def _warning(warning: Mapping[str, Any]) -> str:
    outcome = "refused" if warning["refused"] else "served"
    texts = (_cell(warning["request"]), _cell(warning["text"]))
    return f"| `{warning['rule']}` | {outcome} | {warning['count']} | {' | '.join(texts)} |"


def _cell(text: str) -> str:
    """Return `text` as plain text for a cell of a table."""
    one_line = "".join(char if char.isprintable() else " " for char in text)
    return _SPECIAL.sub(lambda match: f"&#{ord(match[1])};", shortened(one_line, _MAX_CELL_LENGTH))
