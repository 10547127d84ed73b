"""Deviations: offices that answer otherwise than the contract and its variants, with the rules that each contradicts."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from support.spoiling_proxy import Forward, Request, Spoil, Spoiled

Row = dict[str, Any]
LIST, CREATE, UPDATE = "claimtrackings.list", "claimtrackings.create", "claimtrackings.update"


def without(parameter: str, resource: str = "") -> Spoil:
    """Return an office that ignores a parameter."""

    def spoil(request: Request, forward: Forward) -> Spoiled:
        if f"/{resource}" not in request.path:
            return forward()
        path = re.sub(rf"(?<=[?&]){parameter}=[^&]*&?", "", request.path)
        return forward(replace(request, path=path))

    return spoil


def answers(when: str, status: int, text: str = "Nothing.", *, was: int | None = None) -> Spoil:
    """Return an office that gives this answer to requests `METHOD path` that match, if the status was that one."""

    def spoil(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        is_it = re.search(when, f"{request.method} {request.path} {request.body[:200]!r}")
        return reply.with_value(text, status) if is_it and was in (None, reply.status) else reply

    return spoil


def rows(change: Callable[[Row], Any], *, of: str = "", methods: tuple[str, ...] = ("GET", "POST", "PUT")) -> Spoil:
    """Return an office that changes the rows in its answers."""

    def spoil(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        if reply.status >= 300 or request.method not in methods or f"/{of}" not in request.path:
            return reply
        value = reply.value
        return reply.with_value([*map(change, value)] if isinstance(value, list) else change(value))

    return spoil


def lists(change: Callable[[list[Row]], Any], of: str) -> Spoil:
    """Return an office that changes its lists."""

    def spoil(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        is_list = (
            reply.status == 200 and request.method == "GET" and reply.body[:1] == b"[" and f"/{of}" in request.path
        )
        return reply.with_value(change(reply.value)) if is_list else reply

    return spoil


def bodies(method: str, change: Callable[[Row], Row]) -> Spoil:
    """Return an office that takes a body for another."""

    def spoil(request: Request, forward: Forward) -> Spoiled:
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            body = None
        if request.method != method or not isinstance(body, dict):
            return forward()
        return forward(replace(request, body=json.dumps(change(body)).encode()))

    return spoil


def dropped(*names: str) -> Callable[[Row], Row]:
    """Return a function that leaves columns out."""
    return lambda row: {name: value for name, value in row.items() if name not in names}


def _not_kept(request: Request, forward: Forward) -> Spoiled:
    if request.method != "PUT":
        return forward()
    before = forward(replace(request, body=b"{}"))
    reply = forward()
    if reply.status == 200:
        old = {name: before.value[name] for name in ("Note", "TrackingDefNum", "TrackingErrorDefNum")}
        forward(replace(request, body=json.dumps(old).encode()))
    return reply


def _other_type(request: Request, forward: Forward) -> Spoiled:
    reply = forward()
    is_other = request.method in ("POST", "PUT") and "application/json" not in request.headers.get("content-type", "")
    return replace(reply, status=415) if is_other and reply.status == 400 else reply


def _created_200(_: Request, forward: Forward) -> Spoiled:
    reply = forward()
    return replace(reply, status=200 if reply.status == 201 else reply.status)


def _stale(request: Request, forward: Forward) -> Spoiled:
    if request.method != "PUT":
        return forward()
    before = forward(replace(request, body=b"{}"))
    reply = forward()
    return before if reply.status == 200 else reply


DEVIATIONS: Mapping[str, tuple[Spoil, set[str]]] = {
    "list ignores ClaimNum": (without("ClaimNum", "claimtrackings"), {f"{LIST}.ClaimNum", f"{LIST}.ClaimNum.unknown"}),
    "list of an unknown claim is 400": (answers(r"GET .*trackings\?ClaimNum=9", 400, "Claim not found.", was=404),
                                        {f"{LIST}.ClaimNum.unknown"}),
    "list of an unknown claim is empty": (answers(r"GET .*trackings\?ClaimNum=9", 200, [], was=404),  # type: ignore[arg-type]
                                          {f"{LIST}.ClaimNum.unknown"}),
    "Limit is ignored": (without("Limit"), {"api.Limit"}),
    "Offset is ignored": (without("Offset"), {"api.Offset"}),
    "pages of 50": (lists(lambda found: found[:50], "claimtrackings"), {"api.Limit.default"}),
    "DateTimeFormatString is ignored": (without("DateTimeFormatString"), {"api.DateTimeFormatString"}),
    "another column": (rows(lambda row: row | {"Extra": 1}, of="claimtrackings"), {f"{LIST}.row"}),
    "no UserNum": (rows(dropped("UserNum"), of="claimtrackings"), {f"{LIST}.row", f"{CREATE}.server-columns"}),
    "unknown keys are 403": (answers("GET", 403, was=401), {"api.credentials.invalid"}),
    "another Content-Type is 415": (_other_type, {"api.content-type"}),
    "create is 200": (answers("POST", 200, was=201), {f"{CREATE}.row"}),
    "create is 200 with its row": (_created_200, {f"{CREATE}.row"}),
    "create has no time": (rows(dropped("DateTimeEntry"), methods=("POST",)), {f"{CREATE}.row"}),
    "create has UserNum 7": (rows(lambda row: row | {"UserNum": 7}, methods=("POST",)), {f"{CREATE}.row"}),
    "create drops the Note": (bodies("POST", dropped("Note")), {f"{CREATE}.Note"}),
    "create without ClaimNum is 422": (answers("POST", 422, "ClaimNum is required.", was=400), {f"{CREATE}.ClaimNum.required"}),
    "create of an unknown claim is 400": (answers("POST", 400, "Claim not found.", was=404), {f"{CREATE}.ClaimNum.unknown"}),
    "create is refused": (answers("POST", 400, "TrackingErrorDefNum is required.", was=201), {f"{CREATE}.row"}),
    "update is refused": (answers("PUT", 400, "You may not.", was=200), {f"{UPDATE}.row"}),
    "update is not kept": (_not_kept, {f"{UPDATE}.row"}),
    "update answers the row before": (_stale, {f"{UPDATE}.row"}),
    "update has no time": (rows(dropped("DateTimeEntry"), methods=("PUT",)), {f"{UPDATE}.row"}),
    "update clears what is left out": (bodies("PUT", lambda body: {"Note": ""} | body), {f"{UPDATE}.absent"}),
    "update ignores the error code": (bodies("PUT", dropped("TrackingErrorDefNum")),
                                      {f"{UPDATE}.TrackingErrorDefNum", f"{UPDATE}.TrackingErrorDefNum.zero"}),
    "update of an unknown tracking is 400": (answers("PUT", 400, "ClaimTracking not found.", was=404),
                                             {f"{UPDATE}.ClaimTrackingNum.unknown"}),
    "update without a number is 404": (answers(r"PUT /api/v1/claimtrackings ", 404, "ClaimTrackingNum is required."),
                                       {f"{UPDATE}.ClaimTrackingNum.required"}),
    "definitions ignore Category": (without("Category", "definitions"), {"definitions.list.Category"}),
    "isHidden is a boolean": (rows(lambda row: row | {"isHidden": row["isHidden"] == "true"}, of="definitions"),
                              {"definitions.list.row", "definitions.list.isHidden"}),
    "category is a number": (rows(lambda row: row | {"category": str(row["Category"])}, of="definitions"),
                             {"definitions.list.category"}),
    "claims, highest first": (lists(lambda found: found[::-1], "claims"), {"claims.list.order"}),
    "claims ignore PatNum": (without("PatNum", "claims"), {"claims.list.PatNum", "claims.list.PatNum.unknown"}),
    "claims ignore ClaimStatus": (without("ClaimStatus", "claims"), {"claims.list.ClaimStatus"}),
    "claims ignore SecDateTEdit": (without("SecDateTEdit", "claims"), {"claims.list.SecDateTEdit", "claims.list.SecDateTEdit.invalid"}),
    "an unknown patient is empty": (answers("GET .*PatNum=9", 200, [], was=404), {"claims.list.PatNum.unknown"}),  # type: ignore[arg-type]
    "an unknown claim is 400": (answers("GET .*/claims/9", 400, "Claim not found.", was=404), {"claims.get.ClaimNum.unknown"}),
    "a claim in an array": (rows(lambda row: [row], of="claims/"), {"claims.get.row"}),
    "preferences ignore PrefName": (without("PrefName"), {"preferences.list.PrefName"}),
}  # fmt: skip
