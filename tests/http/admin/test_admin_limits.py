"""Admin API limit tests: requests that it refuses, and resources that it does not find."""

import asyncio
import gzip
import io
import json
import socket
import threading
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import urlsplit

import aiohttp
import pytest

from conftest import Client, MakeClient
from mockserver import MockServer
from mockserver.syntax.document import MAX_BYTES
from mockserver.web.mock import MOCK
from mockserver.web.thread import WORK


@pytest.mark.parametrize("form", ["whole", "chunked", "packed"])
async def test_an_office_that_is_too_large_is_a_problem(client: Client, form: str) -> None:
    body = b" " * (MAX_BYTES + 1)
    headers = {"Content-Type": "application/json"}
    if form == "packed":
        body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
    data = _pieces(body) if form == "chunked" else io.BytesIO(body)
    answer = await client.put("/__admin/office", data=data, headers=headers)
    assert (answer.status, answer.content_type) == (413, "application/problem+json")
    assert (await answer.json())["detail"] == "The body is too large; at most 32,000,000 bytes are read here."


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 1_000_000):
        yield body[start : start + 1_000_000]


@pytest.mark.parametrize(("method", "path"), [("PUT", "/__admin/office"), ("POST", "/__admin/faults")])
async def test_a_body_that_says_that_it_is_too_large_is_not_read(client: Client, method: str, path: str) -> None:
    reader, writer = await asyncio.open_connection(client.host, client.port)
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: 40000000\r\n\r\n".encode())
    async with asyncio.timeout(10):
        assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
    writer.close()
    await writer.wait_closed()


async def test_an_object_that_is_too_large_once_it_is_unpacked_is_a_problem(client: Client) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = await client.put("/__admin/clock", data=gzip.compress(b"{" + b" " * 1_000_000), headers=headers)
    assert (answer.status, (await answer.json())["title"]) == (413, "Content Too Large")


async def test_an_office_with_too_many_values_in_a_row_is_refused(client: Client) -> None:
    body = io.BytesIO(b'{"claim": [' + b"7," * 250_000 + b"7]}")
    answer = await client.put("/__admin/office", data=body, headers={"Content-Type": "application/json"})
    assert (await answer.json())["errors"] == [
        {"line": 1, "column": 2, "message": "more than 250,000 names and values without a mapping among them"}
    ]


@pytest.mark.parametrize(("method", "path"), [("PUT", "/__admin/clock"), ("POST", "/__admin/faults")])
@pytest.mark.parametrize(("name_count", "status"), [(1_000, 400), (10_000, 400), (50_000, 413)])
async def test_an_object_of_many_names_is_refused_soon(
    client: Client, method: str, path: str, name_count: int, status: int
) -> None:
    body = json.dumps({f"k{number}": 1 for number in range(name_count)}, separators=(",", ":"))
    start = time.perf_counter()
    answer = await client.request(method, path, data=body, headers={"Content-Type": "application/json"})
    seconds = time.perf_counter() - start
    assert (answer.status, answer.content_type) == (status, "application/problem+json")
    assert seconds < 2  # about 0.1 on an idle machine; 50,000 names took longer than 20


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ('{"then": "reset", "then": "status"}', "An object in the body has a name twice; remove one."),
        ('{"match": {"ClaimNum": 1, "ClaimNum": 2}}', "An object in the body has a name twice; remove one."),
        ("[" * 10_000, "The body is not JSON: nested more than 64 levels deep"),
        ('{"match": NaN}', "The body is not JSON: NaN is not JSON"),
    ],
    ids=["name", "inner name", "depth", "NaN"],
)
async def test_an_object_is_strict_json(client: Client, body: str, detail: str) -> None:
    answer = await client.post("/__admin/faults", data=body, headers={"Content-Type": "application/json"})
    assert (answer.status, (await answer.json())["detail"]) == (400, detail)


async def test_an_exchange_is_found_by_its_number_as_long_as_it_is_kept(client: Client) -> None:
    for path in ("/api/v1/claimtrackings", "/api/v1/referrals"):
        await client.get(path)
    second = await (await client.get("/__admin/requests/2")).json()
    assert (second["id"], second["request"]["path"]) == (2, "/api/v1/referrals")
    missing = await client.get("/__admin/requests/3")
    assert (missing.status, missing.content_type) == (404, "application/problem+json")


@pytest.mark.thorough
@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_others_are_served_while_a_big_office_is_read_or_written(make_client: MakeClient, method: str) -> None:
    client = await make_client("large")
    body = {"claim": [7], "generate": {"claimtracking": {"rows": 20_000}}} if method == "PUT" else None

    async def exchange() -> int:
        async with client.request(method, "/__admin/office", json=body) as response:
            await response.read()
        return response.status

    whole = asyncio.create_task(exchange())
    meanwhile = 0
    while not whole.done():
        assert (await client.get("/api/v1/claimtrackings?Limit=1")).status == 200
        meanwhile += 1
    assert await whole == 200
    assert meanwhile > 10, "a server that waits for it answers one or two"


async def test_a_reset_ends_an_office_that_is_still_read(make_client: MakeClient) -> None:
    client = await make_client()
    body = {"claim": [7], "generate": {"claimtracking": {"rows": 20_000}}}
    whole = asyncio.create_task(client.put("/__admin/office", json=body))
    tenant = client.app[MOCK].shared
    async with asyncio.timeout(10):
        while not any(thread.name == WORK for thread in threading.enumerate()):
            await asyncio.sleep(0)
    tenant.reset()
    with pytest.raises(aiohttp.ClientConnectionError):
        await whole
    assert len(tenant.office.claimtracking) == 8


async def test_work_for_a_client_that_has_left_ends(make_client: MakeClient) -> None:
    client = await make_client()
    body = {"claim": [7], "generate": {"claim": {"rows": 1_000_000}, "claimtracking": {"rows": 1_000_000}}}
    whole = asyncio.create_task(client.put("/__admin/office", json=body))
    async with asyncio.timeout(10):
        while not any(thread.name == WORK for thread in threading.enumerate()):
            await asyncio.sleep(0.001)
    whole.cancel()
    with pytest.raises(asyncio.CancelledError):
        await whole
    async with asyncio.timeout(10):  # the rows of the first office take a minute
        assert (await client.put("/__admin/office", json={"claim": [7, 8]})).status == 200
    assert len(client.app[MOCK].shared.office.claim) == 2


def test_work_for_a_client_that_has_closed_its_half_ends() -> None:
    body = b'{"claim": [7], "generate": {"claimtracking": {"rows": 1000000}}}'
    head = b"PUT /__admin/office HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    with MockServer() as server:
        address = urlsplit(server.url)
        with socket.create_connection((address.hostname or "", address.port or 0), 10) as connection:
            connection.sendall(head % len(body) + body)
            connection.shutdown(socket.SHUT_WR)
            with suppress(ConnectionError):
                assert connection.recv(1) == b""
        assert len(server.office.claimtracking) == 8
