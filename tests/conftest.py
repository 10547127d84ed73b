"""What the tests share: an office on the page's own clock, and a client to it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from mockserver import create_app

# Run by test_examples.py, each as its own reader would; and by hand.
collect_ignore = ["examples", "benchmarks"]

NOW = "2023-07-26 09:47:10"

Client = TestClient[web.Request, web.Application]
MakeClient = Callable[..., Awaitable[Client]]


@pytest.fixture
def make_client(aiohttp_client: Any) -> MakeClient:
    """A client of an app that is made from `create_app`'s own arguments; its clock stands at the page's POST."""

    async def make(*fixtures: str, **settings: Any) -> Client:
        client: Client = await aiohttp_client(create_app(*fixtures, **{"now": NOW} | settings))
        return client

    return make


@pytest.fixture
async def client(make_client: MakeClient) -> Client:
    """A client of the default office."""
    return await make_client()
