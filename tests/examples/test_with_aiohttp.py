"""Example with pytest and aiohttp: the app itself, on the test's own event loop (with pytest-aiohttp)."""

from mockserver import create_app

KEYS = {"Authorization": "ODFHIR developer-key/customer-key"}  # the default office accepts any


async def test_a_tracking_is_created(aiohttp_client):
    client = await aiohttp_client(create_app(now="2023-07-26 09:47:10"))
    answer = await client.post(
        "/api/v1/claimtrackings", json={"ClaimNum": 15, "Note": "Missing attachment."}, headers=KEYS
    )
    assert answer.status == 201
    assert (await answer.json())["DateTimeEntry"] == "2023-07-26 09:47:10"
