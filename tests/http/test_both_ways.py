"""Path equivalence tests: fast path and slow path send the same responses, for every case and any mixture."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack
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
from mockserver.journal.exchange import Exchange
from mockserver.office.faults import fault
from mockserver.tenants.tenant import Lifetime
from mockserver.web.fast.batch import Batch
from mockserver.web.fast.connection import FastConnection
from mockserver.web.fast.fast_path import FastPath
from mockserver.web.fast.heads import Head
from mockserver.web.mock import MOCK
from mockserver.web.server import Server
from mockserver.web.unreadable import refuse
from mockserver.web.uploads import Uploads
from support.effort import examples, thorough_unless
from support.playing import Mocks, fixture
from support.raw_http import (
    JSON,
    MAX_WAIT,
    OTHER,
    PLAIN,
    connected,
    message,
    read_answers,
    serving,
    talk,
    went_aiohttps_way,
)
from support.telling import is_telling, telling_cases

# Of each rule that stands for those of other resources, its first case.
QUICK = [*{case.rules[0]: case for case in reversed(telling_cases()) if is_telling(case.rules[0])}.values()]


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
                await self._running.enter_async_context(serving(named, path=path, limit=None, **case.settings))
                for path in ("fast", "slow")
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
@pytest.mark.parametrize("case", [
    pytest.param(case, marks=thorough_unless(quick=case in QUICK), id=case.id) for case in telling_cases()
])  # fmt: skip
async def test_each_case_is_answered_and_kept_the_same_both_ways(case: Case, offices: Offices) -> None:
    raw = offices.as_sent(case)
    async with asyncio.timeout(MAX_WAIT):
        seen = [
            (await talk(server, [raw] * case.times, case.times), kept(server)) for server in await offices.servers(case)
        ]
    assert seen[0] == seen[1]
    assert seen[0][0][-1].status == case.expect.status


MESSAGES = PLAIN | OTHER
# A choice of them on one connection; requests for the slow path are between others.
mixtures = st.lists(
    st.sampled_from([name for name in MESSAGES if name not in ("upgrade", "offering HTTP/2")]), min_size=1, max_size=90
)


@pytest.mark.parametrize("name", MESSAGES)
async def test_only_plain_requests_take_the_fast_path(name: str) -> None:
    async with serving() as server:
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
        for path in ("fast", "slow"):
            async with serving(path=path) as server:
                seen.append((await talk(server, pieces, len(names)), kept(server)))
        return seen

    at_once, other = asyncio.run(both())
    assert at_once == other


@pytest.mark.thorough
async def test_300_unread_pipelined_requests_get_responses_in_order() -> None:
    async with serving("large") as server:
        # 6 MB of responses: far more than any buffer takes before it pauses writing.
        found = await talk(server, [PLAIN["list"] * 300], 300)
    assert [answer.headers["x-mock-request-id"] for answer in found] == [str(number) for number in range(1, 301)]
    assert {len(answer.value) for answer in found} == {100}


async def test_a_fault_takes_its_time_and_what_comes_after_it_waits() -> None:
    async with serving() as server:
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
    async with serving() as server:
        connection, reader, writer = await added(server, PLAIN["list"])
        assert (await anext(read_answers(reader))).status == 200
        assert connection._keepalive_handle is None
        writer.close()


async def added(server: Server, raw: bytes) -> tuple[FastConnection, asyncio.StreamReader, asyncio.StreamWriter]:
    """Return a connection with a request in the batch that has no response yet."""
    connection, reader, writer = await connected(server)
    connection.data_received(raw)
    assert connection._added
    return connection, reader, writer


@pytest.mark.parametrize("gone", [False, True], ids=["there", "gone"])
async def test_fault_set_during_a_batch_applies_to_its_later_requests(gone: bool) -> None:
    async with serving() as server:
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
    async with serving() as server:
        connection, reader, writer = await added(server, PLAIN["list"])
        connection.force_close()
        assert await reader.read() == b""
        writer.close()
        assert len(kept(server)) == 1
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_failed_response_does_not_affect_others_of_its_batch(caplog: pytest.LogCaptureFixture) -> None:
    def respond(head: Head, _body: bytes, _lifetime: Lifetime | None) -> tuple[bytes]:
        if head.method == "POST":
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
