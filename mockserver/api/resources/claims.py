"""Claims: the office's insurance claims, read-only (vendor: API Claims)."""

from mockserver.api.covered_rules import Condition
from mockserver.api.listing import given_filters, has_rows, has_several, is_given, is_served
from mockserver.api.operation import Call, Operation
from mockserver.api.resources.hints import MAX_LISTED, claims_there, list_numbers
from mockserver.api.variants import IGNORED
from mockserver.office.clock import parse_moment
from mockserver.office.office import Office
from mockserver.office.pages import Filter, Page, Record
from mockserver.office.rows import Claim

_SINCE_INVALID = ".SecDateTEdit.invalid"
# "Optional after version 23.3.11"
_PATIENT_OPTIONAL_SINCE = "23.3.11"
_FILTERS = ("PatNum", "ClaimStatus", "SecDateTEdit")


def list_(office: Office, call: Call) -> Page[Claim]:
    """Answer GET: the claims of all patients or of one, in a status, changed since a time."""
    _check_patient(office, call)
    _check_since(call)
    filters = given_filters(call, "PatNum", "ClaimStatus")
    since = call.given.get("SecDateTEdit")
    if since is not None:
        filters += (Filter("SecDateTEdit", since, at_least=True),)
    return office.claim.page(*call.page(), filters)


def get(office: Office, call: Call) -> Record[Claim]:
    """Answer GET with a number: one claim."""
    record = office.claim.get(call.number)
    if record is None:
        raise call.refusal(".ClaimNum.unknown", hint=claims_there(office), value=call.number)
    return record


def _check_since(call: Call) -> None:
    since = call.given.get("SecDateTEdit")
    if since is None:
        return
    try:
        parse_moment(since)
    except ValueError:
        if not call.plays(_SINCE_INVALID, IGNORED):
            raise call.refusal(_SINCE_INVALID, hint="give a time like 2023-07-26 00:00:00") from None
        call.ignore("SecDateTEdit", _SINCE_INVALID)


def _check_patient(office: Office, call: Call) -> None:
    pat_num = call.given.get("PatNum")
    if pat_num is None:
        if office.is_older_than(_PATIENT_OPTIONAL_SINCE):
            raise call.refusal(".PatNum.required", hint=f"PatNum is optional since {_PATIENT_OPTIONAL_SINCE}")
    elif pat_num <= 0 or not office.claim.has("PatNum", pat_num):
        # Assumed: an office has the patients that its claims name, since a fixture has no patients.
        there = sorted({claim.PatNum for claim in office.claim} - {0})
        listed = list_numbers(there[:MAX_LISTED], len(there))
        raise call.refusal(".PatNum.unknown", hint=f"patients that claims of this office name: {listed}")


LIST = Operation(
    name="claims/list",
    method="GET",
    status=200,
    permission="ReadAll",
    added="22.2",
    query="claims/list.query",
    response="claims/list.response",
    row="claims/row",
    run=list_,
    covered={
        ".row": has_rows,
        ".all": Condition(lambda names: all(name not in names for name in _FILTERS)),
        ".order": has_several,
        **{f".{name}": is_given(name) for name in _FILTERS},
        ".empty": lambda call, page: not page and not call.given.get("Offset"),
    },
)
GET = Operation(
    name="claims/get",
    method="GET",
    status=200,
    permission="ReadAll",
    added="23.3.11",
    query="api/query",
    response="claims/get.response",
    row="claims/row",
    run=get,
    number="ClaimNum",
    covered={".row": is_served, ".customTracking": lambda _, record: record.row.CustomTracking != 0},
)
OPERATIONS = (LIST, GET)
