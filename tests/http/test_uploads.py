"""Upload tests: requests that are not complete are limited in their bytes together and in the time without progress."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from mockserver.office.faults import fault
from mockserver.tenants.tenant import Tenant
from mockserver.web.connection import Connection
from mockserver.web.mock import MOCK
from mockserver.web.server import Server
from mockserver.web.uploads import MAX_SECONDS, MAX_SUM, Uploads
from support.raw_http import (
    JSON,
    KEYS,
    LIST,
    MAX_WAIT,
    PARTS_OF_AN_UPLOAD,
    PLAIN,
    Answer,
    connect,
    message,
    read_answers,
    serving,
    talk,
    without_a_collection,
)

SIZE = 50_000
BODY = b'{"ClaimNum": 15, "Note": "%s"}' % (b"a" * SIZE)
WHOLE = message("POST", LIST, KEYS, JSON, body=BODY)
CHUNKED = message("POST", LIST, KEYS, JSON, "Transfer-Encoding: chunked") + b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
EXPECTING = message("POST", LIST, KEYS, JSON, "Expect: 100-continue", "Content-Length: 16")


class Client:
    """A client of a server, and the server's end of its connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server_end: Connection) -> None:
        self.reader, self.writer, self.server_end = reader, writer, server_end

    def receive(self, data: bytes) -> None:
        """Let the server receive data, at once."""
        self.server_end.data_received(data)

    async def answer(self) -> Answer:
        """Return the next response."""
        async with asyncio.timeout(MAX_WAIT):
            return await anext(read_answers(self.reader))

    async def assert_is_closed(self) -> None:
        async with asyncio.timeout(MAX_WAIT):
            with suppress(ConnectionError):
                assert await self.reader.read() == b""

    @property
    def is_closed(self) -> bool:
        """Return whether the server has closed the connection."""
        return self.server_end.transport is None or self.server_end.transport.is_closing()


class Clients:
    """Clients of one server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._clients: list[Client] = []

    @property
    def uploads(self) -> Uploads:
        """Return those of the server."""
        return self.server._uploads

    def are_timed(self) -> bool:
        """Return whether the server looks for uploads without progress."""
        return self.uploads._timer is not None

    @property
    def tenant(self) -> Tenant:
        """Return the shared office's."""
        return self.server._app[MOCK].tenants.shared

    async def one(self) -> Client:
        """Return one more client."""
        manager = self.server._runner.server
        assert manager is not None
        known = set(manager.connections)
        reader, writer = await connect(self.server)
        async with asyncio.timeout(MAX_WAIT):
            while not (new := set(manager.connections) - known) or next(iter(new))._waiter is None:
                await asyncio.sleep(0)
        (server_end,) = new
        assert isinstance(server_end, Connection)
        self._clients.append(Client(reader, writer, server_end))
        return self._clients[-1]

    def wait(self, seconds: float = MAX_SECONDS + 1) -> None:
        """Let that time pass."""
        self.uploads.clock.advance(seconds)
        self.uploads.close_stalled()

    def leave(self) -> None:
        """Close all connections."""
        for client in self._clients:
            client.writer.transport.abort()

    async def all_gone(self) -> None:
        """Close all connections, and wait until the server has noticed."""
        self.leave()
        manager = self.server._runner.server
        assert manager is not None
        async with asyncio.timeout(MAX_WAIT):
            while manager.connections:
                await asyncio.sleep(0)


@pytest.fixture(params=["fast", "slow"])
async def clients(request: pytest.FixtureRequest) -> AsyncIterator[Clients]:
    """Return clients of a server."""
    async with serving(path=request.param, limit=None) as server:
        clients = Clients(server)
        yield clients
        clients.leave()


@pytest.mark.parametrize("raw", [WHOLE, CHUNKED], ids=["length", "chunks"])
async def test_the_largest_is_refused_if_all_are_too_large(clients: Clients, raw: bytes) -> None:
    clients.uploads.max_bytes = 2 * SIZE
    small, large, last = [await clients.one() for _ in range(3)]
    small.receive(raw[:-40_000])
    large.receive(raw[:-1])
    last.receive(raw[:-20_000])
    last.receive(raw[-20_000:-5_000])
    answer = await large.answer()
    assert (answer.status, answer.headers["x-mock-rule"]) == (400, "api.body.broken")
    assert answer.headers["x-mock-hint"].endswith(" of requests are incomplete, and this one is the largest")
    await large.assert_is_closed()
    small.receive(raw[-40_000:])
    last.receive(raw[-5_000:])
    assert [(await client.answer()).status for client in (small, last)] == [201, 201]
    assert (len(clients.uploads), clients.uploads.bytes) == (0, 0)
    assert [exchange.status for exchange in clients.tenant.journal] == [400, 201, 201]


async def test_a_body_of_the_admin_api_counts_too(clients: Clients) -> None:
    clients.uploads.max_bytes = SIZE
    client = await clients.one()
    client.receive(message("PUT", "/__admin/office", JSON, body=b" " * 2 * SIZE)[:-1])
    answer = await client.answer()
    assert answer.status == 400
    assert "this one is the largest" in answer.value["detail"]


async def test_small_requests_are_served_although_the_sum_is_reached(clients: Clients) -> None:
    clients.uploads.max_bytes = SIZE
    large, small = await clients.one(), await clients.one()
    large.receive(WHOLE[:-2_000])
    head = PLAIN["create"].index(b"\r\n\r\n") + 4
    for _ in range(20):
        small.receive(PLAIN["create"][:head])
        small.receive(PLAIN["create"][head:])
        assert (await small.answer()).status == 201
    large.receive(WHOLE[-2_000:])
    assert (await large.answer()).status == 201


