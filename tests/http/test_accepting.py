"""Accepting tests: without file descriptors, the log has one line, and one when it is over."""

import asyncio
import errno
import json
import socket
import sys
from contextlib import ExitStack
from typing import Any

import pytest

from mockserver import create_app
from mockserver.web.server import CannotListen, Server
from support.processes import MAX_WAIT, Serving

LIMIT = 48
LIMITED = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({LIMIT}, {LIMIT}))"
MESSAGE = "socket.accept() out of system resource"


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_server_without_descriptors_says_so_once(loop: str) -> None:
    if loop == "uvloop":
        pytest.importorskip("uvloop")
    with Serving("--log-format", "json", "--loop", loop, before=LIMITED) as server, ExitStack() as clients:
        host, port = server.netloc.split(":")
        for _ in range(2 * LIMIT):
            clients.enter_context(socket.create_connection((host, int(port)), MAX_WAIT))
        assert server.process.stderr is not None
        first = json.loads(server.process.stderr.readline())
        assert first["level"] == "warning"
        assert first["event"].startswith("cannot accept more connections: too many open files; ")
        clients.close()
        assert json.loads(server.process.stderr.readline())["event"] == "accepting connections again"
        server.ask(1)
        server.process.terminate()
        (asked,) = map(json.loads, server.process.stderr)
        assert asked["status"] == 200


async def test_other_errors_of_the_loop_go_to_its_handler() -> None:
    loop = asyncio.get_running_loop()
    before, seen = loop.get_exception_handler(), list[Any]()
    try:
        for handler in (None, lambda _loop, context: seen.append(context["message"])):
            loop.set_exception_handler(handler)
            async with Server(create_app(), port=0), Server(create_app(), port=0):
                loop.call_exception_handler({"message": "another"})
                loop.call_exception_handler({"message": MESSAGE, "exception": OSError(errno.ENOBUFS, "No room")})
            assert loop.get_exception_handler() is handler
        assert seen == ["another"]
    finally:
        loop.set_exception_handler(before)


async def test_the_handler_stays_if_the_server_cannot_listen() -> None:
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    async with Server(create_app(), port=0) as server:
        after = loop.get_exception_handler()
        with pytest.raises(CannotListen):
            async with Server(create_app(), port=server.port):
                pass
        assert loop.get_exception_handler() == after
    assert loop.get_exception_handler() is before


async def test_servers_may_stop_in_any_order(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    try:
        first, second = Server(create_app(), port=0), Server(create_app(), port=0)
        await first.__aenter__()
        await second.__aenter__()
        await first.__aexit__()
        await second.__aexit__()
        loop.call_exception_handler({"message": MESSAGE, "exception": OSError(errno.EMFILE, "Too many open files")})
        assert [record.name for record in caplog.records] == ["asyncio"]
    finally:
        loop.set_exception_handler(before)
