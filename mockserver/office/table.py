"""Table: rows by number and in order, each with the bytes by which it leaves the API."""

from collections.abc import Callable, Iterable, Iterator, KeysView, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Generic

from mockserver.office.freeing import Owner
from mockserver.office.index import ByValue, Index, Place, add, drop
from mockserver.office.pages import Filter, Page, PageCache, Record, Row, sorted_by
from mockserver.office.tables import TableSpec

MAX_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class TableState(Generic[Row]):
    """The state of a table at one moment, with the rows in the order of `spec`.

    Tables and states share the lists and mappings. A table copies those that it changes before it changes them.
    """

    places: list[Place]
    next_number: int
    spec: TableSpec
    by_number: dict[int, Record[Row]]
    by_value: ByValue = field(compare=False)
    arrivals: int = field(compare=False)
    owner: Owner = field(compare=False)

    @property
    def records(self) -> Iterator[Record[Row]]:
        """The rows."""
        return (self.by_number[number] for _, number in self.places)


class Table(Generic[Row]):
    """A table whose numbers count up from the highest ever used, like an AUTO_INCREMENT column.

    `encode` validates a row and returns its bytes. It runs once per version of a row, before the row is kept, so that
    no row is kept that may not leave the API.
    """

    def __init__(self, spec: TableSpec, encode: Callable[[Row], bytes]) -> None:
        self.spec = spec
        self._encode = encode
        self._number_of = attrgetter(spec.key)
        self._order_of = _order_of(spec)
        self._index = Index(spec)
        self._pages = PageCache[Row]()
        self.next_number = 1
        self.fill(())

    def __len__(self) -> int:
        return len(self._by_number)

    def __iter__(self) -> Iterator[Row]:
        by_number = self._by_number
        return (by_number[number].row for _, number in self._places)

    @property
    def is_used(self) -> bool:
        """Whether it has rows, or had some that were deleted."""
        return self.next_number > 1

    @property
    def is_full(self) -> bool:
        """Whether the highest number is used, so that no row can be created."""
        return self.next_number > MAX_NUMBER

    def __contains__(self, number: object) -> bool:
        return number in self._by_number

    def numbers(self) -> KeysView[int]:
        """Return the primary keys."""
        return self._by_number.keys()

    def get(self, number: int) -> Record[Row] | None:
        """Return the row with that number, if there is one."""
        return self._by_number.get(number)

    def has(self, column: str, value: object) -> bool:
        """Return whether a row has that value in a column with an index."""
        return bool(self._index.having(column, value))

    def having(self, column: str, value: object) -> list[Record[Row]]:
        """Return the rows that have that value in a column with an index, or in one that names another row."""
        return self._at(self._index.having(column, value))

    def put(self, row: Row) -> Record[Row]:
        """Store `row`, and replace the row with its number if there is one."""
        number = self._number_of(row)
        before = self._by_number.get(number)
        record = Record(self._order(row, before, self._arrivals + 1), number, row, self._encode(row))
        if self._is_shared:
            self._unshare()
        self._by_number[number] = record
        place = record.order, number
        if before is None:
            self._arrivals += 1
            add(self._places, place)
            self._index.add(row, place)
        elif before.order == record.order:
            self._index.change(before.row, row, place)
        else:
            self._unlist(before)
            add(self._places, place)
            self._index.add(row, place)
        if before is None and self.spec.newest_first and self._places[-1] is place:
            self._pages.add_newest(record)
        else:
            self._pages.clear()
        if number >= self.next_number:
            self.next_number = number + 1
        return record

    def delete(self, number: int) -> None:
        """Delete the row with that number, which is not used again. Raises KeyError if there is none."""
        record = self._by_number[number]
        if self._is_shared:
            self._unshare()
        del self._by_number[number]
        self._unlist(record)
        self._pages.clear()

    def page(self, limit: int, offset: int, filters: tuple[Filter, ...] = (), by: tuple[str, ...] = ()) -> Page[Row]:
        """Return at most `limit` rows that all filters pass, after the first `offset`.

        They are in the order of the table, or in that of the columns `by`, as an `operations.yaml` writes it.
        """
        key = (limit, offset, filters, by)
        page = self._pages.get(key)
        if page is None:
            places = self._narrowed(filters)
            if by:
                page = Page(sorted_by(self._at(places), by)[offset : offset + limit])
            elif self.spec.newest_first:
                end = len(places) - offset
                page = Page(self._at(places[max(end - limit, 0) : max(end, 0)][::-1]))
            else:
                page = Page(self._at(places[offset : offset + limit]))
            self._pages.keep(key, page)
        return page

    def list_as(self, spec: TableSpec) -> None:
        """List the rows in the order of `spec`, which is the same table in another order."""
        if spec is self.spec:
            return
        state = self.state()
        self.spec, self._order_of = spec, _order_of(spec)
        self.restore(state)

    def fill(self, rows: Iterable[Row]) -> None:
        """Replace all rows. Of two rows with the same number, the later one wins. Much faster than many `put`."""
        by_number: dict[int, Record[Row]] = {}
        for row in rows:
            number = self._number_of(row)
            order = self._order(row, by_number.get(number), len(by_number) + 1)
            by_number[number] = Record(order, number, row, self._encode(row))
        self.restore(self._state(by_number.values(), max(by_number, default=0) + 1))

    def state(self) -> TableState[Row]:
        """Return everything that the table holds now. The cost does not grow with the rows."""
        self._share(self._index.by_value)
        return TableState(
            self._places, self.next_number, self.spec, self._by_number, self._index.by_value, self._arrivals,
            self._owner,
        )  # fmt: skip

    def in_own_order(self, state: TableState[Row]) -> TableState[Row]:
        """Return the state with its rows in the order of this table. It is the same one if they are already."""
        if state.spec is self.spec:
            return state
        records = (
            record._replace(order=self._order(record.row, None, index)) for index, record in enumerate(state.records, 1)
        )
        return self._state(records, state.next_number)

    def restore(self, state: TableState[Row]) -> None:
        """Restore a state that `state` returned, in this table's own order. The cost does not grow with the rows."""
        state = self.in_own_order(state)
        self._by_number, self._places = state.by_number, state.places
        self._arrivals, self.next_number, self._owner = state.arrivals, state.next_number, state.owner
        self._share(state.by_value)
        self._pages.clear()

    def _state(self, records: Iterable[Record[Row]], next_number: int) -> TableState[Row]:
        """Return the state with these records, whose `order` is that of this table."""
        records = sorted(records)
        places = [record[:2] for record in records]
        by_value = self._index.of([record.row for record in records], places)
        by_number = {record.number: record for record in records}
        last = records[-1].order if records else 0
        return TableState(
            places, next_number, self.spec, by_number, by_value, last if isinstance(last, int) else 0,
            Owner(*by_value.values(), by_number, places),
        )  # fmt: skip

    def _share(self, by_value: ByValue) -> None:
        self._index.share(by_value)
        self._is_shared = True

    def _unshare(self) -> None:
        """Copy what is shared with a state."""
        self._by_number, self._places = self._by_number.copy(), self._places.copy()
        self._index.unshare()
        self._owner = Owner(*self._index.by_value.values(), self._by_number, self._places)
        self._is_shared = False

    def _at(self, places: Sequence[Place]) -> list[Record[Row]]:
        return [self._by_number[number] for _, number in places]

    def _narrowed(self, filters: tuple[Filter, ...]) -> Sequence[Place]:
        indexed = [one for one in filters if one.match == "equal" and one.column in self.spec.indexes]
        lists = [self._index.having(one.column, one.value) for one in indexed]
        places = min(lists, key=len) if lists else self._places
        if len(filters) == len(indexed) <= 1:
            return places
        by_number = self._by_number
        return [place for place in places if all(one.passes(by_number[place[1]].row) for one in filters)]

    def _unlist(self, record: Record[Row]) -> None:
        place = record[:2]
        drop(self._places, place)
        self._index.drop(record.row, place)

    def _order(self, row: Row, before: Record[Row] | None, arrival: int) -> Any:
        """Return the order of a row. In order of ARRIVAL it takes the place of the record `before` it."""
        if self._order_of is not None:
            return self._order_of(row)
        return arrival if before is None else before.order


def _order_of(spec: TableSpec) -> Callable[[object], Any] | None:
    """Return a function that returns the value by which rows are sorted before their key. None: by their ARRIVAL."""
    if spec.by_arrival:
        return None
    if not spec.order:
        return lambda _row: ""
    order_of, number_of = attrgetter(*spec.order), attrgetter(spec.key)
    return (lambda row: (order_of(row), -number_of(row))) if spec.lower_first else order_of
