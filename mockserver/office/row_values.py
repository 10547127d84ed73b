"""Values of rows: all columns of a row at once, and rows made of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import repeat
from operator import attrgetter, call
from typing import Any

from mockserver.office.tables import TableSpec


def changed(row: Any, values: Mapping[str, Any]) -> Any:
    """Return a row with other values of some columns."""
    if isinstance(row, tuple):
        return row._replace(**values)  # type: ignore[attr-defined]  # a named tuple
    names, values_of, make = _columns(type(row))  # type: ignore[arg-type]  # a class is hashable
    return make(map(values.get, names, values_of(row)))


def maker(spec: TableSpec) -> Callable[[Iterable[Any]], Any]:
    """Return the function that makes a row of the values of all its columns, in their order."""
    if not is_dataclass(spec.row):
        make_tuple: Callable[[Iterable[Any]], Any] = spec.row._make  # type: ignore[attr-defined]
        return make_tuple
    return _maker(spec.row, spec.columns)


def columns_of(row: Any) -> dict[str, Any]:
    """Return the columns of a row with their values."""
    if is_dataclass(row) and not isinstance(row, type):
        names, values, _ = _columns(type(row))
        return dict(zip(names, values(row), strict=True))
    return dict(row._asdict())


@cache
def _columns(
    row: type[Any],
) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]], Callable[[Iterable[Any]], Any]]:
    """Return the names of the columns of a dataclass, and the functions that return their values, and make a row."""
    names = tuple(column.name for column in fields(row))
    return names, attrgetter(*names), _maker(row, names)


def _maker(row: type[Any], names: Iterable[str]) -> Callable[[Iterable[Any]], Any]:
    setters = [getattr(row, name).__set__ for name in names]

    def make(values: Iterable[Any]) -> Any:
        # A call of the class takes twice as long, since it is frozen, and `replace` two and a half times.
        made = object.__new__(row)
        any(map(call, setters, repeat(made), values))  # no setter returns anything
        return made

    return make
