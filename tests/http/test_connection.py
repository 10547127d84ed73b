"""Connection tests: half-closed, aborted, handed over, and with bodies in pieces."""

import asyncio
import gzip
import inspect
import json
import logging
import re
import socket
import struct
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from itertools import pairwise
from pathlib import Path

import pytest

from conftest import NOW, MakeClient
from mockserver import create_app
from mockserver.web.connection import Connection
from mockserver.web.fast.connection import FastConnection
from mockserver.web.mock import MOCK
from mockserver.web.server import SHUTDOWN_SECONDS, Server
from support.raw_http import (
    JSON,
    KEYS,
    LIST,
    MAX_WAIT,
    PARTS_OF_AN_UPLOAD,
    PLAIN,
    connect,
    connected,
    message,
    passing_by,
    read_answers,
    serving,
    talk,
    went_aiohttps_way,
    without_a_collection,
)

CREATE = PLAIN["create"]
CLOSING = message("POST", LIST, KEYS, JSON, "Connection: close", body=b'{"ClaimNum": 15}')


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """Return a server with the fast path."""
    async with serving(limit=3 * MAX_WAIT) as running:
        yield running


def tracking_count(server: Server) -> int:
    return len(server._app[MOCK].shared.office.claimtracking)


@pytest.mark.parametrize("path", ["fast", "slow"])
@pytest.mark.parametrize("raw", [CREATE, CLOSING, CREATE * 3], ids=["kept alive", "Connection: close", "pipelined"])
async def test_complete_requests_before_the_end_of_the_stream_are_answered(path: str, raw: bytes) -> None:
    async with serving(path=path, limit=3 * MAX_WAIT) as server:

        async def one() -> list[int]:
            reader, writer = await connect(server)
            writer.write(raw)
            writer.write_eof()
            statuses = [answer.status async for answer in read_answers(reader)]
            writer.close()
            return statuses

        found = await asyncio.gather(*(one() for _ in range(30)))
        count = raw.count(b"POST")
        assert found == [[201] * count] * 30
        assert tracking_count(server) == 8 + 30 * count


async def test_a_body_that_never_ends_writes_nothing(server: Server) -> None:
    for raw in (
        CREATE[:-1],
        CREATE + CREATE[:-1],
        message("POST", LIST, JSON, "Transfer-Encoding: chunked") + b"5\r\n{",
    ):
        reader, writer = await connect(server)
        writer.write(raw)
        writer.write_eof()
        statuses = [answer.status async for answer in read_answers(reader)]
        assert statuses == [201] * (raw.count(b"POST") - 1)
        writer.close()
    assert tracking_count(server) == 9
    lost = [one for one in server._app[MOCK].shared.journal if one.outcome == "connection lost"]
    assert [(one.operation, one.status) for one in lost] == [("claimtrackings/create", 0)] * 3


