"""ClaimTrackings: the status history of insurance claims, as the vendor's page describes it."""

from dataclasses import replace
from itertools import islice

from mockserver.api.operation import Added, Call, Operation, PathNumber
from mockserver.api.resources.definition_columns import FEW, DefinitionColumn, check_definition, few
from mockserver.errors import BadRequest, NotFound
from mockserver.office.office import Office
from mockserver.office.rows import NOTE_BYTES, ClaimTracking, DefCategory, basic_plane, cut
from mockserver.office.table import HIGHEST_NUMBER, Page, Record


def list_(office: Office, call: Call) -> Page[ClaimTracking]:
    """GET: newest first, of all claims or of one."""
    claim_num = call.given.get("ClaimNum")
    if claim_num is None:
        call.meets("claimtrackings.list.all")
    elif claim_num not in office.claim:
        raise NotFound("Claim not found.", rule="claimtrackings.list.ClaimNum.unknown", hint=_claims_there_are(office))
    else:
        call.meets("claimtrackings.list.ClaimNum")
    limit, offset = call.page()
    page = office.claimtracking.page(claim_num, limit, offset)
    if len(page) > 1:
        call.meets("claimtrackings.list.order")
    if page.kinds - {"StatusHistory"}:
        call.meets("claimtrackings.list.TrackingType")
    if not page and offset:
        call.meets("api.Offset.beyond")
    elif not page and claim_num is not None:
        call.meets("claimtrackings.list.ClaimNum.empty")
    return page


def create(office: Office, call: Call) -> Record[ClaimTracking]:
    """POST: a new row for a claim."""
    given = call.given
    if given["ClaimNum"] not in office.claim:
        raise NotFound(
            "Claim not found.", rule="claimtrackings.create.ClaimNum.unknown", hint=_claims_there_are(office)
        )
    _need_setup(office, call)
    _meet_if_absent(call, "Note", "claimtrackings.create.Note", "claimtrackings.create.Note.default")
    if office.preference.ClaimTrackingStatusExcludesNone:
        # "Required and cannot be 0 if the ClaimTrackingStatusExcludesNone preference is enabled."
        if "TrackingDefNum" not in given:
            raise BadRequest(
                "TrackingDefNum is required.",
                rule="claimtrackings.create.TrackingDefNum.required",
                hint="the preference ClaimTrackingStatusExcludesNone is on in this office",
            )
        _refuse_none(given["TrackingDefNum"], "claimtrackings.create.TrackingDefNum.none")
    elif "TrackingDefNum" not in given:
        call.meets("claimtrackings.create.TrackingDefNum.default")
    if "TrackingErrorDefNum" not in given:
        call.meets("claimtrackings.create.TrackingErrorDefNum.default")
    for column in _CREATE_DEFINITIONS:
        check_definition(office, call, column)
    if office.claimtracking.next_number > HIGHEST_NUMBER:
        raise BadRequest(
            "ClaimTrackingNum is exhausted.",
            rule="claimtrackings.create.ClaimTrackingNum.exhausted",
            hint=f"the fixture has used the highest number of 64 bits, {HIGHEST_NUMBER}; give it lower ones",
        )
    call.meets("claimtrackings.create.row", "claimtrackings.create.server-columns")
    return office.claimtracking.put(
        ClaimTracking(
            ClaimTrackingNum=office.claimtracking.next_number,
            ClaimNum=given["ClaimNum"],
            DateTimeEntry=office.clock.text(),
            Note=_kept_note(call, given.get("Note", "")),
            TrackingDefNum=given.get("TrackingDefNum", 0),
            TrackingErrorDefNum=given.get("TrackingErrorDefNum", 0),
        )
    )


def update(office: Office, call: Call) -> Record[ClaimTracking]:
    """PUT: change what is sent, and nothing else."""
    record = office.claimtracking.get(call.number)
    if record is None:
        raise NotFound("ClaimTracking not found.", rule="claimtrackings.update.ClaimTrackingNum.unknown")
    given = call.given
    if "TrackingDefNum" in given:
        if office.preference.ClaimTrackingStatusExcludesNone:
            # "Cannot be 0 if the ClaimTrackingStatusExcludesNone preference is enabled."
            _refuse_none(given["TrackingDefNum"], "claimtrackings.update.TrackingDefNum.none")
        elif given["TrackingDefNum"] == 0:
            call.meets("claimtrackings.update.TrackingDefNum.zero")
    if given.get("TrackingErrorDefNum") == 0:
        call.meets("claimtrackings.update.TrackingErrorDefNum.zero")
    for column in _UPDATE_DEFINITIONS:
        check_definition(office, call, column)
    changes = {name: given[name] for name in _UPDATABLE if name in given}
    if "Note" in changes:
        call.meets("claimtrackings.update.Note")
        changes["Note"] = _kept_note(call, changes["Note"])
    if len(changes) < len(_UPDATABLE):
        call.meets("claimtrackings.update.absent")
    call.meets("claimtrackings.update.row")
    if all(getattr(record.row, name) == value for name, value in changes.items()):
        call.meets("claimtrackings.update.DateTimeEntry.unchanged")
        return record
    call.meets("claimtrackings.update.DateTimeEntry")
    return office.claimtracking.put(replace(record.row, DateTimeEntry=office.clock.text(), **changes))


