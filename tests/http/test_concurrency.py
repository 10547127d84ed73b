"""Concurrency tests: many clients at once lose nothing and get nothing twice."""

import asyncio
from typing import Any

import pytest
from aiohttp import ClientSession, TCPConnector

from support.raw_http import serving

CONNECTIONS = 50
CREATES = 1_000
PAGE = 100
STATUSES = (339, 341, 345)


@pytest.mark.thorough
async def test_a_thousand_creates_over_fifty_connections_are_a_thousand_rows() -> None:
    async with (
        serving(limit=60) as server,
        ClientSession(connector=TCPConnector(limit=CONNECTIONS)) as session,
    ):
        url = f"{server.url}/claimtrackings"

        async def create(index: int) -> int:
            async with session.post(url, json={"ClaimNum": 15, "Note": f"note {index}"}) as answer:
                assert answer.status == 201
                row = await answer.json()
                assert row["Note"] == f"note {index}"
                return int(row["ClaimTrackingNum"])

        numbers = await asyncio.gather(*map(create, range(CREATES)))
        pages: list[list[dict[str, Any]]] = []
        while not pages or len(pages[-1]) == PAGE:
            query = {"ClaimNum": 15, "Limit": PAGE, "Offset": PAGE * len(pages)}
            async with session.get(url, params=query) as answer:
                pages.append(await answer.json())

    listed = [row for page in pages for row in page]
    assert len(set(numbers)) == CREATES
    assert [row["ClaimTrackingNum"] for row in listed] == sorted(numbers, reverse=True)
    assert {row["Note"] for row in listed} == {f"note {index}" for index in range(CREATES)}


async def test_concurrent_updates_of_one_row_are_atomic() -> None:
    pairs = {f"note {index}": STATUSES[index % 3] for index in range(200)}
    async with (
        serving(limit=60) as server,
        ClientSession(connector=TCPConnector(limit=CONNECTIONS)) as session,
    ):
        url = f"{server.url}/claimtrackings/45"

        async def update(note: str, status: int) -> None:
            async with session.put(url, json={"Note": note, "TrackingDefNum": status}) as answer:
                row = await answer.json()
                assert (answer.status, row["Note"], row["TrackingDefNum"]) == (200, note, status)

        await asyncio.gather(*(update(note, status) for note, status in pairs.items()))
        async with session.get(f"{server.url}/claimtrackings", params={"ClaimNum": 19}) as answer:
            (row,) = [row for row in await answer.json() if row["ClaimTrackingNum"] == 45]
    assert pairs[row["Note"]] == row["TrackingDefNum"]
