"""Server tests: addresses that are not available, stopping, and failures in the middle of a response."""

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from mockserver import create_app
from mockserver.cli import main
from mockserver.web.event_loop import Loop
from mockserver.web.server import CannotListen, Server, _on_one_port, serve


@pytest.mark.parametrize(("error", "wrong", "why"), [
    (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "host", "there is no such host"),
    (OSError(errno.EADDRNOTAVAIL, "no"), "host", "that is not an address of this machine"),
    (OSError(errno.EADDRINUSE, "no"), "port", "another program listens there"),
    (PermissionError(errno.EACCES, "no"), "port", os.strerror(errno.EACCES).lower()),
    (OSError("could not bind on any address"), "host", "that is not an address of this machine"),  # Python 3.13 gives no number
    (OSError(errno.ENFILE, "no"), "port", os.strerror(errno.ENFILE).lower()),
])  # fmt: skip
def test_unavailable_address_error_names_the_part_to_change(error: OSError, wrong: str, why: str) -> None:
    told = CannotListen("somewhere", 80, error)
    assert (told.wrong, str(told)) == (wrong, f"cannot listen on somewhere port 80: {why}")


async def test_an_address_of_another_machine_cannot_be_had() -> None:
    with pytest.raises(CannotListen, match="not an address of this machine"):
        async with Server(create_app(), host="192.0.2.1", port=0):
            pass


async def test_invalid_port_number_raises_overflow_error() -> None:
    with pytest.raises(OverflowError):
        async with Server(create_app(), port=65536):
            pass


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_port_0_is_one_port_on_each_address_of_localhost(loop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if loop == "uvloop":
        pytest.importorskip("uvloop")
    real = socket.getaddrinfo

    def of_both_families(_host: str, *rest: Any, **named: Any) -> list[Any]:
        return real("127.0.0.1", *rest, **named) + real("::1", *rest, **named)

    async def listened() -> None:
        async with Server(create_app(), host="localhost", port=0) as server:
            monkeypatch.undo()
            for address in ("127.0.0.1", "::1"):
                socket.create_connection((address, server.port), timeout=10).close()

    monkeypatch.setattr(socket, "getaddrinfo", of_both_families)
    Loop(loop).run(listened())


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")
@pytest.mark.parametrize("taken", [0, 3, 100])
async def test_a_port_that_is_taken_at_one_address_is_not_the_one_of_all(taken: int) -> None:
    loop, ports = asyncio.get_running_loop(), list[int]()
    with ExitStack() as others:

        async def listen(port: int) -> asyncio.Server:
            if port and len(ports) < taken:  # another process takes it
                ports.append(port)
                others.enter_context(socket.create_server(("::1", port), family=socket.AF_INET6))
            return await loop.create_server(asyncio.Protocol, ["127.0.0.1", "::1"], port)

        if taken == 100:
            with pytest.raises(OSError, match="address already in use"):
                await _on_one_port(listen, 0)
        else:
            server = await _on_one_port(listen, 0)
            assert len({each.getsockname()[1] for each in server.sockets}) == 1
            server.close()
    assert len(ports) == min(taken, 20)


@pytest.mark.usefixtures("a_process_of_its_own")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_second_signal_when_all_is_done_does_nothing(number: signal.Signals) -> None:
    said: list[str] = []

    def ready(url: str, port: int) -> None:
        said.append(f"{url} {port}")
        signal.raise_signal(number)

    asyncio.run(serve(create_app(), host="127.0.0.1", port=0, ready=ready))
    assert len(said) == 1
    signal.raise_signal(number)


async def test_failure_during_a_response_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def half() -> AsyncIterator[bytes]:
        yield b"half"
        raise LookupError("the other half")

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=half())

    app = web.Application()
    app.router.add_get("/api/v1", answer)
    with caplog.at_level(logging.ERROR):
        async with Server(app, port=0) as server, aiohttp.ClientSession() as client:
            with pytest.raises(aiohttp.ClientPayloadError):
                await (await client.get(server.url)).read()
    assert "the other half" in caplog.text


@pytest.mark.usefixtures("a_process_of_its_own")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(
            ["--port", "0", "--watch", "--port-file", "/proc/port"], "--port-file /proc/port: ",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that takes no file"),
        ),
        (["--port", "0", "--host", "0.0.0.0"], "--admin-token"),
    ],
)  # fmt: skip
def test_a_server_that_may_not_or_cannot_go_on_ends_with_2(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *words]) == 2
    assert told in capsys.readouterr().err


async def test_a_client_that_waits_for_the_journal_does_not_delay_the_stop() -> None:
    async with aiohttp.ClientSession() as session:
        async with Server(create_app(), port=0) as server:
            address = server.url.replace("/api/v1", "/__admin/requests?wait=60")
            waiting = asyncio.ensure_future(session.get(address))
            await asyncio.sleep(0.2)
            begin = time.monotonic()
        assert time.monotonic() - begin < 1.5
        async with await waiting as response:
            assert (await response.json())["requests"] == []
