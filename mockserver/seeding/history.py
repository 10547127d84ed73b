"""History: rows of an imported office, which may have columns of a newer version and values that no new row has."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from mockserver.contract.contract import Contract
from mockserver.messages import number_of, path_text
from mockserver.resources.folder import Folder
from mockserver.seeding.layers import Layer
from mockserver.suggestions import closest
from mockserver.syntax.document import Finding
from mockserver.work import checkpoint

_NEAR = 0.85
_DIGITS = re.compile("[0-9]+")


def is_imported(layer: Layer) -> bool:
    """Return whether a file says that its rows come from an office."""
    office = layer.get("office")
    return isinstance(office, dict) and isinstance(office.get("imported"), str)


def read_history(layer: Layer, contract: Contract) -> Iterator[Finding]:
    """Remove from the rows of an imported layer what a hand-written one must not have. Yield the warnings."""
    for table, rows in layer.data.items():
        folder = contract.folders.of_table(table) if isinstance(rows, list) else None
        if folder is not None and folder.is_in_fixtures:
            yield from _read_rows(layer, table, rows, folder)


def _read_rows(layer: Layer, table: str, rows: list[Any], folder: Folder) -> Iterator[Finding]:
    """Remove blanks, and the columns that are not known unless they look like a misspelling of one that is."""
    columns = {name: column for column in folder.columns.values() for name in (column.name, column.attribute)}
    words = {name: column for name, column in columns.items() if column.is_none("")}
    first: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for index, row in enumerate(rows):
        checkpoint()
        if not isinstance(row, dict):
            continue
        for name in [name for name, column in words.items() if column.is_none(row.get(name, 0))]:
            del row[name]
        for name in row.keys() - columns.keys():
            if not _is_near(name, columns.keys() - row.keys()):
                del row[name]
                first.setdefault(name, index)
                counts[name] += 1
    for name, index in first.items():
        path = (table, index, name)
        what = f"{path_text(path)} is not known, and is left out, in {number_of(counts[name], 'row')}"
        yield layer.finding(path, what, key=True, is_warning=True)


def _is_near(name: str, known: Collection[str]) -> bool:
    """Return whether a name looks like a misspelling: Adress does, and Address3 is a new column beside Address2."""
    close = closest(name, known, _NEAR)
    return close is not None and _DIGITS.sub("", close) != _DIGITS.sub("", name)
