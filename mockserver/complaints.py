"""What is said of fixtures that cannot be an office: which file, where in it, and what."""

import re
from dataclasses import dataclass, field
from functools import cached_property

# Where YAML begins a new line.
_LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True, order=True)
class Complaint:
    """One thing that is wrong, or, as a warning, that looks so. `line` and `column` count from 1.

    `source` is the line that it stands in.
    """

    file: str
    line: int
    column: int
    message: str
    is_warning: bool = False
    source: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {'warning: ' if self.is_warning else ''}{self.message}"


class FixtureError(Exception):
    """Fixtures that cannot be an office, with everything that is wrong with them."""

    def __init__(self, complaints: list[Complaint]) -> None:
        super().__init__("\n".join(map(str, complaints)))
        self.complaints = complaints


class FixtureNotFound(Exception):
    """There is no such fixture, or it cannot be read."""


class Source:
    """The text of one fixture, and the file it came from."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text

    def complaint(self, line: int, column: int, message: str, *, is_warning: bool = False) -> Complaint:
        """`message`, said of that place."""
        source = self._lines[line - 1] if line <= len(self._lines) else ""
        return Complaint(self.file, line, column, message, is_warning, source)

    @cached_property
    def _lines(self) -> list[str]:
        return _LINE_END.split(self.text)
