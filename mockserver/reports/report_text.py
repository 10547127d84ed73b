"""Coverage report as text for a terminal."""

import sys
import textwrap
from collections.abc import Iterator, Sequence

from mockserver.messages import shortened
from mockserver.reports.counts import RefusalCount, RuleCount, WarningCount
from mockserver.reports.report import Figure, Report
from mockserver.reports.selection import (
    ANY,
    ANY_OPERATION,
    REFUSED,
    RESPONSES,
    SERVED,
    by_operation,
    resource_of,
    response_of,
)
from mockserver.syntax.text import printable

WIDTH = 80
# The number of rules of an operation that the list of those not met has, unless it is verbose.
_MAX_MISSING = 5
_MAX_REFUSALS = 10
_MAX_UNSERVED = 10
_ALL = sys.maxsize
_BAR = 16  # characters
_INDENT = " " * 9


def as_text(report: Report, *, verbose: bool = False) -> str:
    """Return the report for a terminal of 80 columns. The sum is the last line. Long lists are cut unless `verbose`."""
    lines = [
        *_missing_lines(report, _ALL if verbose else _MAX_MISSING),
        *_unserved_lines(report, _ALL if verbose else _MAX_UNSERVED),
        *_refusal_lines(report, _ALL if verbose else _MAX_REFUSALS),
        *_warning_lines(report),
        *_elsewhere_lines(report),
        *_coverage_table(report),
    ]
    return "\n".join(map(printable, lines))


def _missing_lines(report: Report, maximum: int) -> Iterator[str]:
    """List the rules that were not covered, of each operation at most so many; those of a served request come first."""
    for operation, rules in by_operation(report.rules).items():
        missing = sorted((rule for rule in rules if not rule.met), key=lambda rule: response_of(rule) == REFUSED)
        if not missing:
            continue
        yield f"Not met: {len(missing)} of {len(rules)} rules of {operation}"
        for rule in missing[:maximum]:
            yield f"  {rule.id:<58}{rule.shown_standing}, {rule.status}"
            yield from wrapped(rule.says, "      ")
        yield from _more_line(len(missing) - maximum)
        yield ""


def _elsewhere_lines(report: Report) -> Iterator[str]:
    """List the rules that another office shows, by that office."""
    if not report.elsewhere:
        return
    yield "Shown only by another office, and so not counted:"
    for shown_by in dict.fromkeys(rule.needs for rule in report.elsewhere):
        yield f"  {shown_by}"
        for rule in report.elsewhere:
            if rule.needs == shown_by:
                yield f"      {rule.id}"
    yield ""


def _unserved_lines(report: Report, maximum: int) -> Iterator[str]:
    if not report.unserved:
        return
    yield "Not served (501: opendental-mock does not have these operations of the vendor):"
    for operation in report.unserved[:maximum]:
        allowed = "allowed; " if operation.allowed else ""
        yield shortened(f"  {operation.count:>4} x {operation.operation}", WIDTH)
        yield from wrapped(f"{allowed}the first is {operation.request}")
    yield from _more_line(len(report.unserved) - maximum)
    yield ""


def _refusal_lines(report: Report, maximum: int) -> Iterator[str]:
    if not report.refusals:
        return
    yield "Refused:"
    for refusal in report.refusals[:maximum]:
        yield _request_line(refusal)
        cause = f"; cause: {refusal.cause}" if refusal.cause else ""
        yield f"{_INDENT}{refusal.rule}, {refusal.status}{cause}"
        yield from wrapped(refusal.says)
        if refusal.hint:
            yield from wrapped(f"Hint: {refusal.hint}")
    yield from _more_line(len(report.refusals) - maximum)
    yield ""


def _more_line(count: int) -> Iterator[str]:
    if count > 0:
        yield f"  and {count} more (--verbose lists all)"


def _request_line(counted: RefusalCount | WarningCount) -> str:
    return shortened(f"  {counted.count:>4} x {counted.request}", WIDTH)


def wrapped(text: str, indent: str = _INDENT) -> list[str]:
    """Return the lines of a text in WIDTH columns."""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _warning_lines(report: Report) -> Iterator[str]:
    served = [warning for warning in report.warnings if not warning.refused]
    outcomes = {
        "refused by --strict": report.refused_warnings,
        "served although the contract does not cover it": served,
    }
    for outcome, warnings in outcomes.items():
        if not warnings:
            continue
        yield f"Warnings ({outcome}):"
        for warning in warnings:
            yield _request_line(warning)
            yield from wrapped(warning.text)
        yield ""


def _coverage_table(report: Report) -> Iterator[str]:
    yield f"{'met':>38}{'served':>12}{'refused':>12}"
    for operation, rules in by_operation(report.rules).items():
        yield _table_row(operation, rules)
    yield _table_row("in all", report.rules)
    if report.left_out:
        reasons = list(report.left_out.values())
        why = ", ".join(f"{reasons.count(reason)} {reason}" for reason in dict.fromkeys(reasons))
        yield f"  left out of the count: {why}"
    yield from _not_counted(report)
    if report.mistakes:
        gauge = f"{report.gauge.met} of {report.gauge.total} rules that a request has to break"
        yield from wrapped(f"not counted: {gauge} (--only request)", "  ")
    yield f"Contract coverage: {report.met} of {len(report.rules)} rules met ({report.percent:g} %)"


def _not_counted(report: Report) -> Iterator[str]:
    """List what was called and is not counted: operations that would lower the sum, or resources that are not named."""
    for operation, figure in report.beside.items():
        name = ANY_OPERATION if operation == ANY else operation
        yield f"  not counted: {figure.met} of {figure.total} rules of {name} (--operation {operation})"
    known = {resource_of(rule) for rule in report.rules} | {name.partition("/")[0] for name in report.beside}
    for name, figure in report.resources.items():
        if figure.met and name not in known:
            yield f"  not counted: {figure.met} of {figure.total} rules of {name} (--resource {name})"


def _table_row(name: str, rules: Sequence[RuleCount]) -> str:
    figures = [Figure.of(rule for rule in rules if response_of(rule) in kinds)
               for kinds in (RESPONSES, (SERVED,), (REFUSED,))]  # fmt: skip
    cells = [f"{one.met:>3} of {one.total:>3}" if one.total else "-" for one in figures]
    bar = "#" * int(figures[0].percent * _BAR / 100)
    return f"  {name:<26}{cells[0]:>10}{cells[1]:>12}{cells[2]:>12}  {bar:.<{_BAR}}"