@pytest.mark.parametrize("raw", [CREATE * 5, PLAIN["list"] * 300, CREATE[:-1], CREATE * 2 + b"\0\r\n\r\n"])
async def test_a_reset_by_the_client_is_not_an_error_of_the_server(
    server: Server, raw: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(10):
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(raw)
        await asyncio.sleep(0)
    assert (await talk(server, [PLAIN["list"]], 1))[0].status == 200
    manager = server._runner.server
    assert manager is not None
    while manager.connections:
        await asyncio.sleep(0.01)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_bodies_in_pieces_keep_the_connection_on_the_fast_path(server: Server) -> None:
    own_end, reader, writer = await connected(server)
    answers = read_answers(reader)
    head = CREATE.index(b"\r\n\r\n") + 4
    for cuts in ([head], [head, head + 5, head + 9], [len(CREATE) - 1], [], list(range(head, len(CREATE)))):
        edges = [0, *cuts, len(CREATE)]
        for start, end in pairwise(edges):
            own_end.data_received(CREATE[start:end])
        assert (await anext(answers)).status == 201
    assert went_aiohttps_way(server) == 0
    writer.close()


async def test_equal_heads_may_have_different_bodies(server: Server) -> None:
    own_end, reader, writer = await connected(server)
    answers = read_answers(reader)
    for letter in b"abc":
        own_end.data_received(message("POST", LIST, JSON, body=b'{"ClaimNum": 15, "Note": "%c"}' % letter))
        assert (await anext(answers)).value["Note"] == chr(letter)
    assert went_aiohttps_way(server) == 0
    writer.close()


async def test_a_long_head_is_plain_too(server: Server) -> None:
    own_end, reader, writer = await connected(server)
    own_end.data_received(message("GET", LIST, f"X-Long: {'x' * 4_000}"))
    assert (await anext(read_answers(reader))).status == 200
    assert went_aiohttps_way(server) == 0
    writer.close()


async def test_a_client_that_waits_for_100_gets_it_on_the_fast_path(server: Server) -> None:
    reader, writer = await connect(server)
    raw = PLAIN["expecting to go on"]
    head = raw.index(b"\r\n\r\n") + 4
    writer.write(raw[:head])
    answers = read_answers(reader)
    assert (await anext(answers)).status == 100
    writer.write(raw[head:])
    assert (await anext(answers)).status == 201
    assert went_aiohttps_way(server) == 0
    writer.close()


@pytest.mark.parametrize(
    "first",
    [CREATE, message("GET", "/api/v1/nothing"), message("POST", LIST, "Transfer-Encoding: chunked") + b"0\r\n\r\n"],
    ids=["plain", "handed over", "chunks"],
)
async def test_valid_requests_before_garbage_are_answered_before_the_400(server: Server, first: bytes) -> None:
    reader, writer = await connect(server)
    writer.write(first + PLAIN["list"] + b"garbage\r\n\r\n")
    found = [answer async for answer in read_answers(reader)]
    assert [answer.status for answer in found][1:] == [200, 400]
    assert found[-1].value.startswith("The request could not be read: ")
    writer.close()


@pytest.mark.parametrize("body", [None, b'{"ClaimNum": 15}'], ids=["without a body", "with a body"])
@pytest.mark.parametrize("path", ["", "/other"])
async def test_no_request_vanishes_after_an_offer_of_http_2(server: Server, path: str, body: bytes | None) -> None:
    offer = message("POST", LIST + path, JSON, "Connection: Upgrade", "Upgrade: h2c", body=body)
    reader, writer = await connect(server)
    writer.write(offer + PLAIN["list"] * 2)
    writer.write_eof()
    found = [answer async for answer in read_answers(reader)]
    assert found
    assert len(found) == 3 or found[-1].headers.get("connection") == "close"
    writer.close()


@pytest.mark.parametrize("encoding", ["nonsense", "br", "zstd", "gzip, gzip"])
async def test_a_content_encoding_that_is_not_known_is_refused_by_the_api(server: Server, encoding: str) -> None:
    raw = message("POST", LIST, KEYS, JSON, f"Content-Encoding: {encoding}", body=b'{"ClaimNum": 15}')
    (answer,) = await talk(server, [raw], 1)
    assert (answer.status, answer.headers["x-mock-rule"]) == (400, "api.body.broken")
    assert "gzip, deflate" in answer.headers["x-mock-hint"]
    assert int(answer.headers["x-mock-request-id"]) == 1


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [
        ("gzip", gzip.compress(b'{"ClaimNum": 15}', mtime=0), 201), ("GZIP", gzip.compress(b'{"ClaimNum": 15}', mtime=0), 201),
        ("deflate", zlib.compress(b'{"ClaimNum": 15}'), 201), ("deflate", raw_deflate(b'{"ClaimNum": 15}'), 201),
        ("gzip", gzip.compress(b'{"ClaimNum": 15}', mtime=0)[:-3], 400), ("gzip", gzip.compress(b"{}", mtime=0) + b"more", 400),
        ("deflate", b"x", 400), ("gzip", gzip.compress(b'{"ClaimNum": 15, "Note": "%s"}' % (b"a" * 900_000), mtime=0), 201),
    ],
    ids=["gzip", "in capitals", "zlib", "raw deflate", "cut off", "more after it", "no deflate", "large"],
)  # fmt: skip
async def test_gzip_and_deflate_are_decoded(server: Server, encoding: str, body: bytes, status: int) -> None:
    raw = message("POST", LIST, KEYS, JSON, f"Content-Encoding: {encoding}", body=body)
    (answer,) = await talk(server, [raw], 1)
    assert answer.status == status


