"""Path equivalence tests: fast path and slow path send the same responses, for every case and any mixture."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import fields
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.typedefs import Handler
from hypothesis import given
from hypothesis import strategies as st

from conftest import NOW
from mockserver import create_app
from mockserver.contract.cases import Case
from mockserver.journal.journal import Exchange
from mockserver.office.faults import fault
from mockserver.tenants.tenant import Lifetime
from mockserver.web.fast.batch import Batch
from mockserver.web.fast.connection import FastConnection
from mockserver.web.fast.fast_path import FastPath, Head
from mockserver.web.mock import MOCK
from mockserver.web.server import Server
from mockserver.web.unreadable import refuse
from mockserver.web.uploads import Uploads
from support.effort import examples
from support.playing import Mocks, fixture
from support.telling import telling_cases
from web.test_raw_http import MAX_WAIT, Answer, connect, read_answers

JSON = "Content-Type: application/json"
KEYS = "Authorization: ODFHIR Dev/Cust"
LIST = "/api/v1/claimtrackings"


@web.middleware
async def passing_by(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Return the handler's response: a middleware that makes all requests take the slow path."""
    return await handler(request)


@asynccontextmanager
async def serving(*fixtures: str, at_once: bool, limit: float | None = MAX_WAIT, **more: Any) -> AsyncIterator[Server]:
    app = create_app(*fixtures, **{"now": NOW} | more)
    if not at_once:
        app.middlewares.append(passing_by)
    async with asyncio.timeout(limit), Server(app, port=0) as server:
        yield server


def message(method: str, target: str, *headers: str, body: bytes | None = None) -> bytes:
    length = () if body is None else (f"Content-Length: {len(body)}",)
    lines = (f"{method} {target} HTTP/1.1", "Host: localhost", *headers, *length, "", "")
    return "\r\n".join(lines).encode("latin-1") + (body or b"")


async def talk(server: Server, pieces: Iterable[bytes], count: int) -> list[Answer]:
    """Return the first `count` responses to these pieces of data, each passed on before the next."""
    reader, writer = await connect(server)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0)
    # aiohttp may send 100 before the response; this is optional if the body has already come.
    answers = (answer async for answer in read_answers(reader) if answer.status != 100)
    found = [await anext(answers) for _ in range(count)]
    for answer in found:
        answer.headers.pop("date")
    writer.close()
    return found


def went_aiohttps_way(server: Server) -> int:
    manager = server._runner.server
    assert manager is not None
    return manager.requests_count


