"""Early refusal tests: a request that does not reach the API gets the reason, and leaves an entry in the journal."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from aiohttp import web

from mockserver.reports.coverage import HOST, UNREADABLE
from mockserver.tenants.registry import Tenants
from mockserver.tenants.tenant import Tenant
from mockserver.web.mock import MOCK
from mockserver.web.pieces import MAX_HEAD_BYTES
from mockserver.web.server import Server
from support.raw_http import (
    KEYS,
    LIST,
    MAX_WAIT,
    PLAIN,
    TOO_LARGE,
    Answer,
    connect,
    message,
    read_answers,
    serving,
    talk,
    went_aiohttps_way,
)


@pytest.fixture(params=["fast", "slow"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    """Return a server with an office for each key."""
    async with serving(path=request.param, limit=None, office_per_key=True) as running:
        yield running


def tenants_of(server: Server) -> Tenants:
    return server._app[MOCK].tenants


def shared(server: Server) -> Tenant:
    return tenants_of(server).shared


async def ask(server: Server, *pieces: bytes) -> list[Answer]:
    """Return the responses to a request in these pieces, after which the client sends nothing more."""
    reader, writer = await connect(server)
    async with asyncio.timeout(MAX_WAIT):
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        writer.write_eof()
        found = [answer async for answer in read_answers(reader)]
    writer.close()
    return found


def head_of(size: int, headers: int = 1) -> bytes:
    """Return a request whose head has that size, in so many headers besides those of each."""
    bare = len(message("GET", LIST, KEYS, *["Cookie: "] * headers))
    each, rest = divmod(size - bare, headers)
    texts = ["c" * (each + (rest if number == 0 else 0)) for number in range(headers)]
    raw = message("GET", LIST, KEYS, *[f"Cookie: {text}" for text in texts])
    assert len(raw) == size
    return raw


@pytest.mark.parametrize("headers", [1, 100])
@pytest.mark.parametrize("cuts", [(), (9,), (9_000, 20_000), (MAX_HEAD_BYTES - 3, MAX_HEAD_BYTES - 1)])
async def test_a_head_of_32_kib_is_served(server: Server, headers: int, cuts: tuple[int, ...]) -> None:
    raw = head_of(MAX_HEAD_BYTES, headers)
    edges = [0, *cuts, len(raw)]
    (answer,) = await ask(server, *(raw[start:end] for start, end in pairwise(edges)))
    assert answer.status == 200


async def test_a_long_cookie_stays_on_the_fast_path() -> None:
    async with serving() as server:
        assert (await talk(server, [head_of(MAX_HEAD_BYTES)], 1))[0].status == 200
        assert went_aiohttps_way(server) == 0


@pytest.mark.parametrize("headers", [1, 100])
@pytest.mark.parametrize("cuts", [(), (1,), (40,), (60, 9_000, 20_000), (MAX_HEAD_BYTES - 3, MAX_HEAD_BYTES - 1)])
async def test_a_larger_head_gets_the_reason_and_an_entry(server: Server, headers: int, cuts: tuple[int, ...]) -> None:
    raw = head_of(MAX_HEAD_BYTES + 1, headers)
    edges = [0, *cuts, len(raw)]
    pieces = [PLAIN["list"], *(raw[start:end] for start, end in pairwise(edges))]
    first, answer = await ask(server, *pieces)
    assert first.status == 200
    assert (answer.status, answer.value) == (400, f"The request could not be read: {TOO_LARGE}.")
    (entry,) = shared(server).journal
    assert (entry.method, entry.path, entry.status, entry.explanation) == ("GET", LIST, 400, answer.value)
    assert answer.headers["x-mock-request-id"] == str(entry.id)


STATES = {
    "nothing": b"", "a line": b"\r\n", "a method": b"GE", "a target": b"GET /api", "a version": b"GET / HTTP/1",
    "a first line": b"GET / HTTP/1.1\r\n", "half a line end": b"GET / HTTP/1.1\r", "a name": b"GET / HTTP/1.1\r\nHo",
    "a colon": b"GET / HTTP/1.1\r\nHost:", "a value": b"GET / HTTP/1.1\r\nHost: a",
    "the end of a value": b"GET / HTTP/1.1\r\nHost: a\r", "a header": b"GET / HTTP/1.1\r\nHost: a\r\n",
    "half an end": b"GET / HTTP/1.1\r\nHost: a\r\n\r",
}  # fmt: skip


@pytest.mark.parametrize("begun", STATES.values(), ids=STATES.keys())
async def test_whatever_is_there_of_a_head_more_than_32_kib_end_it(server: Server, begun: bytes) -> None:
    (answer,) = await ask(server, begun, b"x" * MAX_HEAD_BYTES + b"x")
    assert answer.status == 400
    assert answer.value.startswith("The request could not be read: ")


async def test_blank_lines_without_end_are_a_head_that_is_too_large(server: Server) -> None:
    (answer,) = await ask(server, b"\r\n" * MAX_HEAD_BYTES)
    assert TOO_LARGE in answer.value


async def test_a_large_body_is_no_large_head(server: Server) -> None:
    raw = message("POST", LIST, "Content-Type: application/json", body=b'{"ClaimNum": 15}' + b" \r\n\r\n" * 20_000)
    for pieces in ([raw], [raw[:200], raw[200:]]):
        assert [answer.status for answer in await ask(server, *pieces, PLAIN["list"])] == [201, 200]


async def test_an_unreadable_request_is_in_the_journal_of_the_shared_office(server: Server) -> None:
    await ask(server, b"\x00 Jane\r\n\r\n")
    await ask(server, message("GET", LIST + "?ClaimNum=15&token=Jane", "no colon, Jane"))
    known = [(entry.method, entry.path, entry.status) for entry in shared(server).journal]
    assert known == [("-", "-", 400), ("GET", LIST + "?ClaimNum=15&token=[redacted]", 400)]
    assert [entry.explanation for entry in shared(server).journal] == [
        "The request could not be read: it does not begin with a method of HTTP.",
        "The request could not be read: its headers are invalid.",
    ]
    assert shared(server).coverage.refused_early == {UNREADABLE: 2}
    assert shared(server).coverage.requests == 0


async def test_a_host_that_is_refused_is_in_the_journal_of_the_shared_office(server: Server) -> None:
    (answer,) = await ask(server, message("GET", LIST, KEYS).replace(b"localhost", b"evil.example"))
    assert answer.status == 403
    (entry,) = shared(server).journal
    assert (entry.method, entry.path, entry.status, entry.operation) == ("GET", LIST, 403, "")
    assert entry.explanation == answer.value["detail"]
    assert entry.answer == answer.body
    assert entry.headers["Host"] == "evil.example"
    assert len(tenants_of(server)) == 0
    assert shared(server).coverage.refused_early == {HOST: 1}
    assert shared(server).coverage.requests == 0


async def test_an_expectation_of_no_route_is_in_the_journal(server: Server) -> None:
    (answer,) = await ask(server, message("OPTIONS", "*", "Expect: cake"))
    assert answer.status == 400
    assert [(entry.method, entry.path) for entry in shared(server).journal] == [("OPTIONS", "*")]


async def test_a_host_refused_by_the_admin_api_is_in_the_log_alone(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with serving() as server:
        (answer,) = await ask(server, message("GET", "/__admin/health").replace(b"localhost", b"evil.example"))
        assert answer.status == 403
        assert len(shared(server).journal) == 0
    assert "GET /__admin/health 403" in caplog.text
    assert "evil.example" in caplog.text


async def test_readers_of_the_journal_take_an_entry_without_a_request_line(server: Server) -> None:
    await ask(server, b"\x00\r\n\r\n")
    for path in ("/__admin/requests?kind=refused", "/__admin/requests.har", "/__admin/requests?method=-"):
        (answer,) = await ask(server, message("GET", path))
        assert answer.status == 200
        assert "could not be read" in json.dumps(answer.value)


async def test_it_is_anonymous_if_the_mock_is_transparent() -> None:
    async with serving(transparent=True) as server:
        (answer,) = await ask(server, b"\x00\r\n\r\n")
    assert not [name for name in answer.headers if name.startswith("x-mock")]


async def test_an_app_without_the_mock_refuses_too() -> None:
    async with Server(web.Application(), port=0) as server:
        (answer,) = await ask(server, b"\x00\r\n\r\n")
    assert answer.status == 400
    assert answer.value.startswith("The request could not be read: ")
