"""Lifetime tests: a request belongs to the lifetime in which its head arrived, and changes no later one."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from conftest import NOW
from mockserver import load_office
from mockserver.office.faults import fault
from mockserver.seeding.export import Export
from mockserver.tenants.tenant import Tenant
from mockserver.web.mock import MOCK
from mockserver.web.server import Server
from support.effort import thorough_unless
from support.raw_http import JSON, KEYS, LIST, Answer, connect, message, read_answers, serving

CREATE = message("POST", LIST, KEYS, JSON, body=b'{"ClaimNum": 15, "Note": "from before"}')
ENDINGS = ("reset", "office", "restore", "anew", "evicted")


@pytest.fixture(params=ENDINGS)
async def ending(request: pytest.FixtureRequest) -> str:
    """Return a function that ends the lifetime."""
    return str(request.param)


@pytest.fixture(params=["fast", "slow"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    """Return a server with an office for each key, of which there is one at a time."""
    async with serving(path=request.param, office_per_key=True) as running:
        running._app[MOCK].tenants._max_tenants = 1
        await ask(running, "PUT", "/__admin/snapshots/kept?office=Cust")
        yield running


async def ask(server: Server, method: str, target: str, body: bytes | None = None) -> Answer:
    reader, writer = await connect(server)
    writer.write(message(method, target, *([JSON] if body is not None else []), body=body))
    answer = await anext(read_answers(reader))
    writer.close()
    return answer


def tenant_of(server: Server) -> Tenant:
    return server._app[MOCK].tenants.of_key("Cust")


async def end_lifetime(server: Server, ending: str) -> None:
    if ending == "reset":
        await ask(server, "POST", "/__admin/reset?office=Cust")
    elif ending == "office":
        office = "".join(Export(load_office(now=NOW)).as_json()).encode()
        assert (await ask(server, "PUT", "/__admin/office?office=Cust", office)).status == 200
    elif ending == "restore":
        assert (await ask(server, "POST", "/__admin/snapshots/kept/restore?office=Cust")).status == 200
    elif ending == "anew":
        tenant_of(server).rebase(load_office(now=NOW))
    else:
        await ask(server, "GET", "/__admin/health?office=Another")


async def until_alone(server: Server) -> None:
    """Wait until the server has no connection left."""
    manager = server._runner.server
    assert manager is not None
    while manager.connections:
        await asyncio.sleep(0.01)


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    """Return the data until the end of the connection, of any kind."""
    with suppress(ConnectionError):
        return await reader.read()
    return b""


def assert_unchanged(tenant: Tenant) -> None:
    assert len(tenant.office.claimtracking) == 8
    assert [exchange.method for exchange in tenant.journal if exchange.method != "GET"] == []


@pytest.mark.parametrize(
    ("server", "ending"),
    [
        pytest.param(path, ending, marks=thorough_unless(quick=path == "fast" or ending == "reset"))
        for path in ("fast", "slow") for ending in ENDINGS
    ],
    indirect=True,
)  # fmt: skip
@pytest.mark.parametrize(
    ("then", "when", "stays"),
    [
        pytest.param(then, when, stays, id=f"{then}-{when}-client {'stays' if stays else 'gives up'}",
                     marks=thorough_unless(quick=(then, when, stays) == ("delay", "after", True)))
        for then in ("delay", "timeout") for when in ("before", "after") for stays in (True, False)
    ],
)  # fmt: skip
async def test_a_fault_that_waits_ends_with_the_lifetime(
    server: Server, ending: str, then: str, when: str, stays: bool
) -> None:
    tenant = tenant_of(server)
    waits = fault({"then": then, "when": when, "delay": 60})
    tenant.faults.add(waits)
    reader, writer = await connect(server)
    writer.write(CREATE)
    while not waits.hits:
        await asyncio.sleep(0)
    if not stays:
        writer.close()
    kept = len(tenant.office.claimtracking)
    await end_lifetime(server, ending)
    if stays:
        assert await rest_of(reader) == b"", "the connection of a request from before is cut"
        writer.close()
    await until_alone(server)
    if ending == "evicted":
        assert len(tenant.office.claimtracking) == kept
        assert len(tenant.journal) == 0
        assert tenant_of(server) is not tenant
    assert_unchanged(tenant_of(server))


@pytest.mark.parametrize("pieces", [1, 3])
async def test_a_body_that_is_coming_in_is_cut_at_the_end_of_the_lifetime(
    server: Server, ending: str, pieces: int
) -> None:
    tenant = tenant_of(server)
    reader, writer = await connect(server)
    for number in range(pieces):
        writer.write(CREATE[number * 10 : number * 10 + 10] if number + 1 < pieces else CREATE[number * 10 : -1])
        await asyncio.sleep(0)
    while not tenant.lifetime._at_end:
        await asyncio.sleep(0)
    await end_lifetime(server, ending)
    with suppress(ConnectionError):
        writer.write(CREATE[-1:])
        await writer.drain()
    assert await rest_of(reader) == b""
    writer.close()
    await until_alone(server)
    assert_unchanged(tenant)
    assert_unchanged(tenant_of(server))


async def test_a_long_poll_answers_at_once_at_the_end_of_the_lifetime(server: Server, ending: str) -> None:
    tenant = tenant_of(server)
    reader, writer = await connect(server)
    writer.write(message("GET", "/__admin/requests?office=Cust&wait=300"))
    while not tenant.journal.waiting:
        await asyncio.sleep(0)
    await end_lifetime(server, ending)
    answer = await anext(read_answers(reader))
    assert json.loads(answer.body)["requests"] == []
    writer.close()


async def test_a_body_of_the_admin_api_is_cut_at_the_end_of_the_lifetime(server: Server, ending: str) -> None:
    tenant = tenant_of(server)
    reader, writer = await connect(server)
    raw = message("POST", "/__admin/faults?office=Cust", JSON, body=b'{"name": "throttled"}')
    writer.write(raw[:-1])
    while not tenant.lifetime._at_end:
        await asyncio.sleep(0)
    await end_lifetime(server, ending)
    with suppress(ConnectionError):
        writer.write(raw[-1:])
        await writer.drain()
    assert await rest_of(reader) == b""
    writer.close()
    assert len(tenant.faults) == len(tenant_of(server).faults) == 0
