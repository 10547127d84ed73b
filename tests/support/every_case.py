"""Case printer: a program that prints the results of all cases and broken fixtures, to compare two runs."""

import asyncio
import json
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from aiohttp import TCPConnector, web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from mockserver import create_app
from mockserver.fixtures.load import read_fixtures
from mockserver.web.app_keys import TENANTS
from support.all_cases import ALL_WARNINGS, CASES
from support.cases import Case

NOW = "2023-07-26 09:47:10"
_POST = "POST /api/v1/claimtrackings"
# Requests and fixtures with more than one warning or error.
_SEVERAL = [
    Case(id="numbers in quotes", call=_POST, status=0,
         body={"TrackingErrorDefNum": "340", "ClaimNum": "15", "TrackingDefNum": "339"}),
    Case(id="names of every kind", call=f"{_POST}?b=1&a=2&Limit=3", status=0,
         body={"zz": 1, "UserNum": 1, "aa": 1, "TrackingType": "", "note": "", "ClaimNum": "15", "DateTimeEntry": ""}),
    Case(id="nothing right", call=_POST, status=0, body={"Note": 1, "TrackingDefNum": None, "ClaimNum": "x"}),
    Case(id="wrong parameters", call="GET /api/v1/claimtrackings?Offset=x&Limit=x&ClaimNum=x", status=0),
]  # fmt: skip


class _Offices:
    """A running office for each combination of fixtures and settings, reset for each case."""

    def __init__(self, folder: Path, running: AsyncExitStack) -> None:
        self._folder, self._running = folder, running
        self._clients: dict[str, TestClient[web.Request, web.Application]] = {}

    async def answer(self, case: Case, **settings: Any) -> list[Any]:
        client = await self._client(case, dict(case.settings) | settings)
        tenant = client.app[TENANTS].shared
        tenant.reset()
        method, path = case.call.split()
        headers = dict(case.headers)
        if case.authorization:
            headers["Authorization"] = case.authorization
        if case.content_type:
            headers["Content-Type"] = case.content_type
        raw = case.raw if case.raw is not None else None if case.body is None else json.dumps(case.body).encode()
        url = URL(str(client.make_url("/")).rstrip("/") + path, encoded=True)
        for _ in range(case.times - 1):
            await client.session.request(method, url, data=raw, headers=headers)
        response = await client.session.request(method, url, data=raw, headers=headers)
        exchange = list(tenant.journal)[-1]
        mock = [[name, value] for name, value in response.headers.items() if name.startswith("X-Mock-")]
        return [case.id, settings, response.status, await response.text(), mock, exchange.rules, exchange.warnings]

    async def _client(self, case: Case, settings: dict[str, Any]) -> TestClient[web.Request, web.Application]:
        key = json.dumps([case.fixtures, case.office, settings])
        if key not in self._clients:
            fixtures = case.fixtures
            if case.office is not None:
                file = self._folder / f"office{len(self._clients)}.json"
                file.write_text(json.dumps(case.office), encoding="utf-8")
                fixtures = (str(file),)
            app = create_app(*fixtures, **{"now": NOW} | settings)
            # A refusal may close the connection, so that each request has one of its own.
            client = TestClient(TestServer(app), connector=TCPConnector(force_close=True))
            self._clients[key] = await self._running.enter_async_context(client)
        return self._clients[key]


async def _main(broken: Path) -> None:
    for file in sorted(broken.glob("*.yaml")):
        draft = read_fixtures(str(file), now=NOW)
        print(json.dumps([*map(str, draft.errors), *map(str, draft.warnings())]))
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as running:
            offices = _Offices(Path(folder), running)
            for case in (*_SEVERAL, *(case for case in CASES if len(case.raw or b"") < 1_000_000)):
                print(json.dumps(await offices.answer(case)))
            for case in (*_SEVERAL, *ALL_WARNINGS):
                print(json.dumps(await offices.answer(case, strict=True)))


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
