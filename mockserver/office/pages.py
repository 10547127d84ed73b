"""Pages: records of a table in the order of a list, and a cache of those that were asked for."""

import re
from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from operator import attrgetter, eq, ge, le, ne
from typing import Any, Generic, NamedTuple, TypeVar

Row = TypeVar("Row")

# How many pages a table keeps while it does not change: joining 100 rows takes longer than the rest of a list request.
_MAX_PAGES = 64
_MAX_PAGE_BYTES = 8_000_000
_REFERENCE = 8  # bytes


class Record(NamedTuple, Generic[Row]):
    """One version of a row. Records sort by `order`, then by `number`, which no two of them share."""

    order: str | int | tuple[str, int]
    number: int
    row: Row
    body: bytes


_DIGITS = re.compile("[0-9]")

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "equal": eq,
    "not": ne,
    "from": ge,
    "to": le,
    # As the vendor's database compares texts: upper and lower case are the same.
    "starts": lambda value, text: str(value).lower().startswith(text.lower()),
    "contains": lambda value, text: text.lower() in str(value).lower(),
    "digits": lambda value, text: "".join(_DIGITS.findall(text)) in "".join(_DIGITS.findall(str(value))),
}


class Filter(NamedTuple):
    """A condition on the rows of a list: a column has this value, or compares with it as `match` says.

    Instead one of the columns `also` may.
    """

    column: str
    value: Any
    match: str = "equal"
    also: tuple[str, ...] = ()

    def passes(self, row: object) -> bool:
        """Return whether a row meets it."""
        compare = _COMPARE[self.match]
        if compare(getattr(row, self.column), self.value):
            return True
        return any(compare(getattr(row, column), self.value) for column in self.also)


_Key = tuple[int, int, tuple[Filter, ...], tuple[str, ...]]


class Page(Generic[Row]):
    """Some records, in the order in which they are listed."""

    def __init__(self, records: list[Record[Row]]) -> None:
        self.records = records
        self._distinct: dict[str, frozenset[object]] = {}
        self._view: tuple[Hashable, Page[Row]] | None = None

    def __len__(self) -> int:
        return len(self.records)

    def distinct(self, column: str) -> frozenset[object]:
        """Return the values that the rows have in a column. They are looked up once."""
        if column not in self._distinct:
            self._distinct[column] = frozenset(getattr(record.row, column) for record in self.records)
        return self._distinct[column]

    def view(self, key: Hashable, encode: Callable[[bytes], bytes]) -> "Page[Row]":
        """Return the page with other bytes for each record. The view that was asked for last is made once."""
        if self._view is None or self._view[0] != key:
            self._view = key, Page([record._replace(body=encode(record.body)) for record in self.records])
        return self._view[1]

    @cached_property
    def body(self) -> bytes:
        """The rows as a JSON array. Each row was validated when it was stored, so that the array need not be."""
        return b"[" + b",".join([record.body for record in self.records]) + b"]"


class PageCache(Generic[Row]):
    """Pages that were asked for, limited in number and size."""

    def __init__(self) -> None:
        self._pages: dict[_Key, Page[Row]] = {}
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: _Key) -> Page[Row] | None:
        """The page by that name, if it is kept."""
        return self._pages.get(key)

    def keep(self, key: _Key, page: Page[Row]) -> None:
        """Store a page. A cache without room is emptied first; a page larger than the cache is not stored."""
        size = len(page.body) + _REFERENCE * len(page)
        if size > _MAX_PAGE_BYTES:
            return
        if len(self._pages) >= _MAX_PAGES or self.bytes + size > _MAX_PAGE_BYTES:
            self.clear()
        self._pages[key] = page
        self.bytes += size

    def clear(self) -> None:
        """Empty the cache."""
        self._pages.clear()
        self.bytes = 0


def sorted_by(records: list[Record[Row]], by: tuple[str, ...]) -> list[Record[Row]]:
    """Return records in the order of columns, each downwards if it has a minus. Upper and lower case are the same."""
    for name in reversed(by):
        value_of = attrgetter(name.removeprefix("-"))

        def key(record: Record[Row], value_of: Callable[[object], Any] = value_of) -> Any:
            value = value_of(record.row)
            return value.lower() if isinstance(value, str) else value

        records = sorted(records, key=key, reverse=name.startswith("-"))
    return records
