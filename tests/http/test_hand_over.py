"""Hand-over tests: what the fast path has read, sent and promised goes with a request that aiohttp then handles."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import NamedTuple

import pytest

from mockserver.office.faults import Fault, fault
from mockserver.tenants.hooks import Hook
from mockserver.tenants.tenant import Tenant
from mockserver.web.fast.connection import FastConnection
from mockserver.web.mock import MOCK
from mockserver.web.server import Server
from support.raw_http import (
    JSON,
    KEYS,
    LIST,
    MAX_WAIT,
    PLAIN,
    Answer,
    connect,
    connected,
    message,
    read_answers,
    serving,
    talk,
    went_aiohttps_way,
)

BODY = b'{"ClaimNum": 15, "Note": "in pieces"}'
EXPECTING = message("POST", LIST, KEYS, JSON, "Expect: 100-continue", body=BODY)
CREATE = message("POST", LIST, KEYS, JSON, body=BODY)
CHUNKED = message("POST", LIST, KEYS, JSON, "Expect: 100-continue", "Transfer-Encoding: chunked")
ROWS = 8


def at_no_request() -> Fault:
    """Return a fault that sends requests the slow path, and strikes none of the test."""
    return fault({"operation": "claimtrackings/update", "then": "delay", "delay": 1})


class Line(NamedTuple):
    """A connection, its two ends, and the office behind it."""

    server: Server
    own_end: FastConnection
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def tenant(self) -> Tenant:
        """Return the shared office's."""
        return self.server._app[MOCK].shared

    async def next(self) -> Answer:
        """Return the next response."""
        async with asyncio.timeout(MAX_WAIT):
            return await anext(read_answers(self.reader))

    async def rest(self) -> list[Answer]:
        """Return all responses that are still to come, after the end of what the client sends."""
        self.writer.write_eof()
        async with asyncio.timeout(MAX_WAIT):
            return [answer async for answer in read_answers(self.reader)]

    async def assert_is_cut(self) -> None:
        """The server closes the connection without a response, and the request has changed nothing."""
        async with asyncio.timeout(MAX_WAIT):
            with suppress(ConnectionError):
                assert await self.reader.read() == b""
        assert len(self.tenant.office.claimtracking) == ROWS
        assert [exchange for exchange in self.tenant.journal if exchange.method == "POST"] == []


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with serving(limit=None) as server:
        own_end, reader, writer = await connected(server)
        yield Line(server, own_end, reader, writer)
        writer.close()


def head_of(raw: bytes) -> bytes:
    return raw[: raw.index(b"\r\n\r\n") + 4]


@pytest.mark.parametrize("fault_set", ["never", "before", "meanwhile"])
@pytest.mark.parametrize("cuts", [(len(BODY),), (1, len(BODY)), (1, 2, len(BODY))], ids=["one", "two", "three"])
async def test_a_client_that_waits_for_100_gets_it_once(line: Line, fault_set: str, cuts: tuple[int, ...]) -> None:
    if fault_set == "before":
        line.tenant.faults.add(at_no_request())
    line.writer.write(head_of(EXPECTING))
    assert (await line.next()).status == 100
    if fault_set == "meanwhile":
        line.tenant.faults.add(at_no_request())
    for begin, end in zip((0, *cuts), cuts, strict=False):
        line.own_end.data_received(BODY[begin:end])
    assert [answer.status for answer in await line.rest()] == [201]
    assert went_aiohttps_way(line.server) == (fault_set != "never")


@pytest.mark.parametrize("path", ["fast", "slow"])
@pytest.mark.parametrize("raw", [EXPECTING, CHUNKED], ids=["Content-Length", "chunks"])
async def test_a_client_that_does_not_wait_gets_no_100(path: str, raw: bytes) -> None:
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY) if raw is CHUNKED else BODY
    async with serving(path=path) as server:
        for cut in (3, len(body)):
            reader, writer = await connect(server)
            writer.write(head_of(raw) + body[:cut])
            while cut < len(body) and not server._app[MOCK].shared.lifetime._at_end:
                await asyncio.sleep(0)
            writer.write(body[cut:])
            writer.write_eof()
            found = [answer.status async for answer in read_answers(reader)]
            assert found in ([201], [100, 201] if raw is CHUNKED and cut == 3 else [201])
            writer.close()


