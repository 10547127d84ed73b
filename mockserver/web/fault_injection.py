"""An answer, spoilt as a fault says."""

import asyncio
import os
import socket
import struct
from collections.abc import Callable

from aiohttp import web

from mockserver.api.response import Reply, explain
from mockserver.errors import Refusal
from mockserver.office.faults import Fault
from mockserver.recording.journal import Exchange

_TICK = 0.25


async def spoil(fault: Fault, run: Callable[[], Reply], request: web.Request, exchange: Exchange) -> Reply:
    """Answer `request` as `fault` says; `run` is the operation, which is not run before its time.

    What the operation itself refuses is not spoilt: the refusal is raised, and the fault is still to come.
    """
    answer: Reply | None = None
    if fault.when == "after":
        try:
            answer = run()
        except Refusal:
            fault.hits -= 1
            raise
    exchange.fault = fault.label
    if fault.then == "delay":
        await _pause(fault.delay, request)
        return answer or run()
    exchange.rules.clear()  # a spoilt answer meets nothing
    if fault.then == "reset":
        return _reset(request)
    if fault.then == "truncate":
        return _truncate(answer or run(), request)
    if fault.then == "timeout":
        await _pause(fault.delay, request)
    exchange.explanation = fault.explanation
    spoilt = explain(fault.status, fault.explanation)
    if fault.retry_after is not None:
        spoilt.headers["Retry-After"] = str(fault.retry_after)
    return spoilt


async def _pause(seconds: float, request: web.Request) -> None:
    """Wait so long, or until the client has gone."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while (left := end - loop.time()) > 0 and request.transport is not None and not request.transport.is_closing():
        await asyncio.sleep(min(left, _TICK))


def _reset(request: web.Request) -> Reply:
    transport = request.transport
    if transport is not None:  # pragma: no branch  # the client may leave at this very moment
        connection: socket.socket | None = transport.get_extra_info("socket")
        if connection is not None:  # pragma: no branch  # an event loop need not have a socket
            # Lingering for no time at all makes closing a reset (RST) rather than an orderly end.
            at_once = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        transport.abort()
    return Reply(200, b"")  # nobody is there any more who could get it


def _truncate(answer: Reply, request: web.Request) -> Reply:
    if request.transport is not None:  # pragma: no branch  # the client may leave at this very moment
        raw = answer.wire()
        request.transport.write(raw[: len(raw) - (len(answer.body) + 1) // 2])
        request.transport.close()
    return answer  # which finds the connection closed
