"""Index: the places of a table's rows, by the values that they have in some columns."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any

from mockserver.office.tables import TableSpec

Place = tuple[Any, int]
"""What a row is sorted by, and its number. It stays as it is while other columns of the row change."""
ByValue = dict[str, dict[object, list[Place]]]
"""The places of the rows with a value, in their order, by column and value."""


class Index:
    """The places by the values of each column that narrows lists, or names another row.

    States of the table share `by_value`, which is therefore copied before a change, each list when it changes itself.
    """

    def __init__(self, spec: TableSpec) -> None:
        self._columns = tuple(_columns(spec))
        self.share({})

    def share(self, by_value: ByValue) -> None:
        """Use places that a state has too."""
        self.by_value = by_value
        self._own: set[tuple[str, object]] = set()

    def unshare(self) -> None:
        """Copy the mappings that a state has too."""
        self.by_value = {column: listed.copy() for column, listed in self.by_value.items()}

    def of(self, rows: Sequence[object], places: Sequence[Place]) -> ByValue:
        """Return the places of all rows of a table by their values."""
        by_value: ByValue = {}
        for column, value_of, none in self._columns:
            listed = by_value[column] = defaultdict(list)
            for place, value in zip(places, map(value_of, rows), strict=True):
                if value != none:
                    listed[value].append(place)
        return by_value

    def having(self, column: str, value: object) -> Sequence[Place]:
        """Return the places of the rows with a value."""
        return self.by_value[column].get(value, ())

    def add(self, row: object, place: Place) -> None:
        """List a row by its values."""
        for column, value_of, none in self._columns:
            value = value_of(row)
            if value != none:
                add(self._listed(column, value), place)

    def change(self, before: object, row: object, place: Place) -> None:
        """List a row that stays in its place by the values that have changed, which are few."""
        for column, value_of, none in self._columns:
            was, value = value_of(before), value_of(row)
            if was != value:
                if was != none:
                    drop(self._listed(column, was), place)
                if value != none:
                    add(self._listed(column, value), place)

    def drop(self, row: object, place: Place) -> None:
        """List a row no longer."""
        for column, value_of, none in self._columns:
            value = value_of(row)
            if value != none:
                drop(self._listed(column, value), place)

    def _listed(self, column: str, value: object) -> list[Place]:
        """Return the places of the rows with a value, as a list that no state has."""
        listed = self.by_value[column]
        if (column, value) not in self._own:
            self._own.add((column, value))
            listed[value] = listed.get(value, []).copy()
        return listed[value]


def _columns(spec: TableSpec) -> Iterator[tuple[str, Callable[[object], Any], object]]:
    """Yield the columns with an index: the function that returns a row's value, and the value that has no entry."""
    for column in dict.fromkeys((*spec.indexes, *spec.references)):
        yield column, attrgetter(column), None if column in spec.indexes else spec.references[column].none


def add(places: list[Place], place: Place) -> None:
    """Insert a place where it belongs."""
    if not places or places[-1] < place:  # nearly always, since new rows have the newest time
        places.append(place)
    else:
        insort(places, place)


def drop(places: list[Place], place: Place) -> None:
    """Remove a place."""
    del places[bisect_left(places, place)]
