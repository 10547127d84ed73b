"""Claims resource: the rules of its updates that a row alone does not show."""

from typing import Any

from mockserver.api.listing import is_given
from mockserver.api.operation import Call, Predicate
from mockserver.api.resources.operations import Part


def _gives(name: str, value: Any) -> Predicate:
    return is_given(name, lambda call, _: call.given[name] == value)


def _was_received(call: Call, _record: Any) -> bool:
    before = call.before
    return before is not None and before.row.ClaimStatus == "R"


def _is_set_back(call: Call, record: Any) -> bool:
    return _was_received(call, record) and call.given["ClaimStatus"] != "R"


def _is_undated(call: Call, _record: Any) -> bool:
    return call.given["ClaimStatus"] == "R" and "DateReceived" not in call.given


PARTS = {
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
}
