"""Selection: the rows of a table that a request of the admin API asks for, by values of columns and page by page."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from aiohttp import web

from mockserver.messages import brief
from mockserver.office.clock import is_moment
from mockserver.office.pages import Record
from mockserver.office.table import Table
from mockserver.resources.column import TIMES, Column
from mockserver.suggestions import alternatives
from mockserver.web.admin.filters import MAX_ID, whole
from mockserver.web.problem import Problem

_WHOLE = re.compile(r"-?[0-9]{1,19}")
_EXAMPLES = {"Date": "2023-07-20", "DateTime": "2023-07-20 14:05:45"}


class Selection(NamedTuple):
    """Rows, and how many there are without `limit` and `offset`."""

    rows: list[Any]
    total: int


def select(table: Table[Any], request: web.Request) -> Selection:
    """Return the rows that a request asks for, in the order of the table. Raises Problem.

    A column that the request gives several times has one of these values. Without parameters they are all rows.
    """
    start, limit = page_of(request)
    wanted = _wanted(table, request)
    if not wanted:
        rows: Iterator[Any] = iter(table)
        return Selection(list(islice(rows, start, None if limit is None else start + limit)), len(table))
    found = _having(table, wanted)
    return Selection(found[start:] if limit is None else found[start : start + limit], len(found))


def page_of(request: web.Request) -> tuple[int, int | None]:
    """Return the `offset` of a request, and its `limit` if it has one. Raises Problem."""
    for name in ("limit", "offset"):
        if len(request.query.getall(name, [])) > 1:
            raise Problem(400, f"{name} is given more than once; give it once.")
    limit = request.query.get("limit")
    start = whole(request.query.get("offset", "0"), "offset", MAX_ID)
    return start, None if limit is None else whole(limit, "limit", MAX_ID)


def _wanted(table: Table[Any], request: web.Request) -> dict[str, set[Any]]:
    """Return the values that columns may have. Raises Problem."""
    columns, wanted = table.spec.columns, dict[str, set[Any]]()
    for name, text in request.query.items():
        if name in ("limit", "offset", "office"):
            continue
        if name not in columns:
            known = alternatives(name, ("limit", "offset", *columns))
            raise Problem(400, f"{table.spec.name} has no column {brief(repr(name))}; {known}")
        wanted.setdefault(name, set()).add(_value(text, columns[name]))
    return wanted


def _value(text: str, column: Column) -> Any:
    """Return the value of a column that a parameter writes, as rows have it. Raises Problem."""
    name, kind, shown = column.attribute, column.sent.get("type"), brief(repr(text))
    words = column.sent.get("enum")
    if column.truth:
        if text.lower() not in ("true", "false"):
            raise Problem(400, f"{name} is true or false, and not {shown}.")
    elif words is not None and kind != "integer":
        if text not in words:
            raise Problem(400, f"{shown} is not a {name}; {alternatives(text, [*filter(None, words)])}")
    elif column.type in TIMES:
        if not is_moment(text, column.type):
            raise Problem(400, f"{name} is a {column.type} like {_EXAMPLES[column.type]}, and not {shown}.")
    elif kind == "array":
        raise Problem(400, f"{name} has several values, by which rows are not selected; give another column.")
    elif kind == "integer" or column.is_number_as_text:
        if not _WHOLE.fullmatch(text) or not -MAX_ID <= int(text) <= MAX_ID:
            raise Problem(400, f"{name} is a whole number, and not {shown}.")
    elif (kind == "number" or column.type == "MoneyText") and not math.isfinite(_float(text)):
        raise Problem(400, f"{name} is a number like 250.0, and not {shown}.")
    return column.stored(text)


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _having(table: Table[Any], wanted: Mapping[str, set[Any]]) -> list[Any]:
    """Return the rows that have one of the values of each column, in the order of the table."""
    candidates = [find() for column, values in wanted.items() if (find := _finder(table, column, values))]
    fewest = min(candidates, key=len, default=None)
    rows = iter(table) if fewest is None else (record.row for record in sorted(fewest))
    return [row for row in rows if all(getattr(row, column) in values for column, values in wanted.items())]


def _finder(table: Table[Any], column: str, values: set[Any]) -> Callable[[], list[Record[Any]]] | None:
    """Return a function that finds the rows with these values without looking at all, if there is a way."""
    spec = table.spec
    if column == spec.key:
        return lambda: [record for value in values if (record := table.get(value)) is not None]
    none = spec.references[column].none if column in spec.references else None
    if column in spec.indexes or (column in spec.references and none not in values):
        return lambda: [record for value in values for record in table.having(column, value)]
    return None
