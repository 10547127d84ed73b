"""Operations as data: what an `operations.yaml` declares of each operation of a resource."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from mockserver.errors import Misdeclared
from mockserver.resources.column import TIMES
from mockserver.suggestions import suggestion

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


def operation_specs(given: Any, columns: Mapping[str, Any], key: str) -> dict[str, OperationSpec]:
    """Return the operations that a file declares, by name. Raises Misdeclared."""
    if not isinstance(given, dict):
        raise Misdeclared("a mapping of names to operations: list: {added: '22.1'}")
    return {name: _operation(name, part, columns, key) for name, part in given.items()}


def _operation(name: str, given: Any, columns: Mapping[str, Any], key: str) -> OperationSpec:
    values = _known((name,), given, OperationSpec, but=("name",))
    values.setdefault("kind", name)
    if values["kind"] not in KINDS:
        raise Misdeclared(f"{name}: kind is one of {', '.join(KINDS)}; without it the name has to be one", name, "kind")
    _check_version((name, "added"), values.get("added"))
    if "row_since" in values:
        _check_version((name, "row-since"), values["row_since"])
    filters = values.get("filters") or {}
    filters = dict.fromkeys(filters) if isinstance(filters, list) else filters
    values["filters"] = {parameter: _filter(name, parameter, part, columns) for parameter, part in filters.items()}
    hides = values.get("hides", [])
    values["hides"] = [_hides(name, part, columns) for part in (hides if isinstance(hides, list) else [hides])]
    _check_order(name, values.get("order", ()), columns, key)
    if values.get("empty") and values["empty"] not in values["filters"]:
        raise Misdeclared(f"{name}: empty is one of its filters, and is {values['empty']}", name, "empty")
    if values.get("unknown", "refused") != "refused":
        raise Misdeclared(f"{name}: unknown can only be refused", name, "unknown")
    if values.get("first", "row") != "row":
        raise Misdeclared(f"{name}: first can only be row", name, "first")
    spec = OperationSpec(name=name, **values)
    if spec.kind != "list" and (spec.filters or spec.order or spec.hides):
        raise Misdeclared(f"{name}: only a list has filters, an order and hidden rows", name)
    if spec.kind != "update" and spec.first:
        raise Misdeclared(f"{name}: only an update looks for a row first", name, "first")
    if values.get("location", True) is not True or (spec.location and spec.kind != "create"):
        raise Misdeclared(f"{name}: location is true or left out, and only a create has it", name, "location")
    if spec.sets and (spec.kind != "update" or not isinstance(spec.sets, Mapping)):
        raise Misdeclared(f"{name}: sets is a mapping of columns to values, and only an update has it", name, "sets")
    for column in spec.sets:
        _check_column((name, "sets"), column, columns)
    return spec


def _hides(operation: str, given: Any, columns: Mapping[str, Any]) -> Hides:
    place = (operation, "hides")
    hides = Hides(**{"column": "", **_known(place, given, Hides)})
    _check_column((*place, "column"), hides.column, columns)
    if hides.since != "":
        _check_version((*place, "since"), hides.since)
    return hides


def _filter(operation: str, name: str, given: Any, columns: Mapping[str, Any]) -> FilterSpec:
    place = (operation, "filters", name)
    spec = FilterSpec(**{"column": name, **_known(place, given or {}, FilterSpec)})
    for column in (spec.column, *spec.also):
        _check_column(place, column, columns)
    if spec.match not in MATCHES:
        raise Misdeclared(f"{name}: match is one of {', '.join(MATCHES)}, and is {spec.match}", *place, "match")
    if spec.zero not in ZEROS:
        raise Misdeclared(f"{name}: zero is one of {', '.join(ZEROS)}, and is {spec.zero}", *place, "zero")
    if not {*TIMES} >= {*spec.forms}:
        raise Misdeclared(f"{name}: forms has some of {', '.join(TIMES)}", *place, "forms")
    if not isinstance(spec.required, bool):
        raise Misdeclared(f"{name}: required is true or left out", *place, "required")
    if not isinstance(spec.words, Mapping):
        raise Misdeclared(f"{name}: words is a mapping of words to values of the column", *place, "words")
    for part, version in (("since", spec.since), ("required-before", spec.required_before)):
        if version != "":
            _check_version((*place, part), version)
    return spec


def _known(place: tuple[str, ...], given: Any, kind: Any, but: Sequence[str] = ()) -> dict[str, Any]:
    """Return the members of an entry. Raises Misdeclared if `kind` does not have one of them."""
    if not isinstance(given, Mapping):
        raise Misdeclared(f"{place[-1]}: a mapping of names to values, and is {given!r}", *place)
    names = {name.rstrip("_").replace("_", "-"): name for name in kind._fields if name not in but}
    for name in given:
        if name not in names:
            raise Misdeclared(f"{place[-1]}: {name} is not known; known are {', '.join(names)}", *place, str(name))
    return {names[name]: value for name, value in given.items()}


def _check_order(name: str, order: Any, columns: Mapping[str, Any], key: str) -> None:
    place = (name, "order")
    if not isinstance(order, list | tuple) or not all(isinstance(column, str) for column in order):
        raise Misdeclared(f"{name}: order is a list of columns: [-{key}]", *place)
    if list(order) == [FIXTURE]:
        return
    names = [column.removeprefix("-") for column in order]
    for column in names:
        _check_column(place, column, columns)
    directions = {column.startswith("-") for column in order if column.removeprefix("-") != key}
    if len(directions) > 1 or key in names[:-1]:
        raise Misdeclared(f"{name}: order has one direction; only the key, at the end, may have another", *place)


def _check_version(place: tuple[str, ...], version: object) -> None:
    if not is_version(version):
        raise Misdeclared(f"{place[-1]} is a version of Open Dental in quotes: {place[-1]}: '23.10'", *place)


def _check_column(place: tuple[str, ...], name: str, columns: Mapping[str, Any]) -> None:
    if name not in columns:
        raise Misdeclared(f"{name} is not a column of the row{suggestion(name, columns)}", *place)
