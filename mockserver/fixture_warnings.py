"""What is right in a fixture and yet looks like a mistake."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from mockserver.clock import write_moment
from mockserver.complaints import Complaint
from mockserver.fixture_generate import values
from mockserver.fixture_references import CATEGORIES
from mockserver.fixture_tables import Placed, Tables
from mockserver.fixture_times import resolve
from mockserver.patient_data import looks_real
from mockserver.wording import place
from mockserver.yaml_positions import Path


def warnings(tables: Tables, now: datetime, *, wrong: bool) -> Iterator[Complaint]:
    """Patient data, trackings of the future, and, where nothing is `wrong`, definitions that nothing uses."""
    generated = [placed for placed in tables.generate if placed.path[-1] == "claimtracking"]
    for placed in tables.trackings():
        yield from _patient_data(placed, (*placed.path, "Note"), placed.row.get("Note"))
        yield from _newer(placed, (*placed.path, "DateTimeEntry"), placed.row.get("DateTimeEntry"), now)
    for placed in generated:
        given = placed.row.get("Note", "")
        for index, note in enumerate(values(given)):
            end = (index,) if isinstance(given, list) else ()
            yield from _patient_data(placed, (*placed.path, "Note", *end), note)
        for end, moment in placed.row.get("DateTimeEntry", {}).items():
            yield from _newer(placed, (*placed.path, "DateTimeEntry", end), moment, now)
    if not wrong:
        yield from _unused(tables, generated)


def _patient_data(placed: Placed, path: Path, note: Any) -> Iterator[Complaint]:
    for kind, instead in looks_real(note) if isinstance(note, str) else ():
        what = f"{place(path)} looks like it holds {kind}; fixtures are committed and hold nothing real: {instead}"
        yield placed.layer.complaint(path, what, is_warning=True)


def _newer(placed: Placed, path: Path, moment: Any, now: datetime) -> Iterator[Complaint]:
    try:
        entered = resolve(moment, now)
    except (ValueError, TypeError, AttributeError):
        return  # no time at all, which is said elsewhere
    if entered > write_moment(now):
        what = f"{place(path)} is {entered}, newer than the office's clock, {write_moment(now)}; did you mean now?"
        yield placed.layer.complaint(path, what, is_warning=True)


def _unused(tables: Tables, generated: list[Placed]) -> Iterator[Complaint]:
    used = {
        value
        for placed in (*tables.trackings(), *generated)
        for column in CATEGORIES
        for value in values(placed.row.get(column, 0))
    }
    for number, placed in tables.rows["definition"].items():
        # A definition of any other category is there because a tracking must not name it.
        if number not in used and placed.row["Category"] in CATEGORIES.values():
            what = f"{place(placed.path)}: nothing uses definition {number}; let a tracking name it, or leave it out"
            yield placed.layer.complaint((*placed.path, "DefNum"), what, is_warning=True)
