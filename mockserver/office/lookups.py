"""Lookups: the rows that other rows name by number, and what people call them. Looking makes no table."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from mockserver.office.office import Office
from mockserver.office.rows import NO_DATE, Claim, ClaimTracking

CLAIM_STATUSES = {
    "U": "Unsent",
    "H": "Held until primary",
    "W": "Queued to send",
    "S": "Sent",
    "R": "Received",
    "I": "Held in process",
}
"""The words of claim.ClaimStatus."""

NEWEST = attrgetter("DateTimeEntry", "ClaimTrackingNum")
"""By what the newest tracking is the last one."""


class Lookups:
    """Rows of an office by number. A row that is not there is None, and its name is empty."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def rows(self, table: str) -> Iterable[Any]:
        """Return all rows of a table."""
        return self.office.tables.get(table) or ()  # an export lists a table that `tables[table]` would make

    def row(self, table: str, number: int) -> Any:
        """Return a row by its primary key."""
        rows = self.office.tables.get(table)
        record = rows.get(number) if rows is not None else None
        return record.row if record is not None else None

    def having(self, table: str, column: str, value: object) -> list[Any]:
        """Return the rows that have that value in a column with an index."""
        rows = self.office.tables.get(table)
        return [record.row for record in rows.having(column, value)] if rows is not None else []

    def name(self, table: str, number: int, column: str) -> str:
        """Return the text of a column of a row."""
        row = self.row(table, number)
        return str(getattr(row, column)) if row is not None else ""

    def patient(self, number: int) -> str:
        """Return the first and the last name of a patient."""
        row = self.row("patient", number)
        return full_name(row) if row is not None else ""

    def definition(self, number: int) -> str:
        """Return the name of a definition."""
        return self.name("definition", number, "ItemName")

    def carrier(self, plan: int) -> str:
        """Return the name of the carrier of a plan."""
        row = self.row("insplan", plan)
        return self.name("carrier", row.CarrierNum, "CarrierName") if row is not None else ""

    def trackings(self, claim: int) -> list[ClaimTracking]:
        """Return the trackings of a claim, newest first."""
        rows = self.having("claimtracking", "ClaimNum", claim)
        return sorted(rows, key=NEWEST, reverse=True)

    def tracking(self, row: ClaimTracking) -> dict[str, Any]:
        """Return a tracking with the names of what it names."""
        return {
            "ClaimTrackingNum": row.ClaimTrackingNum,
            "DateTimeEntry": row.DateTimeEntry,
            "TrackingType": row.TrackingType,
            "TrackingDefNum": row.TrackingDefNum,
            "status": self.definition(row.TrackingDefNum),
            "TrackingErrorDefNum": row.TrackingErrorDefNum,
            "error": self.definition(row.TrackingErrorDefNum),
            "UserNum": row.UserNum,
            "user": self.name("userod", row.UserNum, "UserName"),
            "Note": row.Note,
        }

    def claim(self, row: Claim) -> dict[str, Any]:
        """Return what is told of a claim first."""
        return {
            "ClaimNum": row.ClaimNum,
            "PatNum": row.PatNum,
            "patient": self.patient(row.PatNum),
            "ClaimStatus": row.ClaimStatus,
            "claimStatus": CLAIM_STATUSES[row.ClaimStatus],
            "ClaimType": row.ClaimType,
            "carrier": self.carrier(row.PlanNum),
            **{name: shown_date(getattr(row, name)) for name in ("DateService", "DateSent", "DateReceived")},
            **{name: getattr(row, name) for name in ("ClaimFee", "InsPayEst", "InsPayAmt", "WriteOff", "DedApplied")},
        }


def full_name(patient: Any) -> str:
    """Return the first and the last name in a row of a patient."""
    return f"{patient.FName} {patient.LName}".strip()


def shown_date(date: str) -> str:
    """Return a date, or nothing for the date that stands for none."""
    return "" if date == NO_DATE else date
