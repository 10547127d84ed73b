"""Stream tests: a long response is made in slices, between which the event loop has other turns."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import repeat
from typing import Any

import pytest
from aiohttp import web

from conftest import Client
from mockserver.web.admin.stream import stream

ROW = "row " * 25  # 100 characters, of which a slice has 16,384
MOST = 2 * 164  # the first two slices are made together


@pytest.fixture
async def turn() -> AsyncIterator[list[int]]:
    """Return a list with the number of the present turn of the event loop."""
    now = [0]

    async def count() -> None:
        while True:
            now[0] += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(count())
    yield now
    task.cancel()


async def client_of(pieces: Iterable[str], aiohttp_client: Any, ended: asyncio.Event | None = None) -> Client:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await stream(request, pieces)
        finally:
            (ended or asyncio.Event()).set()

    app = web.Application()
    app.router.add_get("/", handle)
    client: Client = await aiohttp_client(app)
    return client


async def test_a_turn_of_the_loop_makes_a_slice_at_most(turn: list[int], aiohttp_client: Any) -> None:
    made: Counter[int] = Counter()

    def pieces() -> Iterator[str]:
        for _ in range(10_000):
            made[turn[0]] += 1
            yield ROW

    response = await (await client_of(pieces(), aiohttp_client)).get("/")
    assert await response.text() == ROW * 10_000
    assert "Content-Length" not in response.headers
    assert made.total() == 10_000
    assert max(made.values()) <= MOST


@pytest.mark.parametrize("count", [0, 1, 164])
async def test_a_short_response_has_its_length(count: int, aiohttp_client: Any) -> None:
    response = await (await client_of([ROW] * count, aiohttp_client)).get("/")
    assert await response.text() == ROW * count
    assert response.headers["Content-Length"] == str(len(ROW) * count)


async def test_a_response_whose_client_has_gone_ends(aiohttp_client: Any) -> None:
    ended = asyncio.Event()
    response = await (await client_of(repeat(ROW), aiohttp_client, ended)).get("/")
    await response.content.read(1)
    response.close()
    async with asyncio.timeout(10):
        await ended.wait()
