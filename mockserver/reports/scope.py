"""Scope: which rules of the coverage count by default, and their figures, as the command prints them."""

from collections.abc import Mapping
from typing import Any

from mockserver.reports.report import Figure, report
from mockserver.reports.selection import Selection, by_operation

COUNTED, GAUGE, ELSEWHERE, BESIDE, OTHER = "counted", "gauge", "elsewhere", "beside", ""
"""Scopes of a rule: it counts, a request has to break it, only another office shows it, its operation was called and
would lower the percentage, or none of these."""


def with_scope(coverage: Mapping[str, Any]) -> dict[str, Any]:
    """Return coverage with the `scope` of each rule, and a `summary` with the figures of a report without options.

    These are those of all rules that count, of their two kinds, of the gauge, and of each operation.
    """
    whole = report(coverage)
    beside = report(coverage, Selection(operations=[*whole.beside])).rules if whole.beside else []
    groups = {COUNTED: whole.rules, GAUGE: whole.mistakes, ELSEWHERE: whole.elsewhere, BESIDE: beside}
    scopes = {rule.id: scope for scope, rules in groups.items() for rule in rules}
    rules = [{**rule, "scope": scopes.get(rule["id"], OTHER)} for rule in coverage["rules"]]
    operations = {name: Figure.of(rules).as_json() for name, rules in by_operation(whole.rules).items()}
    others = {name: figure.as_json() for name, figure in whole.beside.items()}
    return {**coverage, "rules": rules, "summary": {**whole.figures(), "operations": operations, "beside": others}}
