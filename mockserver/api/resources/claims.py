"""Claims resource: a claim that is made of procedures, the rules of its updates, and what its deletion leaves."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockserver.api.listing import is_given, is_left_out, is_served
from mockserver.api.operation import Call, Predicate
from mockserver.api.resources.claim_lines import amount, lines_of, sum_up
from mockserver.api.resources.hints import there
from mockserver.api.resources.operations import Part
from mockserver.api.resources.rows import change, check_room, insert, today
from mockserver.office.office import Office
from mockserver.office.pages import Record
from mockserver.office.rows import NO_DATE

_PREAUTH = "PreAuth"
_RANKS = {"P": 1, "S": 2}
"""The Ordinal of the patient's plan that a primary or secondary claim is sent to."""


def _numbers(call: Call) -> list[int]:
    return list(dict.fromkeys(call.given["procNums"]))


def _procedures(office: Office, call: Call) -> Iterator[Any]:
    """Yield the procedures that the office has. An office without any accepts every number."""
    for number in _numbers(call):
        record = office.tables["procedurelog"].get(number)
        if record is not None:
            yield record.row


def _more_of_new(office: Office, call: Call, values: dict[str, Any]) -> Mapping[str, Any]:
    given, procedures = call.given, list(_procedures(office, call))
    is_preauth = given["ClaimType"] == _PREAUTH
    for name in ("InsSubNum", "PatRelat") if is_preauth else ():
        if name not in given:
            raise call.refusal(f".{name}.required", hint=f"a claim of the type {_PREAUTH} needs it")
    plan = _plan(office, call)
    _check_procedures(office, call, procedures, plan.InsSubNum if plan else 0)
    check_room(office, call, "claimproc", len(_numbers(call)))
    more: dict[str, Any] = {"ClaimStatus": "W", "DateSent": today(office)}
    if plan is not None:
        more |= {"InsSubNum": plan.InsSubNum, "PatRelat": plan.Relationship}
    other = _plan_of(office, given["PatNum"], given.get("InsSubNum2", 0))
    if other is not None:
        more["PatRelat2"] = other.Relationship
    if procedures:
        first = procedures[0].ProvNum
        more |= {"ProvTreat": first, "ProvBill": first, "DateService": min(one.ProcDate for one in procedures)}
    more |= values
    more |= {f"PlanNum{end}": _plan_num(office, more.get(f"InsSubNum{end}", 0)) for end in ("", "2")}
    if "ClaimForm" not in values:
        insplan = office.tables["insplan"].get(more["PlanNum"])
        more["ClaimForm"] = str(insplan.row.ClaimFormNum if insplan else 0)
    return more | ({"DateService": NO_DATE} if is_preauth else {})


def _plan(office: Office, call: Call) -> Any:
    """Return the plan of the patient that a claim is sent to: a patplan, or None if the office has no such rows."""
    given, patplans = call.given, office.tables["patplan"]
    if not patplans.is_used:
        return None
    if "InsSubNum" in given:
        plan = _plan_of(office, given["PatNum"], given["InsSubNum"])
        if plan is None:
            raise call.refusal(".InsSubNum.patient", hint=there(office, "patplans", "patplan"))
        return plan
    rank = _RANKS[given["ClaimType"]]
    plans = sorted(patplans.having("PatNum", given["PatNum"]), key=lambda record: record.row.Ordinal)
    if len(plans) < rank:
        raise call.refusal(".plan", hint=f"patient {given['PatNum']} has {len(plans)} of {rank} plans")
    return plans[rank - 1].row


def _plan_of(office: Office, patient: int, subscription: int) -> Any:
    plans = office.tables["patplan"].having("PatNum", patient)
    return next((plan.row for plan in plans if plan.row.InsSubNum == subscription), None)


def _plan_num(office: Office, subscription: int) -> int:
    record = office.tables["inssub"].get(subscription)
    return record.row.PlanNum if record else 0


def _check_procedures(office: Office, call: Call, procedures: Iterable[Any], subscription: int) -> None:
    """Raise Refusal if a procedure cannot be on the claim."""
    is_preauth = call.given["ClaimType"] == _PREAUTH
    for row in procedures:
        if row.PatNum != call.given["PatNum"]:
            raise call.refusal(".procNums.patient", hint=f"ProcNum {row.ProcNum} is of patient {row.PatNum}")
        if row.ProcStatus == "D" or (row.ProcStatus != "C" and not is_preauth):
            raise call.refusal(".procNums.status", hint=f"the ProcStatus of {row.ProcNum} is {row.ProcStatus}, not C")
        lines = [] if is_preauth else office.tables["claimproc"].having("ProcNum", row.ProcNum)
        for line in lines:
            if line.row.ClaimNum and line.row.InsSubNum == subscription and line.row.Status != "Preauth":
                raise call.refusal(".procNums.claimed", hint=f"ProcNum {row.ProcNum} is on claim {line.row.ClaimNum}")


