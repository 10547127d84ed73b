"""Admin API limit tests: requests that it refuses, and resources that it does not find."""

import asyncio
import io
import json
import threading
import time

import aiohttp
import pytest

from conftest import Client, MakeClient
from mockserver.api.body import MAX_BYTES
from mockserver.web.mock import MOCK
from mockserver.web.thread import WORK


async def test_an_office_that_is_too_large_is_a_problem(client: Client) -> None:
    answer = await client.put(
        "/__admin/office", data=io.BytesIO(bytes(MAX_BYTES + 1)), headers={"Content-Type": "application/json"}
    )
    assert (answer.status, answer.content_type) == (413, "application/problem+json")


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
        ('{"then": "reset", "then": "status"}', "The body has a name twice in one object; remove one."),
        ('{"match": {"ClaimNum": 1, "ClaimNum": 2}}', "The body has a name twice in one object; remove one."),
        ("[" * 10_000, "The body is not JSON: nested more than 64 levels deep"),
        ('{"match": NaN}', "The body is not JSON: NaN is not JSON"),
    ],
    ids=["name", "inner name", "depth", "NaN"],
)
async def test_an_object_is_strict_json(client: Client, body: str, detail: str) -> None:
    answer = await client.post("/__admin/faults", data=body, headers={"Content-Type": "application/json"})
    assert (answer.status, (await answer.json())["detail"]) == (400, detail)


async def test_an_exchange_is_found_by_its_number_as_long_as_it_is_kept(client: Client) -> None:
    for path in ("/api/v1/claimtrackings", "/api/v1/patients"):
        await client.get(path)
    second = await (await client.get("/__admin/requests/2")).json()
    assert (second["id"], second["request"]["path"]) == (2, "/api/v1/patients")
    missing = await client.get("/__admin/requests/3")
    assert (missing.status, missing.content_type) == (404, "application/problem+json")


@pytest.mark.thorough
@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_others_are_served_while_a_big_office_is_read_or_written(make_client: MakeClient, method: str) -> None:
    client = await make_client("large")
    body = {"claim": [7], "generate": {"claimtracking": {"rows": 20_000}}} if method == "PUT" else None
    whole = asyncio.create_task(client.request(method, "/__admin/office", json=body))
    meanwhile = 0
    while not whole.done():
        assert (await client.get("/api/v1/claimtrackings?Limit=1")).status == 200
        meanwhile += 1
    assert (await whole).status == 200
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