def kept(server: Server) -> list[dict[str, Any]]:
    """Return the journal, without durations."""
    exchanges = [exchange for tenant in server._app[MOCK].tenants for exchange in tenant.journal]
    columns = [field.name for field in fields(Exchange) if field.name not in ("headers", "milliseconds")]
    return [
        {name: getattr(exchange, name) for name in columns} | {"headers": dict(exchange.headers)}
        for exchange in exchanges
    ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def offices(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator["Offices"]:
    async with AsyncExitStack() as running:
        yield Offices(running, tmp_path_factory.mktemp("offices"))


class Offices:
    """Two servers for each office and settings that cases need: one for each path."""

    def __init__(self, running: AsyncExitStack, folder: Path) -> None:
        self._running, self._folder = running, folder
        self._servers: dict[str, list[Server]] = {}
        self._mocks = Mocks(running.enter_context(ExitStack()), folder)

    async def servers(self, case: Case) -> list[Server]:
        """Return the servers, reset."""
        key = json.dumps([case.office, dict(case.settings)])
        if key not in self._servers:
            named = fixture(case, self._folder / f"{len(self._servers)}.json")
            self._servers[key] = [
                await self._running.enter_async_context(serving(named, at_once=at_once, limit=None, **case.settings))
                for at_once in (True, False)
            ]
        for server in self._servers[key]:
            server._app[MOCK].shared.reset()
        return self._servers[key]

    def as_sent(self, case: Case) -> bytes:
        """Return the request of a case."""
        mock, facts = self._mocks.mock(case)
        request = case.request({**facts.values, "tracking": 45})
        headers = {**mock.headers, **request.headers}
        lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
        return message(request.method, request.path, *lines, body=request.body)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("case", telling_cases(), ids=lambda case: case.id)
async def test_each_case_is_answered_and_kept_the_same_both_ways(case: Case, offices: Offices) -> None:
    raw = offices.as_sent(case)
    async with asyncio.timeout(MAX_WAIT):
        seen = [
            (await talk(server, [raw] * case.times, case.times), kept(server)) for server in await offices.servers(case)
        ]
    assert seen[0] == seen[1]
    assert seen[0][0][-1].status == case.expect.status


PLAIN = {
    "list": message("GET", LIST, KEYS, JSON),
    "list of a claim": message("GET", LIST + "?ClaimNum=15", KEYS),
    "bare path": message("GET", "/claimtrackings"),
    "slash at the end": message("GET", LIST + "/", KEYS),
    "create": message("POST", LIST, KEYS, JSON, body=b'{"ClaimNum": 15, "Note": "caf\xc3\xa9"}'),
    "create with a charset": message("POST", LIST, 'Content-Type: application/json; charset="latin-1"', body=b'{"ClaimNum": 15, "Note": "\xe9"}'),
    "update": message("PUT", LIST + "/45", KEYS, JSON, body=b'{"Note": "Sent again."}'),
    "refused": message("POST", LIST, KEYS, JSON, body=b'{"ClaimNum": 999}'),
    "no JSON": message("POST", LIST, KEYS, JSON, body=b"{"),
    "no body": message("POST", LIST, KEYS, JSON),
    "expecting to go on": message("POST", LIST, KEYS, JSON, "Expect: 100-continue", body=b'{"ClaimNum": 15}'),
    "escaped": message("GET", "/api/v1/claim%74rackings", KEYS),
    "offering HTTP/2": message("POST", LIST, JSON, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAM", body=b'{"ClaimNum": 15}'),
    "list with a body": message("GET", LIST, KEYS, JSON, body=b"{}"),
    "not served": message("GET", "/api/v1/referrals", KEYS),
    "create that is not served": message("POST", "/referrals", body=b"{"),
}  # fmt: skip
OTHER = {
    "create in chunks": message("POST", LIST, JSON, "Transfer-Encoding: chunked") + b'9\r\n{"ClaimNu\r\n7\r\nm": 15}\r\n0\r\n\r\n',
    "other resource": message("GET", "/api/v1/nothing", KEYS),
    "no method": message("DELETE", LIST + "/45", KEYS),
    "health": message("GET", "/__admin/clock"),
    "stranger's host": message("GET", LIST).replace(b"Host: localhost", b"Host: evil.example"),
    "preflight": message("OPTIONS", LIST, "Access-Control-Request-Method: GET"),
    "zipped": message("POST", LIST, JSON, "Content-Encoding: deflate", body=b"x\x9c\x03\x00\x00\x00\x00\x01"),
    "absolute": message("GET", "http://localhost" + LIST),
    "HTTP/1.0": message("GET", LIST, "Connection: keep-alive").replace(b"HTTP/1.1", b"HTTP/1.0"),
    "upgrade": message("GET", LIST, "Connection: Upgrade", "Upgrade: websocket"),
}  # fmt: skip
MESSAGES = PLAIN | OTHER
# A choice of them on one connection; requests for the slow path are between others.
mixtures = st.lists(
    st.sampled_from([name for name in MESSAGES if name not in ("upgrade", "offering HTTP/2")]), min_size=1, max_size=90
)


@pytest.mark.parametrize("name", MESSAGES)
async def test_only_plain_requests_take_the_fast_path(name: str) -> None:
    async with serving(at_once=True) as server:
        await talk(server, [MESSAGES[name]], 1)
        assert went_aiohttps_way(server) == (name in OTHER)


@examples(150, database=None)
@given(mixtures, st.lists(st.integers(0, 20_000), max_size=8))
def test_any_mixture_in_any_pieces_is_answered_in_its_order(names: list[str], cuts: list[int]) -> None:
    raw = b"".join(MESSAGES[name] for name in names)
    edges = [0, *sorted(cut for cut in cuts if cut < len(raw)), len(raw)]
    pieces = [raw[start:end] for start, end in pairwise(edges)]

    async def both() -> list[Any]:
        seen = []
        for at_once in (True, False):
            async with serving(at_once=at_once) as server:
                seen.append((await talk(server, pieces, len(names)), kept(server)))
        return seen

    at_once, other = asyncio.run(both())
    assert at_once == other


async def test_300_unread_pipelined_requests_get_responses_in_order() -> None:
    async with serving("large", at_once=True) as server:
        # 6 MB of responses: far more than any buffer takes before it pauses writing.
        found = await talk(server, [PLAIN["list"] * 300], 300)
    assert [answer.headers["x-mock-request-id"] for answer in found] == [str(number) for number in range(1, 301)]
    assert {len(answer.value) for answer in found} == {100}


async def test_a_fault_takes_its_time_and_what_comes_after_it_waits() -> None:
    async with serving(at_once=True) as server:
        fault = json.dumps({"operation": "claimtrackings/create", "then": "delay", "delay": 0.05}).encode()
        raw = [message("POST", "/__admin/faults", JSON, body=fault), *[PLAIN["create"], PLAIN["list"]] * 2]
        found = await talk(server, [b"".join(raw)], 5)
        assert [answer.status for answer in found[1:]] == [201, 200, 201, 200]
        assert found[1].headers["x-mock-fault"] == "before-delay"
        assert len(found[2].value) + 1 == len(found[4].value)
        await talk(server, [message("DELETE", "/__admin/faults")], 1)
        again = await talk(server, [PLAIN["list"]], 1)
        assert went_aiohttps_way(server) == 6, "with no fault set, a list is answered at once again"
    assert again[0].value == found[4].value


async def test_a_connection_on_the_fast_path_is_never_taken_for_idle() -> None:
    async with serving(at_once=True) as server:
        connection, reader, writer = await added(server, PLAIN["list"])
        assert (await anext(read_answers(reader))).status == 200
        assert connection._keepalive_handle is None
        writer.close()


async def connected(server: Server) -> tuple[FastConnection, asyncio.StreamReader, asyncio.StreamWriter]:
    """Return both ends of the only connection."""
    manager = server._runner.server
    assert manager is not None
    reader, writer = await connect(server)
    async with asyncio.timeout(MAX_WAIT):
        while not manager.connections or manager.connections[0]._waiter is None:
            await asyncio.sleep(0)
    (connection,) = manager.connections
    assert isinstance(connection, FastConnection)
    return connection, reader, writer


async def added(server: Server, raw: bytes) -> tuple[FastConnection, asyncio.StreamReader, asyncio.StreamWriter]:
    """Return a connection with a request in the batch that has no response yet."""
    connection, reader, writer = await connected(server)
    connection.data_received(raw)
    assert connection._added
    return connection, reader, writer


@pytest.mark.parametrize("gone", [False, True], ids=["there", "gone"])
async def test_fault_set_during_a_batch_applies_to_its_later_requests(gone: bool) -> None:
    async with serving(at_once=True) as server:
        connection, reader, writer = await added(server, PLAIN["create"])
        strikes = fault({"operation": "claimtrackings/create", "then": "status", "status": 503, "explanation": "Down."})
        server._app[MOCK].shared.faults.add(strikes)
        if gone:
            connection.force_close()
            assert await reader.read() == b""
        else:
            answer = await anext(read_answers(reader))
            assert (answer.status, answer.value) == (503, "Down.")
        assert strikes.hits == (0 if gone else 1)
        writer.close()


async def test_response_to_a_disconnected_client_is_harmless(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving(at_once=True) as server:
        connection, reader, writer = await added(server, PLAIN["list"])
        connection.force_close()
        assert await reader.read() == b""
        writer.close()
        assert len(kept(server)) == 1
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_failed_response_does_not_affect_others_of_its_batch(caplog: pytest.LogCaptureFixture) -> None:
    def respond(head: Head, _body: bytes, _lifetime: Lifetime | None) -> tuple[bytes]:
        if head.message.method == "POST":
            raise LookupError("broken on purpose")
        return (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",)

    loop = asyncio.get_running_loop()
    mock = create_app(now=NOW)[MOCK]
    manager = web.Server(never)
    fast_path = FastPath(mock.dispatcher, mock.hosts)
    connect = partial(
        FastConnection, manager, fast_path=fast_path, batch=Batch(respond), loop=loop, refuse=refuse, uploads=Uploads()
    )
    listener = await loop.create_server(connect, "127.0.0.1", 0)
    streams = [await asyncio.open_connection(*listener.sockets[0].getsockname()) for _ in range(3)]
    for (_, writer), name in zip(streams, ("list", "create", "list"), strict=True):
        writer.write(PLAIN[name])
    async with asyncio.timeout(MAX_WAIT):
        found = [[answer.status async for answer in read_answers(reader)] for reader, _ in streams[1:2]]
        found += [[(await anext(read_answers(reader))).status] for reader, _ in streams[::2]]
    assert found == [[], [200], [200]]
    assert "broken on purpose" in caplog.text
    for _, writer in streams:
        writer.close()
    listener.close()
    await manager.shutdown()


async def never(_request: web.BaseRequest) -> web.StreamResponse:
    raise AssertionError("none of these requests goes this way")


@web.middleware
async def signing(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    response.headers["X-Added"] = "yes"
    return response


async def sign(_request: web.BaseRequest, response: web.StreamResponse) -> None:
    response.headers["X-Added"] = "yes"


@pytest.mark.parametrize("how", ["outside", "inside", "signal"])
async def test_added_middleware_gets_every_request(how: str) -> None:
    app = create_app(now=NOW)
    if how == "signal":
        app.on_response_prepare.append(sign)
    else:
        app.middlewares.insert(0 if how == "outside" else 1, signing)
    async with asyncio.timeout(MAX_WAIT), Server(app, port=0) as server:
        for name in ("list", "other resource", "health"):
            (answer,) = await talk(server, [MESSAGES[name]], 1)
            assert answer.headers["x-added"] == "yes"
