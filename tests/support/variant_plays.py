"""Variant plays: for each rule with variants a request, and how the office answers it under each variant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ALL = (45, 46, 34, 51, 50, 49, 48, 47)
NO_SETUP = {"claim": [{"ClaimNum": 1}]}
HIDDEN_FIRST = {
    "claim": [{"ClaimNum": 1}],
    "definition": [
        {"DefNum": 1, "Category": 31, "ItemName": "Old", "IsHidden": True},
        {"DefNum": 2, "Category": 31, "ItemName": "Sent"},
    ],
}
BASE = "/api/v1"
LIST, POST, PUT = f"GET {BASE}/claimtrackings", f"POST {BASE}/claimtrackings", f"PUT {BASE}/claimtrackings/45"
FAR = str(2**63)
LONG = "é" * 40_000


@dataclass(frozen=True, kw_only=True)
class Play:
    """One request, and the status and answer under each variant of its rule.

    An answer is a text (the explanation), a list (the numbers of the rows), or columns of the row. `header` replaces
    or removes headers. `hint` is whether the refusal of the first variant has a hint.
    """

    call: str
    body: Any = None
    raw: bytes | None = None
    header: Mapping[str, str | None] = field(default_factory=dict)
    office: Mapping[str, Any] = field(default_factory=lambda: {"extends": "default"})
    seen: Mapping[str, tuple[int, Any]]


def _refused(text: str, **variants: tuple[int, Any]) -> dict[str, tuple[int, Any]]:
    named = {name.replace("_", "-"): seen for name, seen in variants.items()}
    return {
        "refused": (400, text),
        **{name: (status, text if seen is None else seen) for name, (status, seen) in named.items()},
    }


def _written(operation: str, call: str, status: int, plain: dict[str, Any], ids: dict[str, Any]) -> dict[str, Play]:
    """Return the plays of the columns that POST and PUT write."""
    found = {
        f"{operation}.Note.invalid": Play(
            call=call,
            body=ids | {"Note": 12},
            seen=_refused("Note is invalid.", ignored=(status, {"Note": plain["Note"]})),
        )
    }
    for column, wrong in (("TrackingDefNum", 340), ("TrackingErrorDefNum", 339)):
        text = f"{column} is invalid."
        found[f"{operation}.{column}.invalid"] = Play(
            call=call, body=ids | {column: "x"}, seen=_refused(text, ignored=(status, {column: plain[column]}))
        )
        found[f"{operation}.{column}.category"] = Play(
            call=call, body=ids | {column: wrong},
            seen=_refused(text, not_found=(404, f"{column} not found."), taken=(status, {column: wrong})),
        )  # fmt: skip
        found[f"{operation}.{column}.unknown"] = Play(
            call=call, body=ids | {column: 999},
            seen={"not-found": (404, f"{column} not found."), "refused": (400, text), "taken": (status, {column: 999})},
        )  # fmt: skip
    return found


PLAYS: dict[str, Play] = {
    "claimtrackings.list.ClaimNum.zero": Play(
        call=f"{LIST}?ClaimNum=0", seen={"refused": (404, "Claim not found."), "all": (200, [*ALL])}
    ),
    "claimtrackings.list.ClaimNum.empty": Play(
        call=f"{LIST}?ClaimNum=15", seen={"empty": (200, []), "not-found": (404, "No ClaimTracking(s) found for ClaimNum 15.")}
    ),
    "claimtrackings.list.ClaimNum.invalid": Play(
        call=f"{LIST}?ClaimNum=x", seen=_refused("ClaimNum is invalid.", not_found=(404, None), ignored=(200, [*ALL]))
    ),
    "claimtrackings.list.order": Play(
        call=LIST, seen={"newest-first": (200, [*ALL]), "lowest-number-first": (200, sorted(ALL))}
    ),
    "claimtrackings.list.order.ties": Play(
        call=LIST,
        seen={
            "higher-number-first": (200, [*ALL]),
            "lower-number-first": (200, [45, 46, 34, 51, 50, 48, 49, 47]),
        },
    ),
    "claimtrackings.list.TrackingType": Play(
        call=LIST, seen={"all": (200, [*ALL]), "status-history": (200, [45, 46, 34, 50, 47])}
    ),
    "claimtrackings.create.ClaimNum.invalid": Play(
        call=POST, body={"ClaimNum": "x"}, seen=_refused("ClaimNum is invalid.", not_found=(404, None))
    ),
    **_written(
        "claimtrackings.create", POST, 201, {"Note": "", "TrackingDefNum": 0, "TrackingErrorDefNum": 0}, {"ClaimNum": 15}
    ),
    **_written(
        "claimtrackings.update", PUT, 200, {"Note": "", "TrackingDefNum": 345, "TrackingErrorDefNum": 343}, {}
    ),
    "claimtrackings.update.ClaimTrackingNum.invalid": Play(
        call=f"PUT {BASE}/claimtrackings/{FAR}", body={},
        seen=_refused("ClaimTrackingNum is invalid.", not_found=(404, None)),
    ),
    "claimtrackings.update.DateTimeEntry.unchanged": Play(
        call=PUT, body={"TrackingDefNum": 345},
        seen={
            "stays": (200, {"DateTimeEntry": "2023-07-20 14:05:45"}),
            "moves": (200, {"DateTimeEntry": "2023-07-26 09:47:10"}),
        },
    ),
    "claimtrackings.create.CustomTracking": Play(
        call=POST, body={"ClaimNum": 15, "TrackingDefNum": 339},
        seen={name: (201, {"ClaimNum": 15, "TrackingDefNum": 339}) for name in ("stays", "follows")},
    ),
    "claimtrackings.update.CustomTracking": Play(
        call=PUT, body={"TrackingDefNum": 339},
        seen={name: (200, {"ClaimNum": 19, "TrackingDefNum": 339}) for name in ("stays", "follows")},
    ),
    "claimtrackings.update.UserNum": Play(
        call=PUT, body={"Note": "x"}, seen={"stays": (200, {"UserNum": 1}), "zero": (200, {"UserNum": 0})}
    ),
    "api.resource.unknown": Play(
        call=f"GET {BASE}/nothing",
        seen={"refused": (404, "nothing is not a valid resource."),
              "bad-request": (400, "nothing is not a valid resource.")},
    ),
    "api.method.unknown": Play(
        call=f"DELETE {BASE}/claimtrackings",
        seen=_refused("claimtrackings DELETE  is not a valid method.", not_found=(404, None), not_allowed=(405, None)),
    ),
    "api.method.number": Play(
        call=f"{LIST}/45", seen=_refused("claimtrackings GET  is not a valid method.", ignored=(200, [*ALL]))
    ),
    "api.explanation": Play(
        call=f"{LIST}?ClaimNum=99", seen={"json": (404, "Claim not found."), "plain": (404, b"Claim not found.")}
    ),
    "api.credentials.malformed": Play(
        call=LIST, header={"Authorization": "Bearer x"},
        seen={"refused": (401, "The Authorization header is invalid."),
              "bad-request": (400, "The Authorization header is invalid.")},
    ),
    "api.Limit.clamped": Play(
        call=f"{LIST}?Limit=1000", seen={"clamped": (200, [*ALL]), "refused": (400, "Limit is invalid.")}
    ),
    "api.Limit.invalid": Play(call=f"{LIST}?Limit=x", seen=_refused("Limit is invalid.", ignored=(200, [*ALL]))),
    "api.Offset.invalid": Play(call=f"{LIST}?Offset=-1", seen=_refused("Offset is invalid.", ignored=(200, [*ALL]))),
    "api.Offset.beyond": Play(
        call=f"{LIST}?Offset=8", seen={"empty": (200, []), "not-found": (404, "Offset is invalid.")}
    ),
    "api.DateTimeFormatString.invalid": Play(
        call=f"GET {BASE}/claims?Limit=1&DateTimeFormatString=x",
        seen=_refused("DateTimeFormatString is invalid.", ignored=(200, [1])),
    ),
    "api.text.plane": Play(
        call=POST, body={"ClaimNum": 15, "Note": "Café \U0001f600"},
        seen={
            "replaced": (201, {"Note": "Café \ufffd"}),
            "question-mark": (201, {"Note": "Café ?"}),
            "kept": (201, {"Note": "Café \U0001f600"}),
        },
    ),
    "api.text.length": Play(
        call=PUT, body={"Note": LONG}, seen={"cut": (200, {"Note": "é" * 32_767}), "refused": (400, "Note is invalid.")}
    ),
    "warning.undocumented-parameter": Play(
        call=f"{LIST}?claimnum=3",
        seen={"ignored": (200, [*ALL]),
              "refused": (400, "'claimnum' is not a documented parameter; did you mean ClaimNum?")},
    ),
    "warning.undocumented-field": Play(
        call=PUT, body={"Bogus": 1},
        seen={"ignored": (200, {"Note": ""}), "refused": (400, "Bogus is not a documented field.")},
    ),
    "warning.read-only-field": Play(
        call=PUT, body={"UserNum": 7}, seen={"ignored": (200, {"UserNum": 1}), "refused": (400, "UserNum cannot be set.")}
    ),
    "warning.number-as-text": Play(
        call=PUT, body={"TrackingDefNum": "339"},
        seen={"taken": (200, {"TrackingDefNum": 339}), "refused": (400, "TrackingDefNum is a number in quotes.")},
    ),
    "warning.doubled-key": Play(
        call=PUT, raw=b'{"Note": "one", "Note": "two"}',
        seen={"last": (200, {"Note": "two"}), "first": (200, {"Note": "one"}),
              "refused": (400, "The body has a duplicate key.")},
    ),
    "warning.hidden-definition": Play(
        call=f"PUT {BASE}/claimtrackings/1", body={"TrackingDefNum": 1},
        office=HIDDEN_FIRST | {"claimtracking": [{"ClaimNum": 1}]},
        seen={"taken": (200, {"TrackingDefNum": 1}), "refused": (400, "TrackingDefNum names a hidden definition.")},
    ),
    "warning.base-path": Play(
        call="GET /claimtrackings",
        seen={"served": (200, [*ALL]), "refused": (404, "The path does not begin with /api/v1.")},
    ),
    "warning.no-authorization": Play(
        call=LIST, header={"Authorization": None},
        seen={"served": (200, [*ALL]), "refused": (401, "There is no Authorization header."),
              "bad-request": (400, "Malformed API request.")},
    ),
    "warning.no-content-type": Play(
        call=LIST, header={"Content-Type": None},
        seen={"served": (200, [*ALL]), "refused": (400, "The Content-Type is not application/json.")},
    ),
    "warning.no-setup": Play(
        call=POST, body={"ClaimNum": 1}, office=NO_SETUP,
        seen={"served": (201, {"ClaimTrackingNum": 1}),
              "refused": (400, "The Dental Office has not set up any claim status (definition of category 31).")},
    ),
    "definitions.list.Category.invalid": Play(
        call=f"GET {BASE}/definitions?Category=x&Limit=1", seen=_refused("Category is invalid.", ignored=(200, [339]))
    ),
    "definitions.list.includeHidden.invalid": Play(
        call=f"GET {BASE}/definitions?includeHidden=1&Limit=1",
        seen=_refused("includeHidden is invalid.", ignored=(200, [339])),
    ),
    "definitions.list.Category.empty": Play(
        call=f"GET {BASE}/definitions?Category=1", seen={"empty": (200, []), "not-found": (404, "No Definition(s) found for Category 1.")}
    ),
    "definitions.list.order": Play(
        call=f"GET {BASE}/definitions",
        seen={"as-set-up": (200, [339, 341, 345, 340, 343, 344]), "lowest-number-first": (200, [339, 340, 341, 343, 344, 345])},
    ),
    "claims.list.PatNum.invalid": Play(
        call=f"GET {BASE}/claims?PatNum=x", seen=_refused("PatNum is invalid.", ignored=(200, [1, 3, 15, 19, 25]))
    ),
    "claims.list.ClaimStatus.invalid": Play(
        call=f"GET {BASE}/claims?ClaimStatus=Sent",
        seen=_refused("ClaimStatus is invalid.", ignored=(200, [1, 3, 15, 19, 25])),
    ),
    "claims.list.SecDateTEdit.invalid": Play(
        call=f"GET {BASE}/claims?SecDateTEdit=2022-03-30",
        seen=_refused("SecDateTEdit format must be yyyy-MM-dd HH:mm:ss.", ignored=(200, [1, 3, 15, 19, 25])),
    ),
    "claims.list.empty": Play(
        call=f"GET {BASE}/claims?ClaimStatus=R&PatNum=13",
        seen={"empty": (200, []), "not-found": (404, "Claim not found.")},
    ),
    "claims.get.ClaimNum.invalid": Play(
        call=f"GET {BASE}/claims/{FAR}", seen=_refused("ClaimNum is invalid.", not_found=(404, None))
    ),
    "preferences.list.PrefName.empty": Play(
        call=f"GET {BASE}/preferences?PrefName=None",
        seen={"empty": (200, []), "not-found": (404, "No Preference(s) found for PrefName None.")},
    ),
    "preferences.list.PrefName.invalid": Play(
        call=f"GET {BASE}/preferences?PrefName={'x' * 256}", seen=_refused("PrefName is invalid.", empty=(200, []))
    ),
}  # fmt: skip

HEADERS = {"Authorization": "ODFHIR AnyDeveloper/AnyCustomer", "Content-Type": "application/json"}
