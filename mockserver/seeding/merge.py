"""Merge: the rows of all layers by table, later ones over earlier ones, each with its position."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

from mockserver.messages import path_text
from mockserver.office.table import MAX_NUMBER
from mockserver.resources.folder import Folders
from mockserver.seeding.layers import Layer
from mockserver.seeding.mistakes import Mistakes, as_whole_number
from mockserver.syntax.diagnostics import Path
from mockserver.syntax.document import Finding
from mockserver.work import checkpoint

COPIES = "copies"
"""The name under `generate` that stands for copies, rather than for rows of a table."""
_KEYS = "apikey"
"""The table of customer keys, which no resource serves."""


class Placed(NamedTuple):
    """A row with its position."""

    row: dict[str, Any]
    layer: Layer
    path: Path


class Tables:
    """The rows of all layers by primary key, those that are still without one, and the `generate` entries.

    `mistakes` holds the invalid values. Rows in `unnumbered` leave out a primary key that they need not give. Rows in
    `without_key` have no usable one: it is invalid, a duplicate, or left out. A table in `incomplete` may have more
    rows than are known; `generate.claim` stands for generated claims, `generate` for all generated rows, and `copies`
    for those of all tables whose rows are copied.
    """

    def __init__(self, folders: Folders) -> None:
        self.folders = folders
        self.rows: defaultdict[str, dict[int | str, Placed]] = defaultdict(dict)
        self.unnumbered: defaultdict[str, list[Placed]] = defaultdict(list)
        self.without_key: defaultdict[str, list[Placed]] = defaultdict(list)
        self.generate: defaultdict[str, list[Placed]] = defaultdict(list)
        self.copies: list[Placed] = []
        self.incomplete: set[str] = set()
        self.mistakes = Mistakes()

    def names(self) -> list[str]:
        """Return the tables of which a fixture writes or generates rows."""
        return list(dict.fromkeys([*self.rows, *self.unnumbered, *self.without_key, *self.generate]))

    def has_rows(self, table: str) -> bool:
        """Return whether a fixture writes or generates rows of that table."""
        return any(rows.get(table) for rows in (self.rows, self.unnumbered, self.without_key, self.generate))

    def key(self, table: str) -> str:
        """Return the primary key of a table, or "" if there is no table of that name."""
        if table == _KEYS:
            return "CustomerKey"
        folder = self.folders.of_table(table)
        return folder.key if folder is not None and folder.is_in_fixtures else ""

    def placed(self, table: str) -> Iterator[Placed]:
        """Yield every row of that table that a fixture writes out."""
        yield from self.rows[table].values()
        yield from self.unnumbered[table]
        yield from self.without_key[table]

    def highest(self, table: str) -> int:
        """Return the highest number that a fixture gives to a row of that table."""
        return max(
            (number for number in self.rows[table] if isinstance(number, int) and number <= MAX_NUMBER), default=0
        )

    def numbered(self, table: str) -> Iterator[tuple[int, Placed]]:
        """Yield every row of that table that a fixture writes out with its number: its own, or the next one."""
        for number, placed in self.rows[table].items():
            if isinstance(number, int):
                yield number, placed
        yield from enumerate(self.unnumbered[table], self.highest(table) + 1)

    def generated(self, table: str) -> range:
        """Return the numbers of the rows that entries generate, without copies."""
        first = self.highest(table) + len(self.unnumbered[table]) + 1
        return range(first, first + sum(placed.row.get("rows", 0) for placed in self.generate[table]))

    def merge_layer(self, layer: Layer) -> Iterator[Finding]:
        """Merge the rows of `layer`. Yield an error for each primary key that it has twice."""
        if not isinstance(layer.data, dict) or self.mistakes.is_invalid(layer, ("extends",)):
            self.mark_all_incomplete()
        for name, rows in layer.data.items() if isinstance(layer.data, dict) else ():
            table = self.mistakes.corrected_name(layer, (name,))
            if table == "generate":
                self._merge_generate(layer, name, rows)
            elif isinstance(rows, list) and (key := self.key(table)):
                yield from self._merge_table(layer, table, name, rows, key)
            else:
                self.incomplete.add(table)

    def mark_all_incomplete(self) -> None:
        """Note that any table may have more rows than are known."""
        self.incomplete |= {*self.folders.tables(), _KEYS, "generate"}

    def _merge_table(self, layer: Layer, table: str, name: str, rows: list[Any], key: str) -> Iterator[Finding]:
        folder = None if table == _KEYS else self.folders.of_table(table)
        may_be_left_out = folder is not None and key not in folder.required
        kind, kept = str if folder is None else int, self.rows[table]
        here: dict[int | str, int] = {}
        for index, row in enumerate(rows):
            checkpoint()
            path = (name, index)
            if not isinstance(row, dict):
                # A number in the place of a row is its primary key, also where that is a mistake of obvious meaning.
                is_number = folder is not None and (folder.takes_numbers or not may_be_left_out)
                row = {key: row} if is_number else {}
            row = self.mistakes.read(layer, path, row)
            placed = Placed(row, layer, path)
            number = row.get(key) if kind is str else as_whole_number(row.get(key))
            if may_be_left_out and key not in row:
                self.unnumbered[table].append(placed)
            elif type(number) is not kind:
                self.without_key[table].append(placed)
            elif number in here:
                yield _is_there_already(placed, key, here[number])
                self.without_key[table].append(placed)
            else:
                here[number] = index
                kept[number] = placed

    def _merge_generate(self, layer: Layer, name: str, given: Any) -> None:
        if not isinstance(given, dict):
            self.incomplete.add("generate")
            return
        for inner, columns in given.items():
            path = (name, inner)
            row = self.mistakes.readable(layer, path, columns) if isinstance(columns, dict) else {}
            table = self.mistakes.corrected_name(layer, path)
            if table == COPIES:
                self._merge_copies(layer, path, columns)
                continue
            if inner != _KEYS and self.key(inner):
                self.generate[inner].append(Placed(row, layer, path))
            if inner != table or "rows" not in row:
                self.incomplete.add(f"generate.{table}")

    def _merge_copies(self, layer: Layer, path: Path, given: Any) -> None:
        is_known = path[-1] == COPIES and type(given) is int and not self.mistakes.is_invalid(layer, path)
        if not is_known:
            self.incomplete.add(COPIES)
        self.copies.append(Placed({COPIES: given if is_known else 0}, layer, path))


def _is_there_already(placed: Placed, key: str, before: int) -> Finding:
    table, index = placed.path

    def message() -> str:
        # Without the keys of an apikey: they may be real credentials.
        number = "" if table == "apikey" else f" {placed.row[key]}"
        return f"{table}[{index}].{key}{number} is a duplicate of {table}[{before}]; change one of the two"

    return placed.layer.finding((*placed.path, key), message)


def exhausted_numbers(tables: Tables, table: str, wanted: Iterable[tuple[Placed, int]]) -> Iterator[Finding]:
    """Yield an error for the first row or entry for which no numbers are left.

    `wanted` gives the rows and entries that are numbered after the highest number of `table`, and how many numbers each
    needs.
    """
    number = highest = tables.highest(table)
    for placed, count in wanted:
        number += count
        if number > MAX_NUMBER:
            last = tables.rows[table][highest]
            message = partial(_exhausted, placed, tables.key(table), highest, last)
            yield placed.layer.finding(placed.path, message, mentions=[(last.layer, last.path)])
            return


def _exhausted(placed: Placed, key: str, highest: int, last: Placed) -> str:
    what = f"{path_text(placed.path)} has no {key} left: {highest} at {last.layer.where(last.path)}"
    return f"{what} is given already; give one here, or a lower one there"