def _add_lines(office: Office, call: Call, record: Record[Any]) -> Record[Any]:
    """Give a new claim a line for each procedure: its estimate, or a line that is made for it."""
    claim = record.row
    status = "Preauth" if claim.ClaimType == _PREAUTH else "NotReceived"
    for number in _numbers(call):
        on_claim = {"ClaimNum": record.number, "Status": status, "DateCP": today(office)}
        estimate = _estimate(office, number, claim.InsSubNum)
        if estimate is not None and claim.ClaimType != _PREAUTH:
            change(office, "claimproc", estimate, on_claim)
            continue
        links = {"ProcNum": number, "PatNum": claim.PatNum, "PlanNum": claim.PlanNum, "InsSubNum": claim.InsSubNum}
        procedure = office.tables["procedurelog"].get(number)
        billed = _billed(office, procedure.row) if procedure else {}
        insert(office, call, "claimproc", {**links, **billed, **on_claim})
    return sum_up(office, record.number) or record


def _estimate(office: Office, procedure: int, subscription: int) -> Record[Any] | None:
    lines = office.tables["claimproc"].having("ProcNum", procedure)
    fit = (line for line in lines if line.row.Status == "Estimate" and line.row.ClaimNum == 0)
    return next((line for line in fit if line.row.InsSubNum == subscription), None)


def _billed(office: Office, row: Any) -> dict[str, Any]:
    """Return the columns that a line takes from its procedure."""
    code = office.tables["procedurecode"].get(row.CodeNum)
    return {
        "ProvNum": row.ProvNum, "ClinicNum": row.ClinicNum, "ProcDate": row.ProcDate,
        "FeeBilled": amount(amount(row.ProcFee) * max(row.UnitQty, 1)), "CodeSent": code.row.ProcCode if code else "",
    }  # fmt: skip


def _check_deletable(office: Office, call: Call, _values: dict[str, Any]) -> Mapping[str, Any]:
    record = call.before
    assert record is not None
    if record.row.ClaimStatus == "R":
        raise call.refusal(".received", hint=f'PUT /claims/{record.number} with {{"ClaimStatus": "W"}} first')
    paid = [line.number for line in lines_of(office, record.number) if line.row.InsPayAmt != 0]
    if paid:
        raise call.refusal(".paid", hint=f"set the InsPayAmt of the claimprocs {', '.join(map(str, paid))} to 0 first")
    return {}


def _free_lines(office: Office, _call: Call, record: Record[Any]) -> Record[Any]:
    """Make the lines of a deleted claim estimates again; one that is of no procedure goes with the claim."""
    for line in lines_of(office, record.number):
        if line.row.ProcNum and line.row.Status != "Supplemental":
            change(office, "claimproc", line, {"ClaimNum": 0, "Status": "Estimate"})
        else:
            office.delete("claimproc", line.number)
    return record


def _gives(name: str, value: Any) -> Predicate:
    return is_given(name, lambda call, _: call.given[name] == value)


def _is_preauth(call: Call, _record: Any) -> bool:
    return bool(call.given["ClaimType"] == _PREAUTH)


def _was_received(call: Call, _record: Any) -> bool:
    before = call.before
    return before is not None and before.row.ClaimStatus == "R"


def _is_set_back(call: Call, record: Any) -> bool:
    return _was_received(call, record) and call.given["ClaimStatus"] != "R"


def _is_undated(call: Call, _record: Any) -> bool:
    return call.given["ClaimStatus"] == "R" and "DateReceived" not in call.given


PARTS = {
    "create": Part(
        covered={
            ".status": is_served,
            ".lines": is_served,
            ".sums": is_served,
            ".plan.primary": _gives("ClaimType", "P"),
            ".plan.secondary": _gives("ClaimType", "S"),
            ".DateService.default": is_left_out("DateService", lambda call, _: not _is_preauth(call, _)),
            ".DateService.preauth": _is_preauth,
            **{
                f".{name}.default": is_left_out(name)
                for name in ("DateSent", "ClaimForm", "PatRelat", "ProvTreat", "ProvBill", "InsSubNum")
            },
        },
        more=_more_of_new,
        follow=_add_lines,
    ),
    "update": Part(
        covered={
            ".ClaimStatus.received": is_given("ClaimStatus", _is_set_back),
            ".ClaimStatus.sent": _gives("ClaimStatus", "S"),
            ".DateReceived.absent": is_given("ClaimStatus", _is_undated),
            ".AccidentRelated.none": _gives("AccidentRelated", "No"),
            ".ClaimForm.zero": _gives("ClaimForm", 0),
        }
    ),
    "status": Part(covered={".received": _was_received, ".DateSentOrig": is_given("DateSentOrig")}),
    "delete": Part(covered={".lines": is_served, ".trackings": is_served}, more=_check_deletable, follow=_free_lines),
}
"""What the operations have in Python, since their sentences are more than data."""
