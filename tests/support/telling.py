"""Telling cases: those that differ in more than the resource, for tests that play every kind of request."""

from mockserver.contract.case_files import shipped_cases
from mockserver.contract.cases import Case

_RESOURCE = "commlogs"
"""The resource whose cases of families stand for those of others: it has a list, a write, references and a key of text."""


def telling_cases() -> list[Case]:
    """Return the cases that files have, and of those that families make the ones of a resource."""
    cases = shipped_cases()
    return [case for case in cases if not case.is_of_family or case.rules[0].startswith(f"{_RESOURCE}.")]
