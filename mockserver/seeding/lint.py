"""Lint: warnings on fixtures that are valid but look like a mistake."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from mockserver.messages import path_text
from mockserver.office.clock import write_moment
from mockserver.office.tables import TableSpec, TableSpecs
from mockserver.seeding.generate import values
from mockserver.seeding.merge import Placed, Tables
from mockserver.seeding.phi import find_phi
from mockserver.seeding.relative_times import resolve
from mockserver.syntax.diagnostics import Path
from mockserver.syntax.document import Finding

_TOLD = ("text", "phone", "email", "ssn")
"""The kinds of protected health information that are looked for in a text."""


def warnings(tables: Tables, specs: TableSpecs, now: datetime) -> Iterator[Finding]:
    """Yield warnings on PHI and on future trackings."""
    for table in tables.names():
        if table != "apikey":
            yield from _of_columns(tables, specs[table], now)


def _of_columns(tables: Tables, spec: TableSpec, now: datetime) -> Iterator[Finding]:
    texts = [name for name, column in spec.columns.items() if column.phi in _TOLD]
    # A time that nobody sets but the user, such as that of an appointment, may be one of the future.
    entered = spec.entered if spec.entered and spec.columns[spec.entered].set_on else ""
    for placed in tables.placed(spec.name):
        for name in texts:
            yield from _phi(placed, (*placed.path, name), placed.row.get(name))
        if entered and not tables.mistakes.is_invalid(placed.layer, (*placed.path, entered)):
            yield from _newer(placed, (*placed.path, entered), placed.row.get(entered), now)
    for placed in tables.generate[spec.name]:
        for name in texts:
            given = placed.row.get(name, "")
            for index, text in enumerate(values(given)):
                yield from _phi(placed, (*placed.path, name, *([index] if isinstance(given, list) else ())), text)
        for end, moment in placed.row.get(entered, {}).items() if entered else ():
            yield from _newer(placed, (*placed.path, entered, end), moment, now)


def _phi(placed: Placed, path: Path, note: Any) -> Iterator[Finding]:
    for kind, instead in find_phi(note) if isinstance(note, str) else ():
        what = f"{path_text(path)} looks like it holds {kind}; fixtures are committed and hold nothing real: {instead}"
        yield placed.layer.finding(path, what, is_warning=True)


def _newer(placed: Placed, path: Path, moment: Any, now: datetime) -> Iterator[Finding]:
    try:
        entered = resolve(moment, now)
    except (ValueError, TypeError, AttributeError):
        return  # an invalid time, which has its own diagnostic
    if entered > write_moment(now):
        what = f"{path_text(path)} is {entered}, newer than the office's clock, {write_moment(now)}; did you mean now?"
        yield placed.layer.finding(path, what, is_warning=True)
