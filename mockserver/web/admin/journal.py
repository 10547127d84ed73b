"""The journal over HTTP: filtered, and waited for."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from mockserver.messages import meant
from mockserver.office.clock import write_moment
from mockserver.recording.journal import Exchange, Journal
from mockserver.web.problem import Problem

_LONGEST_WAIT = 300.0
_TICK = 0.5

_FILTERS: dict[str, Callable[[Exchange, str], bool]] = {
    "operation": lambda exchange, value: exchange.operation == value,
    "method": lambda exchange, value: exchange.method == value.upper(),
    "path": lambda exchange, value: exchange.path.partition("?")[0] == value,
    "status": lambda exchange, value: str(exchange.status) == value,
    "outcome": lambda exchange, value: exchange.outcome == value,
    "kept": lambda exchange, value: str(exchange.kept) == value,
    "rule": lambda exchange, value: value in exchange.rules,
    "warning": lambda exchange, value: (
        value in ("any", *(rule for rule, _ in exchange.warnings)) and bool(exchange.warnings)
    ),
    "since": lambda exchange, value: exchange.id > int(value),
}
_OTHERS = ("limit", "wait", "count")


async def list_requests(journal: Journal, request: web.Request) -> dict[str, Any]:
    """What `GET /__admin/requests` answers.

    Filters must all hold; `since` is an exchange's id. `limit`: the last so many (100). `wait`: seconds to wait
    until `count` (1) of them have come. Raises Problem.
    """
    query = request.query
    for name in query:
        if name not in (*_FILTERS, *_OTHERS, "office"):
            raise Problem(400, f"{name} is no filter{meant(name, (*_FILTERS, *_OTHERS))}")
    filters = [(_FILTERS[name], value) for name, value in query.items() if name in _FILTERS]
    _number(query.get("since", "0"), "since", 2**62)
    limit = int(_number(query.get("limit", "100"), "limit", 100_000))
    count = int(_number(query.get("count", "1"), "count", 100_000))

    def found() -> list[Exchange]:
        return [exchange for exchange in journal if all(holds(exchange, value) for holds, value in filters)]

    if "wait" in query:
        seconds = _number(query["wait"], "wait", _LONGEST_WAIT)
        await _wait(journal, lambda: len(found()) >= count, seconds, request)
    matching = found()
    return {
        "requests": [exchange_as_json(exchange) for exchange in (matching[-limit:] if limit else ())],
        "total": len(matching),
        "dropped": journal.dropped,
    }


def exchange_as_json(exchange: Exchange) -> dict[str, Any]:
    """An exchange as the admin API shows it, without its secrets."""
    return {
        "id": exchange.id,
        "at": write_moment(exchange.at),
        "operation": exchange.operation,
        "request": {
            "method": exchange.method,
            "path": exchange.path,
            "headers": exchange.shown_headers(),
            "body": _shown_body(exchange.sent),
        },
        "response": {
            "status": exchange.status,
            "outcome": exchange.outcome,
            "body": _shown_body(exchange.answer),
        },
        "kept": exchange.kept or None,
        "cut": exchange.cut,
        "explanation": exchange.explanation,
        "rules": exchange.rules,
        "warnings": [{"rule": rule, "text": text} for rule, text in exchange.warnings],
        "fault": exchange.fault,
        "ms": round(exchange.milliseconds, 3),
    }


async def _wait(journal: Journal, enough: Callable[[], bool], seconds: float, request: web.Request) -> None:
    """Wait for the journal, and stop when nobody waits for the answer any more."""
    waiting = asyncio.ensure_future(journal.wait(enough, seconds))
    try:
        while not waiting.done() and request.transport is not None and not request.transport.is_closing():
            await asyncio.wait((waiting,), timeout=_TICK)
    finally:
        waiting.cancel()


def _shown_body(body: bytes) -> Any:
    if not body:
        return None
    try:
        value = json.loads(body)
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return body.decode(errors="replace")
    return value


def _number(text: str, name: str, most: float) -> float:
    try:
        number = float(text) if text.isascii() else -1.0
    except ValueError:
        number = -1.0
    if not 0 <= number <= most or (name != "wait" and not number.is_integer()):
        raise Problem(400, f"{name} must be a number from 0 to {most:g}.")
    return number
