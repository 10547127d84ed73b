"""ClaimTrackings resource: the status history of insurance claims, as the vendor's page describes it."""

from mockserver.api.listing import is_given, is_left_out, is_served, leaves_none
from mockserver.api.operation import Call, Predicate
from mockserver.api.resources.definition_columns import DefinitionColumn
from mockserver.api.resources.hints import there
from mockserver.api.resources.operations import Part
from mockserver.api.resources.rows import change, check_room
from mockserver.api.resources.tracking_lists import has_ties, narrow_to_history, shows_other_types
from mockserver.api.text_rules import store_text
from mockserver.office.office import Office
from mockserver.office.pages import Filter, Page, Record
from mockserver.office.row_values import changed
from mockserver.office.rows import ClaimTracking

_CLAIM_ZERO = ".ClaimNum.zero"
_NO_SETUP = "warning.no-setup"

STATUS, ERROR_CODE = map(DefinitionColumn, ("TrackingDefNum", "TrackingErrorDefNum"))

_STATUSES = (Filter("Category", STATUS.category), Filter("IsHidden", False))

_CUSTOM_TRACKING = ".CustomTracking"
UNCHANGED = ".DateTimeEntry.unchanged"
_UPDATABLE = ("Note", "TrackingDefNum", "TrackingErrorDefNum")


def list_(office: Office, call: Call) -> Page[ClaimTracking]:
    """Return the rows of all claims or of one, newest first (GET)."""
    claim_num = call.given.get("ClaimNum")
    if claim_num is not None and claim_num <= 0:
        if not call.plays(_CLAIM_ZERO, "all"):
            raise call.refusal(_CLAIM_ZERO, hint=there(office, "claims", "claim"))
        call.ignore("ClaimNum", _CLAIM_ZERO)
        claim_num = None
    if claim_num is not None:
        _check_claim(office, call, claim_num)
    filters: tuple[Filter, ...] = () if claim_num is None else (Filter("ClaimNum", claim_num),)
    if call.variants:
        filters = narrow_to_history(office, call, filters)
    return office.claimtracking.page(*call.page(), filters)


def create(office: Office, call: Call) -> Record[ClaimTracking]:
    """Create a row for a claim, and return it (POST)."""
    given = call.given
    _check_claim(office, call, given["ClaimNum"])
    _check_setup(office, call)
    if "TrackingDefNum" not in given and office.preference.ClaimTrackingStatusExcludesNone:
        # "Required and cannot be 0 if the ClaimTrackingStatusExcludesNone preference is enabled."
        hint = "the preference ClaimTrackingStatusExcludesNone is on in this office"
        raise call.refusal(".TrackingDefNum.required", hint=hint)
    _check_definitions(office, call)
    check_room(office, call, "claimtracking")
    return _put(
        office,
        call,
        ClaimTracking(
            ClaimTrackingNum=office.claimtracking.next_number,
            ClaimNum=given["ClaimNum"],
            DateTimeEntry=office.clock.text(),
            Note=store_text(call, "Note"),
            TrackingDefNum=given.get("TrackingDefNum", 0),
            TrackingErrorDefNum=given.get("TrackingErrorDefNum", 0),
        ),
    )


def update(office: Office, call: Call) -> Record[ClaimTracking]:
    """Change the given columns of a row, and no others, and return it (PUT)."""
    record = call.before = office.claimtracking.get(call.number)
    if record is None:
        raise call.refusal(".ClaimTrackingNum.unknown", value=call.number)
    _check_definitions(office, call)
    values = dict(call.given)
    if "Note" in values:
        values["Note"] = store_text(call, "Note")
    if call.plays(".UserNum", "zero"):
        values["UserNum"] = 0
    changes = {name: value for name, value in values.items() if getattr(record.row, name) != value}
    if not changes and not call.plays(UNCHANGED, "moves"):
        return record
    return _put(office, call, changed(record.row, {**changes, "DateTimeEntry": office.clock.text()}))


def _put(office: Office, call: Call, row: ClaimTracking) -> Record[ClaimTracking]:
    record = office.claimtracking.put(row)
    claim = office.claim.get(row.ClaimNum) if call.plays(_CUSTOM_TRACKING, "follows") else None
    if claim is not None:
        change(office, "claim", claim, {"CustomTracking": row.TrackingDefNum})
    return record


def _check_claim(office: Office, call: Call, claim_num: int) -> None:
    if claim_num not in office.claim:
        raise call.refusal(".ClaimNum.unknown", hint=there(office, "claims", "claim"))


def _check_setup(office: Office, call: Call) -> None:
    # "Requires one-time setup by the Dental Office": its software lets nobody add a tracking before.
    if not office.definition.page(1, 0, _STATUSES):
        call.warn(_NO_SETUP)


def _check_definitions(office: Office, call: Call) -> None:
    if call.given.get("TrackingDefNum") == 0 and office.preference.ClaimTrackingStatusExcludesNone:
        # "Cannot be 0 if the ClaimTrackingStatusExcludesNone preference is enabled."
        hint = "0 (None) is excluded: the preference ClaimTrackingStatusExcludesNone is on in this office"
        raise call.refusal(".TrackingDefNum.none", hint=hint)
    for column in (STATUS, ERROR_CODE):
        column.check(office, call)


def _is_unchanged(call: Call, record: Record[ClaimTracking]) -> bool:
    """Return whether an update has changed no column but DateTimeEntry."""
    before = call.before
    if record is before or before is None:
        return True
    return bool(call.variants) and changed(record.row, {"DateTimeEntry": before.row.DateTimeEntry}) == before.row


def _zero(name: str) -> Predicate:
    return is_given(name, lambda call, _: call.given[name] == 0)


PARTS = {
    "list": Part(
        list_,
        {
            ".ClaimNum.empty": leaves_none("ClaimNum"),
            ".order.ties": has_ties,
            ".TrackingType": shows_other_types,
        },
    ),
    "create": Part(
        create,
        {
            ".server-columns": is_served,
            _CUSTOM_TRACKING: is_served,
            ".setup": lambda call, _: _NO_SETUP not in call.rules,
            ".Note.default": is_left_out("Note"),
            ".TrackingDefNum.default": is_left_out("TrackingDefNum"),
            ".TrackingErrorDefNum.default": is_left_out("TrackingErrorDefNum"),
            **STATUS.covered,
            **ERROR_CODE.covered,
        },
    ),
    "update": Part(
        update,
        {
            ".TrackingDefNum.zero": _zero("TrackingDefNum"),
            ".TrackingErrorDefNum.zero": _zero("TrackingErrorDefNum"),
            ".DateTimeEntry": lambda call, record: not _is_unchanged(call, record),
            UNCHANGED: _is_unchanged,
            _CUSTOM_TRACKING: is_given("TrackingDefNum"),
            ".UserNum": lambda call, _: call.before is not None and call.before.row.UserNum != 0,
            **STATUS.covered,
            **ERROR_CODE.covered,
        },
    ),
}
"""What the operations have in Python, since their sentences are more than data."""
