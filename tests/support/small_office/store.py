"""Store: the tables of an office, its clock, and what was written."""

from support.small_office.clocks import Clock
from support.small_office.data import CLAIMS, DEFINITIONS, STATUS_CATEGORY, Row, preferences, trackings
from support.small_office.dates import write


class Store:
    """The rows of an office. `created` and `changed` are the numbers of the trackings that were written, in order."""

    def __init__(self, clock: Clock, *, excludes_none: bool, has_setup: bool, sets_claim: bool) -> None:
        self._clock = clock
        self._sets_claim = sets_claim
        self.excludes_none = excludes_none
        self.has_setup = has_setup
        self.definitions = [
            row | {"IsHidden": row["IsHidden"] or (not has_setup and row["Category"] == STATUS_CATEGORY)}
            for row in DEFINITIONS
        ]
        self.claims = {_number(row, "ClaimNum"): dict(row) for row in CLAIMS}
        self.preferences = preferences(excludes_none=excludes_none)
        self.trackings = trackings()
        self.created: list[int] = []
        self.changed: list[int] = []

    def now(self) -> str:
        """Return the office's time."""
        return write(self._clock())

    def definition(self, number: int) -> Row | None:
        """Return the definition of that number."""
        return next((row for row in self.definitions if row["DefNum"] == number), None)

    def create(self, row: Row) -> Row:
        """Keep a new tracking under the next number, and return it."""
        number = max(self.trackings) + 1
        kept = self.trackings[number] = {"ClaimTrackingNum": number} | row
        self.created.append(number)
        if self._sets_claim:
            self.claims[_number(kept, "ClaimNum")]["CustomTracking"] = kept["TrackingDefNum"]
        return kept

    def change(self, number: int, columns: Row) -> Row:
        """Change columns of a tracking, and return it."""
        self.trackings[number] |= columns
        self.changed.append(number)
        return self.trackings[number]


def _number(row: Row, column: str) -> int:
    value = row[column]
    assert isinstance(value, int)
    return value
