"""ClaimTrackings resource: the status history of insurance claims, as the vendor's page describes it."""

from dataclasses import replace

from mockserver.api.listing import has_several, is_given, is_left_out, is_served, leaves_none
from mockserver.api.operation import Call, Operation, Predicate
from mockserver.api.resources.definition_columns import DefinitionColumn
from mockserver.api.resources.hints import claims_there
from mockserver.api.rules import RefusalRule, WarningRule
from mockserver.api.text_rules import text_rules
from mockserver.errors import NotFound
from mockserver.office.office import Office
from mockserver.office.pages import Filter, Page, Record
from mockserver.office.rows import ClaimTracking, DefCategory, stored_text
from mockserver.office.table import MAX_NUMBER

CLAIM_UNKNOWN = RefusalRule(".ClaimNum.unknown", "Claim not found.", NotFound)
TRACKING_UNKNOWN = RefusalRule(".ClaimTrackingNum.unknown", "ClaimTracking not found.", NotFound)
STATUS_REQUIRED = RefusalRule(".TrackingDefNum.required", "TrackingDefNum is required.")
STATUS_NONE = RefusalRule(".TrackingDefNum.none", "TrackingDefNum is invalid.")
EXHAUSTED = RefusalRule(".ClaimTrackingNum.exhausted", "ClaimTrackingNum is exhausted.")
NO_SETUP = WarningRule(
    "warning.no-setup", "The Dental Office has not set up any claim status (definition of category 31)."
)

STATUS = DefinitionColumn("TrackingDefNum", DefCategory.CLAIM_CUSTOM_TRACKING)
ERROR_CODE = DefinitionColumn("TrackingErrorDefNum", DefCategory.CLAIM_ERROR_CODE)

_UPDATABLE = ("Note", "TrackingDefNum", "TrackingErrorDefNum")


def list_(office: Office, call: Call) -> Page[ClaimTracking]:
    """Return the rows of all claims or of one, newest first (GET)."""
    claim_num = call.given.get("ClaimNum")
    if claim_num is None:
        return office.claimtracking.page(*call.page())
    _check_claim(office, call, claim_num)
    return office.claimtracking.page(*call.page(), (Filter("ClaimNum", claim_num),))


def create(office: Office, call: Call) -> Record[ClaimTracking]:
    """Create a row for a claim, and return it (POST)."""
    given = call.given
    _check_claim(office, call, given["ClaimNum"])
    _check_setup(office, call)
    if "TrackingDefNum" not in given and office.preference.ClaimTrackingStatusExcludesNone:
        # "Required and cannot be 0 if the ClaimTrackingStatusExcludesNone preference is enabled."
        hint = "the preference ClaimTrackingStatusExcludesNone is on in this office"
        raise call.refusal(STATUS_REQUIRED, hint=hint)
    _check_definitions(office, call)
    number = office.claimtracking.next_number
    if number > MAX_NUMBER:
        hint = f"the fixture has used the highest number of 64 bits, {MAX_NUMBER}; give it lower ones"
        raise call.refusal(EXHAUSTED, hint=hint)
    return office.claimtracking.put(
        ClaimTracking(
            ClaimTrackingNum=number,
            ClaimNum=given["ClaimNum"],
            DateTimeEntry=office.clock.text(),
            Note=stored_text(given.get("Note", "")),
            TrackingDefNum=given.get("TrackingDefNum", 0),
            TrackingErrorDefNum=given.get("TrackingErrorDefNum", 0),
        )
    )


def update(office: Office, call: Call) -> Record[ClaimTracking]:
    """Change the given columns of a row, and no others, and return it (PUT)."""
    record = call.before = office.claimtracking.get(call.number)
    if record is None:
        raise call.refusal(TRACKING_UNKNOWN)
    _check_definitions(office, call)
    changes = {name: call.given[name] for name in _UPDATABLE if name in call.given}
    if "Note" in changes:
        changes["Note"] = stored_text(changes["Note"])
    if all(getattr(record.row, name) == value for name, value in changes.items()):
        return record
    return office.claimtracking.put(replace(record.row, DateTimeEntry=office.clock.text(), **changes))


