"""ClaimProcs resource: what may change in which state of a line, and what follows."""

from collections.abc import Mapping
from typing import Any

from mockserver.api.listing import is_given, is_served
from mockserver.api.operation import Call, Predicate
from mockserver.api.resources.claim_lines import OPEN, PAYABLE, eligible, lines_of, mark_partial, put_on, sum_up
from mockserver.api.resources.hints import there
from mockserver.api.resources.operations import Part
from mockserver.api.resources.rows import today
from mockserver.office.office import Office
from mockserver.office.pages import Record
from mockserver.office.rows import NO_DATE

_FIXED = ("Adjustment", "InsHist", "CapClaim", "CapComplete", "CapEstimate")
_ESTIMATES = (
    "InsPayEst", "PercentOverride", "BaseEst", "CopayOverride", "DedEst", "DedEstOverride", "InsEstTotal",
    "InsEstTotalOverride", "PaidOtherInsOverride", "WriteOffEst", "WriteOffEstOverride", "AllowedOverride",
)  # fmt: skip
_AMOUNTS = ("FeeBilled", "DedApplied", "InsPayAmt", "WriteOff")
_LINKS = ("ProcNum", "ClaimNum", "PatNum", "ProvNum", "PlanNum", "CodeSent", "ProcDate", "ClinicNum", "InsSubNum")
"""The columns that a supplemental line has from the received one."""


def _more(office: Office, call: Call, values: dict[str, Any]) -> Mapping[str, Any]:
    assert call.before is not None
    row = call.before.row
    _check_state(office, call, values)
    status = values.get("Status", row.Status)
    more: dict[str, Any] = {}
    if values.get("NoBillIns") == "true":
        defaults = office.tables["claimproc"].spec.defaults
        more |= {name: defaults[name] for name in _ESTIMATES}
    if status in OPEN and values.keys() & {"Status", "DedApplied", "DedEstOverride", "NoBillIns"}:
        by_hand = more.get("DedEstOverride", values.get("DedEstOverride", row.DedEstOverride))
        more["DedApplied"] = max(by_hand, 0.0)  # -1 is none
    if status in PAYABLE and status != row.Status:
        more["DateEntry"] = today(office)
        if row.DateSuppReceived == NO_DATE:
            more["DateSuppReceived"] = today(office)
    return more


def _check_state(office: Office, call: Call, values: Mapping[str, Any]) -> None:
    """Raise Refusal if the state of the line, or of its claim, does not allow the change."""
    assert call.before is not None
    row = call.before.row
    if row.IsTransfer == "true":
        raise call.refusal(".IsTransfer", hint="the line is part of a transfer")
    if row.Status in _FIXED:
        raise call.refusal(".Status.fixed", hint=f"its Status is {row.Status}")
    status = values.get("Status", row.Status)
    if row.ClaimPaymentNum and row.Status in PAYABLE and values.get("InsPayAmt", row.InsPayAmt) != row.InsPayAmt:
        hint = f"the check {row.ClaimPaymentNum} pays it; DELETE /claimpayments/{row.ClaimPaymentNum} first"
        raise call.refusal(".InsPayAmt.paid", hint=hint)
    claim = office.claim.get(row.ClaimNum)
    if status == "NotReceived" != row.Status and claim is not None and claim.row.ClaimStatus == "R":
        hint = f'PUT /claims/{row.ClaimNum} with {{"ClaimStatus": "W"}} first'
        raise call.refusal(".Status.received", hint=hint)
    if row.Status == "Supplemental" != status and row.ProcNum:
        others = {line.row.Status for line in office.tables["claimproc"].having("ProcNum", row.ProcNum)} - {status}
        if others - {"Supplemental"}:
            raise call.refusal(".Status.supplemental", hint=f"another line of ProcNum {row.ProcNum} is not {status}")
    number = values.get("ClaimPaymentNum", 0)
    check = office.tables["claimpayment"].get(number) if number != row.ClaimPaymentNum else None
    if check is not None and check.row.IsPartial != "true":
        raise call.refusal(".ClaimPaymentNum.whole", hint=f"the check {number} is not partial")


def _follow(office: Office, call: Call, record: Record[Any]) -> Record[Any]:
    assert call.before is not None
    before, claim, check = call.before.row.ClaimPaymentNum, record.row.ClaimNum, record.row.ClaimPaymentNum
    if check != before:
        paid = [line for line in lines_of(office, claim) if line.row.ClaimPaymentNum == before]
        put_on(office, eligible(office, [claim]) if check else paid, check)
        mark_partial(office, before)
        mark_partial(office, check)
    sum_up(office, claim)
    return record


def _more_of_supplemental(office: Office, call: Call, _values: dict[str, Any]) -> Mapping[str, Any]:
    received = office.tables["claimproc"].get(call.given["ClaimProcNum"])
    if received is None:
        raise call.refusal(".ClaimProcNum.unknown", hint=there(office, "claimprocs", "claimproc"))
    if received.row.Status != "Received":
        raise call.refusal(".ClaimProcNum.status", hint=f"its Status is {received.row.Status}, not Received")
    date = today(office)
    return {
        **{name: getattr(received.row, name) for name in _LINKS},
        "Status": "Supplemental", "DateCP": date, "DateEntry": date, "DateSuppReceived": date,
    }  # fmt: skip


def _follow_supplemental(office: Office, _call: Call, record: Record[Any]) -> Record[Any]:
    sum_up(office, record.row.ClaimNum)
    return record


def _becomes(*statuses: str) -> Predicate:
    def holds(call: Call, record: Record[Any]) -> bool:
        return call.before is not None and call.before.row.Status != record.row.Status in statuses

    return is_given("Status", holds)


def _is_open(_call: Call, record: Record[Any]) -> bool:
    return record.row.Status in OPEN


PARTS = {
    "update": Part(
        covered={
            ".sums": lambda call, record: record is not call.before and record.row.ClaimNum != 0,
            ".DateEntry": _becomes(*PAYABLE),
            ".DateSuppReceived": _becomes(*PAYABLE),
            ".Status.back": _becomes("NotReceived"),
            ".DedApplied.open": is_given("DedApplied", _is_open),
            ".NoBillIns.estimates": is_given("NoBillIns", lambda call, _: call.given["NoBillIns"] == "true"),
            ".ClaimPaymentNum.zero": is_given("ClaimPaymentNum", lambda call, _: call.given["ClaimPaymentNum"] == 0),
            ".amounts": lambda call, _: any(isinstance(call.given.get(name), str) for name in _AMOUNTS),
        },
        more=_more,
        follow=_follow,
    ),
    "supplemental": Part(
        covered={
            ".sums": is_served,
            ".InsPayAmt.negative": is_given("InsPayAmt", lambda call, _: float(call.given["InsPayAmt"]) < 0),
        },
        more=_more_of_supplemental,
        follow=_follow_supplemental,
    ),
}
"""What the operations have in Python, since their sentences are more than data."""
