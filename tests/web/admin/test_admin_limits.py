"""Admin API limit tests: requests that it refuses, and resources that it does not find."""

import io

from conftest import Client
from mockserver.api.body import MAX_BYTES


async def test_an_office_that_is_too_large_is_a_problem(client: Client) -> None:
    answer = await client.put(
        "/__admin/office", data=io.BytesIO(bytes(MAX_BYTES + 1)), headers={"Content-Type": "application/json"}
    )
    assert (answer.status, answer.content_type) == (413, "application/problem+json")


async def test_an_exchange_is_found_by_its_number_as_long_as_it_is_kept(client: Client) -> None:
    for path in ("/api/v1/claimtrackings", "/api/v1/patients"):
        await client.get(path)
    second = await (await client.get("/__admin/requests/2")).json()
    assert (second["id"], second["request"]["path"]) == (2, "/api/v1/patients")
    missing = await client.get("/__admin/requests/3")
    assert (missing.status, missing.content_type) == (404, "application/problem+json")
