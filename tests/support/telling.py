"""Telling cases and rules: those that differ in more than the resource, for tests that try every kind of request."""

from mockserver.contract.case_files import shipped_cases
from mockserver.contract.cases import BY_FAMILY, Case

_RESOURCE = "commlogs"
"""The resource whose cases of families stand for those of others: it has a list, a write, references and a key of text."""
_RULES = ("api.", "warning.", "mock.", "claimtrackings.", "claims.", f"{_RESOURCE}.")
"""The beginnings of the rules that stand for those of other resources, which have no code of their own."""


def telling_cases() -> list[Case]:
    """Return the cases that files have, and of those that families make the ones of a resource."""
    cases = shipped_cases()
    return [case for case in cases if not case.id.endswith(BY_FAMILY) or case.rules[0].startswith(f"{_RESOURCE}.")]


def is_telling(rule: str) -> bool:
    """Return whether a rule stands for those of other resources."""
    return rule.startswith(_RULES)
