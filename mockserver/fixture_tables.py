"""The rows of all layers by table, later ones over earlier ones, each knowing where it stands."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mockserver.complaints import Complaint
from mockserver.fixture_layers import Layer
from mockserver.table import HIGHEST_NUMBER
from mockserver.wording import place
from mockserver.yaml_positions import Path

KEYS = {
    "claim": "ClaimNum",
    "definition": "DefNum",
    "claimtracking": "ClaimTrackingNum",
    "apikey": "CustomerKey",
}
# Other rows have no way to name it, so that a fixture need not say it.
_MAY_BE_LEFT_OUT = "claimtracking"


class Placed(NamedTuple):
    """A row, and where it stands."""

    row: dict[str, Any]
    layer: Layer
    path: Path


@dataclass(slots=True)
class Tables:
    """The rows of all layers by primary key, the trackings without one, and the entries that ask for more.

    A table in `doubtful` lacks rows that could not be understood.
    """

    rows: dict[str, dict[int | str, Placed]] = field(default_factory=lambda: {table: {} for table in KEYS})
    unnumbered: list[Placed] = field(default_factory=list)
    generate: list[Placed] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)

    def trackings(self) -> Iterator[Placed]:
        """Every tracking that a fixture writes out."""
        yield from self.rows["claimtracking"].values()
        yield from self.unnumbered

    def highest(self, table: str) -> int:
        """The highest number that a fixture gives to a row of that table."""
        return max((number for number in self.rows[table] if isinstance(number, int)), default=0)

    def lay_over(self, layer: Layer) -> Iterator[Complaint]:
        """Put the rows of `layer` where they belong; a primary key may be there once in a layer."""
        for table in KEYS:
            rows = layer.get(table)
            if isinstance(rows, list):
                yield from self._lay_table_over(layer, table, rows)
        if "generate" not in self.doubtful:
            for table, wanted in (layer.get("generate") or {}).items():
                self.generate.append(Placed(wanted, layer, ("generate", table)))

    def _lay_table_over(self, layer: Layer, table: str, rows: list[Any]) -> Iterator[Complaint]:
        key, kind, kept = KEYS[table], str if table == "apikey" else int, self.rows[table]
        here: dict[int | str, int] = {}
        for index, row in enumerate(rows):
            if table == "claim" and type(row) is int:
                row = {key: row}  # what a claim that is just a number stands for
            number = row.get(key) if isinstance(row, dict) else None
            placed = Placed(row, layer, (table, index))
            if type(number) is kind:
                if number in here:
                    yield _is_there_already(placed, key, here[number])
                    self.doubtful.add(table)
                here.setdefault(number, index)
                kept[number] = placed
            elif table == _MAY_BE_LEFT_OUT and isinstance(row, dict) and key not in row:
                self.unnumbered.append(placed)
            else:
                self.doubtful.add(table)


def _is_there_already(placed: Placed, key: str, before: int) -> Complaint:
    table, index = placed.path
    # Not the keys of an apikey themselves: they may be somebody's own.
    number = "" if table == "apikey" else f" {placed.row[key]}"
    what = f"{table}[{index}].{key}{number} is there already, in {table}[{before}]; give one of the two another"
    return placed.layer.complaint((*placed.path, key), what)


def without_number(tables: Tables, table: str, wanted: Iterable[tuple[Placed, int]]) -> Iterator[Complaint]:
    """The first of those that come after the highest number of `table`, and need so many each, to find none left."""
    number = highest = tables.highest(table)
    for placed, count in wanted:
        number += count
        if number > HIGHEST_NUMBER:
            last = tables.rows[table][highest]
            what = f"{place(placed.path)} finds no {KEYS[table]} left: {highest} at {last.layer.where(last.path)}"
            yield placed.layer.complaint(placed.path, f"{what} is given already; give one here, or a lower one there")
            return
