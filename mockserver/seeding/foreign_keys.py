"""Foreign keys: validation of the rows that other rows name, and of times."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from mockserver.messages import path_text, shown
from mockserver.office.tables import Reference, TableSpec, TableSpecs
from mockserver.seeding.generate import Generator, values
from mockserver.seeding.merge import Placed, Tables
from mockserver.seeding.mistakes import as_whole_number
from mockserver.seeding.references import dangling_text, fits
from mockserver.seeding.relative_times import resolve
from mockserver.syntax.diagnostics import Path
from mockserver.syntax.document import Finding
from mockserver.work import checkpoint


class ForeignKeys:
    """The rows that other rows may name, and the diagnostics on those that they must not."""

    def __init__(self, tables: Tables, generator: Generator, specs: TableSpecs, now: datetime) -> None:
        self._tables, self._generator, self._now = tables, generator, now
        self._specs = [specs[table] for table in tables.names() if table != "apikey"]
        self._written = frozenset(table for table in tables.names() if tables.has_rows(table))
        self._fitting: dict[tuple[Any, ...], dict[int, None]] = {}

    def dangling(self, *, is_warning: bool = False) -> Iterator[Finding]:
        """Yield the diagnostics on the foreign keys of all rows."""
        dangling = [
            one
            for one in chain(self._dangling(), self._dangling_in_generate())
            if not self._tables.mistakes.is_invalid(one.placed.layer, one.path)
        ]
        suppressed = self._suppressed(dangling) if dangling else frozenset()
        for one in dangling:
            table = one.spec.references[one.column].table
            if (table, one.value) not in suppressed:
                named = self._tables.rows[table].get(one.value)
                mentions = [] if named is None else [(named.layer, named.path)]
                text = partial(self._message, one)
                yield one.placed.layer.finding(one.path, text, mentions=mentions, is_warning=is_warning)

    def times(self) -> Iterator[Finding]:
        """Yield the diagnostics on the times of all rows."""
        for spec in self._specs:
            for column in spec.times:
                for placed in self._tables.placed(spec.name):
                    if column in placed.row:
                        yield from self._time(placed, (*placed.path, column), placed.row[column])
                for placed in self._tables.generate[spec.name]:
                    for end, moment in placed.row.get(column, {}).items():
                        yield from self._time(placed, (*placed.path, column, end), moment)

    def get(self, table: str, number: int) -> Mapping[str, Any] | None:
        """Return the columns of a row that the fixtures write."""
        placed = self._tables.rows[table].get(number)
        return placed.row if placed is not None else None

    def fitting(self, reference: Reference, *, or_invalid: bool = False) -> Mapping[int, None]:
        """Return the numbers of the rows that a column with this reference may name.

        With `or_invalid`, also of those whose own values are invalid where it matters.
        """
        key = (or_invalid, reference.table, *reference.where.items())
        if key not in self._fitting:
            written = chain(self._tables.rows[reference.table].values(), self._tables.without_key[reference.table])
            numbers = (
                as_whole_number(placed.row.get(self._tables.key(reference.table)))
                for placed in written
                if fits(placed.row, reference) or (or_invalid and self._is_invalid(placed, reference))
            )
            every = chain(numbers, () if reference.where else self._generator.numbers(reference.table))
            self._fitting[key] = dict.fromkeys(number for number in every if number is not None)
        return self._fitting[key]

    def _checked(self, spec: TableSpec) -> list[tuple[str, Reference]]:
        """Return the references of a table whose rows the fixtures write, or have to write."""
        return [
            (column, reference)
            for column, reference in spec.references.items()
            if reference.is_strict or reference.table in self._written
        ]

    def _is_invalid(self, placed: Placed, reference: Reference) -> bool:
        """Return whether a value by which a row fits or not is invalid, or is left out."""
        return any(
            type(placed.row.get(column)) is not type(value)
            or self._tables.mistakes.is_invalid(placed.layer, (*placed.path, column))
            for column, value in reference.where.items()
        )

    def _dangling(self) -> Iterator["_DanglingKey"]:
        for spec in self._specs:
            columns = [(column, reference.none, self.fitting(reference, or_invalid=True))
                       for column, reference in self._checked(spec)]  # fmt: skip
            for placed in self._tables.placed(spec.name):
                checkpoint()
                for column, none, right in columns:
                    value = as_whole_number(placed.row.get(column))
                    if value is not None and value != none and value not in right:
                        yield _DanglingKey(placed, (*placed.path, column), spec, column, value)

    def _dangling_in_generate(self) -> Iterator["_DanglingKey"]:
        """Yield the dangling keys of `generate` entries, whose columns hold one value or several."""
        for spec in self._specs:
            for placed in self._tables.generate.get(spec.name, ()):
                for column, reference in self._checked(spec):
                    right = self.fitting(reference, or_invalid=True)
                    given = placed.row.get(column, [])
                    for index, value in enumerate(map(as_whole_number, values(given))):
                        if value is not None and value != reference.none and value not in right:
                            path = (*placed.path, column, *([index] if isinstance(given, list) else ()))
                            yield _DanglingKey(placed, path, spec, column, value)

    def _suppressed(self, dangling: Iterable["_DanglingKey"]) -> frozenset[tuple[str, int]]:
        """Return the table and number of each row that may exist although its own number cannot be read.

        Without this, one mistake in a claim would lead to a diagnostic on each of its trackings.
        """
        suppressed: set[tuple[str, int]] = set()
        absent_by_table: dict[str, set[int]] = {}
        for one in dangling:
            table = one.spec.references[one.column].table
            if one.value not in self.fitting(Reference(table)):
                absent_by_table.setdefault(table, set()).add(one.value)
        for table, absent in absent_by_table.items():
            if self._generator.may_have_more(table):
                # Generated rows are numbered after the highest given number.
                suppressed |= {(table, number) for number in absent if number > self._tables.highest(table)}
                absent = {number for number in absent if (table, number) not in suppressed}
            key = self._tables.key(table)
            unread = [one for one in self._tables.without_key[table] if as_whole_number(one.row.get(key)) is None]
            if table in self._tables.incomplete or len(absent) <= len(unread):
                suppressed |= {(table, number) for number in absent}
        return frozenset(suppressed)

    def _message(self, one: "_DanglingKey") -> str:
        says = self._says(one.placed, one.spec.references[one.column].table, one.value)
        text = dangling_text(one.spec, one.column, one.value, one.placed.row, self, says)
        return f"{path_text(one.path)} {text}"

    def _says(self, placed: Placed, table: str, number: int) -> str:
        """Return where a row is, if it is in another file than `placed`."""
        named = self._tables.rows[table].get(number)
        if named is None or named.layer is placed.layer:
            return ""
        return f", says {named.layer.where(named.path)}"

    def _time(self, placed: Placed, path: Path, value: Any) -> Iterator[Finding]:
        if isinstance(value, str) and not self._tables.mistakes.is_invalid(placed.layer, path):
            problem = time_problem(value, self._now)
            if problem:
                yield placed.layer.finding(path, f"{path_text(path)} {problem}")


def time_problem(value: str, now: datetime) -> str:
    """Return why a time is not one, or "" if it is."""
    try:
        resolve(value, now)
    except ValueError:
        return f"must be a day of the calendar, and is {shown(value)}"
    return ""


class _DanglingKey(NamedTuple):
    """A foreign key whose target does not exist."""

    placed: Placed
    path: Path
    spec: TableSpec
    column: str
    value: int
