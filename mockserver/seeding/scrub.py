"""Scrubbing: rows of a real office without anything that identifies a person."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import count
from random import Random
from string import ascii_uppercase
from typing import Any

from mockserver.office.preferences import Preferences
from mockserver.office.tables import TableSpec, TableSpecs
from mockserver.resources.column import TIMES, Column
from mockserver.seeding.copies import made_up_names, moved_back

_NO_DATE = "0001-01-01"
_WEEK, _MAX_WEEKS = 7, 104
_MAX_AGE = 32_873  # days: 90 years, since few people are older
_IDS = ("Id", "IdText", "Ids")
_KEPT = ("Enum", "Bool", "Int", "Money", "MoneyText")
"""The types whose values are kept in a column that is not marked: words of a list, truth values and amounts."""
_STATES = ("AZ", "CO", "GA", "ID", "MN", "NC", "NM", "OH", "OR", "PA", "TX", "WA", "WI")
_FLAGS = (True, False, "0", "1", "true", "false", "True", "False")

Tables = dict[str, dict[int, dict[str, Any]]]


class Scrub:
    """The replacements for one office: a value has the same one wherever it stands.

    Texts are kept in columns that are marked as no health information, and replaced by made-up ones or left out in all
    others. Numbers of rows are remapped in their order unless `keeps_numbers`; times are moved back by the same weeks
    unless `keeps_dates`, and birthdates by days of their own in any case. On the day `today` nobody is older than 90.
    """

    def __init__(
        self, specs: TableSpecs, random: Random, today: date, *, keeps_numbers: bool, keeps_dates: bool
    ) -> None:
        self._specs, self._random = specs, random
        self._oldest = moved_back(today.isoformat(), _MAX_AGE)
        self._keeps_numbers = keeps_numbers
        self._days = 0 if keeps_dates else _WEEK * random.randint(1, _MAX_WEEKS)
        self._numbers: dict[str, dict[int, int]] = {}
        self._replacements: dict[tuple[str, Any], str] = {}
        self._made_up: dict[str, Iterator[str]] = {}

    def tables(self, tables: Tables) -> Tables:
        """Return the rows as made-up ones."""
        if not self._keeps_numbers:
            self._numbers = self._remapped(tables)
        scrubbed: Tables = {}
        for table, rows in tables.items():
            spec = self._specs[table]
            new = [self._row(spec, row) for row in rows.values()]
            scrubbed[table] = {row[spec.key]: row for row in new}
        return scrubbed

    def preferences(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the preferences that are on or off. Any other may have a name, a number or an address."""
        return {name: value for name, value in given.items() if value in _FLAGS or name in Preferences().as_fixture()}

    def _row(self, spec: TableSpec, row: Mapping[str, Any]) -> dict[str, Any]:
        values = {name: self._value(spec, spec.columns[name], value) for name, value in row.items()}
        return {name: value for name, value in values.items() if value is not None}

    def _value(self, spec: TableSpec, column: Column, value: Any) -> Any:
        """Return the replacement of a value, or None if it is left out."""
        if column.is_key or column.type in _IDS:
            return self._number(_numbered(spec, column), value)
        if column.type in TIMES:
            return self._time(column, value)
        if column.phi == "none" or (not column.phi and _is_kept(column)):
            return value
        return self._text(column, value) if value and isinstance(value, str) else None

    def _remapped(self, tables: Tables) -> dict[str, dict[int, int]]:
        """Return the new number of each number of a row, by what is numbered. Their order stays."""
        numbers: dict[str, set[int]] = {}
        for table, rows in tables.items():
            spec = self._specs[table]
            for column in spec.columns.values():
                if column.is_key or column.type in _IDS:
                    given = numbers.setdefault(_numbered(spec, column), set())
                    for row in rows.values():
                        value = row.get(column.attribute, 0)
                        given.update(map(int, value if isinstance(value, tuple) else (value,)))
        return {
            what: {number: new for new, number in enumerate(sorted(given - {0}), self._random.randint(1, 900))}
            for what, given in numbers.items()
        }

    def _number(self, numbered: str, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(self._number(numbered, number) for number in value)
        if isinstance(value, str):
            return str(self._number(numbered, int(value)))
        return self._numbers.get(numbered, {}).get(value, value)

    def _time(self, column: Column, value: str) -> str:
        if value.startswith(_NO_DATE):
            return value
        if column.phi != "birthdate":
            return moved_back(value, self._days)
        key = ("birthdate", value)
        if key not in self._replacements:  # by months, so that ages stay about the same
            born = moved_back(value, self._days + self._random.randint(1, 300))
            self._replacements[key] = max(born, self._oldest)
        return self._replacements[key]

    def _text(self, column: Column, value: str) -> str | None:
        """Return the made-up text for a text, or None for one that is free."""
        kind = _kind(column)
        if kind not in _FORMS:
            return None
        key = (kind, value)
        if key not in self._replacements:
            made_up = self._made_up.setdefault(kind, _FORMS[kind](self._random))
            self._replacements[key] = next(made_up)
        return self._replacements[key][: column.sent.get("maxLength")]


def _is_kept(column: Column) -> bool:
    """Return whether the type of a column has no text of its own."""
    return column.type in _KEPT or column.sent.get("type") in ("boolean", "integer", "number")


def _numbered(spec: TableSpec, column: Column) -> str:
    """Return what the numbers in a column are of: a table, a resource, or something that has the name of the column."""
    if column.is_key:
        return spec.name
    if column.attribute in spec.references:
        return spec.references[column.attribute].table
    return column.references.resource if column.references else column.name


def _kind(column: Column) -> str:
    """Return the kind of text that a column has, which for names and parts of addresses its own name says."""
    if column.phi == "name":
        return "last-name" if column.name == "LName" else "initial" if column.name.endswith("I") else "first-name"
    if column.phi == "address":
        return next((kind for end, kind in _ADDRESSES.items() if column.name.endswith(end)), column.phi)
    return column.phi


_ADDRESSES = {"2": "second-line", "City": "city", "State": "state", "ST": "state", "Zip": "zip"}
"""The kinds of addresses by the ends of the names of columns; any other is a street."""


def _people(kind: str) -> Callable[[Random], Iterator[str]]:
    def made_up(random: Random) -> Iterator[str]:
        names = [*made_up_names()[kind]]
        random.shuffle(names)
        yield from names
        yield from (f"{name}-{number}" for number in count(2) for name in names)

    return made_up


def _phones(random: Random) -> Iterator[str]:
    """Yield telephone numbers that nobody has: 555-0100 to 555-0199 of each area."""
    first = random.randint(0, 9_999)
    return (f"{200 + number // 100 % 800}55501{number % 100:02d}" for number in count(first))


def _numerals(random: Random) -> Iterator[str]:
    """Yield numbers of nine digits that are no social security numbers, since they begin with 000."""
    return (f"000{number % 1_000_000:06d}" for number in count(random.randint(100_000, 500_000)))


_FORMS: Mapping[str, Callable[[Random], Iterator[str]]] = {
    "first-name": _people("first-name"),
    "last-name": _people("last-name"),
    "initial": lambda random: (random.choice(ascii_uppercase) for _ in count()),
    "phone": _phones,
    "email": lambda random: (f"{name.lower()}@example.com" for name in _people("first-name")(random)),
    "ssn": _numerals,
    "address": lambda random: (f"{random.randint(100, 999)} {name} St" for name in _people("last-name")(random)),
    "city": lambda random: (f"{name}ville" for name in _people("last-name")(random)),
    "state": lambda random: (random.choice(_STATES) for _ in count()),
    "zip": lambda random: (f"00{random.randint(100, 499)}" for _ in count()),
}
"""Made-up texts by kind. A kind without them is left out: free text, and the second line of an address."""
