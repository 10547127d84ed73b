"""Deviations: answers that contradict the contract and are no known variant, with the rules that they make false."""

from collections.abc import Mapping
from types import MappingProxyType

_LIST, _CREATE, _UPDATE = "claimtrackings.list", "claimtrackings.create", "claimtrackings.update"
_ROW = (f"{_LIST}.row", f"{_LIST}.all", f"{_LIST}.ClaimNum", f"{_CREATE}.row", f"{_UPDATE}.row")
_CHANGES = (
    tuple(
        f"{_UPDATE}.{name}"
        for name in (
            *(
                "row",
                "Note",
                "TrackingDefNum",
                "TrackingDefNum.zero",
                "TrackingErrorDefNum",
                "TrackingErrorDefNum.zero",
            ),
            "DateTimeEntry",
        )
    )
    + tuple(f"api.text.{name}" for name in ("line-break", "plane", "length"))
    + tuple(f"warning.{name}" for name in ("number-as-text", "doubled-key", "hidden-definition"))
)
_CREATED = tuple(
    f"{_CREATE}.{name}"
    for name in (
        *("row", "setup", "Note", "Note.default", "TrackingDefNum", "TrackingDefNum.default", "TrackingErrorDefNum"),
        *("TrackingErrorDefNum.default", "server-columns"),
    )
)

_RULES: dict[str, tuple[str, ...]] = {
    "list-ignores-ClaimNum": (f"{_LIST}.ClaimNum", f"{_LIST}.ClaimNum.empty"),
    "list-unknown-claim-400": (f"{_LIST}.ClaimNum.unknown",),
    "list-unknown-claim-empty": (f"{_LIST}.ClaimNum.unknown",),
    "list-oldest-first": (f"{_LIST}.order",),
    "Limit-ignored": ("api.Limit",),
    "Offset-ignored": ("api.Offset", "api.Offset.beyond"),
    "Offset-beyond-410": ("api.Offset.beyond",),
    "page-of-50": ("api.Limit", "api.Limit.default", "api.Limit.clamped"),
    "DateTimeFormatString-ignored": ("api.DateTimeFormatString",),
    "row-with-extra-column": _ROW,
    "row-without-UserNum": (*_ROW, f"{_CREATE}.server-columns"),
    "row-with-ISO-time": (*_ROW, f"{_CREATE}.server-columns", f"{_UPDATE}.DateTimeEntry", "api.DateTimeFormatString"),
    "row-with-ClaimNum-as-text": (*_ROW, "claims.get.row", "claims.list.row"),
    "line-break-kept": ("api.text.line-break", *_ROW),
    "unknown-keys-403": ("api.credentials.invalid",),
    "content-type-415": ("api.content-type",),
    "body-not-JSON-422": ("api.body.json",),
    "body-array-500": ("api.body.object",),
    "create-200": _CREATED,
    "create-ignores-Note": (f"{_CREATE}.Note",),
    "create-UserNum-7": (f"{_CREATE}.server-columns",),
    "create-ClaimUser": (f"{_CREATE}.server-columns",),
    "create-without-time": (f"{_CREATE}.server-columns",),
    "create-without-ClaimNum-422": (f"{_CREATE}.ClaimNum.required",),
    "create-unknown-claim-400": (f"{_CREATE}.ClaimNum.unknown",),
    "create-None-refused": (f"{_CREATE}.TrackingDefNum.default",),
    "create-None-taken": (f"{_CREATE}.TrackingDefNum.required", f"{_CREATE}.TrackingDefNum.none"),
    "update-changes-nothing": _CHANGES,
    "update-not-kept": (*_CHANGES, f"{_UPDATE}.absent"),
    "update-clears-absent-fields": (f"{_UPDATE}.absent",),
    "update-ignores-TrackingErrorDefNum": (f"{_UPDATE}.TrackingErrorDefNum", f"{_UPDATE}.TrackingErrorDefNum.zero"),
    "update-None-refused": (f"{_UPDATE}.TrackingDefNum.zero",),
    "update-None-taken": (f"{_UPDATE}.TrackingDefNum.none",),
    "update-time-stays": (f"{_UPDATE}.DateTimeEntry",),
    "update-unknown-tracking-400": (f"{_UPDATE}.ClaimTrackingNum.unknown",),
    "update-without-number-404": (f"{_UPDATE}.ClaimTrackingNum.required",),
    "definitions-ignore-Category": ("definitions.list.Category", "definitions.list.Category.empty"),
    "definitions-ignore-includeHidden": ("definitions.list.includeHidden",),
    "definitions-all-hidden-listed": ("definitions.list.hidden",),
    "definitions-isHidden-boolean": ("definitions.list.isHidden", "definitions.list.row"),
    "definitions-category-number": ("definitions.list.category",),
    "claims-highest-first": ("claims.list.order",),
    "claims-ignore-PatNum": ("claims.list.PatNum", "claims.list.empty"),
    "claims-ignore-ClaimStatus": ("claims.list.ClaimStatus", "claims.list.empty"),
    "claims-ignore-SecDateTEdit": ("claims.list.SecDateTEdit", "claims.list.empty"),
    "claims-unknown-patient-empty": ("claims.list.PatNum.unknown",),
    "claim-unknown-400": ("claims.get.ClaimNum.unknown",),
    "claim-in-array": ("claims.get.row", "claims.get.customTracking"),
    "claim-without-customTracking": ("claims.get.customTracking", "claims.get.row"),
    "preferences-ignore-PrefName": (
        *("preferences.list.PrefName", "preferences.list.PrefName.empty", "preferences.list.boolean"),
    ),
    "preferences-boolean-words": ("preferences.list.boolean",),
}

DEVIATIONS: Mapping[str, frozenset[str]] = MappingProxyType({name: frozenset(ids) for name, ids in _RULES.items()})
"""The rules whose sentence or status each deviation makes false."""
