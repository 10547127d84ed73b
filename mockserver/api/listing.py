"""Listing: pages of a table, narrowed by parameters, and the rules of paging that a list covers."""

from collections.abc import Callable, Mapping
from typing import Any

from mockserver.api.operation import Call, Operation, Predicate
from mockserver.office.office import Office
from mockserver.office.pages import Filter, Page


def listing(table: str, *columns: str) -> Callable[[Office, Call], Page[Any]]:
    """Return what runs a list of `table`, narrowed by the parameters that are named like the `columns`."""

    def run(office: Office, call: Call) -> Page[Any]:
        return office.tables[table].page(*call.page(), given_filters(call, *columns))

    return run


def given_filters(call: Call, *columns: str) -> tuple[Filter, ...]:
    """Return a filter for each of the columns that the request gives a value for."""
    return tuple(Filter(column, call.given[column]) for column in columns if column in call.given)


def is_given(name: str) -> Predicate:
    """Cover a rule if the request gives a parameter or field."""
    return lambda call, _: name in call.given


def is_left_out(name: str) -> Predicate:
    """Cover a rule if the request leaves a parameter or field out."""
    return lambda call, _: name not in call.given


def leaves_none(name: str) -> Predicate:
    """Cover a rule if the request narrows a list by a valid parameter, and no row is left."""
    invalid = f".{name}.invalid"  # which an office may answer with an empty list as well

    def holds(call: Call, page: Page[Any]) -> bool:
        is_empty = not page and name in call.given and not call.given.get("Offset")
        return is_empty and call.absolute(invalid) not in call.rules

    return holds


def is_served(_call: Call, _result: object) -> bool:
    """Cover a rule with every served request."""
    return True


def has_rows(_call: Call, page: Page[Any]) -> bool:
    """Cover a rule on the columns of rows if there is one."""
    return bool(page)


def has_several(_call: Call, page: Page[Any]) -> bool:
    """Cover a rule on the order of rows if there is more than one."""
    return len(page) > 1


def _pages_by(rule: str) -> Predicate:
    return lambda call, _: call.page_rule == rule and "Limit" not in call.given


COVERED: Mapping[str, Predicate] = {
    **{rule: _pages_by(rule) for rule in ("api.Limit.default", "api.Limit.local", "api.Limit.enterprise")},
    "api.Limit": lambda call, _: "Limit" in call.given and call.given["Limit"] <= call.page_size,
    "api.Limit.clamped": lambda call, _: "Limit" in call.given and call.given["Limit"] > call.page_size,
    "api.Offset": lambda call, _: call.given.get("Offset", 0) > 0,
    "api.Offset.beyond": lambda call, page: not page and call.given.get("Offset", 0) > 0,
}
"""The rules of paging, which every list covers."""


def covered_by_kind(operation: Operation) -> Mapping[str, Predicate]:
    """Return the rules that a served call covers because of the kind of the operation."""
    return COVERED if operation.is_list else {}