async def test_a_strangers_host_makes_no_office(server: Server) -> None:
    for path in ("fast", "slow"):
        app = create_app(now=NOW, office_per_key=True)
        if path == "slow":
            app.middlewares.append(passing_by)
        async with Server(app, port=0) as other:
            stranger = PLAIN["create"].replace(b"Host: localhost", b"Host: evil.example")
            assert (await talk(other, [stranger], 1))[0].status == 403
            assert len(app[MOCK].tenants) == 0
            assert (await talk(other, [PLAIN["create"]], 1))[0].status == 201
            assert len(app[MOCK].tenants) == 1


async def test_requests_of_one_iteration_are_answered_in_their_order(server: Server) -> None:
    own_end, reader, writer = await connected(server)
    own_end.data_received(bytearray(PLAIN["create"]))  # type: ignore[arg-type]  # as Windows' event loop has them
    own_end.data_received(PLAIN["list"])
    answers = read_answers(reader)
    assert [(await anext(answers)).status for _ in range(2)] == [201, 200]
    own_end.data_received(PLAIN["create"])
    assert own_end.eof_received() is None
    assert (await anext(answers)).status == 201
    assert went_aiohttps_way(server) == 0
    writer.close()


async def test_data_after_a_body_in_pieces_is_handed_over_with_it(server: Server) -> None:
    own_end, reader, writer = await connected(server)
    own_end.data_received(CREATE[:-3])
    own_end.data_received(CREATE[-3:] + PLAIN["list"])
    answers = read_answers(reader)
    assert [(await anext(answers)).status for _ in range(2)] == [201, 200]
    assert went_aiohttps_way(server) == 2
    writer.close()


@pytest.mark.thorough
async def test_a_client_that_does_not_read_leaves_the_fast_path() -> None:
    async with serving("large", limit=3 * MAX_WAIT) as server:
        own_end, _, writer = await connected(server)
        count = 0
        while not own_end.writing_paused:
            own_end.data_received(PLAIN["list"])
            count += 1
        journal = server._app[MOCK].shared.journal
        while len(journal) + journal.dropped < count:
            await asyncio.sleep(0)
        assert went_aiohttps_way(server) == 1, "the last one has found the client not reading"
        writer.transport.abort()


async def test_a_request_whose_lifetime_ends_before_the_batch_is_cut(server: Server) -> None:
    own_end, reader, writer = await connected(server)
    own_end.data_received(CREATE[:-1])
    own_end.data_received(CREATE[-1:])
    server._app[MOCK].shared.reset()
    with suppress(ConnectionError):
        assert await reader.read() == b""
    assert tracking_count(server) == 8
    writer.close()


@pytest.mark.parametrize("path", ["/api/v1/referrals", "/api/v1/nothing"], ids=["not served", "unknown"])
async def test_disconnect_is_recorded_for_paths_without_an_operation(server: Server, path: str) -> None:
    _, writer = await connect(server)
    writer.write(message("POST", path, JSON, "Content-Length: 9"))
    shared = server._app[MOCK].shared
    while not shared.lifetime._at_end:
        await asyncio.sleep(0)
    writer.close()
    while not len(shared.journal):
        await asyncio.sleep(0)
    assert [(one.operation, one.outcome) for one in shared.journal] == [("", "connection lost")]


async def test_another_server_has_decoded_the_body_already(make_client: MakeClient) -> None:
    client = await make_client()
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = await client.post("/api/v1/claimtrackings", data=gzip.compress(b'{"ClaimNum": 15}'), headers=headers)
    assert answer.status == 201


