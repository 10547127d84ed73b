"""Operation files: an `operations.yaml` read as the operations of a resource, or the first mistake in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.errors import Misdeclared
from mockserver.resources.column import TIMES
from mockserver.resources.operations import FIXTURE, KINDS, MATCHES, ZEROS, FilterSpec, Hides, OperationSpec, is_version
from mockserver.suggestions import suggestion


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
