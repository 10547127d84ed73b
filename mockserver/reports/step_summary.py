"""Step summary: contract coverage as Markdown for the page of a run of GitHub Actions."""

import re
from collections.abc import Iterable, Iterator, Sequence

from mockserver.messages import number_of, shortened
from mockserver.reports.counts import RefusalCount, UnservedCount, WarningCount
from mockserver.reports.report import Figure, Report
from mockserver.reports.selection import ANY_OPERATION, by_operation

MAX_ROWS = 50
"""The number of rows in a table of operations, refusals or warnings; GitHub shows a summary of at most 1 MiB."""
_MAX_CELL_LENGTH = 300
# Requests quote what a client has sent, so none of it may become Markdown or HTML.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&@:-])")


def as_markdown(report: Report, findings: list[str]) -> str:
    """Return the coverage of each operation, what is not served, the refusals and the warnings as Markdown, with the
    gate's `findings`.
    """
    lines = [
        *_head(report, findings), *_operations(report), *_unserved(report.unserved), *_refusals(report.refusals),
        *_warnings(report.warnings),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _head(report: Report, findings: list[str]) -> Iterator[str]:
    yield "## Open Dental contract coverage"
    yield ""
    yield f"**{report.met} of {len(report.rules)} rules met ({report.percent:g} %)**"
    for name, figure in (("served", report.served), ("refused", report.refused)):
        yield f"- rules on {name} requests: {figure.met} of {figure.total} ({figure.percent:g} %)"
    if report.elsewhere:
        yield f"- not counted: {number_of(len(report.elsewhere), 'rule')} that only another office shows"
    if report.mistakes:
        yield f"- not counted: {report.gauge.met} of {report.gauge.total} rules that a request has to break"
    yield ""
    for finding in findings:
        yield f"- ❌ {_cell(finding)}"
    if findings:
        yield ""


def _operations(report: Report) -> Iterator[str]:
    yield "| Operation | Met | Rules | Coverage |"
    yield "|---|---:|---:|---:|"
    for operation, rules in by_operation(report.rules).items():
        figure = Figure.of(rules)
        name = operation if operation == ANY_OPERATION else f"`{operation}`"
        yield f"| {name} | {figure.met} | {figure.total} | {int(figure.percent)} % |"
    yield ""
    missing = [rule for rule in report.rules if not rule.met]
    if missing:
        yield f"<details><summary>{number_of(len(missing), 'rule')} not met</summary>"
        yield ""
        yield "| Rule | Standing | Status | Sentence |"
        yield "|---|---|---:|---|"
        for rule in missing:
            yield f"| `{rule.id}` | {rule.shown_standing} | {rule.status} | {_cell(rule.says)} |"
        yield ""
        yield "</details>"
        yield ""


def _unserved(operations: Sequence[UnservedCount]) -> Iterator[str]:
    rows = (
        f"| `{one.operation}` | {'allowed' if one.allowed else 'failed'} | {one.count} | {_cell(one.request)} |"
        for one in operations
    )
    yield from _table("| Not served | Outcome | Count | First request |", "|---|---|---:|---|", rows, "operations")


def _refusals(refusals: Sequence[RefusalCount]) -> Iterator[str]:
    rows = (
        f"| `{one.rule}` | {one.status} | {one.cause} | {one.count} | {_cell(one.request)} | {_cell(one.says)} |"
        f" {_cell(one.hint)} |"
        for one in refusals
    )
    heads = "| Refusal | Status | Cause | Count | First request | Sentence | Hint |"
    yield from _table(heads, "|---|---:|---|---:|---|---|---|", rows, "refusals")


def _warnings(warnings: Sequence[WarningCount]) -> Iterator[str]:
    rows = (
        f"| `{one.rule}` | {'refused' if one.refused else 'served'} | {one.count} | {_cell(one.request)} |"
        f" {_cell(one.text)} |"
        for one in sorted(warnings, key=lambda one: not one.refused)  # the refused ones first: they fail the run
    )
    yield from _table(
        "| Warning | Outcome | Count | First request | Text |", "|---|---|---:|---|---|", rows, "warnings"
    )


def _table(heads: str, sides: str, rows: Iterable[str], what: str) -> Iterator[str]:
    """Yield a table of at most MAX_ROWS rows, and nothing if it has none."""
    rows = list(rows)
    if rows:
        yield from (heads, sides, *rows[:MAX_ROWS], "")
        if len(rows) > MAX_ROWS:
            yield from (f"{len(rows) - MAX_ROWS} more {what} are in the report.", "")


def _cell(text: str) -> str:
    """Return `text` as plain text for a cell of a table."""
    one_line = "".join(char if char.isprintable() else " " for char in text)
    return _SPECIAL.sub(lambda match: f"&#{ord(match[1])};", shortened(one_line, _MAX_CELL_LENGTH))
