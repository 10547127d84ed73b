"""Probes: for each choice and each deviation of the small office, requests that show it."""

from collections.abc import Mapping
from dataclasses import dataclass

from support.small_office import BUSY_CLAIM, EMPTY_CLAIM
from support.small_office_asks import BEYOND, ROW, ROWS, create, get, update
from support.small_office_client import Ask

MISSING = f"{ROWS}/9999"


@dataclass(frozen=True)
class Probe:
    """Requests in their order, and the office in which they show something."""

    asks: tuple[Ask, ...]
    excludes_none: bool = False
    has_setup: bool = True


def probe(*asks: Ask, excludes_none: bool = False, has_setup: bool = True) -> Probe:
    """Return the probe of some requests."""
    return Probe(asks, excludes_none, has_setup)


_LIST = get("claimtrackings?Limit=30")
_WRITES = {"create": create, "update": update}
_COLUMNS = ("TrackingDefNum", "TrackingErrorDefNum")

CHOICE_PROBES: Mapping[str, Probe] = {
    "claimtrackings.list.ClaimNum.zero": probe(get("claimtrackings?ClaimNum=0"), get("claimtrackings?ClaimNum=-1")),
    "claimtrackings.list.ClaimNum.empty": probe(get("claimtrackings?ClaimNum=48355")),
    "claimtrackings.list.ClaimNum.invalid": probe(get("claimtrackings?ClaimNum=x")),
    "claimtrackings.list.order": probe(_LIST),
    "claimtrackings.list.order.ties": probe(_LIST),
    "claimtrackings.list.TrackingType": probe(_LIST),
    "claimtrackings.create.ClaimNum.invalid": probe(create(ClaimNum="x")),
    **{f"claimtrackings.{name}.Note.invalid": probe(write(Note=1)) for name, write in _WRITES.items()},
    **{
        f"claimtrackings.{name}.{column}.{rule}": probe(write(**{column: value}))
        for name, write in _WRITES.items()
        for column in _COLUMNS
        for rule, value in (("invalid", "x"), ("unknown", 99_999), ("category", 61))
    },
    "claimtrackings.update.ClaimTrackingNum.invalid": probe(Ask(f"PUT {ROWS}/{BEYOND}", {})),
    "claimtrackings.update.DateTimeEntry.unchanged": probe(update()),
    "claimtrackings.update.UserNum": probe(update(Note="Called.")),
    "api.resource.unknown": probe(get("claimtracking")),
    "api.method.unknown": probe(Ask(f"DELETE {ROWS}"), get("claimtrackings/word")),
    "api.method.number": probe(get("claimtrackings/1")),
    "api.credentials.malformed": probe(Ask(f"GET {ROWS}?Limit=1", headers={"Authorization": "Bearer x"})),
    "api.Limit.clamped": probe(get("claimtrackings?Limit=101")),
    "api.Limit.invalid": probe(get("claimtrackings?Limit=0")),
    "api.Offset.invalid": probe(get("claimtrackings?Offset=-1")),
    "api.Offset.beyond": probe(get("claimtrackings?Offset=9999")),
    "api.DateTimeFormatString.invalid": probe(get("claimtrackings?Limit=1&DateTimeFormatString=x")),
    "api.text.plane": probe(create(Note="😀")),
    "api.text.length": probe(create(Note="a" * 65_536)),
    "api.explanation": probe(get("claimtrackings?Limit=0")),
    "warning.undocumented-parameter": probe(get("claimtrackings?claimnum=1&Limit=1")),
    "warning.undocumented-field": probe(create(note="x")),
    "warning.read-only-field": probe(create(UserNum=3)),
    "warning.number-as-text": probe(create(ClaimNum=str(EMPTY_CLAIM))),
    "warning.hidden-definition": probe(create(TrackingDefNum=519)),
    "warning.doubled-key": probe(Ask(f"POST {ROWS}", raw=b'{"ClaimNum": 99, "ClaimNum": %d}' % EMPTY_CLAIM)),
    "warning.base-path": probe(Ask("GET /claimtrackings?Limit=1")),
    "warning.no-authorization": probe(Ask(f"GET {ROWS}?Limit=1", headers={"Authorization": None})),
    "warning.no-content-type": probe(Ask(f"GET {ROWS}?Limit=1", headers={"Content-Type": None})),
    "warning.no-setup": probe(create(), has_setup=False),
    "definitions.list.Category.invalid": probe(get("definitions?Category=x")),
    "definitions.list.includeHidden.invalid": probe(get("definitions?includeHidden=1")),
    "definitions.list.Category.empty": probe(get("definitions?Category=2")),
    "definitions.list.order": probe(get("definitions")),
    "claims.list.PatNum.invalid": probe(get("claims?PatNum=x")),
    "claims.list.ClaimStatus.invalid": probe(get("claims?ClaimStatus=Sent")),
    "claims.list.SecDateTEdit.invalid": probe(get("claims?SecDateTEdit=2026-06-01")),
    "claims.list.empty": probe(get("claims?PatNum=7402&ClaimStatus=R")),
    "claims.get.ClaimNum.invalid": probe(get(f"claims/{BEYOND}")),
    "preferences.list.PrefName.empty": probe(get("preferences?PrefName=Missing")),
    "preferences.list.PrefName.invalid": probe(get(f"preferences?PrefName={'x' * 256}")),
}
"""By rule; the requests show every variant of it."""

