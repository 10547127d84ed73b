"""ProcedureLogs resource: the values of a new procedure beside its body, and which procedures can be deleted."""

from collections.abc import Mapping
from typing import Any

from mockserver.api.listing import is_left_out, is_served
from mockserver.api.operation import Call, Predicate
from mockserver.api.resources.hints import there
from mockserver.api.resources.operations import Part
from mockserver.api.resources.rows import change
from mockserver.office.office import Office
from mockserver.office.pages import Record

_DELETABLE = ("TP", "TPi", "C")
_WORDS = {"Priority": "priority", "Dx": "dxName"}
"""The columns whose default is the first definition of their category, each with the field that names it in words."""


def _more(office: Office, call: Call, values: dict[str, Any]) -> Mapping[str, Any]:
    more: dict[str, Any] = {"UnitQty": 1}
    patient = office.tables["patient"].get(call.given["PatNum"])
    if patient is not None:
        more |= {"ProvNum": patient.row.PriProv, "ClinicNum": patient.row.ClinicNum}
    references = office.tables["procedurelog"].spec.references
    for name in _WORDS:
        category = references[name].where["Category"]
        first = next(iter(office.definition.having("Category", category)), None)
        more[name] = first.number if first else 0
    return more | values


def _delete(office: Office, call: Call) -> Record[Any]:
    """Mark a procedure as deleted, and delete its estimates."""
    table = office.tables["procedurelog"]
    record = call.before = table.get(call.number)
    if record is None:
        raise call.refusal(".ProcNum.unknown", hint=there(office, "procedurelogs", "procedurelog"), value=call.number)
    if record.row.ProcStatus not in _DELETABLE:
        raise call.refusal(".status", hint=f"its ProcStatus is {record.row.ProcStatus}")
    lines = office.tables["claimproc"].having("ProcNum", call.number)
    claims = sorted({line.row.ClaimNum for line in lines} - {0})
    if claims:
        raise call.refusal(".claim", hint=f"it is on claim {', '.join(map(str, claims))}; delete that first")
    for line in lines:
        office.delete("claimproc", line.number)
    return change(office, "procedurelog", record, {"ProcStatus": "D"})._replace(body=b"")


def _is_default(name: str) -> Predicate:
    return is_left_out(name, lambda call, _: _WORDS[name] not in call.given)


PARTS = {
    "create": Part(
        covered={
            **{f".{name}.default": _is_default(name) for name in _WORDS},
            **{f".{name}.default": is_left_out(name) for name in ("ProcFee", "ProvNum", "ClinicNum")},
            ".estimates": is_served,
        },
        more=_more,
    ),
    "delete": Part(run=_delete, covered={".kept": is_served, ".estimates": is_served}),
}
"""What the operations have in Python, since their sentences are more than data."""
