"""ClaimTrackings of the office: list, create and update."""

from collections.abc import Sequence

from support.small_office.behaviour import Behaviour
from support.small_office.body import read_object
from support.small_office.data import Row
from support.small_office.fields import CATEGORIES, Fields
from support.small_office.messages import Answer, Request
from support.small_office.numbers import number_in_url
from support.small_office.query import FORM, PAGING, Query
from support.small_office.rows import tracking_row
from support.small_office.store import Store

_LIST, _CREATE, _UPDATE = "claimtrackings.list", "claimtrackings.create", "claimtrackings.update"


def list_trackings(request: Request, store: Store, behaviour: Behaviour) -> Answer:
    """Answer GET /claimtrackings. Raises Refused."""
    query = Query(request, behaviour, ("ClaimNum", *PAGING, FORM))
    claim = query.number("ClaimNum", f"{_LIST}.ClaimNum.invalid")
    query.read_paging()
    form = query.form()
    rows = _ordered(list(store.trackings.values()), behaviour)
    if behaviour.chooses(f"{_LIST}.TrackingType", "status-history"):
        rows = [row for row in rows if row["TrackingType"] == "StatusHistory"]
    if claim is not None and not (claim <= 0 and behaviour.chooses(f"{_LIST}.ClaimNum.zero", "all")):
        rows = _of_claim(claim, rows, store, behaviour)
    return Answer(200, [tracking_row(row, form, behaviour) for row in query.page(rows)])


def create_tracking(request: Request, store: Store, behaviour: Behaviour) -> Answer:
    """Answer POST /claimtrackings. Raises Refused."""
    query = Query(request, behaviour, (FORM,))
    fields = Fields(read_object(request, behaviour), _CREATE, ("ClaimNum", "Note", *CATEGORIES), behaviour)
    claim = fields.claim()
    fields.check_types()
    form = query.form()
    if claim not in store.claims:
        status = 400 if behaviour.deviates("create-unknown-claim-400") else 404
        raise behaviour.refusal(f"{_CREATE}.ClaimNum.unknown", status, "Claim not found.")
    if not store.has_setup and behaviour.chooses("warning.no-setup", "refused"):
        raise behaviour.refusal("warning.no-setup", 400, "TrackingDefNum is invalid.")
    refuses_none = store.excludes_none and not behaviour.deviates("create-None-taken")
    if behaviour.deviates("create-None-refused"):
        refuses_none = True
    if refuses_none and "TrackingDefNum" not in fields:
        raise behaviour.refusal(f"{_CREATE}.TrackingDefNum.required", 400, "TrackingDefNum is required.")
    chosen = _definitions(fields, _CREATE, store, behaviour, refuses_none=refuses_none)
    row = {
        "ClaimNum": claim,
        "TrackingType": "ClaimUser" if behaviour.deviates("create-ClaimUser") else "StatusHistory",
        "UserNum": 7 if behaviour.deviates("create-UserNum-7") else 0,
        "DateTimeEntry": "0001-01-01 00:00:00" if behaviour.deviates("create-without-time") else store.now(),
        "Note": fields.note() if "Note" in fields and not behaviour.deviates("create-ignores-Note") else "",
    }
    kept = store.create(row | dict.fromkeys(CATEGORIES, 0) | chosen)
    return Answer(200 if behaviour.deviates("create-200") else 201, tracking_row(kept, form, behaviour))


