"""Expectations: the response that a contract case calls for, and the conditions under which it shows anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

ABSENT: Any = object()
"""The value of a member that an expectation leaves out, if None would be a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """A response. A member that is left out is not compared.

    `text` is the explanation of a refusal, `body` the whole JSON. `row` has columns of the object in the response. Of a
    list, `columns` has all values of a column in their order, `every` a value that each row has, `some_other` a value
    that at least one row does not have, `some` values that one row has together, and `rows` the least and greatest
    number of rows (`min`, `max`). `slice` says that the rows are a part of the same list without Limit and Offset:
    from, to. `same_as` is a call whose response is the same. The rows stand in the order of `descending` or
    `ascending`: a column, or a column and another one for equal values of it. `least` has values of columns below which
    no row is. `moved` says whether the row's DateTimeEntry differs from before, and `custom_tracking` whether the
    CustomTracking of the claim `stays` or `follows` the row's TrackingDefNum. `matches` has regular expressions for
    columns of the object or of each row, `headers` for headers. `form` is the form of the body of a refusal: `json` for
    a JSON string, or `plain`.
    """

    status: int
    text: str | None = None
    body: Any = ABSENT
    row: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    every: Mapping[str, Any] = field(default_factory=dict)
    some_other: Mapping[str, Any] = field(default_factory=dict)
    some: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    slice: Sequence[int | None] = ()
    same_as: str = ""
    descending: str | Sequence[str] = ""
    ascending: str | Sequence[str] = ""
    least: Mapping[str, Any] = field(default_factory=dict)
    moved: bool | None = None
    custom_tracking: str = ""
    form: str = ""
    matches: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def values(self) -> list[Any]:
        """Return all members that may hold placeholders."""
        return [getattr(self, one.name) for one in fields(self)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The preconditions: what a response must have so that a case proves anything.

    `status` is the status of the response. `rows` is the least number of rows. `distinct` has the least number of
    different values of a column, and `ties` the least number of rows that share a value of a column with another row.
    `only` has values of columns that each row must have.
    """

    status: int = 0
    rows: int = 0
    distinct: Mapping[str, int] = field(default_factory=dict)
    ties: Mapping[str, int] = field(default_factory=dict)
    only: Mapping[str, Any] = field(default_factory=dict)
