"""Diagnostic formats: text, with the source line and a caret on a terminal; JSON; annotations of GitHub."""

import json
import os
import sys
import unicodedata
from collections.abc import Sequence
from typing import TextIO

from mockserver.cli.github import as_data, as_property
from mockserver.syntax.diagnostics import Diagnostic
from mockserver.syntax.text import valid_text

_BEFORE, _SHOWN = 60, 100
_BOLD, _RED, _YELLOW, _END = "\033[1m", "\033[31m", "\033[33m", "\033[0m"


def as_text(diagnostics: Sequence[Diagnostic], stream: TextIO | None = None) -> str:
    """Return a line for each diagnostic, on a terminal with the source line and a caret below.

    `stream` is the stream to print on (standard output by default).
    """
    if not (stream or sys.stdout).isatty():
        return "\n".join(map(str, diagnostics))
    coloured = not os.environ.get("NO_COLOR")
    return "\n".join(_on_terminal(one, coloured=coloured) for one in diagnostics)


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a JSON list of objects."""
    return json.dumps([_as_object(one) for one in diagnostics], indent=2)


def as_annotations(diagnostics: Sequence[Diagnostic]) -> str:
    """Return commands of GitHub Actions, which shows them at their lines in a pull request."""
    return "\n".join(
        f"::{_severity(one)} file={as_property(one.file)},line={one.line},col={one.column}::{as_data(one.message)}"
        for one in diagnostics
    )


def _severity(diagnostic: Diagnostic) -> str:
    return "warning" if diagnostic.is_warning else "error"


def _as_object(one: Diagnostic) -> dict[str, str | int]:
    return {
        "file": valid_text(one.file), "line": one.line, "column": one.column,
        "severity": _severity(one), "message": one.message,
    }  # fmt: skip


def _on_terminal(one: Diagnostic, *, coloured: bool) -> str:
    bold, colour, end = (_BOLD, _YELLOW if one.is_warning else _RED, _END) if coloured else ("", "", "")
    place, _, rest = str(one).partition(": ")
    head = f"{bold}{place}:{end} {rest}"
    if not one.source:
        return head
    start = max(one.column - 1 - _BEFORE, 0)
    before = _printable(one.source[start : one.column - 1])
    after = _printable(one.source[one.column - 1 : start + _SHOWN])
    number = f"{one.line:>5} | "
    blank = " " * (len(number) - 2) + "| "
    return f"{head}\n{number}{before}{after}\n{blank}{' ' * _width(before)}{colour}^{end}"


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def _width(text: str) -> int:
    """Return the number of columns that `text` takes on a terminal."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) != 0 for char in text)
