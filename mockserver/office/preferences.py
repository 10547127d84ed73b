"""Preferences of an office: the values that a fixture sets, and the rows that the API lists."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from mockserver.office.rows import Preference, stored_text
from mockserver.suggestions import closest

Value = bool | int | str

MAX_PREFERENCES = 3_000
"""The number of preferences that an office has at most: each change lists all of them again, in 10 µs each."""

PROGRAM_VERSION = "ProgramVersion"
# PrefNum: the vendor's page shows 14 to 16; the first two are the mock's own, as are those from _FIRST_FREE on.
_NUMBERS = {
    "ClaimTrackingStatusExcludesNone": 1,
    PROGRAM_VERSION: 2,
    "PracticeDefaultBillType": 14,
    "RecallDaysPast": 15,
    "RecallDaysFuture": 16,
}
_FIRST_FREE = 101
_NAME = re.compile("[A-Za-z][A-Za-z0-9_]{0,254}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """The values of an office's preferences. Only the first changes what the API does; `others` are just listed."""

    ClaimTrackingStatusExcludesNone: bool = False
    others: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, given: Mapping[str, Value]) -> "Preferences":
        """Return the preferences that a fixture sets by name."""
        return cls().changed(given)

    def changed(self, given: Mapping[str, Value]) -> "Preferences":
        """Return the same preferences with the given values. Raises ValueError if they are too many."""
        values = {**self.as_fixture(), **given}
        if len(values) > MAX_PREFERENCES:
            raise ValueError(f"An office has {MAX_PREFERENCES:,} preferences or fewer; these would be {len(values):,}")
        excludes_none = bool(values.pop("ClaimTrackingStatusExcludesNone"))
        return Preferences(ClaimTrackingStatusExcludesNone=excludes_none, others=MappingProxyType(values))

    def as_fixture(self) -> dict[str, Value]:
        """Return every value by name, as a fixture has it."""
        return {"ClaimTrackingStatusExcludesNone": self.ClaimTrackingStatusExcludesNone, **self.others}

    def is_on(self, name: str) -> bool:
        """Return whether a preference is on: it is true, or the text "1"."""
        return name in self.others and _text(self.others[name]) == "1"

    def rows(self, version: str) -> Iterator[Preference]:
        """Yield the rows that the API lists, with the version of Open Dental that the office runs."""
        free = _FIRST_FREE
        for name, value in {**self.as_fixture(), PROGRAM_VERSION: version}.items():
            number = _NUMBERS.get(name, free)
            free += name not in _NUMBERS
            yield Preference(PrefNum=number, PrefName=name, ValueString=_text(value))


def name_problem(name: str) -> str:
    """Return the reason why a fixture cannot set a preference of that name; empty if it can."""
    if name == PROGRAM_VERSION:
        return "is the version of the office, which is set under office: version"
    if not _NAME.fullmatch(name):
        return "is not a name; a preference has a name of letters and digits"
    close = closest(name, ["ClaimTrackingStatusExcludesNone"])
    return f"is not known; did you mean {close}?" if close and close != name else ""


def _text(value: Value) -> str:
    return str(int(value)) if isinstance(value, bool) else stored_text(str(value))