def _need_setup(office: Office, call: Call) -> None:
    # "Requires one-time setup by the Dental Office": its software lets nobody add a tracking before.
    for row in office.definition.values():
        if row.Category == DefCategory.CLAIM_CUSTOM_TRACKING and not row.IsHidden:
            call.meets("claimtrackings.create.setup")
            return
    call.warn("The Dental Office has not set up any claim status (definition of category 31).", rule="warning.no-setup")


def _meet_if_absent(call: Call, name: str, present: str, absent: str) -> None:
    call.meets(present if name in call.given else absent)


def _refuse_none(def_num: int, rule: str) -> None:
    if def_num == 0:
        raise BadRequest(
            "TrackingDefNum is invalid.",
            rule=rule,
            hint="0 (None) is excluded: the preference ClaimTrackingStatusExcludesNone is on in this office",
        )


def _kept_note(call: Call, note: str) -> str:
    head = note[:NOTE_BYTES]  # a character is a byte or more, so the rest is cut off in any case
    plain = basic_plane(head)
    if plain != head:
        call.meets("api.text.plane")
    kept = cut(plain)
    if len(kept) < len(note):
        call.meets("api.text.length")
    if "\n" in kept or "\r" in kept:
        call.meets("api.text.line-break")
    return kept


def _claims_there_are(office: Office) -> str:
    return f"claims in this office: {few(islice(office.claim, FEW), len(office.claim))}"


_UPDATABLE = ("Note", "TrackingDefNum", "TrackingErrorDefNum")

_CREATE_DEFINITIONS = (
    DefinitionColumn(
        name="TrackingDefNum",
        category=DefCategory.CLAIM_CUSTOM_TRACKING,
        names_one="claimtrackings.create.TrackingDefNum",
        wrong_category="claimtrackings.create.TrackingDefNum.category",
    ),
    DefinitionColumn(
        name="TrackingErrorDefNum",
        category=DefCategory.CLAIM_ERROR_CODE,
        names_one="claimtrackings.create.TrackingErrorDefNum",
        wrong_category="claimtrackings.create.TrackingErrorDefNum.category",
    ),
)
_UPDATE_DEFINITIONS = (
    replace(
        _CREATE_DEFINITIONS[0],
        names_one="claimtrackings.update.TrackingDefNum",
        wrong_category="claimtrackings.update.TrackingDefNum.category",
    ),
    replace(
        _CREATE_DEFINITIONS[1],
        names_one="claimtrackings.update.TrackingErrorDefNum",
        wrong_category="claimtrackings.update.TrackingErrorDefNum.category",
    ),
)

OPERATIONS = (
    Operation(
        name="claimtrackings/list",
        resource="claimtrackings",
        method="GET",
        status=200,
        permission="ReadAll",
        added=Added(version="23.2.5", rule="claimtrackings.list.version"),
        query="claimtrackings/list.query",
        response="claimtrackings/list.response",
        run=list_,
    ),
    Operation(
        name="claimtrackings/create",
        resource="claimtrackings",
        method="POST",
        status=201,
        permission="Insurance",
        added=Added(version="23.2.5", rule="claimtrackings.create.version"),
        query="api/query",
        body="claimtrackings/create.request",
        response="claimtrackings/create.response",
        run=create,
    ),
    Operation(
        name="claimtrackings/update",
        resource="claimtrackings",
        method="PUT",
        status=200,
        permission="Insurance",
        added=Added(version="23.2.5", rule="claimtrackings.update.version"),
        query="api/query",
        body="claimtrackings/update.request",
        response="claimtrackings/update.response",
        run=update,
        number=PathNumber(
            column="ClaimTrackingNum",
            required="claimtrackings.update.ClaimTrackingNum.required",
            invalid="claimtrackings.update.ClaimTrackingNum.invalid",
        ),
    ),
)
