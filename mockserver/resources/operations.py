"""Operations as data: what an `operations.yaml` declares of each operation of a resource."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

KINDS: Mapping[str, tuple[str, int, bool]] = {
    "list": ("GET", 200, False),
    "get": ("GET", 200, True),
    "create": ("POST", 201, False),
    "update": ("PUT", 200, True),
}
"""The kinds of operations: the method, the status of a response, and whether the path ends with the primary key."""

MATCHES = ("equal", "from", "to", "starts", "contains")
"""How a filter compares: with the value itself, from or up to it, or with a text that starts with it or contains it."""

FIXTURE = "fixture"
"""The order of the rows in the fixture."""


class FilterSpec(NamedTuple):
    """A parameter that narrows a list: the column that it compares, and how.

    `zero` says what 0 means: a `value` like any other, `none` if the parameter then counts as left out, or `refused`.
    `since` is the version before which the parameter is ignored, and `required_before` the one before which a request
    has to give it, unless it gives the parameter `or_`.
    """

    column: str = ""
    match: str = "equal"
    zero: str = "value"
    since: str = ""
    required_before: str = ""
    or_: str = ""


class Hides(NamedTuple):
    """The rows that a list leaves out: those with one of the `values` in a column, unless a parameter is true."""

    column: str
    values: Sequence[Any]
    unless: str = ""


class OperationSpec(NamedTuple):
    """One operation of a resource, as the file declares it.

    `kind` is one of KINDS, `path` a word below the resource. `added` is the version of Open Dental that brought it.
    `order` names the columns by which a list is sorted, with a minus in front if downwards, or is [FIXTURE]. `empty` is
    the parameter whose value without rows has a rule of its own, in the place of the rule on a list without rows.
    """

    name: str
    kind: str
    added: str
    path: str = ""
    permission: str = "ReadAll"
    order: Sequence[str] = ()
    filters: Mapping[str, FilterSpec] = MappingProxyType({})
    hides: Hides | None = None
    empty: str = ""

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


def operation_specs(given: Any, columns: Mapping[str, Any], key: str) -> dict[str, OperationSpec]:
    """Return the operations that a file declares, by name. Raises TypeError, ValueError, which name the place."""
    if not isinstance(given, dict):
        raise TypeError("a mapping of names to operations")
    return {name: _operation(name, part, columns, key) for name, part in given.items()}


def _operation(name: str, given: Any, columns: Mapping[str, Any], key: str) -> OperationSpec:
    values = _known(name, given, OperationSpec, but=("name",))
    values.setdefault("kind", name)
    if values["kind"] not in KINDS:
        raise ValueError(f"{name}: kind is one of {', '.join(KINDS)}; without it the name has to be one")
    if not isinstance(values.get("added"), str):
        raise TypeError(f"{name}: added is the version that brought it, as text: added: '23.10'")
    filters = values.get("filters") or {}
    filters = dict.fromkeys(filters) if isinstance(filters, list) else filters
    values["filters"] = {parameter: _filter(name, parameter, part, columns) for parameter, part in filters.items()}
    if "hides" in values:
        hides = Hides(**_known(f"{name}.hides", values["hides"], Hides))
        values["hides"] = hides
        _check_column(f"{name}.hides", hides.column, columns)
    order = values.get("order", ())
    if isinstance(order, str):
        raise TypeError(f"{name}: order is a list of columns: [-{key}]")
    for column in order if list(order) != [FIXTURE] else ():
        _check_column(f"{name}.order", column.removeprefix("-"), columns)
    if values.get("empty") and values["empty"] not in values["filters"]:
        raise ValueError(f"{name}: empty is one of its filters, and is {values['empty']}")
    spec = OperationSpec(name=name, **values)
    if spec.kind != "list" and (spec.filters or spec.order or spec.hides):
        raise ValueError(f"{name}: only a list has filters, an order and hidden rows")
    return spec


def _filter(operation: str, name: str, given: Any, columns: Mapping[str, Any]) -> FilterSpec:
    place = f"{operation}.{name}"
    values = _known(place, given or {}, FilterSpec)
    spec = FilterSpec(**{"column": name, **values})
    _check_column(place, spec.column, columns)
    if spec.match not in MATCHES:
        raise ValueError(f"{place}: match is one of {', '.join(MATCHES)}")
    if spec.zero not in ("value", "none", "refused"):
        raise ValueError(f"{place}: zero is one of value, none, refused")
    for version in (spec.since, spec.required_before):
        if not isinstance(version, str):
            raise TypeError(f"{place}: a version is text: '23.10'")
    return spec


def _known(place: str, given: Any, kind: Any, but: Sequence[str] = ()) -> dict[str, Any]:
    """Return the members of an entry. Raises TypeError, ValueError if `kind` does not have one of them."""
    if not isinstance(given, Mapping):
        raise TypeError(f"{place}: a mapping of names to values, and is {given!r}")
    names = {name.rstrip("_").replace("_", "-"): name for name in kind._fields if name not in but}
    for name in given:
        if name not in names:
            raise ValueError(f"{place}: {name} is not known; known are {', '.join(names)}")
    return {names[name]: value for name, value in given.items()}


def _check_column(place: str, name: str, columns: Mapping[str, Any]) -> None:
    if name not in columns:
        raise ValueError(f"{place}: {name} is not a column of the row")
