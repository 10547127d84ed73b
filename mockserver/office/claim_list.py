"""Claim list: the claims of an office by patient, narrowed to those that need somebody, with the newest of each."""

from collections.abc import Callable, Iterable
from datetime import date
from operator import attrgetter
from typing import Any

from mockserver.office.lookups import CLAIM_STATUSES, NEWEST, Lookups, full_name
from mockserver.office.office import Office
from mockserver.office.rows import NO_DATE, Claim, DefCategory

LATE_DAYS = 14
_PAYMENT_REFUSED = 36  # the category of definitions that claimproc.ClaimPaymentTracking names
_NAMED = tuple(DefCategory)
_DENIED = ("denied", "denial")
_WAITING = ("S", "H", "I")

Holds = Callable[[Claim], bool]


def claim_list(
    office: Office, *, show: str = "", q: str = "", limit: int, offset: int = 0, patient: int | None = None
) -> dict[str, Any]:
    """Return a page of the claims that one of SHOWS keeps and that `q` finds, ordered by patient and number.

    `total` counts them without the page, and `all` counts the claims of the office.
    """
    lookups = Lookups(office)
    conditions = [SHOWS[show](lookups)] if show else []
    if text := q.strip().lower():
        conditions.append(_search(lookups, text))
    rows: Iterable[Claim] = office.claim if patient is None else lookups.having("claim", "PatNum", patient)
    for holds in conditions:
        rows = filter(holds, rows)
    claims = sorted(rows, key=attrgetter("ClaimNum"))
    claims.sort(key=attrgetter("PatNum"))
    page = [claim_item(lookups, row) for row in claims[offset : offset + limit]]
    return {"total": len(claims), "all": len(office.claim), "claims": page}


def newest_trackings(office: Office, *, limit: int, offset: int = 0) -> dict[str, Any]:
    """Return a page of the trackings of an office, newest first, each with its claim and patient."""
    lookups = Lookups(office)
    page = []
    for record in office.claimtracking.page(limit, offset).records:
        claim = lookups.row("claim", record.row.ClaimNum)
        patient = lookups.patient(claim.PatNum) if claim is not None else ""
        page.append({"ClaimNum": record.row.ClaimNum, "patient": patient, **lookups.tracking(record.row)})
    return {"total": len(office.claimtracking), "trackings": page}


def claim_item(lookups: Lookups, row: Claim) -> dict[str, Any]:
    """Return a claim with its newest tracking, and how many it has."""
    trackings = lookups.having("claimtracking", "ClaimNum", row.ClaimNum)
    newest = lookups.tracking(max(trackings, key=NEWEST)) if trackings else None
    return {**lookups.claim(row), "trackings": len(trackings), "newest": newest}


def _waiting(_lookups: Lookups) -> Holds:
    return lambda claim: claim.ClaimStatus in _WAITING


def _late(lookups: Lookups) -> Holds:
    today = lookups.office.clock.now().toordinal()
    before = date.fromordinal(max(today - LATE_DAYS, 1)).isoformat()
    return lambda claim: claim.ClaimStatus == "S" and NO_DATE < claim.DateSent < before


def _denied(lookups: Lookups) -> Holds:
    """Keep claims whose newest status is called denied, and those with a line whose payment was refused."""
    definitions = [*lookups.office.definition]
    statuses = {
        row.DefNum for row in definitions
        if row.Category == DefCategory.CLAIM_CUSTOM_TRACKING and any(word in row.ItemName.lower() for word in _DENIED)
    }  # fmt: skip
    reasons = [row.DefNum for row in definitions if row.Category == _PAYMENT_REFUSED]
    denied = {claim for claim, status in _statuses(lookups.office).items() if status in statuses}
    for number in reasons:
        denied.update(row.ClaimNum for row in lookups.having("claimproc", "ClaimPaymentTracking", number))
    return lambda claim: claim.ClaimNum in denied


def _statuses(office: Office) -> dict[int, int]:
    """Return the newest status of each claim; the trackings that the office's own software writes set none."""
    oldest_first = office.claimtracking  # a table keeps its rows in the order of their times
    return {row.ClaimNum: row.TrackingDefNum for row in oldest_first if row.TrackingType == "StatusHistory"}


SHOWS: dict[str, Callable[[Lookups], Holds]] = {"waiting": _waiting, "denied": _denied, "late": _late}
"""Which claims a list is narrowed to."""


def _search(lookups: Lookups, text: str) -> Holds:
    """Keep claims by number, patient, notes, or the names of statuses and errors that they have or had."""
    kind, _, digits = text.rpartition(" ")
    number = int(digits) if digits.isdecimal() and len(digits) < 20 and kind in ("", "claim", "patient") else -1
    words = {letter for letter, word in CLAIM_STATUSES.items() if text in word.lower()}
    patients = {
        row.PatNum for row in lookups.rows("patient") if text in f"{full_name(row)}\n{row.LName}, {row.FName}".lower()
    }
    tracked = {row.ClaimNum for row in lookups.office.claimtracking if row.Note and text in row.Note.lower()}
    for row in lookups.office.definition:
        if row.Category in _NAMED and text in row.ItemName.lower():
            for column in ("TrackingDefNum", "TrackingErrorDefNum"):
                tracked.update(one.ClaimNum for one in lookups.having("claimtracking", column, row.DefNum))

    def holds(claim: Claim) -> bool:
        return (
            claim.ClaimNum in tracked
            or claim.PatNum in patients
            or claim.ClaimStatus in words
            or (claim.ClaimNum == number and kind != "patient")
            or (claim.PatNum == number and kind != "claim")
            or bool(claim.ClaimNote and text in claim.ClaimNote.lower())
            or bool(claim.ReasonUnderPaid and text in claim.ReasonUnderPaid.lower())
        )

    return holds
