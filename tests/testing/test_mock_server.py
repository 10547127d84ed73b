"""A server in a `with` block: ready inside, gone outside, and in the hands of the test that holds it."""

import asyncio
import gc
import json
import threading
import urllib.error
import urllib.request
from typing import Any

import aiohttp
import pytest

from mockserver import AsyncMockServer, FixtureNotFound, MockServer
from mockserver.errors import ContractBroken
from mockserver.office.rows import Claim, ClaimTracking, Definition
from mockserver.web.server import CannotListen

NOW = "2023-07-26 09:47:10"


def ask(server: MockServer, path: str = "/claimtrackings", body: Any = None, method: str | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.url + path, data, server.headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def refused(server: MockServer, body: Any = None) -> int:
    with pytest.raises(urllib.error.HTTPError) as answer:
        ask(server, body=body)
    answer.value.close()
    return answer.value.code


def test_it_serves_inside_the_block_and_nothing_is_left_outside() -> None:
    before = threading.active_count()
    with MockServer(now=NOW) as server:
        assert ask(server)[0]["ClaimTrackingNum"] == 45
        url = server.url
    assert threading.active_count() == before
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url + "/claimtrackings", timeout=5)


def test_an_exception_in_the_block_leaves_nothing_either() -> None:
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError), MockServer():
        raise ZeroDivisionError
    assert threading.active_count() == before


def test_many_servers_in_a_row_leave_no_thread_and_no_socket() -> None:
    before = threading.active_count()
    for _ in range(50):
        with MockServer() as server:
            ask(server)
    gc.collect()
    assert threading.active_count() == before


def test_two_servers_at_once_are_two_offices() -> None:
    with MockServer() as one, MockServer() as other:
        ask(one, body={"ClaimNum": 15})
        assert len(one.office.claimtracking) == 9
        assert len(other.office.claimtracking) == 8


def test_a_port_that_is_taken_is_told_where_it_is_entered() -> None:
    with MockServer() as server:
        port = int(server.url.split(":")[-1].split("/")[0])
        with pytest.raises(CannotListen), MockServer(port=port):
            pass


def test_a_fixture_that_is_not_there_is_told_where_it_is_made() -> None:
    with pytest.raises(FixtureNotFound):
        MockServer("nothing")


def test_a_server_is_used_once() -> None:
    server = MockServer()
    with server:
        pass
    with pytest.raises(RuntimeError), server:
        pass


def test_rows_can_be_read_and_put_from_the_tests_thread() -> None:
    with MockServer(now=NOW) as server:
        server.office.put(Claim(ClaimNum=77))
        server.office.put(Definition(DefNum=900, Category=31))
        row = ClaimTracking(ClaimTrackingNum=60, ClaimNum=77, DateTimeEntry="2023-07-26 09:00:00", TrackingDefNum=900)
        server.office.put(row)
        assert server.office.claimtracking[0] == row
        assert [one["ClaimTrackingNum"] for one in ask(server, "/claimtrackings?ClaimNum=77")] == [60]
        assert Claim(ClaimNum=77) in server.office.claim
        assert server.office.definition[-1].DefNum == 900
        assert ask(server, body={"ClaimNum": 77})["ClaimTrackingNum"] == 61
        with pytest.raises(ContractBroken):
            server.office.put(ClaimTracking(ClaimTrackingNum=0, ClaimNum=77, DateTimeEntry="now"))


def test_clock_preferences_faults_journal_and_coverage_are_at_hand() -> None:
    with MockServer(now=NOW) as server:
        server.clock.advance(60)
        assert server.clock.now == "2023-07-26 09:48:10"
        server.clock.freeze("2024-01-01 00:00:00")
        assert ask(server, body={"ClaimNum": 15})["DateTimeEntry"] == "2024-01-01 00:00:00"
        server.clock.run()
        assert server.clock.now > "2026"
        assert len(server.preferences) == 1
        assert dict(server.preferences) == {"ClaimTrackingStatusExcludesNone": False}
        server.preferences["ClaimTrackingStatusExcludesNone"] = True
        assert refused(server, {"ClaimNum": 15}) == 400
        server.fault(name="gateway-timeout")
        assert refused(server) == 504
        assert [(one.method, one.status) for one in server.requests] == [("POST", 201), ("POST", 400), ("GET", 504)]
        assert server.contract.met > 5
        server.reset()
        assert server.requests == []
        assert server.clock.now == NOW
        assert len(server.office.claimtracking) == 8


def test_what_cannot_be_is_refused_with_the_way_out() -> None:
    with MockServer() as server:
        with pytest.raises(ValueError, match="throttled"):
            server.fault(name="trottled")
        with pytest.raises(KeyError, match="ClaimTrackingStatusExcludesNone"):
            server.preferences["ClaimTrackingStatusExcludesnone"] = True
        with pytest.raises(TypeError):
            del server.preferences["ClaimTrackingStatusExcludesNone"]
        with pytest.raises(ValueError, match="yyyy-MM-dd HH:mm:ss"):
            server.clock.freeze("noon")


async def test_the_async_twin_serves_on_the_callers_loop() -> None:
    async with AsyncMockServer(now=NOW) as server, aiohttp.ClientSession(headers=server.headers) as session:
        async with session.post(server.url + "/claimtrackings", json={"ClaimNum": 15}) as answer:
            assert answer.status == 201
        server.fault(operation="claimtrackings/list", then="status", status=503, explanation="Down.")
        async with session.get(server.url + "/claimtrackings") as answer:
            assert answer.status == 503
        assert [one.status for one in server.requests] == [201, 503]


async def test_keys_have_offices_of_their_own_and_none_sees_anothers_rows() -> None:
    async with AsyncMockServer(office_per_key=True) as server, aiohttp.ClientSession() as session:

        async def use(key: str, times: int) -> None:
            headers = {"Authorization": f"ODFHIR Dev/{key}"}
            for count in range(times):
                body = {"ClaimNum": 15, "Note": key}
                async with session.post(server.url + "/claimtrackings", json=body, headers=headers) as answer:
                    assert (await answer.json())["ClaimTrackingNum"] == 52 + count
                url = server.url + "/claimtrackings?ClaimNum=15"
                async with session.get(url, headers=headers) as answer:
                    rows = await answer.json()
                assert [row["Note"] for row in rows] == [key] * (count + 1)

        await asyncio.gather(*(use(f"key{number}", 5 + number % 3) for number in range(20)))
        admin = server.url.removesuffix("/api/v1") + "/__admin"
        async with session.get(f"{admin}/requests?office=key3&limit=1000") as answer:
            assert (await answer.json())["total"] == 2 * (5 + 3 % 3)
        async with session.post(f"{admin}/reset?office=key3") as answer:
            assert answer.status == 200
        async with session.get(f"{admin}/health?office=key3") as answer:
            assert (await answer.json())["claimtrackings"] == 8
        async with session.get(f"{admin}/health?office=key4") as answer:
            assert (await answer.json())["claimtrackings"] > 8
        assert len(server.office.claimtracking) == 8


async def test_an_office_can_be_named_only_where_each_key_has_one() -> None:
    async with AsyncMockServer() as server, aiohttp.ClientSession() as session:
        url = server.url.removesuffix("/api/v1") + "/__admin/health?office=key"
        async with session.get(url) as answer:
            assert answer.status == 400
            assert "--office-per-key" in (await answer.json())["detail"]
