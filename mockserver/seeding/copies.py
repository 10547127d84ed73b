"""Copies: the families of an office several times over, each with numbers, names and days of its own."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from itertools import count
from typing import Any, NamedTuple

from mockserver.assets import shipped
from mockserver.messages import listed, path_text
from mockserver.office.row_values import columns_of, maker
from mockserver.office.tables import TableSpec, TableSpecs
from mockserver.resources.column import Column
from mockserver.resources.yaml_files import read_yaml
from mockserver.seeding.merge import COPIES, Placed, Tables
from mockserver.seeding.rows import office_row
from mockserver.syntax.document import Finding
from mockserver.work import checkpoint

_SPREAD = 365  # days
_DATE = 10  # characters of yyyy-MM-dd
_NO_DATE = "0001-01-01"


class _Copy(NamedTuple):
    """One copy: its number, which begins with 1, and the days by which it is moved back."""

    number: int
    days: int


_Value = Callable[[_Copy], Any]
_Row = tuple[str, int]  # a table, and a number in it


class Copies:
    """The copies that `generate` asks for, of the rows that the fixtures write out.

    A copy has the rows of all tables that declare it, such as patients, and those that name one of these rows, directly
    or by others. It names its own rows where they name each other, and otherwise the same rows as they do, so it is as
    coherent as they are. Its times are moved back together, and the copies are spread over a year, the last one newest.
    """

    def __init__(self, tables: Tables, specs: TableSpecs, now: datetime) -> None:
        self._tables, self._specs, self._now = tables, specs, now
        self._count: int = sum(placed.row[COPIES] for placed in tables.copies)

    def has(self, table: str) -> bool:
        """Return whether rows of a table are copied."""
        return bool(self._copied.get(table))

    def count(self, table: str) -> int:
        """Return the number of rows that the copies have of a table."""
        return self._count * len(self._copied.get(table, ()))

    def wanted(self, table: str) -> Iterator[tuple[Placed, int]]:
        """Yield each entry with the number of rows of a table that it makes."""
        for placed in self._tables.copies:
            yield placed, placed.row[COPIES] * len(self._copied.get(table, ()))

    def size(self) -> int:
        """Return the number of rows of one copy."""
        return sum(map(len, self._copied.values()))

    def diagnostics(self) -> Iterator[Finding]:
        """Yield an error if there is nothing to copy."""
        if not self._count or self.size():
            return
        roots = self._roots
        uncertain = self._tables.incomplete & {*roots} or any(self._tables.without_key[table] for table in roots)
        if not uncertain:
            placed = self._tables.copies[0]
            what = f"{path_text(placed.path)} has no row to copy; write rows of {listed(roots)}, or extend practice"
            yield placed.layer.finding(placed.path, what)

    def rows(self, table: str) -> Iterator[Any]:
        """Yield the rows of a table that the copies have."""
        if not self.has(table):
            return
        spec = self._specs[table]
        plans, make = list(self._plans(spec)), maker(spec)
        for number in range(1, self._count + 1):
            checkpoint()
            copy = _Copy(number, 1 + _SPREAD * (self._count - number) // self._count)
            for values, changes in plans:
                for place, value in changes:
                    values[place] = value(copy)
                yield make(values)

    @cached_property
    def _roots(self) -> list[str]:
        return [folder.table for folder in self._tables.folders.values() if folder.is_copied]

    @cached_property
    def _copied(self) -> Mapping[str, Mapping[int, int]]:
        """The numbers of the rows that are copied, by table, each with its place among them."""
        if not self._tables.copies:
            return {}
        naming: defaultdict[_Row, list[_Row]] = defaultdict(list)
        rows: list[_Row] = []
        for table in self._tables.names():
            if table == "apikey":
                continue
            references = self._specs[table].references.items()
            for number, placed in self._tables.numbered(table):
                rows.append((table, number))
                for column, reference in references:
                    if type(value := placed.row.get(column)) is int:
                        naming[reference.table, value].append((table, number))
        copied = _reached([row for row in rows if row[0] in self._roots], naming)
        places: defaultdict[str, dict[int, int]] = defaultdict(dict)
        for table, number in rows:
            if (table, number) in copied:
                places[table][number] = len(places[table])
        return places

    @cached_property
    def _first(self) -> Mapping[str, int]:
        """The lowest number of a copied row, by table."""
        return {table: self._tables.generated(table).stop for table in self._copied}

    def _plans(self, spec: TableSpec) -> Iterator[tuple[list[Any], list[tuple[int, _Value]]]]:
        """Yield the values of each row that is copied, with the changes of each copy by their places."""
        every = dict(self._tables.numbered(spec.name))
        rows = [columns_of(office_row(spec, {**every[number].row, spec.key: number}, self._now))
                for number in self._copied[spec.name]]  # fmt: skip
        texts = {name: dict(zip(dict.fromkeys(row[name] for row in rows), count(), strict=False))
                 for name, column in spec.columns.items() if column.copied}  # fmt: skip
        for row in rows:
            changes = ((place, self._change(spec, name, row[name], texts)) for place, name in enumerate(spec.columns))
            yield list(row.values()), [(place, value) for place, value in changes if value is not None]

    def _change(self, spec: TableSpec, name: str, value: Any, texts: Mapping[str, Mapping[str, int]]) -> _Value | None:
        """Return the function that gives the value of a copy, or None if that is the same."""
        reference = spec.references.get(name)
        table = spec.name if name == spec.key else reference.table if reference else ""
        if table:
            places = self._copied.get(table, {})
            return _number(self._first[table] + places[value], len(places)) if value in places else None
        if name in spec.times:
            return None if value.startswith(_NO_DATE) else _time(value)
        if name in texts and value:
            return _text(spec.columns[name], value, texts[name])
        return None


def _reached(begin: list[_Row], naming: Mapping[_Row, list[_Row]]) -> set[_Row]:
    """Return these rows, and all that name one of them, directly or by others."""
    reached, open_ = set(begin), begin
    while open_:
        new = {row for row in naming.get(open_.pop(), ()) if row not in reached}
        reached |= new
        open_ += new
    return reached


def _number(first: int, step: int) -> _Value:
    return lambda copy: first + (copy.number - 1) * step


def _time(text: str) -> _Value:
    return lambda copy: moved_back(text, copy.days)


@lru_cache(maxsize=50_000)
def moved_back(text: str, days: int) -> str:
    """Return a date or a time that many days earlier, at the same time of the day."""
    day = date.fromisoformat(text[:_DATE]).toordinal() - days
    return f"{date.fromordinal(max(day, 1)).isoformat()}{text[_DATE:]}"


def _text(column: Column, text: str, places: Mapping[str, int]) -> _Value:
    """Return the function that gives a text of a copy. `places` are the texts that are copied, with their places."""
    if column.copied == "numbered":
        longest = column.sent.get("maxLength", 255)
        return lambda copy: f"{text[: longest - len(str(copy.number)) - 1]}-{copy.number}"
    names, place = made_up_names()[column.copied], places[text]
    step = len(places) % len(names) or 1
    return lambda copy: names[(place + copy.number * step) % len(names)]


@cache
def made_up_names() -> Mapping[str, list[str]]:
    """Return the made-up names of people, by the word that a column has for them."""
    names: Mapping[str, list[str]] = read_yaml(shipped("schemas") / "fixtures" / "names.yaml")
    return names
