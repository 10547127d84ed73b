"""Coverage report as text for a terminal."""

import textwrap
from collections.abc import Iterator

from mockserver.messages import shortened
from mockserver.recording.report import Report, resource_of

WIDTH = 80
# The sentences of the missing rules are printed only for so many of them, to keep the list readable.
_MAX_SENTENCES = 8


def as_text(report: Report) -> str:
    """Return the report for a terminal of 80 columns. The sum is the last line."""
    return "\n".join([*_missing_lines(report), *_warning_lines(report), *_coverage_table(report)])


def _missing_lines(report: Report) -> Iterator[str]:
    missing = [rule for rule in report.rules if not rule["met"]]
    if not missing:
        return
    yield "Not met:"
    for rule in missing:
        yield f"  {rule['id']:<58}{rule['standing']}, {rule['status']}"
        if len(missing) <= _MAX_SENTENCES:
            yield from textwrap.wrap(rule["says"], WIDTH, initial_indent="      ", subsequent_indent="      ")
    yield ""


def _warning_lines(report: Report) -> Iterator[str]:
    served = [warning for warning in report.warnings if not warning["refused"]]
    outcomes = {"refused by --strict": report.refused, "served although the contract does not cover it": served}
    for outcome, warnings in outcomes.items():
        if not warnings:
            continue
        yield f"Warnings ({outcome}):"
        for warning in warnings:
            yield shortened(f"  {warning['count']:>4} x {warning['request']}", WIDTH)
            yield from textwrap.wrap(warning["text"], WIDTH, initial_indent="         ", subsequent_indent="         ")
        yield ""


def _coverage_table(report: Report) -> Iterator[str]:
    for operation in dict.fromkeys(rule["operation"] for rule in report.rules):
        rules = [rule for rule in report.rules if rule["operation"] == operation]
        met = sum(1 for rule in rules if rule["met"])
        name = "every operation" if operation == "any" else operation
        yield f"  {name:<26}{met:>3} of {len(rules):>3}  {'#' * (met * 20 // len(rules)):.<20}"
    if report.left_out:
        reasons = list(report.left_out.values())
        why = ", ".join(f"{reasons.count(reason)} {reason}" for reason in dict.fromkeys(reasons))
        yield f"  left out of the count: {why}"
    counted = {resource_of(rule) for rule in report.rules}
    for name, of_it in report.resources.items():
        if of_it["met"] and name not in counted:
            yield f"  not counted: {of_it['met']} of {of_it['total']} rules of {name} (--resource {name})"
    yield f"Contract coverage: {report.met} of {len(report.rules)} rules met ({report.percent:g} %)"
