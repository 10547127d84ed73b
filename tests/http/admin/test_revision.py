"""Revision tests: every change that is not an exchange is counted, and ends a request that waits for one."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import requests

from conftest import Client, MakeClient
from mockserver import MockServer

HEADERS = {"Authorization": "ODFHIR MockDeveloperKey/MockCustomerKey", "Content-Type": "application/json"}
MAX_SECONDS = 10

WRITES: list[tuple[str, str, Any]] = [
    ("POST", "reset", None),
    ("PUT", "office", {"claim": [15]}),
    ("PATCH", "preferences", {"ClaimTrackingStatusExcludesNone": True}),
    ("PUT", "clock", {"advance": 60}),
    ("POST", "faults", {"name": "throttled"}),
    ("DELETE", "faults", None),
    ("PUT", "snapshots/one", None),
    ("DELETE", "requests", None),
    ("DELETE", "contract", None),
]


async def revision(client: Client) -> int:
    return int((await (await client.get("/__admin/requests")).json())["revision"])


@pytest.mark.parametrize(("method", "path", "body"), WRITES, ids=[f"{method} {path}" for method, path, _ in WRITES])
async def test_a_write_of_the_admin_api_ends_the_wait(client: Client, method: str, path: str, body: Any) -> None:
    before = await revision(client)
    waiting = asyncio.create_task(client.get(f"/__admin/requests?wait=300&revision={before}"))
    assert (await client.request(method, f"/__admin/{path}", json=body)).ok
    answer = await (await asyncio.wait_for(waiting, MAX_SECONDS)).json()
    assert answer["revision"] > before
    assert answer["requests"] == []


async def test_reads_refused_writes_and_exchanges_are_not_counted(client: Client) -> None:
    before = await revision(client)
    await client.get("/__admin/health")
    assert (await client.put("/__admin/clock", json={"now": "never"})).status == 400
    await client.post("/api/v1/claimtrackings", headers=HEADERS, json={"ClaimNum": 15})
    assert await revision(client) == before


async def test_an_exchange_ends_the_wait_too(client: Client) -> None:
    before = await revision(client)
    waiting = asyncio.create_task(client.get(f"/__admin/requests?wait=300&revision={before}"))
    await client.get("/api/v1/claimtrackings", headers=HEADERS)
    answer = await (await asyncio.wait_for(waiting, MAX_SECONDS)).json()
    assert (answer["revision"], len(answer["requests"])) == (before, 1)


async def test_without_a_revision_the_wait_is_for_exchanges_only(client: Client) -> None:
    waiting = asyncio.create_task(client.get("/__admin/requests?wait=300"))
    await client.put("/__admin/clock", json={"advance": 60})
    await client.get("/api/v1/claimtrackings", headers=HEADERS)
    answer = await (await asyncio.wait_for(waiting, MAX_SECONDS)).json()
    assert len(answer["requests"]) == 1


async def test_a_revision_is_a_whole_number(client: Client) -> None:
    response = await client.get("/__admin/requests?wait=1&revision=new")
    assert (response.status, (await response.json())["detail"][:22]) == (400, "revision must be a who")


CONTROLS: dict[str, Callable[[MockServer], object]] = {
    "clock.advance": lambda server: server.clock.advance(60),
    "clock.freeze": lambda server: server.clock.freeze("2023-07-26 09:47:10"),
    "clock.run": lambda server: server.clock.run(),
    "preferences": lambda server: server.preferences.update(ClaimTrackingStatusExcludesNone=True),
    "fault": lambda server: server.fault(name="throttled"),
    "put": lambda server: server.office.put("claim", ClaimNum=99),
    "delete": lambda server: server.office.delete("claimtracking", 51),
    "reset": lambda server: server.reset(),
    "restore": lambda server: server.snapshot().restore(),
}


@pytest.mark.parametrize("name", CONTROLS)
def test_a_change_by_python_is_counted_and_a_look_is_not(name: str) -> None:
    with MockServer() as server:

        def seen() -> int:
            return int(requests.get(f"{server.admin_url}/requests", timeout=10).json()["revision"])

        before = seen()
        assert server.office.claimtracking
        assert server.clock.now
        assert seen() == before
        CONTROLS[name](server)
        assert seen() > before


async def test_the_offices_of_keys_are_listed(make_client: MakeClient) -> None:
    client = await make_client(office_per_key=True)
    assert await (await client.get("/__admin/offices")).json() == {"per_key": True, "offices": []}
    before = await revision(client)
    own = HEADERS | {"Authorization": "ODFHIR MockDeveloperKey/Mine"}
    await client.post("/api/v1/claimtrackings", headers=own, json={"ClaimNum": 15})
    await client.get("/api/v1/claimtrackings", headers=own)
    assert await revision(client) == before + 1  # its first use
    offices = (await (await client.get("/__admin/offices")).json())["offices"]
    assert offices == [{"CustomerKey": "Mine", "claimtrackings": 9, "requests": 2}]


async def test_clearing_the_contract_is_a_change_of_every_office(make_client: MakeClient) -> None:
    client = await make_client(office_per_key=True)
    before = (await (await client.get("/__admin/requests?office=Mine")).json())["revision"]
    await client.delete("/__admin/contract")
    assert (await (await client.get("/__admin/requests?office=Mine")).json())["revision"] > before


async def test_without_offices_of_keys_none_is_listed(client: Client) -> None:
    assert await (await client.get("/__admin/offices")).json() == {"per_key": False, "offices": []}


@pytest.mark.parametrize(
    ("fixtures", "key", "pair"),
    [
        (("default",), "Mine", ("MockDeveloperKey", "Mine")),
        (("keys", "default"), "FrontDesk", None),
        (("keys", "default"), "Nobody", None),
    ],
)
async def test_the_keys_of_an_office_are_its_own(
    make_client: MakeClient, fixtures: tuple[str, ...], key: str, pair: tuple[str, str] | None
) -> None:
    client = await make_client(*fixtures, office_per_key=True)
    shared = await (await client.get("/__admin/keys")).json()
    keys = await (await client.get("/__admin/keys", params={"office": key})).json()
    if pair:
        assert (keys["DeveloperKey"], keys["CustomerKey"]) == pair
    elif key == "Nobody":
        assert keys == shared
    else:
        assert keys["CustomerKey"] == key