def update_tracking(request: Request, store: Store, behaviour: Behaviour, number_text: str) -> Answer:
    """Answer PUT /claimtrackings/{ClaimTrackingNum}. Raises Refused."""
    rule = f"{_UPDATE}.ClaimTrackingNum.invalid"
    number = number_in_url(number_text, "ClaimTrackingNum", "ClaimTracking", rule, behaviour)
    query = Query(request, behaviour, (FORM,))
    fields = Fields(read_object(request, behaviour), _UPDATE, ("Note", *CATEGORIES), behaviour)
    fields.check_types()
    form = query.form()
    if number not in store.trackings:
        status = 400 if behaviour.deviates("update-unknown-tracking-400") else 404
        raise behaviour.refusal(f"{_UPDATE}.ClaimTrackingNum.unknown", status, "ClaimTracking not found.")
    refuses_none = store.excludes_none and not behaviour.deviates("update-None-taken")
    if behaviour.deviates("update-None-refused"):
        refuses_none = True
    columns = _definitions(fields, _UPDATE, store, behaviour, refuses_none=refuses_none)
    if "Note" in fields:
        columns["Note"] = fields.note()
    return Answer(200, tracking_row(_updated(number, columns, store, behaviour), form, behaviour))


def _updated(number: int, columns: Row, store: Store, behaviour: Behaviour) -> Row:
    """Change a tracking, and return it as the answer shows it."""
    before = store.trackings[number]
    if behaviour.deviates("update-changes-nothing"):
        return before
    if behaviour.deviates("update-ignores-TrackingErrorDefNum"):
        columns.pop("TrackingErrorDefNum", None)
    if behaviour.deviates("update-clears-absent-fields"):
        columns = {"Note": "", **dict.fromkeys(CATEGORIES, 0)} | columns
    if all(before[name] == value for name, value in columns.items()):
        moves = behaviour.chooses(f"{_UPDATE}.DateTimeEntry.unchanged", "moves")
        return store.change(number, {"DateTimeEntry": store.now()}) if moves else before
    if not behaviour.deviates("update-time-stays"):
        columns["DateTimeEntry"] = store.now()
    if behaviour.chooses(f"{_UPDATE}.UserNum", "zero"):
        columns["UserNum"] = 0
    return before | columns if behaviour.deviates("update-not-kept") else store.change(number, columns)


def _definitions(fields: Fields, rules: str, store: Store, behaviour: Behaviour, *, refuses_none: bool) -> Row:
    """Return the columns that name a definition, as far as they are given. Raises Refused."""
    columns: Row = {}
    for name in CATEGORIES:
        if name in fields:
            columns[name] = fields.definition(name, store)
            if columns[name] == 0 and name == "TrackingDefNum" and refuses_none:
                raise behaviour.refusal(f"{rules}.{name}.none", 400, f"{name} is invalid.")
    return columns


def _of_claim(claim: int, rows: Sequence[Row], store: Store, behaviour: Behaviour) -> list[Row]:
    """Return those of `rows` that belong to a claim. Raises Refused."""
    if claim not in store.claims:
        rule = f"{_LIST}.ClaimNum.zero" if claim <= 0 else f"{_LIST}.ClaimNum.unknown"
        if claim > 0 and behaviour.deviates("list-unknown-claim-empty"):
            return []
        status = 400 if claim > 0 and behaviour.deviates("list-unknown-claim-400") else 404
        raise behaviour.refusal(rule, status, "Claim not found.")
    if behaviour.deviates("list-ignores-ClaimNum"):
        return list(rows)
    found = [row for row in rows if row["ClaimNum"] == claim]
    if not found and behaviour.chooses(f"{_LIST}.ClaimNum.empty", "not-found"):
        raise behaviour.refusal(f"{_LIST}.ClaimNum.empty", 404, "ClaimTracking not found.")
    return found


def _ordered(rows: list[Row], behaviour: Behaviour) -> list[Row]:
    lower_first = behaviour.chooses(f"{_LIST}.order.ties", "lower-number-first")
    by_number = sorted(rows, key=_number, reverse=not lower_first)
    if behaviour.chooses(f"{_LIST}.order", "lowest-number-first"):
        return sorted(rows, key=_number)
    return sorted(
        by_number, key=lambda row: str(row["DateTimeEntry"]), reverse=not behaviour.deviates("list-oldest-first")
    )


def _number(row: Row) -> int:
    number = row["ClaimTrackingNum"]
    assert isinstance(number, int)
    return number