_CHANGED = update(Note="Called.", TrackingErrorDefNum=528)
_CREATED = create(Note="Sent.", TrackingDefNum=512)
_BY_CLAIM = get(f"claimtrackings?ClaimNum={BUSY_CLAIM}")

DEVIATION_PROBES: Mapping[str, Probe] = {
    "list-ignores-ClaimNum": probe(_BY_CLAIM),
    **dict.fromkeys(("list-unknown-claim-400", "list-unknown-claim-empty"), probe(get("claimtrackings?ClaimNum=99"))),
    "list-oldest-first": probe(_LIST),
    "Limit-ignored": probe(_LIST),
    "Offset-ignored": probe(get("claimtrackings?Offset=100")),
    "Offset-beyond-410": probe(get("claimtrackings?Offset=130")),
    "page-of-50": probe(get("claimtrackings")),
    "DateTimeFormatString-ignored": probe(get("claimtrackings?DateTimeFormatString=yyyy")),
    **dict.fromkeys(
        ("row-with-extra-column", "row-without-UserNum", "row-with-ISO-time", "row-with-ClaimNum-as-text"),
        probe(_LIST, _CREATED, _CHANGED),
    ),
    "line-break-kept": probe(create(Note="one\r\ntwo")),
    "unknown-keys-403": probe(Ask(f"GET {ROWS}", headers={"Authorization": "ODFHIR Unknown/Pair"})),
    "content-type-415": probe(Ask(f"POST {ROWS}", raw=b"{}", headers={"Content-Type": "text/plain"})),
    "body-not-JSON-422": probe(Ask(f"POST {ROWS}", raw=b"{")),
    "body-array-500": probe(Ask(f"PUT {ROW}", raw=b"[]")),
    **dict.fromkeys(
        ("create-200", "create-ignores-Note", "create-UserNum-7", "create-ClaimUser", "create-without-time"),
        probe(_CREATED),
    ),
    "create-without-ClaimNum-422": probe(Ask(f"POST {ROWS}", {})),
    "create-unknown-claim-400": probe(create(ClaimNum=99)),
    "create-None-refused": probe(create()),
    "create-None-taken": probe(create(), create(TrackingDefNum=0), excludes_none=True),
    **dict.fromkeys(
        ("update-changes-nothing", "update-clears-absent-fields", "update-ignores-TrackingErrorDefNum"),
        probe(_CHANGED),
    ),
    "update-not-kept": probe(_CHANGED, get("claimtrackings?Limit=1")),
    "update-None-refused": probe(update(TrackingDefNum=0)),
    "update-None-taken": probe(update(TrackingDefNum=0), excludes_none=True),
    "update-time-stays": probe(_CHANGED),
    "update-unknown-tracking-400": probe(Ask(f"PUT {MISSING}", {})),
    "update-without-number-404": probe(Ask(f"PUT {ROWS}", {})),
    "definitions-ignore-Category": probe(get("definitions?Category=43")),
    "definitions-ignore-includeHidden": probe(get("definitions?includeHidden=true")),
    **dict.fromkeys(
        ("definitions-all-hidden-listed", "definitions-isHidden-boolean", "definitions-category-number"),
        probe(get("definitions")),
    ),
    "claims-highest-first": probe(get("claims")),
    "claims-ignore-PatNum": probe(get("claims?PatNum=7301")),
    "claims-ignore-ClaimStatus": probe(get("claims?ClaimStatus=U")),
    "claims-ignore-SecDateTEdit": probe(get("claims?SecDateTEdit=2026-06-01%2000:00:00")),
    "claims-unknown-patient-empty": probe(get("claims?PatNum=1")),
    "claim-unknown-400": probe(get("claims/99")),
    "claim-in-array": probe(get(f"claims/{BUSY_CLAIM}")),
    "claim-without-customTracking": probe(get(f"claims/{BUSY_CLAIM}")),
    "preferences-ignore-PrefName": probe(get("preferences?PrefName=RecallDaysPast")),
    "preferences-boolean-words": probe(get("preferences")),
}
"""By the name of the deviation."""

PLAIN = (
    *(get(resource) for resource in ("claimtrackings?Limit=30", "definitions", "claims", "preferences")),
    *(get(f"claims/{EMPTY_CLAIM}"), _CREATED, Ask(f"PUT {ROWS}/6140", {"Note": "Called."})),
)
"""Requests that are answered alike whatever is chosen, unless the rule is about what they show."""
