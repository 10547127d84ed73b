"""Table: rows by number and in order, each with its encoded bytes."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

Row = TypeVar("Row")

# The number of pages that a table caches until it changes: joining 100 rows takes most of the time of a list request.
_MAX_PAGES = 64
_MAX_PAGE_BYTES = 8_000_000
_REFERENCE = 8  # bytes

MAX_NUMBER = 2**63 - 1


class Record(NamedTuple, Generic[Row]):
    """One version of a row. Records sort by `order`, then by `number`, which is unique."""

    order: str
    number: int
    row: Row
    body: bytes


class Page(Generic[Row]):
    """Some records, the last in order first."""

    def __init__(self, records: list[Record[Row]]) -> None:
        self.records = records
        self._distinct: dict[str, frozenset[object]] = {}

    def __len__(self) -> int:
        return len(self.records)

    def distinct(self, column: str) -> frozenset[object]:
        """Return the values that the rows have in a column. The result is cached."""
        if column not in self._distinct:
            self._distinct[column] = frozenset(getattr(record.row, column) for record in self.records)
        return self._distinct[column]

    @cached_property
    def body(self) -> bytes:
        """Return the encoded page. Each record was validated when it was written, so the array needs no validation."""
        return b"[" + b",".join([record.body for record in self.records]) + b"]"


@dataclass(frozen=True, slots=True)
class TableState(Generic[Row]):
    """The state of a table at one moment."""

    records: tuple[Record[Row], ...]
    next_number: int


class _PageCache(Generic[Row]):
    """A cache of pages, limited in number and size."""

    def __init__(self) -> None:
        self._pages: dict[tuple[int | None, int, int], Page[Row]] = {}
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: tuple[int | None, int, int]) -> Page[Row] | None:
        """Return the page with that key, if it is cached."""
        return self._pages.get(key)

    def keep(self, key: tuple[int | None, int, int], page: Page[Row]) -> None:
        """Cache a page, and clear the cache first if there is no room. A page that is too large alone is not cached."""
        size = len(page.body) + _REFERENCE * len(page)
        if size > _MAX_PAGE_BYTES:
            return
        if len(self._pages) >= _MAX_PAGES or self.bytes + size > _MAX_PAGE_BYTES:
            self.clear()
        self._pages[key] = page
        self.bytes += size

    def clear(self) -> None:
        """Remove all pages."""
        self._pages.clear()
        self.bytes = 0


class Table(Generic[Row]):
    """A table whose numbers count up from the highest ever used, like an AUTO_INCREMENT column.

    `encode` validates a row and returns its bytes. It runs once per version of a row, before the row is stored, so that
    an invalid row is never stored. `key` returns a row's order and number, `group` the value that a list can be
    filtered by.
    """

    def __init__(
        self,
        *,
        encode: Callable[[Row], bytes],
        key: Callable[[Row], tuple[str, int]],
        group: Callable[[Row], int],
    ) -> None:
        self._encode = encode
        self._key = key
        self._group = group
        self._by_number: dict[int, Record[Row]] = {}
        self._ordered: list[Record[Row]] = []
        self._by_group: dict[int, list[Record[Row]]] = {}
        self._pages = _PageCache[Row]()
        self.next_number = 1

    def __len__(self) -> int:
        return len(self._ordered)

    def __iter__(self) -> Iterator[Row]:
        return (record.row for record in self._ordered)

    def get(self, number: int) -> Record[Row] | None:
        """Return the row with that number, if there is one."""
        return self._by_number.get(number)

    def put(self, row: Row) -> Record[Row]:
        """Store `row`, and replace the row with its number if there is one."""
        record = self._record(row)
        before = self._by_number.get(record.number)
        if before is not None:
            _drop(self._ordered, before)
            _drop(self._by_group[self._group(before.row)], before)
        self._by_number[record.number] = record
        _add(self._ordered, record)
        _add(self._by_group.setdefault(self._group(row), []), record)
        self._pages.clear()
        self.next_number = max(self.next_number, record.number + 1)
        return record

    def page(self, group: int | None, limit: int, offset: int) -> Page[Row]:
        """Return at most `limit` rows, of `group` or of all, from the last in order on, after the first `offset`."""
        page = self._pages.get((group, limit, offset))
        if page is None:
            ordered = self._ordered if group is None else self._by_group.get(group, [])
            end = len(ordered) - offset
            records = ordered[max(end - limit, 0) : max(end, 0)][::-1]
            page = Page(records)
            self._pages.keep((group, limit, offset), page)
        return page

    def fill(self, rows: Iterable[Row]) -> None:
        """Store exactly these rows. Of two with the same number the later counts. Much faster than repeated `put`."""
        records = {record.number: record for record in map(self._record, rows)}
        self.restore(TableState(tuple(sorted(records.values())), max(records, default=0) + 1))

    def state(self) -> TableState[Row]:
        """Return the current state."""
        return TableState(tuple(self._ordered), self.next_number)

    def restore(self, state: TableState[Row]) -> None:
        """Restore a state, the next number included."""
        by_group: dict[int, list[Record[Row]]] = {}
        for record in state.records:
            by_group.setdefault(self._group(record.row), []).append(record)
        self._by_number = {record.number: record for record in state.records}
        self._ordered = list(state.records)
        self._by_group = by_group
        self._pages.clear()
        self.next_number = state.next_number

    def _record(self, row: Row) -> Record[Row]:
        order, number = self._key(row)
        return Record(order, number, row, self._encode(row))


def _add(ordered: list[Record[Row]], record: Record[Row]) -> None:
    if not ordered or ordered[-1] < record:  # nearly always, since new rows have the newest time
        ordered.append(record)
    else:
        insort(ordered, record)


def _drop(ordered: list[Record[Row]], record: Record[Row]) -> None:
    del ordered[bisect_left(ordered, record)]
