"""Listing: conditions on the parameters of a request, and the rules of paging that a list covers."""

from collections.abc import Mapping
from typing import Any

from mockserver.api.covered_rules import Condition
from mockserver.api.operation import Call, Operation, Predicate
from mockserver.office.pages import Page


def is_given(name: str, holds: Predicate | None = None) -> Predicate:
    """Cover a rule if the request gives a parameter or field, and `holds` if there is one."""
    return Condition(lambda names: name in names, holds)


def is_left_out(name: str, holds: Predicate | None = None) -> Predicate:
    """Cover a rule if the request leaves a parameter or field out, and `holds` if there is one."""
    return Condition(lambda names: name not in names, holds)


def leaves_none(name: str) -> Predicate:
    """Cover a rule if the request narrows a list by a valid parameter, and no row is left."""
    invalid = f".{name}.invalid"  # which an office may answer with an empty list as well

    def holds(call: Call, page: Page[Any]) -> bool:
        return not page and not call.given.get("Offset") and call.absolute(invalid) not in call.rules

    return is_given(name, holds)


is_served: Predicate = Condition(lambda _: True)
"""Cover a rule with every served request."""


def has_rows(_call: Call, page: Page[Any]) -> bool:
    """Cover a rule on the columns of rows if there is one."""
    return bool(page)


def has_several(_call: Call, page: Page[Any]) -> bool:
    """Cover a rule on the order of rows if there is more than one."""
    return len(page) > 1


def _pages_by(rule: str) -> Predicate:
    return is_left_out("Limit", lambda call, _: call.page_rule == rule)


COVERED: Mapping[str, Predicate] = {
    **{rule: _pages_by(rule) for rule in ("api.Limit.default", "api.Limit.local", "api.Limit.enterprise")},
    "api.Limit": is_given("Limit", lambda call, _: call.given["Limit"] <= call.page_size),
    "api.Limit.clamped": is_given("Limit", lambda call, _: call.given["Limit"] > call.page_size),
    "api.Offset": is_given("Offset", lambda call, _: call.given["Offset"] > 0),
    "api.Offset.beyond": is_given("Offset", lambda call, page: not page and call.given["Offset"] > 0),
}
"""The rules of paging, which every list covers."""


def covered_by_kind(operation: Operation) -> Mapping[str, Predicate]:
    """Return the rules that a served call covers because of the kind of the operation."""
    return COVERED if operation.is_list else {}