def _check_claim(office: Office, call: Call, claim_num: int) -> None:
    if claim_num not in office.claim:
        raise call.refusal(CLAIM_UNKNOWN, hint=claims_there(office))


def _check_setup(office: Office, call: Call) -> None:
    # "Requires one-time setup by the Dental Office": its software lets nobody add a tracking before.
    for row in office.definition:
        if row.Category == DefCategory.CLAIM_CUSTOM_TRACKING and not row.IsHidden:
            return
    call.warn(NO_SETUP)


def _check_definitions(office: Office, call: Call) -> None:
    if call.given.get("TrackingDefNum") == 0 and office.preference.ClaimTrackingStatusExcludesNone:
        # "Cannot be 0 if the ClaimTrackingStatusExcludesNone preference is enabled."
        hint = "0 (None) is excluded: the preference ClaimTrackingStatusExcludesNone is on in this office"
        raise call.refusal(STATUS_NONE, hint=hint)
    for column in (STATUS, ERROR_CODE):
        column.check(office, call)


def _zero(name: str) -> Predicate:
    return lambda call, _: call.given.get(name) == 0


LIST = Operation(
    name="claimtrackings/list",
    method="GET",
    status=200,
    permission="ReadAll",
    added="23.2.5",
    query="claimtrackings/list.query",
    response="claimtrackings/list.response",
    row="claimtrackings/row",
    run=list_,
    refusals=(CLAIM_UNKNOWN,),
    covered={
        ".all": is_left_out("ClaimNum"),
        ".ClaimNum": is_given("ClaimNum"),
        ".ClaimNum.empty": leaves_none("ClaimNum"),
        ".order": has_several,
        ".TrackingType": lambda _, page: not page.distinct("TrackingType") <= {"StatusHistory"},
    },
)
CREATE = Operation(
    name="claimtrackings/create",
    method="POST",
    status=201,
    permission="Insurance",
    added="23.2.5",
    query="api/query",
    body="claimtrackings/create.request",
    response="claimtrackings/create.response",
    row="claimtrackings/row",
    run=create,
    refusals=(CLAIM_UNKNOWN, STATUS_REQUIRED, STATUS_NONE, *STATUS.refusals, *ERROR_CODE.refusals, EXHAUSTED, NO_SETUP),
    covered={
        ".row": is_served,
        ".server-columns": is_served,
        ".setup": lambda call, _: not any(rule == NO_SETUP.id for rule, _ in call.warnings),
        ".Note": is_given("Note"),
        ".Note.default": is_left_out("Note"),
        ".TrackingDefNum.default": is_left_out("TrackingDefNum"),
        ".TrackingErrorDefNum.default": is_left_out("TrackingErrorDefNum"),
        **STATUS.covered,
        **ERROR_CODE.covered,
        **text_rules("Note"),
    },
)
UPDATE = Operation(
    name="claimtrackings/update",
    method="PUT",
    status=200,
    permission="Insurance",
    added="23.2.5",
    query="api/query",
    body="claimtrackings/update.request",
    response="claimtrackings/update.response",
    row="claimtrackings/row",
    run=update,
    number="ClaimTrackingNum",
    refusals=(TRACKING_UNKNOWN, STATUS_NONE, *STATUS.refusals, *ERROR_CODE.refusals),
    covered={
        ".row": is_served,
        ".absent": lambda call, _: any(name not in call.given for name in _UPDATABLE),
        ".Note": is_given("Note"),
        ".TrackingDefNum.zero": _zero("TrackingDefNum"),
        ".TrackingErrorDefNum.zero": _zero("TrackingErrorDefNum"),
        ".DateTimeEntry": lambda call, record: record is not call.before,
        ".DateTimeEntry.unchanged": lambda call, record: record is call.before,
        **STATUS.covered,
        **ERROR_CODE.covered,
        **text_rules("Note"),
    },
)
OPERATIONS = (LIST, CREATE, UPDATE)
