"""Operations as data: what an `operations.yaml` declares of each operation of a resource."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

KINDS: Mapping[str, tuple[str, int, bool]] = {
    "list": ("GET", 200, False),
    "get": ("GET", 200, True),
    "create": ("POST", 201, False),
    "update": ("PUT", 200, True),
    "delete": ("DELETE", 200, True),
}
"""The kinds of operations: the method, the status of a response, and whether the path ends with the primary key."""

ZEROS = ("value", "none", "refused")
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){1,3}")

MATCHES = ("equal", "from", "to", "starts", "contains", "digits")
"""How a filter compares: with the value itself, from or up to it, with a text that starts with it or contains it, or
with the digits of a text that contain its digits."""

PARTS = ("starts", "contains", "digits")
"""Those that look for a part of a text."""

FIXTURE = "fixture"
"""The order of the rows in the fixture."""


class FilterSpec(NamedTuple):
    """A parameter that narrows a list: the column that it compares, and how.

    `zero` says what 0 means: a `value` like any other, `none` if the parameter then counts as left out, or `refused`.
    `since` is the version before which the parameter is ignored, and `required_before` the one before which a request
    has to give it, unless it gives the parameter `or_`. One that is `required` it has to give at every office.
    `words` are words that stand for a value of the column. `forms` are those of a time, if they are not that of the
    column: a Date, a DateTime, or both.
    `also` are other columns of which one may fit instead. A parameter that `hides` values is true or false: true leaves
    out the rows that have one of them.
    """

    column: str = ""
    match: str = "equal"
    zero: str = "value"
    since: str = ""
    required_before: str = ""
    or_: str = ""
    words: Mapping[str, Any] = MappingProxyType({})
    also: Sequence[str] = ()
    hides: Sequence[Any] = ()
    required: bool = False
    forms: Sequence[str] = ()


class Hides(NamedTuple):
    """The rows that a list leaves out: those with one of the `values` in a column, unless a parameter is true.

    Instead of `values`, `but` is the value of all other rows. Rows with one of the values `always` are left out even if
    the parameter is true. An office whose version is below `since` ignores the parameter.
    """

    column: str
    values: Sequence[Any] = ()
    unless: str = ""
    always: Sequence[Any] = ()
    but: Any = None
    since: str = ""

    @property
    def which(self) -> str:
        """The values of the rows that are left out, in words."""
        return " or ".join(map(str, self.values)) if self.but is None else f"not {self.but}"

    def has(self, value: Any) -> bool:
        """Return whether a row with this value in the column is left out unless the parameter is true."""
        return value in self.values if self.but is None else value != self.but


class OperationSpec(NamedTuple):
    """One operation of a resource, as the file declares it.

    `kind` is one of KINDS, `path` a word below the resource. `added` is the version of Open Dental that brought it.
    `order` names the columns by which a list is sorted, with a minus in front if downwards, or is [FIXTURE]. `empty` is
    the parameter whose value without rows has a rule of its own, in the place of the rule on a list without rows.
    `unknown` is "refused" if a list refuses parameters that the page does not name, and `unserved` are those that the
    page names, and that no column stands for. `first` is "row" if an update refuses a row that is not there whatever
    the body is, and not only with a valid one. `sets` are values that an update gives to columns besides the fields.
    An office whose version is below `row_since` creates a row without answering it. `location` says whether the answer
    to a create has the URL of the new row in its Location header.
    """

    name: str
    kind: str
    added: str
    path: str = ""
    permission: str = "ReadAll"
    order: Sequence[str] = ()
    filters: Mapping[str, FilterSpec] = MappingProxyType({})
    hides: Sequence[Hides] = ()
    empty: str = ""
    unknown: str = ""
    unserved: Sequence[str] = ()
    first: str = ""
    sets: Mapping[str, Any] = MappingProxyType({})
    row_since: str = ""
    location: bool = False

    @property
    def required(self) -> list[str]:
        """The parameters that every request has to give."""
        return [name for name, given in self.filters.items() if given.required]

    @property
    def method(self) -> str:
        """The method of HTTP."""
        return KINDS[self.kind][0]

    @property
    def status(self) -> int:
        """The status of the response."""
        return KINDS[self.kind][1]

    @property
    def has_number(self) -> bool:
        """Whether the path ends with the primary key."""
        return KINDS[self.kind][2]

    @property
    def has_body(self) -> bool:
        """Whether a request has a body."""
        return self.kind in ("create", "update")

    @property
    def has_answer(self) -> bool:
        """Whether a served response has a body."""
        return self.kind != "delete"


def is_version(value: object) -> bool:
    """Return whether a value is a version of Open Dental as text, such as 23.3.11."""
    return isinstance(value, str) and _VERSION.fullmatch(value) is not None