async def test_many_small_pieces_count_as_what_they_take_in_memory() -> None:
    async with serving() as server:
        clients = Clients(server)
        client = await clients.one()
        client.receive(WHOLE[:200])
        for number in range(200, 1_200):
            client.receive(WHOLE[number : number + 1])
        assert clients.uploads.bytes > 30_000
        clients.leave()


async def test_a_connection_that_has_only_a_part_of_a_head_is_closed(clients: Clients) -> None:
    clients.uploads.max_bytes = 1_000
    client = await clients.one()
    client.receive(b"GET /" + b"a" * 2_000)
    await client.assert_is_closed()
    assert clients.uploads.bytes == 0


BEGUN = {
    "a first line": b"GET / HTT",
    "a head": WHOLE[:60],
    "a body that has not begun": WHOLE[: -len(BODY)],
    "a body": WHOLE[:-1],
    "chunks": CHUNKED[:-3],
    "a second request": PLAIN["list"] + WHOLE[:-1],
    "a body of the admin API": message("PUT", "/__admin/clock", JSON, body=b'{"now": "2026-01-01 00:00:00"}')[:-1],
}


@pytest.mark.parametrize("begun", BEGUN.values(), ids=BEGUN.keys())
async def test_a_request_without_progress_ends_the_connection(
    clients: Clients, begun: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    client = await clients.one()
    client.receive(begun)
    if begun.startswith(PLAIN["list"]):
        assert (await client.answer()).status == 200
    while not client.server_end.waits:  # until aiohttp handles it
        await asyncio.sleep(0)
    clients.wait(MAX_SECONDS - 1)
    assert not client.is_closed
    clients.wait(2)
    await client.assert_is_closed()
    (line,) = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert line == "closed 1 connection: no progress of an incomplete request for 60 s"
    assert (len(clients.uploads), clients.uploads.bytes) == (0, 0)
    if WHOLE[: -len(BODY)] in begun:
        while clients.server._runner.server and clients.server._runner.server.connections:
            await asyncio.sleep(0)
        assert [exchange.outcome for exchange in clients.tenant.journal][-1] == "connection lost"
    assert len(clients.tenant.office.claimtracking) == 8


async def test_a_request_that_goes_on_slowly_is_served(clients: Clients) -> None:
    client = await clients.one()
    for start in range(0, len(WHOLE), 9_000):
        client.receive(WHOLE[start : start + 9_000])
        clients.wait(MAX_SECONDS - 1)
    assert (await client.answer()).status == 201


async def test_an_idle_connection_stays_open(clients: Clients) -> None:
    new, used, polite = [await clients.one() for _ in range(3)]
    for client, raw in ((used, PLAIN["list"]), (polite, PLAIN["create"] + b"\r\n")):
        client.receive(raw)
        assert (await client.answer()).status in (200, 201)
    clients.wait()
    for client in (new, used, polite):
        client.receive(PLAIN["list"])
        assert (await client.answer()).status == 200


async def test_a_client_that_waits_for_the_server_keeps_its_connection(clients: Clients) -> None:
    clients.tenant.faults.add(fault({"then": "delay", "delay": 600, "operation": "claimtrackings/list"}))
    expects, begins = await clients.one(), await clients.one()
    expects.receive(PLAIN["list"] + EXPECTING)
    begins.receive(PLAIN["list"] + WHOLE[:50])
    while expects.server_end.waits or begins.server_end.waits or not begins.server_end._handling:
        await asyncio.sleep(0)
    clients.wait()
    assert (expects.is_closed, begins.is_closed) == (False, False)
    assert len(clients.uploads) == 2
    clients.tenant.reset()


async def test_the_time_begins_with_the_response_to_the_request_before(clients: Clients) -> None:
    clients.tenant.faults.add(fault({"then": "delay", "delay": 0.01, "operation": "claimtrackings/list"}))
    client = await clients.one()
    client.receive(PLAIN["list"] + EXPECTING)
    clients.uploads.clock.advance(MAX_SECONDS + 1)
    assert [(await client.answer()).status for _ in range(2)] == [200, 100]
    clients.wait(MAX_SECONDS - 1)
    client.receive(b'{"ClaimNum": 15}')
    assert (await client.answer()).status == 201


async def test_clients_that_leave_are_forgotten(clients: Clients) -> None:
    for begun in BEGUN.values():
        (await clients.one()).receive(begun)
    assert len(clients.uploads) == len(BEGUN)
    await clients.all_gone()
    assert (len(clients.uploads), clients.uploads.bytes) == (0, 0)


async def test_nothing_is_timed_without_uploads(clients: Clients) -> None:
    assert not clients.are_timed()
    client = await clients.one()
    client.receive(WHOLE)
    assert (await client.answer()).status == 201
    client.receive(WHOLE[:-1])
    assert clients.are_timed()
    client.receive(WHOLE[-1:])
    assert (await client.answer()).status == 201
    clients.wait(0)
    assert not clients.are_timed()


async def test_two_bodies_of_the_largest_size_fit() -> None:
    async with serving() as server:
        assert server._uploads.max_bytes == MAX_SUM == 134_400_000
        assert (await talk(server, [message("POST", LIST, JSON, body=b" " * 16_000_000)], 1))[0].status == 400
        assert server._uploads.bytes == 0


@pytest.mark.thorough
@pytest.mark.parametrize(("framing", "part"), PARTS_OF_AN_UPLOAD.items())
async def test_a_refused_upload_is_freed_without_a_collection(clients: Clients, framing: str, part: bytes) -> None:
    clients.uploads.max_bytes = 3_900_000
    with without_a_collection(most_bytes=6_000_000):
        for _ in range(6):
            client = await clients.one()
            client.writer.write(message("POST", LIST, KEYS, JSON, framing) + part)
            assert (await client.answer()).status == 400
            await clients.all_gone()
