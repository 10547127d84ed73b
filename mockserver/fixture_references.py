"""What rows name that is not there: claims, definitions, days of the calendar."""

from collections.abc import Callable, Container, Iterable, Iterator
from datetime import datetime
from typing import Any

from mockserver.complaints import Complaint
from mockserver.fixture_generate import Generator, values
from mockserver.fixture_tables import Placed, Tables
from mockserver.fixture_times import resolve
from mockserver.rows import DefCategory
from mockserver.wording import listed, nearly_number, place, shown
from mockserver.yaml_positions import Path

CATEGORIES = {
    "TrackingDefNum": DefCategory.CLAIM_CUSTOM_TRACKING,
    "TrackingErrorDefNum": DefCategory.CLAIM_ERROR_CODE,
}
_OTHER = {"TrackingDefNum": "TrackingErrorDefNum", "TrackingErrorDefNum": "TrackingDefNum"}


class References:
    """What there is to be named in an office."""

    def __init__(self, tables: Tables, generator: Generator, now: datetime) -> None:
        self._definitions = tables.rows["definition"]
        self._claims = dict.fromkeys([*tables.rows["claim"], *generator.claim_numbers])
        self._now = now
        # A table that could not be understood may hold anything.
        anything = _Anything()
        self._right: dict[str, Container[Any]] = {
            "ClaimNum": anything if "claim" in tables.doubtful else self._claims,
            **{
                column: anything if "definition" in tables.doubtful else {0, *self._of_category(category, None)}
                for column, category in CATEGORIES.items()
            },
        }
        self._words: dict[str, Callable[[str, int, Placed], str]] = {
            "ClaimNum": self._claim, "TrackingDefNum": self._definition, "TrackingErrorDefNum": self._definition,
        }  # fmt: skip

    def dangling(self, trackings: Iterable[Placed]) -> Iterator[Complaint]:
        """What is wrong with what these rows name."""
        columns = tuple(self._right.items())
        for placed in trackings:
            row = placed.row
            for column, right in columns:
                value = row.get(column, 0)
                if type(value) is int and value not in right and column in row:
                    yield self._complain(placed, (*placed.path, column), self._words[column](column, value, placed))
            if "DateTimeEntry" in row:
                yield from self._time(placed, (*placed.path, "DateTimeEntry"), row["DateTimeEntry"])

    def dangling_in_generate(self, generated: Iterable[Placed]) -> Iterator[Complaint]:
        """The same of `generate.claimtracking` entries, whose columns hold a value or several."""
        for placed in generated:
            for column, right in self._right.items():
                given = placed.row.get(column, [])
                for index, value in enumerate(values(given)):
                    if value not in right:
                        path = (*placed.path, column, *([index] if isinstance(given, list) else ()))
                        yield self._complain(placed, path, self._words[column](column, value, placed))
            for end, moment in placed.row.get("DateTimeEntry", {}).items():
                yield from self._time(placed, (*placed.path, "DateTimeEntry", end), moment)

    def _complain(self, placed: Placed, path: Path, words: str) -> Complaint:
        return placed.layer.complaint(path, f"{place(path)} {words}")

    def _time(self, placed: Placed, path: Path, value: Any) -> Iterator[Complaint]:
        if isinstance(value, str):  # pragma: no branch  # the schema has said what else there is
            try:
                resolve(value, self._now)
            except ValueError:
                yield self._complain(placed, path, f"must be a day of the calendar, and is {shown(value)}")

    def _claim(self, _column: str, value: int, _placed: Placed) -> str:
        if not self._claims:
            return f"{value} is no claim of this office, which has none; write claim: [{value}]"
        close = nearly_number(value, self._claims)
        meant = f"did you mean {close}? Claims" if close else "claims"
        return f"{value} is no claim of this office; {meant} are {listed(self._claims)}"

    def _definition(self, column: str, value: int, placed: Placed) -> str:
        right = self._of_category(CATEGORIES[column])
        found, other = self._definitions.get(value), _OTHER[column]
        if found is None:
            what, meant = f"{value} is no definition of this office", str(nearly_number(value, right) or "")
        else:
            what, meant = f"{value} is of category {found.row['Category']}", ""
            if found.layer is not placed.layer:
                what += f", says {found.layer.where(found.path)}"
            if found.row["Category"] == CATEGORIES[other] and not placed.row.get(other):
                meant = other
        these = f"of category {CATEGORIES[column]:d} are {listed(map(self._named, right))}"
        return f"{what}; did you mean {meant}? O{these[1:]}" if meant else f"{what}; {these}"

    def _of_category(self, *categories: int | None) -> list[int]:
        """The definitions of these categories. None: of one that could not be understood."""
        found = []
        for number, placed in self._definitions.items():
            category = placed.row.get("Category")
            if isinstance(number, int) and (category if type(category) is int else None) in categories:
                found.append(number)
        return found

    def _named(self, number: int) -> str:
        name = self._definitions[number].row.get("ItemName")
        return f"{number} ({name})" if name else str(number)


class _Anything:
    def __contains__(self, _value: object) -> bool:
        return True
