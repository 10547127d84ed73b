"""Claim details: one claim with everything that belongs to it, as far as the office has it."""

from collections.abc import Iterable
from typing import Any

from mockserver.office.lookups import Lookups, shown_date
from mockserver.office.office import Office
from mockserver.office.row_values import columns_of
from mockserver.office.rows import Claim


def claim_details(office: Office, number: int, *, limit: int) -> dict[str, Any] | None:
    """Return a claim with its plan, lines, payments and the newest trackings, or None if there is no such claim.

    `total` counts its trackings, of which there are at most `limit`.
    """
    lookups = Lookups(office)
    claim: Claim | None = lookups.row("claim", number)
    if claim is None:
        return None
    lines = lookups.having("claimproc", "ClaimNum", number)
    trackings = lookups.trackings(number)
    return {
        "claim": {
            **columns_of(claim),
            **lookups.claim(claim),
            "customTracking": lookups.definition(claim.CustomTracking),
            "patientPart": _patient_part(lookups, claim, lines),
        },
        "patient": _some(lookups.row("patient", claim.PatNum), ("PatNum", "FName", "LName", "Birthdate")),
        "plan": _plan(lookups, claim),
        "subscriber": _subscriber(lookups, claim.InsSubNum),
        "provider": _some(lookups.row("provider", claim.ProvTreat), ("ProvNum", "Abbr", "FName", "LName")),
        "lines": [_line(lookups, line) for line in lines],
        "payments": _payments(lookups, lines),
        "trackings": [lookups.tracking(row) for row in trackings[:limit]],
        "total": len(trackings),
    }


def _some(row: Any, columns: Iterable[str]) -> dict[str, Any] | None:
    return None if row is None else {column: getattr(row, column) for column in columns}


def _plan(lookups: Lookups, claim: Claim) -> dict[str, Any] | None:
    plan = _some(lookups.row("insplan", claim.PlanNum), ("PlanNum", "GroupName", "GroupNum", "PlanType", "CarrierNum"))
    return None if plan is None else {**plan, "carrier": lookups.carrier(claim.PlanNum)}


def _subscriber(lookups: Lookups, number: int) -> dict[str, Any] | None:
    subscriber = _some(lookups.row("inssub", number), ("InsSubNum", "Subscriber", "SubscriberID"))
    return None if subscriber is None else {**subscriber, "name": lookups.patient(subscriber["Subscriber"])}


_LINE = (
    "ClaimProcNum", "ProcNum", "CodeSent", "ProcDate", "FeeBilled", "InsPayEst", "InsPayAmt", "WriteOff", "DedApplied",
    "Status", "Remarks", "ClaimPaymentNum", "ClaimPaymentTracking",
)  # fmt: skip


def _line(lookups: Lookups, line: Any) -> dict[str, Any]:
    """Return a line with the procedure that it bills."""
    procedure = lookups.row("procedurelog", line.ProcNum)
    code = lookups.row("procedurecode", procedure.CodeNum) if procedure is not None else None
    columns = {column: getattr(line, column) for column in _LINE}
    return {
        **columns,
        "ProcDate": shown_date(line.ProcDate),
        "procCode": line.CodeSent or (code.ProcCode if code is not None else ""),
        "descript": code.Descript if code is not None else "",
        "ToothNum": procedure.ToothNum if procedure is not None else "",
        "Surf": procedure.Surf if procedure is not None else "",
        "claimPaymentTracking": lookups.definition(line.ClaimPaymentTracking),
    }


def _payments(lookups: Lookups, lines: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the checks that pay lines, each with what it pays of this claim."""
    paid: dict[int, float] = {}
    for line in lines:
        if line.ClaimPaymentNum:
            paid[line.ClaimPaymentNum] = paid.get(line.ClaimPaymentNum, 0.0) + line.InsPayAmt
    columns = ("CheckDate", "CheckAmt", "CheckNum", "CarrierName", "PayType", "Note")
    payments = []
    for number, amount in sorted(paid.items()):
        check = _some(lookups.row("claimpayment", number), columns) or {}
        method = {"payType": lookups.definition(check["PayType"])} if check else {}
        payments.append({"ClaimPaymentNum": number, "paid": round(amount, 2), **check, **method})
    return payments


def _patient_part(lookups: Lookups, claim: Claim, lines: Iterable[Any]) -> float | None:
    """Return what is left to the patient, or None as long as a plan may still pay: this one or another one."""
    if claim.ClaimStatus != "R":
        return None
    for line in lines:
        others = lookups.having("claimproc", "ProcNum", line.ProcNum) if line.ProcNum else ()
        if any(other.ClaimNum not in (0, claim.ClaimNum) for other in others):
            return None
    return round(claim.ClaimFee - claim.InsPayAmt - claim.WriteOff, 2)
