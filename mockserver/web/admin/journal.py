"""Journal over HTTP: selection by filters, and waiting for exchanges."""

import asyncio
import json
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from aiohttp import web

from mockserver.contract.rules import Rule
from mockserver.journal.exchange import Exchange
from mockserver.journal.exchange_forms import as_json_text
from mockserver.suggestions import suggestion
from mockserver.syntax.json_writer import array
from mockserver.tenants.tenant import Tenant
from mockserver.web.admin.filters import FILTERS, MAX_ID, filters_of, whole
from mockserver.web.problem import Problem

_MAX_WAIT = 300.0
_TICK = 0.5
_SLICE = 100  # exchanges, after which other requests have their turn
_MAX_COUNT = 100_000
_OTHERS = ("limit", "wait", "count", "revision")


async def list_requests(tenant: Tenant, request: web.Request, rules: Mapping[str, Rule]) -> Iterator[str]:
    """Return the pieces of `GET /__admin/requests`: the last 100 exchanges, unless the request says otherwise.

    `rules` are those of the contract.
    """
    matching, limit = await _select(tenant, request, limit=100)
    figures = {"total": len(matching), "dropped": tenant.journal.dropped, "revision": tenant.changes.revision}
    shown = array(as_json_text(exchange, rules) for exchange in _last(matching, limit))
    return chain(('{"requests": ',), shown, (", " + json.dumps(figures)[1:] + "\n",))


async def har_of_requests(tenant: Tenant, request: web.Request) -> Iterator[str]:
    """Return the pieces of `GET /__admin/requests.har`: all exchanges, unless the request says otherwise."""
    from mockserver.journal.har import as_har  # slow to import, and few clients ask for it

    matching, limit = await _select(tenant, request, limit=_MAX_COUNT)
    return as_har(_last(matching, limit), is_https=request.scheme == "https")


async def _select(tenant: Tenant, request: web.Request, *, limit: int) -> tuple[list[Exchange], int]:
    """Return the exchanges that match all filters of the request, and how many of the last to show.

    `since` is an exchange's id. `limit`: the last so many. `wait`: the seconds to wait until `count` (1) of them have
    come or, with `revision`, until the office has another one. Raises Problem.
    """
    query, journal = request.query, tenant.journal
    for name in query:
        if name not in (*FILTERS, *_OTHERS, "office"):
            raise Problem(400, f"{name} is not a filter{suggestion(name, (*FILTERS, *_OTHERS))}")
    filters = filters_of((name, value) for name, value in query.items() if name in FILTERS)
    shown = whole(query.get("limit", str(limit)), "limit", _MAX_COUNT)
    count = whole(query.get("count", "1"), "count", _MAX_COUNT)

    def matches(exchange: Exchange) -> bool:
        return all(holds(exchange) for holds in filters)

    if "wait" in query:
        seconds = _seconds(query["wait"])
        seen = whole(query["revision"], "revision", MAX_ID) if "revision" in query else None
        ends: list[Coroutine[Any, Any, object]] = [journal.wait(matches, count, seconds)]
        if seen is not None:
            ends.append(tenant.changes.wait(seen))
        await _wait_for_first(ends, request)
    matching = []
    for index, exchange in enumerate(journal.exchanges, 1):
        if matches(exchange):
            matching.append(exchange)
        if index % _SLICE == 0:
            await asyncio.sleep(0)
    return matching, shown


def _last(exchanges: list[Exchange], count: int) -> list[Exchange]:
    return exchanges[-count:] if count else []


async def _wait_for_first(ends: Iterable[Coroutine[Any, Any, object]], request: web.Request) -> None:
    """Wait until one of `ends` has come, but not after the client has disconnected."""
    waiting = {asyncio.ensure_future(end) for end in ends}
    try:
        done: set[asyncio.Future[object]] = set()
        while not done and request.transport is not None and not request.transport.is_closing():
            done, _ = await asyncio.wait(waiting, timeout=_TICK, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()


def _seconds(text: str) -> float:
    try:
        seconds = float(text) if text.isascii() else -1.0
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= _MAX_WAIT:
        raise Problem(400, f"wait must be a number from 0 to {_MAX_WAIT:g}.")
    return seconds
