"""Variant plays: for each rule with variants a request, and how the office answers it under each variant.

Most rules have a play by the case that decides them; those are here whose answers the case does not give.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.contract.case_files import shipped_cases
from mockserver.contract.cases import Case, filled
from mockserver.contract.contract import shipped_contract
from mockserver.contract.example_facts import EXAMPLE_FACTS
from mockserver.contract.expectation import ABSENT
from mockserver.contract.rules import Rule

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
LONG = "é" * 40_000
NOTHING = (0, None)


@dataclass(frozen=True)
class Same:
    """The answer of another call, in place of one that is written here."""

    call: str


@dataclass(frozen=True, kw_only=True)
class Play:
    """One request, and the status and answer under each variant of its rule.

    An answer is a text (the explanation), a list (of rows, or of their numbers), columns of the row, or that of another
    call. `header` replaces or removes headers.
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


def _by_its_case(rule: Rule) -> Play:
    """Return the play of a rule by the first case that says enough of each variant. Raises LookupError."""
    others = {name for name in rule.variants if name != rule.default}
    for case in shipped_cases():
        if case.rules[0] == rule.id and case.otherwise.keys() == others:
            seen = {name: _seen(rule, name, case) for name in rule.variants}
            if NOTHING not in seen.values():
                request = case.request(EXAMPLE_FACTS)
                office = {"extends": case.office} if isinstance(case.office, str) else case.office
                call = f"{request.method} {request.path}"
                return Play(call=call, raw=request.body, header=request.headers, office=office, seen=seen)
    raise LookupError(f"no case says enough of each variant of {rule.id}; write a play")


def _seen(rule: Rule, name: str, case: Case) -> tuple[int, Any]:
    """Return the status and the answer that a case expects under a variant, which may have the text of the rule."""
    expectation = case.otherwise.get(name, case.expect)
    answer: Any = None
    if expectation.status >= 400:
        answer = case.expect.text if rule.variants[name].text == rule.text else expectation.text
    elif expectation.same_as:
        return expectation.status, Same(f"{case.method} {BASE}{expectation.same_as.partition(' ')[2]}")
    elif expectation.body is not ABSENT:
        answer = expectation.body
    elif expectation.row:
        answer = expectation.row
    elif expectation.columns:
        answer = next(iter(expectation.columns.values()))
    return NOTHING if answer is None else (expectation.status, filled(answer, EXAMPLE_FACTS))


_WRITTEN: dict[str, Play] = {
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
    **_written(
        "claimtrackings.create", POST, 201, {"Note": "", "TrackingDefNum": 0, "TrackingErrorDefNum": 0}, {"ClaimNum": 15}
    ),
    **_written(
        "claimtrackings.update", PUT, 200, {"Note": "", "TrackingDefNum": 345, "TrackingErrorDefNum": 343}, {}
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
    "api.explanation": Play(
        call=f"{LIST}?ClaimNum=99", seen={"json": (404, "Claim not found."), "plain": (404, b"Claim not found.")}
    ),
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
    "definitions.list.order": Play(
        call=f"GET {BASE}/definitions",
        seen={"as-set-up": (200, [339, 341, 345, 340, 343, 344]), "lowest-number-first": (200, [339, 340, 341, 343, 344, 345])},
    ),
}  # fmt: skip

PLAYS: dict[str, Play] = {
    rule.id: _WRITTEN[rule.id] if rule.id in _WRITTEN else _by_its_case(rule)
    for rule in shipped_contract().rules.values()
    if rule.variants
}

HEADERS = {"Authorization": "ODFHIR AnyDeveloper/AnyCustomer", "Content-Type": "application/json"}
