"""Raw HTTP: messages as bytes, connections to a server of a test, and the responses as they were on the wire."""

import asyncio
import gc
import json
import tracemalloc
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from mockserver import create_app
from mockserver.web.fast.connection import FastConnection
from mockserver.web.server import Server
from support.now import NOW

MAX_WAIT = 30
JSON = "Content-Type: application/json"
KEYS = "Authorization: ODFHIR Dev/Cust"
LIST = "/api/v1/claimtrackings"
TOO_LARGE = "its first line and headers are larger than 32,768 bytes"
"""Why a head of too many bytes could not be read."""


class Answer(NamedTuple):
    """A response. Its body is as it was on the wire."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def value(self) -> Any:
        """Return the body, read as JSON."""
        return json.loads(self.body)


@web.middleware
async def passing_by(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Return the handler's response: a middleware that makes all requests take the slow path."""
    return await handler(request)


@asynccontextmanager
async def serving(
    *fixtures: str, path: str = "fast", limit: float | None = MAX_WAIT, **settings: Any
) -> AsyncIterator[Server]:
    """Run a server whose requests take that path. The block ends after `limit` seconds."""
    app = create_app(*fixtures, **{"now": NOW} | settings)
    if path == "slow":
        app.middlewares.append(passing_by)
    async with asyncio.timeout(limit), Server(app, port=0) as server:
        yield server


PARTS_OF_AN_UPLOAD = {
    "Content-Length: 9000000": bytes(4_000_000),
    "Transfer-Encoding: chunked": b"3d0900\r\n" + bytes(4_000_000) + b"\r\n",
}
"""By the header, the first part of a body that does not end."""


def message(method: str, target: str, *headers: str, body: bytes | None = None) -> bytes:
    """Return a request."""
    length = () if body is None else (f"Content-Length: {len(body)}",)
    lines = (f"{method} {target} HTTP/1.1", "Host: localhost", *headers, *length, "", "")
    return "\r\n".join(lines).encode("latin-1") + (body or b"")


@contextmanager
def without_a_collection(*, most_bytes: int) -> Iterator[None]:
    """Check that what the block does keeps so many bytes at most, although the garbage collector does not run."""
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        yield
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        gc.enable()
    assert kept < most_bytes


async def connect(server: Server) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a connection."""
    address = urlsplit(server.url)
    return await asyncio.open_connection(address.hostname, address.port, limit=2**25)


async def read_answers(reader: asyncio.StreamReader, *, head: bool = False) -> AsyncIterator[Answer]:
    """Yield the responses until the server closes the connection. With `head` they have no bodies."""
    while not reader.at_eof():
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            if getattr(error, "partial", b""):
                pytest.fail("half an answer came, or something that is none")
            return
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:-2])}
        length = 0 if head else int(headers.get("content-length", 0))
        yield Answer(int(lines[0].split()[1]), headers, await reader.readexactly(length))


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


def went_aiohttps_way(server: Server) -> int:
    """Return the number of requests that took the slow path."""
    manager = server._runner.server
    assert manager is not None
    return manager.requests_count


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
"""Requests that take the fast path."""
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
"""Requests that take the slow path."""
