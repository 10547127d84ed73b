"""Look-ups of the office: definitions, claims and preferences, which can only be read."""

from support.small_office.behaviour import Behaviour
from support.small_office.dates import parse
from support.small_office.messages import Answer, Request
from support.small_office.numbers import number_in_url
from support.small_office.query import FORM, PAGING, Query
from support.small_office.rows import claim_row, definition_row, preference_row
from support.small_office.store import Store

_STATUSES = ("U", "H", "W", "S", "R", "I")
_MAX_NAME = 255


def list_definitions(request: Request, store: Store, behaviour: Behaviour) -> Answer:
    """Answer GET /definitions. Raises Refused."""
    query = Query(request, behaviour, ("Category", "includeHidden", *PAGING))
    category = query.number("Category", "definitions.list.Category.invalid")
    hidden = query.text("includeHidden")
    rule = "definitions.list.includeHidden.invalid"
    if hidden not in (None, "true", "false") and behaviour.chooses(rule, "refused"):
        raise behaviour.refusal(rule, 400, "includeHidden is invalid.")
    query.read_paging()
    rows = store.definitions
    if category is not None and not behaviour.deviates("definitions-ignore-Category"):
        rows = [row for row in rows if row["Category"] == category]
    with_hidden = hidden == "true" and not behaviour.deviates("definitions-ignore-includeHidden")
    if not with_hidden and not behaviour.deviates("definitions-all-hidden-listed"):
        rows = [row for row in rows if not row["IsHidden"]]
    rule = "definitions.list.Category.empty"
    if category is not None and not rows and behaviour.chooses(rule, "not-found"):
        raise behaviour.refusal(rule, 404, "Definition not found.")
    if behaviour.chooses("definitions.list.order", "lowest-number-first"):
        rows = sorted(rows, key=lambda row: int(str(row["DefNum"])))
    return Answer(200, [definition_row(row, behaviour) for row in query.page(rows)])


def list_claims(request: Request, store: Store, behaviour: Behaviour) -> Answer:
    """Answer GET /claims. Raises Refused."""
    query = Query(request, behaviour, ("PatNum", "ClaimStatus", "SecDateTEdit", *PAGING, FORM))
    patient = query.number("PatNum", "claims.list.PatNum.invalid")
    status, since = query.text("ClaimStatus"), query.text("SecDateTEdit")
    rule = "claims.list.ClaimStatus.invalid"
    if status is not None and status not in _STATUSES:
        if behaviour.chooses(rule, "refused"):
            raise behaviour.refusal(rule, 400, "ClaimStatus is invalid.")
        status = None
    query.read_paging()
    form = query.form()
    rows = sorted(store.claims.items(), reverse=behaviour.deviates("claims-highest-first"))
    claims = [row for _, row in rows]
    if patient is not None and (patient <= 0 or all(row["PatNum"] != patient for row in claims)):
        if behaviour.deviates("claims-unknown-patient-empty"):
            return Answer(200, [])
        raise behaviour.refusal("claims.list.PatNum.unknown", 404, "Patient not found.")
    rule = "claims.list.SecDateTEdit.invalid"
    if since is not None and parse(since) is None:
        if behaviour.chooses(rule, "refused"):
            raise behaviour.refusal(rule, 400, "SecDateTEdit format must be yyyy-MM-dd HH:mm:ss.")
        since = None
    if patient is not None and not behaviour.deviates("claims-ignore-PatNum"):
        claims = [row for row in claims if row["PatNum"] == patient]
    if status is not None and not behaviour.deviates("claims-ignore-ClaimStatus"):
        claims = [row for row in claims if row["ClaimStatus"] == status]
    if since is not None and not behaviour.deviates("claims-ignore-SecDateTEdit"):
        claims = [row for row in claims if str(row["SecDateTEdit"]) >= since]
    if not claims and behaviour.chooses("claims.list.empty", "not-found"):
        raise behaviour.refusal("claims.list.empty", 404, "Claim not found.")
    return Answer(200, [claim_row(row, form, store, behaviour) for row in query.page(claims)])


def get_claim(request: Request, store: Store, behaviour: Behaviour, number_text: str) -> Answer:
    """Answer GET /claims/{ClaimNum}. Raises Refused."""
    number = number_in_url(number_text, "ClaimNum", "Claim", "claims.get.ClaimNum.invalid", behaviour)
    form = Query(request, behaviour, (FORM,)).form()
    row = store.claims.get(number)
    if row is None:
        status = 400 if behaviour.deviates("claim-unknown-400") else 404
        raise behaviour.refusal("claims.get.ClaimNum.unknown", status, "Claim not found.")
    shown = claim_row(row, form, store, behaviour)
    return Answer(200, [shown] if behaviour.deviates("claim-in-array") else shown)


def list_preferences(request: Request, store: Store, behaviour: Behaviour) -> Answer:
    """Answer GET /preferences. Raises Refused."""
    query = Query(request, behaviour, ("PrefName", *PAGING))
    name = query.text("PrefName")
    rule = "preferences.list.PrefName.invalid"
    if name is not None and len(name) > _MAX_NAME:
        if behaviour.chooses(rule, "refused"):
            raise behaviour.refusal(rule, 400, "PrefName is invalid.")
        return Answer(200, [])
    query.read_paging()
    rows = store.preferences
    if name is not None and not behaviour.deviates("preferences-ignore-PrefName"):
        rows = [row for row in rows if row["PrefName"] == name]
    rule = "preferences.list.PrefName.empty"
    if name is not None and not rows and behaviour.chooses(rule, "not-found"):
        raise behaviour.refusal(rule, 404, "Preference not found.")
    return Answer(200, [preference_row(row, behaviour) for row in query.page(rows)])
