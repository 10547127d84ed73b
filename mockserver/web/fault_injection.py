"""Fault injection: the response to a prepared request that a fault applies to."""

import asyncio
import os
import socket
import struct

from aiohttp import web

from mockserver.api.dispatcher import Dispatcher
from mockserver.api.prepared import Prepared
from mockserver.api.response import Response
from mockserver.journal.exchange import LOST, RESET, TRUNCATED
from mockserver.office.faults import Fault
from mockserver.web.transport import abort, is_gone

_TICK = 0.25


async def inject_fault(fault: Fault, prepared: Prepared, dispatcher: Dispatcher, request: web.Request) -> Response:
    """Respond as `fault` says. `dispatcher` runs the operation at the time that the fault requires.

    If the operation refuses the request, the refusal is the response, and the fault stays set.
    """
    exchange = prepared.exchange
    if fault.when == "after":
        dispatcher.run(prepared)
        if prepared.is_refused:
            return dispatcher.finish(prepared)
    fault.hits += 1
    exchange.fault = fault.label
    exchange.fault_fields = fault.fields
    if fault.then == "delay":
        await _pause(fault.delay, prepared, request)
        if is_gone(request):
            dispatcher.run(prepared)
            return _lose(prepared, dispatcher, request)
        return dispatcher.finish(prepared)
    exchange.rules.clear()  # a faulty response covers no rule
    if fault.then == "reset":
        _reset(request)
        return dispatcher.finish(prepared, Response(200, b""), RESET)
    if fault.then == "truncate":
        response = dispatcher.finish(prepared, outcome=TRUNCATED)
        _truncate(response, request)
        return response
    if fault.then == "timeout":
        await _pause(fault.delay, prepared, request)
        if is_gone(request):
            return _lose(prepared, dispatcher, request)
    exchange.explanation = fault.explanation
    faulty = dispatcher.explain(fault.status, fault.explanation)
    if fault.retry_after is not None:
        faulty.headers["Retry-After"] = str(fault.retry_after)
    return dispatcher.finish(prepared, faulty)


async def _pause(seconds: float, prepared: Prepared, request: web.Request) -> None:
    """Wait for that time, or until the client disconnects. Raises LifetimeEnded."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while (left := end - loop.time()) > 0 and not is_gone(request):
        await asyncio.sleep(min(left, _TICK))
        prepared.lifetime.check()


def _lose(prepared: Prepared, dispatcher: Dispatcher, request: web.Request) -> Response:
    """Close the connection of a client that went while a fault waited: nothing reaches it any more."""
    abort(request)
    prepared.exchange.rules.clear()
    return dispatcher.finish(prepared, Response(200, b""), LOST)


def _reset(request: web.Request) -> None:
    transport = request.transport
    if transport is not None:  # pragma: no branch  # the client may leave at this very moment
        connection: socket.socket | None = transport.get_extra_info("socket")
        if connection is not None:  # pragma: no branch  # an event loop need not have a socket
            # With a linger time of 0 the close is a reset (RST) instead of an orderly end.
            at_once = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        transport.abort()


def _truncate(response: Response, request: web.Request) -> None:
    if request.transport is not None:  # pragma: no branch  # the client may leave at this very moment
        raw = response.wire()
        request.transport.write(raw[: len(raw) - (len(response.body) + 1) // 2])
        request.transport.close()
