"""Pages: records of a table in the order of a list, and a cache of those that were asked for."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter, eq, ge, le, ne
from typing import Any, Generic, NamedTuple, TypeVar

Row = TypeVar("Row")

# How many pages a table keeps while it does not change: joining 100 rows takes longer than the rest of a list request.
_MAX_PAGES = 64
_MAX_PAGE_BYTES = 8_000_000
_MAX_NEWER = 100  # rows that were added since a page was put together
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
        self._counts: dict[str, dict[object, int]] = {}
        self._known: dict[Callable[[Page[Row]], bool], bool] = {}
        self._view: tuple[Hashable, Page[Row]] | None = None

    def __len__(self) -> int:
        return len(self.records)

    def distinct(self, column: str) -> Set[object]:
        """Return the values that the rows have in a column. They are looked up once."""
        if column not in self._counts:
            self._counts[column] = dict(Counter(map(attrgetter(f"row.{column}"), self.records)))
        return self._counts[column].keys()

    def holds(self, condition: "Callable[[Page[Row]], bool]") -> bool:
        """Return whether a condition on the rows holds. It is asked once."""
        known = self._known.get(condition)
        if known is None:
            known = self._known[condition] = condition(self)
        return known

    def view(self, key: Hashable, encode: Callable[[bytes], bytes]) -> "Page[Row]":
        """Return the page with other bytes for each record. The view that was asked for last is made once."""
        if self._view is None or self._view[0] != key:
            self._view = key, Page([record._replace(body=encode(record.body)) for record in self.records])
        return self._view[1]

    @cached_property
    def body(self) -> bytes:
        """The rows as a JSON array. Each row was validated when it was stored, so that the array need not be."""
        return b"[" + b",".join([record.body for record in self.records]) + b"]"

    def with_newer(self, newer: list[Record[Row]], limit: int) -> "Page[Row]":
        """Return the page with records before the others, the last one first, and without those beyond the limit."""
        newer = newer[::-1][:limit]
        kept, dropped = self.records[: limit - len(newer)], self.records[limit - len(newer) :]
        page = Page(newer + kept)
        end = len(self.body) - 1 - sum([len(record.body) + 1 for record in dropped])
        rest = (b",", memoryview(self.body)[1:end]) if kept else ()
        page.body = b"".join((b"[", b",".join([record.body for record in newer]), *rest, b"]"))  # copied only once
        for column, counts in self._counts.items():
            counts = page._counts[column] = counts.copy()
            for record in newer:
                value = getattr(record.row, column)
                counts[value] = counts.get(value, 0) + 1
            for record in dropped:
                value = getattr(record.row, column)
                counts[value] -= 1
                if not counts[value]:
                    del counts[value]
        return page


@dataclass(slots=True)
class _Kept(Generic[Row]):
    """A page in the cache, with the number of the newer rows that it has."""

    page: Page[Row]
    newer: int


class PageCache(Generic[Row]):
    """Pages that were asked for, limited in number and size."""

    def __init__(self) -> None:
        self._pages: dict[_Key, _Kept[Row]] = {}
        self._newer: list[Record[Row]] = []
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: _Key) -> Page[Row] | None:
        """The page by that name, if it is kept."""
        kept = self._pages.get(key)
        if kept is None:
            return None
        if kept.newer < len(self._newer):
            limit, offset, filters, by = key
            if offset or by or limit < 1:
                self.bytes -= _size(self._pages.pop(key).page)
                return None
            # A tenth of the time of putting 100 rows together again, for clients that create and list in turn.
            newer = self._newer[kept.newer :]
            if filters:
                newer = [record for record in newer if all(one.passes(record.row) for one in filters)]
            if newer:
                self.bytes -= _size(kept.page)
                kept.page = kept.page.with_newer(newer, limit)
                self.bytes += _size(kept.page)
            kept.newer = len(self._newer)
            if self.bytes > _MAX_PAGE_BYTES:
                self.clear()
        return kept.page

    def keep(self, key: _Key, page: Page[Row]) -> None:
        """Store a page. A cache without room is emptied first; a page larger than the cache is not stored."""
        size = _size(page)
        if size > _MAX_PAGE_BYTES:
            return
        if len(self._pages) >= _MAX_PAGES or self.bytes + size > _MAX_PAGE_BYTES:
            self.clear()
        self._pages[key] = _Kept(page, len(self._newer))
        self.bytes += size

    def add_newest(self, record: Record[Row]) -> None:
        """Let each page get a new row, which all lists begin with, when it is asked for."""
        if len(self._newer) >= _MAX_NEWER:
            self.clear()
        if self._pages:
            self._newer.append(record)

    def clear(self) -> None:
        """Empty the cache."""
        self._pages.clear()
        self._newer.clear()
        self.bytes = 0


def _size(page: Page[Any]) -> int:
    return len(page.body) + _REFERENCE * len(page)


def sorted_by(records: list[Record[Row]], by: tuple[str, ...]) -> list[Record[Row]]:
    """Return records in the order of columns, each downwards if it has a minus. Upper and lower case are the same."""
    for name in reversed(by):
        value_of = attrgetter(name.removeprefix("-"))

        def key(record: Record[Row], value_of: Callable[[object], Any] = value_of) -> Any:
            value = value_of(record.row)
            return value.lower() if isinstance(value, str) else value

        records = sorted(records, key=key, reverse=name.startswith("-"))
    return records