@pytest.mark.parametrize("path", ["fast", "slow"])
async def test_http_1_0_has_no_100(path: str) -> None:
    async with serving(path=path) as server:
        reader, writer = await connect(server)
        writer.write(head_of(EXPECTING).replace(b"HTTP/1.1", b"HTTP/1.0"))
        while not server._app[MOCK].shared.lifetime._at_end:
            await asyncio.sleep(0)
        writer.write(BODY)
        assert [answer.status async for answer in read_answers(reader)] == [201]
        writer.close()


async def test_more_data_after_the_body_is_the_next_request(line: Line) -> None:
    line.own_end.data_received(head_of(EXPECTING))
    line.own_end.data_received(BODY[:5])
    line.own_end.data_received(BODY[5:] + PLAIN["list"])
    created, listed = (await line.rest())[1:]
    assert (created.status, listed.status) == (201, 200)
    assert created.value in listed.value
    assert len(line.tenant.office.claimtracking) == ROWS + 1


async def test_a_body_is_complete_although_the_client_stops_reading(line: Line) -> None:
    line.own_end.data_received(CREATE[:-5])
    line.own_end.pause_writing()
    line.own_end.data_received(CREATE[-5:])
    line.own_end.data_received(PLAIN["list"])
    line.own_end.resume_writing()
    created, listed = await line.rest()
    assert created.value in listed.value
    assert went_aiohttps_way(line.server) == 1


@pytest.mark.parametrize("why", ["fault", "more data"])
async def test_a_request_that_is_handed_over_keeps_its_lifetime(line: Line, why: str) -> None:
    line.own_end.data_received(CREATE[:-5])
    if why == "fault":
        line.tenant.faults.add(at_no_request())
        line.own_end.data_received(CREATE[-5:])
        line.own_end._batch.flush()
    else:
        line.own_end.data_received(CREATE[-5:] + PLAIN["list"])
    line.tenant.reset()
    await line.assert_is_cut()


async def test_a_lifetime_is_of_the_request_that_began_in_it_alone(line: Line) -> None:
    line.own_end.data_received(CREATE[:-5])
    line.own_end.data_received(CREATE[-5:])
    assert (await line.next()).status == 201
    line.tenant.reset()
    line.own_end.data_received(PLAIN["list"] * 2)
    assert [answer.status for answer in await line.rest()] == [200, 200]


async def test_nothing_is_done_for_a_connection_that_is_aborted(line: Line) -> None:
    line.own_end.data_received(CREATE[:-5])
    line.own_end.data_received(CREATE[-5:])
    line.tenant.reset()
    line.own_end.data_received(CREATE)
    await line.assert_is_cut()


async def test_a_hook_that_sets_a_fault_meanwhile_counts(line: Line) -> None:
    strikes = fault({"operation": "claimtrackings/create", "then": "status", "status": 503, "explanation": "Down."})
    line.tenant.hooks.add(Hook(operation="claimtrackings/list", after=1, do=lambda: line.tenant.faults.add(strikes)))
    line.own_end.data_received(head_of(EXPECTING))
    await talk(line.server, [PLAIN["list"]], 1)
    line.own_end.data_received(BODY)
    assert [answer.status for answer in await line.rest()] == [100, 503]
    assert strikes.hits == 1


@pytest.mark.parametrize("faults", [False, True], ids=["fast", "slow"])
async def test_a_hook_that_resets_closes_the_bodies_that_are_coming(line: Line, faults: bool) -> None:
    if faults:
        line.tenant.faults.add(at_no_request())
    line.tenant.hooks.add(Hook(operation="claimtrackings/list", after=1, do=line.tenant.reset))
    line.own_end.data_received(CREATE[:-5])
    await talk(line.server, [PLAIN["list"]], 1)
    await line.assert_is_cut()


async def test_a_hook_of_a_request_that_is_handed_over_runs_once(line: Line) -> None:
    ran: list[int] = []
    line.tenant.faults.add(at_no_request())
    line.tenant.hooks.add(
        Hook(operation="claimtrackings/create", after=1, do=lambda: ran.append(len(line.tenant.office.claimtracking)))
    )
    line.own_end.data_received(CREATE[:-5])
    line.own_end.data_received(CREATE[-5:])
    assert [answer.status for answer in await line.rest()] == [201]
    assert ran == [ROWS + 1]
