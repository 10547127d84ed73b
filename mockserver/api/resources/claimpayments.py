"""ClaimPayments resource: checks, and the lines that they pay."""

from collections.abc import Mapping
from typing import Any

from mockserver.api.listing import is_left_out, is_served
from mockserver.api.operation import Call
from mockserver.api.resources.claim_lines import Lines, amount, eligible, lines_of, put_on, total
from mockserver.api.resources.operations import Part
from mockserver.api.resources.rows import today
from mockserver.office.office import Office
from mockserver.office.pages import Record

_BATCH_ONLY = "ClaimPaymentBatchOnly"
_OPEN = ".claimNum.open"
_DEFAULTS = ("CheckDate", "CarrierName", "DateIssued")
_DEFINED = ("PayType", "PayGroup")
"""The columns whose default is the first definition of their category."""


def _claims(call: Call) -> list[int]:
    given = call.given
    return list(dict.fromkeys(given["claimNums"])) if "claimNums" in given else [given["claimNum"]]


def _more(office: Office, call: Call, values: dict[str, Any]) -> Mapping[str, Any]:
    if office.preference.is_on(_BATCH_ONLY):
        raise call.refusal(".batch-only", hint=f"the preference {_BATCH_ONLY} is on in this office")
    lines, claim = eligible(office, _claims(call)), call.given["claimNum"]
    if total(lines) != amount(call.given["CheckAmt"]):
        hint = f"the lines of claim {claim} that are received, and that no check pays, come to {total(lines):.2f}"
        raise call.refusal(".CheckAmt.total", hint=hint)
    status = office.claim.get(claim).row.ClaimStatus  # type: ignore[union-attr]  # a claim that is not there is refused
    if status != "R":
        if call.plays(_OPEN, "refused"):
            raise call.refusal(_OPEN, hint=f"the ClaimStatus of {claim} is {status}")
        call.rules.append(call.absolute(_OPEN))
    clinics = (line.row.ClinicNum for line in lines_of(office, claim))
    return {"ClinicNum": next(clinics, 0), **_defaults(office, claim), **values}


def _more_of_batch(office: Office, call: Call, values: dict[str, Any]) -> Mapping[str, Any]:
    claims = _claims(call)
    is_partial = total(eligible(office, claims)) != amount(call.given["CheckAmt"])
    return {**_defaults(office, claims[0]), **values, "IsPartial": "true" if is_partial else "false"}


def _defaults(office: Office, claim: int) -> dict[str, Any]:
    """Return the values of the columns that a body leaves out, for a check whose first claim is this one."""
    tables = office.tables
    plan = tables["insplan"].get(office.claim.get(claim).row.PlanNum)  # type: ignore[union-attr]  # it was found
    carrier = tables["carrier"].get(plan.row.CarrierNum) if plan else None
    values = {"CheckDate": today(office), "CarrierName": carrier.row.CarrierName if carrier else ""}
    for name in _DEFINED:
        where = tables["claimpayment"].spec.references[name].where
        first = next(iter(office.definition.having("Category", where["Category"])), None)
        values[name] = first.number if first else 0
    return values


def _follow(office: Office, call: Call, record: Record[Any]) -> Record[Any]:
    """Let the check pay the eligible lines. A claim has one row on the explanation of benefits."""
    dates = {"DateCP": record.row.CheckDate, "DateInsFinalized": today(office)}
    for row, claim in enumerate(_claims(call), 1):
        put_on(office, eligible(office, [claim]), record.number, PaymentRow=row, **dates)
    return record


def _check_deletable(office: Office, call: Call, _values: dict[str, Any]) -> Mapping[str, Any]:
    record = call.before
    assert record is not None
    attached = [eob.number for eob in office.tables["eobattach"].having("ClaimPaymentNum", record.number)]
    if attached:
        raise call.refusal(".eob", hint=f"eobattaches that name it: {', '.join(map(str, attached))}")
    if record.row.DepositNum:
        raise call.refusal(".deposit", hint=f"its DepositNum is {record.row.DepositNum}")
    return {}


def _paid_by(office: Office, check: int) -> Lines:
    return office.tables["claimproc"].having("ClaimPaymentNum", check)


def _follow_delete(office: Office, _call: Call, record: Record[Any]) -> Record[Any]:
    put_on(office, _paid_by(office, record.number), 0)
    return record


PARTS = {
    "create": Part(
        covered={
            ".lines": is_served,
            ".CheckAmt": is_served,
            ".CheckAmt.negative": lambda call, _: amount(call.given["CheckAmt"]) < 0,
            **{f".{name}.default": is_left_out(name) for name in (*_DEFINED, *_DEFAULTS, "ClinicNum")},
        },
        more=_more,
        follow=_follow,
    ),
    "batch": Part(
        covered={
            ".lines": is_served,
            ".IsPartial": lambda _, record: record.row.IsPartial == "true",
            **{f".{name}.default": is_left_out(name) for name in (*_DEFINED, *_DEFAULTS)},
        },
        more=_more_of_batch,
        follow=_follow,
    ),
    "delete": Part(covered={".lines": is_served}, more=_check_deletable, follow=_follow_delete),
}
"""What the operations have in Python, since their sentences are more than data."""
