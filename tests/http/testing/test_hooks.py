"""Hook tests on servers: what a test changes between two requests, on both paths and from any control."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from conftest import NOW
from mockserver import AsyncMockServer, MockServer
from support.asking import answer, ask
from support.raw_http import passing_by

MAX_WAIT = 30
LIST, CREATE = "claimtrackings/list", "claimtrackings/create"


@pytest.fixture(params=["fast path", "slow path"])
def server(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    made = MockServer(now=NOW)
    if request.param == "slow path":
        made.app.middlewares.append(passing_by)
    with made:
        yield made


def test_hook_changes_the_office_between_two_pages(server: MockServer) -> None:
    oldest = server.office.claimtracking[-1]
    server.on(operation=LIST, after=2, do=lambda: server.office.put(replace(oldest, DateTimeEntry="now")))
    pages = [
        [row["ClaimTrackingNum"] for row in ask(server, f"/claimtrackings?Limit=3&Offset={offset}")]
        for offset in (0, 3, 6, 0)
    ]
    # The third page repeats 49 and lacks 47, which was to be its last row.
    assert pages == [[45, 46, 34], [51, 50, 49], [49, 48], [47, 45, 46]]


def test_hook_runs_once_on_the_thread_of_the_server(server: MockServer) -> None:
    threads: list[str] = []
    server.on(operation=LIST, do=lambda: threads.append(threading.current_thread().name))
    for _ in range(3):
        ask(server)
    assert threads == ["opendental-mock"]


def test_hook_may_use_every_control(server: MockServer) -> None:
    saved = server.snapshot()
    seen: list[Any] = []

    def change() -> None:
        seen.append([one.operation for one in server.requests])
        saved.restore()
        server.clock.advance(60)
        server.preferences["ClaimTrackingStatusExcludesNone"] = True
        server.fault(name="throttled")
        server.office.delete(server.office.put("claim", ClaimNum=77))
        server.on(operation=LIST, do=lambda: seen.append(server.clock.now))

    server.on(operation=CREATE, do=change)
    assert ask(server, body={"ClaimNum": 15})["ClaimTrackingNum"] == 52  # although its office was restored meanwhile
    assert seen == [[CREATE]]
    assert len(server.office.claimtracking) == 8
    assert answer(server)[0] == 429
    assert seen == [[CREATE], "2023-07-26 09:48:10"]


def test_response_arrives_although_the_hook_resets_the_office(server: MockServer) -> None:
    server.on(operation=CREATE, do=server.reset)
    server.on(operation=CREATE, after=2, do=pytest.fail)
    assert ask(server, body={"ClaimNum": 15})["ClaimTrackingNum"] == 52
    assert server.requests == []
    assert ask(server, body={"ClaimNum": 15})["ClaimTrackingNum"] == 52
    assert ask(server, body={"ClaimNum": 15})["ClaimTrackingNum"] == 53


def test_refused_and_faulty_exchanges_count(server: MockServer) -> None:
    ran = threading.Event()
    server.on(operation=CREATE, after=2, do=ran.set)
    assert answer(server, body={"ClaimNum": 9})[0] == 404
    assert not ran.is_set()
    server.fault(operation=CREATE, name="gateway-timeout")
    assert answer(server, body={"ClaimNum": 15})[0] == 504
    assert ran.is_set()


def test_client_that_goes_before_the_end_of_its_body_counts(server: MockServer) -> None:
    ran = threading.Event()
    server.on(operation=CREATE, do=ran.set)
    host, port = server.url.removeprefix("http://").removesuffix("/api/v1").split(":")
    with socket.create_connection((host, int(port)), timeout=MAX_WAIT) as client:
        head = "".join(f"{name}: {value}\r\n" for name, value in server.headers.items())
        client.sendall(
            f"POST /api/v1/claimtrackings HTTP/1.1\r\nHost: {host}\r\n{head}Content-Length: 9\r\n\r\n{{".encode()
        )
    assert ran.wait(MAX_WAIT)


def test_failed_hook_does_not_stop_the_server(server: MockServer) -> None:
    server.on(operation=LIST, do=lambda: 1 / 0)
    assert ask(server)
    assert ask(server)
    assert [type(error) for _, error in server.call(lambda: server.tenant.hooks.failures)] == [ZeroDivisionError]


def test_hook_of_a_keys_office_counts_its_requests_alone() -> None:
    with MockServer(now=NOW, office_per_key=True) as server:
        ran = threading.Event()
        server.office_of("A").on(operation=CREATE, do=ran.set)
        ask(server, body={"ClaimNum": 15}, key="B")
        assert not ran.is_set()
        ask(server, body={"ClaimNum": 15}, key="A")
        assert ran.is_set()


async def test_hook_of_the_async_twin_runs_on_the_callers_loop() -> None:
    async with AsyncMockServer(now=NOW) as server, aiohttp.ClientSession(headers=server.headers) as session:
        server.on(operation=LIST, do=lambda: server.office.put("claimtracking", ClaimNum=15))
        counts = []
        for _ in range(2):
            async with session.get(server.url + "/claimtrackings") as answer:
                counts.append(len(await answer.json()))
        assert counts == [8, 9]


async def nothing() -> None: ...


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        ({"operation": "claimtrackings/get"}, ValueError, "'claimtrackings/get' is not an operation; did you mean claimtrackings/list?"),
        ({"operation": "any"}, ValueError, "'any' is not an operation; there are claimtrackings/list, claimtrackings/create"),
        ({"after": 0}, ValueError, "after must be a whole number of 1 or more, and is 0"),
        ({"after": True}, ValueError, "after must be a whole number of 1 or more, and is True"),
        ({"do": "reset"}, TypeError, "do must be a function without `async`, called without arguments, and is 'reset'"),
        ({"do": nothing}, TypeError, "do must be a function without `async`"),
    ],
)  # fmt: skip
def test_hook_that_cannot_run_is_refused(given: dict[str, Any], kind: type[Exception], words: str) -> None:
    do: Callable[[], object] = print
    server = MockServer()
    with pytest.raises(kind, match=f"^{words}"):
        server.on(**{"operation": LIST, "do": do, **given})
    assert server.tenant.hooks.waiting == []
