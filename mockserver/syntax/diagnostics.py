"""Diagnostics: the errors and warnings on files that users write, each with its file and position."""

from dataclasses import dataclass, field

from mockserver.syntax.text import printable

Path = tuple[str | int, ...]
"""The way to a value: names of keys and indexes of rows, from the outside in."""
Position = tuple[int, int]
"""A line and a column, counted from 1."""
Positions = dict[Path, Position]
"""The position of each value under its path, and of each key under its path and KEY."""

KEY = "\0key"

MAX_DIAGNOSTICS = 100
"""The number of diagnostics that one load shows."""


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """A diagnostic: one error in a file, or one warning. `line` and `column` are counted from 1.

    `source` is the text of that line.
    """

    file: str
    line: int
    column: int
    message: str
    is_warning: bool = False
    source: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        kind = "warning: " if self.is_warning else ""
        return printable(f"{self.file}:{self.line}:{self.column}: {kind}{self.message}")


class DiagnosedError(Exception):
    """Files of users that cannot be used. `diagnostics` holds all errors, each with its file and position."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__("\n".join(map(str, diagnostics)))
        self.diagnostics = diagnostics


def nearest(positions: Positions, path: Path, *, key: bool = False) -> Position:
    """Return the position of `path` (of its key if `key`), or of the nearest value that contains it."""
    if key and (*path, KEY) in positions:
        return positions[*path, KEY]
    while path and path not in positions:
        path = path[:-1]
    return positions.get(path, (1, 1))