RENAMED = """
import asyncio, importlib.util, sys
spec = importlib.util.find_spec("aiohttp.web_protocol")
source = spec.loader.get_source(spec.name)
assert NAME in source
module = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = module
import aiohttp
exec(compile(source.replace(NAME, "_renamed" + NAME), spec.origin, "exec"), module.__dict__)
aiohttp.web_protocol = module
from mockserver import create_app
from mockserver.web.connection import Connection
from mockserver.web.server import SHUTDOWN_SECONDS, Server
from aiohttp import web
assert not hasattr(web.RequestHandler, NAME) and hasattr(web.RequestHandler, "_renamed" + NAME), "not renamed"

async def main():
    async with Server(create_app(), port=0) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for raw in REQUESTS:
            writer.write(raw.encode())
            head = await asyncio.wait_for(reader.readuntil(b"\\r\\n\\r\\n"), 10)
            length = next(int(line[15:]) for line in head.lower().splitlines() if line.startswith(b"content-length:"))
            await reader.readexactly(length)
            print(head.split()[1].decode(), flush=True)
        writer.close()

asyncio.run(main())
"""


def private_names() -> set[str]:
    """Return the private names of aiohttp that the connections look up."""
    sources = [Path(inspect.getfile(kind)).read_text(encoding="utf-8") for kind in (Connection, FastConnection)]
    return set(re.findall(r'getattr\(self, "(_\w+)"', "".join(sources)))


@pytest.mark.parametrize("kind", [Connection, FastConnection])
def test_connections_know_one_private_name_of_aiohttps(kind: type[Connection]) -> None:
    own = {*Connection.__slots__, *FastConnection.__slots__}
    used = set(re.findall(r"self\.(_\w+)", Path(inspect.getfile(kind)).read_text(encoding="utf-8")))
    methods = {name for base in (Connection, FastConnection) for name, value in vars(base).items() if callable(value)}
    assert used <= own | methods
    assert private_names() == {"_messages"}


@pytest.mark.parametrize("name", sorted(private_names()))
def test_renamed_private_names_of_aiohttp_do_not_break_the_server(name: str) -> None:
    chunks = (
        message("POST", LIST, JSON, "Transfer-Encoding: chunked") + b"10\r\n" + b'{"ClaimNum": 15}' + b"\r\n0\r\n\r\n"
    )
    requests = [
        PLAIN["list"].decode(),
        message("GET", "/__admin/health").decode(),
        chunks.decode(),
        PLAIN["list"].decode(),
    ]
    program = f"NAME = {name!r}\nREQUESTS = {json.dumps(requests)}\n" + RENAMED
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert done.stdout.split() == ["200", "200", "201", "200"], done.stderr


@pytest.mark.thorough
async def test_server_stops_despite_pipelining_clients_that_never_read() -> None:
    app = create_app("large", now=NOW)
    async with asyncio.timeout(6 * MAX_WAIT), AsyncExitStack() as stack:
        clients = [stack.enter_context(socket.socket()) for _ in range(30)]
        async with Server(app, port=0) as server:
            for client in clients:
                client.connect(("127.0.0.1", server.port))
                client.setblocking(False)
                client.send(PLAIN["list"] * 300)
            journal, before = app[MOCK].shared.journal, -1
            while before < len(journal) + journal.dropped:  # until there are no more responses
                before = len(journal) + journal.dropped
                await asyncio.sleep(0.2)
            stopping = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - stopping < 2 * SHUTDOWN_SECONDS


@pytest.mark.thorough
@pytest.mark.parametrize(("framing", "part"), PARTS_OF_AN_UPLOAD.items())
async def test_uploads_that_are_cut_off_are_freed_without_a_collection(
    server: Server, framing: str, part: bytes
) -> None:
    manager = server._runner.server
    assert manager is not None
    with without_a_collection(most_bytes=6_000_000):
        for _ in range(6):
            _, writer = await connect(server)
            writer.write(message("POST", LIST, KEYS, JSON, framing) + part)
            await writer.drain()
            while not server._app[MOCK].shared.lifetime._at_end:
                await asyncio.sleep(0)
            await asyncio.sleep(0)
            writer.transport.abort()
            while manager.connections:
                await asyncio.sleep(0)
            del writer
