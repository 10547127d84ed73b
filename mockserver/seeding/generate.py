"""Generator: many rows from a few lines of a fixture, the same at each start."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain, count, cycle, islice
from typing import Any

from mockserver.messages import path_text
from mockserver.office.clock import write_moment
from mockserver.office.row_values import maker
from mockserver.office.rows import stored_text
from mockserver.office.tables import TableSpec, TableSpecs
from mockserver.resources.column import TIMES, Column
from mockserver.seeding.copies import Copies
from mockserver.seeding.merge import COPIES, Placed, Tables
from mockserver.seeding.relative_times import resolve
from mockserver.syntax.document import Finding
from mockserver.work import checkpoint

_SPREAD = {"from": "now-365d", "to": "now"}
_DATE = 10  # characters of yyyy-MM-dd
MAX_ROWS = 2_000_000
"""The number of rows that are generated for one office."""


class Generator:
    """The rows that the `generate` entries of all layers describe, and then copies of those that are written out.

    They are numbered after the rows that are written out. Of a column that an entry leaves out, each row has the
    default; a column that has to name a row names all rows of that table in turn, and the time by which the table is
    listed is spread over the last year.
    """

    def __init__(self, tables: Tables, specs: TableSpecs, now: datetime) -> None:
        self._tables, self._specs, self._now = tables, specs, now
        self._copies = Copies(tables, specs, now)

    def numbers(self, table: str) -> range:
        """Return the primary keys of the generated rows of a table."""
        generated = self._tables.generated(table)
        return range(generated.start, generated.stop + self._copies.count(table))

    def wanted(self, table: str) -> Iterator[tuple[Placed, int]]:
        """Yield each entry with the number of rows of a table that it makes."""
        yield from ((placed, placed.row.get("rows", 0)) for placed in self._tables.generate[table])
        yield from self._copies.wanted(table)

    def may_have_more(self, table: str) -> bool:
        """Return whether more rows of a table may be generated than are known."""
        incomplete = self._tables.incomplete
        return bool(incomplete & {"generate", f"generate.{table}"}) or (
            COPIES in incomplete and self._copies.has(table)
        )

    def diagnostics(self) -> Iterator[Finding]:
        """Yield the errors for which rows cannot be generated, except those in their foreign keys."""
        yield from self._too_many()
        yield from self._copies.diagnostics()
        for table, entries in list(self._tables.generate.items()):
            spec = self._specs[table]
            for placed in entries:
                yield from self._without_rows_to_name(spec, placed)
                for name in spec.times:
                    yield from self._backwards(placed, name)

    def _too_many(self) -> Iterator[Finding]:
        entries = chain.from_iterable(self._tables.generate.values())
        of_tables = ((placed, (*placed.path, "rows"), placed.row.get("rows", 0)) for placed in entries)
        of_copies = ((placed, placed.path, placed.row[COPIES] * self._copies.size()) for placed in self._tables.copies)
        rows = 0
        for placed, path, more in chain(of_tables, of_copies):
            rows += more
            if rows > MAX_ROWS:
                what = (
                    f"{path_text(placed.path)} makes the generated rows {rows:,}; an office has {MAX_ROWS:,} or fewer"
                )
                yield placed.layer.finding(path, what)
                return

    def rows(self, table: str) -> Iterator[Any]:
        """Yield the generated rows of a table."""
        spec, number = self._specs[table], count(self._tables.generated(table).start)
        make = maker(spec)
        for placed in self._tables.generate[table]:
            rows: int = placed.row["rows"]
            values = {name: self._values(spec, column, placed.row, rows) for name, column in spec.columns.items()}
            values[spec.key] = number
            for row in islice(zip(*values.values(), strict=False), rows):
                checkpoint()
                yield make(row)
        yield from self._copies.rows(table)

    def _values(self, spec: TableSpec, column: Column, entry: dict[str, Any], rows: int) -> Iterator[Any]:
        name = column.attribute
        if column.type in TIMES and (name in entry or name == spec.entered):
            return self._moments(entry.get(name, _SPREAD), rows, column)
        if name in entry:
            return cycle([_stored(column, value) for value in values(entry[name])])
        if (other := self._referenced(column)) is not None:
            return cycle([*self._tables.rows[other], *self.numbers(other)])
        default = spec.defaults.get(name)
        return cycle([_written(self._now, column) if default == "now" else default])

    def _referenced(self, column: Column) -> str | None:
        """Return the table that a column has to name a row of, if there is one."""
        if column.references is None or column.references.none is not None:
            return None
        folder = self._tables.folders.get(column.references.resource)
        return folder.table if folder else None

    def _without_rows_to_name(self, spec: TableSpec, placed: Placed) -> Iterator[Finding]:
        for name, column in spec.columns.items():
            other = self._referenced(column)
            if other is None or name in placed.row or self._tables.rows[other] or self.numbers(other):
                continue
            if not (
                self._tables.incomplete & {other, "generate", f"generate.{other}"} or self._tables.without_key[other]
            ):
                path = path_text(placed.path)
                what = f"{path} has no {other}; write some under {other}, or let generate.{other} make them"
                yield placed.layer.finding(placed.path, what)

    def _backwards(self, placed: Placed, name: str) -> Iterator[Finding]:
        spread = placed.row.get(name)
        if spread is None:
            return
        try:
            first, last = self._span(spread)
        except (ValueError, KeyError):
            return  # the time itself, or the missing one, has its own diagnostic
        if last < first:
            path = (*placed.path, name, "to")
            what = f"{path_text(path)} is {spread['to']}, which is before {spread['from']}; exchange the two"
            yield placed.layer.finding(path, what)

    def _span(self, spread: dict[str, str]) -> tuple[datetime, datetime]:
        first, last = (datetime.fromisoformat(resolve(spread[end], self._now)) for end in ("from", "to"))
        return first, last

    def _moments(self, spread: dict[str, str], rows: int, column: Column) -> Iterator[str]:
        first, last = self._span(spread)
        seconds, steps = int((last - first).total_seconds()), max(rows - 1, 1)
        return (_written(first + timedelta(seconds=seconds * step // steps), column) for step in range(rows))


def values(given: Any) -> Sequence[Any]:
    """Return the values that a generated column repeats."""
    return given if isinstance(given, list) else [given]


def _written(moment: datetime, column: Column) -> str:
    """Return a moment as a column has it: a time, or its day."""
    text = write_moment(moment)
    return text[:_DATE] if column.type == "Date" else text


def _stored(column: Column, value: Any) -> Any:
    stored = column.stored(value)
    return stored_text(stored) if isinstance(stored, str) else stored
