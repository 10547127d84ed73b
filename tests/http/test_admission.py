"""Admission tests: throttle, paging modes, DateTime forms, browsers, headers, secrets."""

import gc
import json
import logging
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from conftest import Client, MakeClient
from mockserver.api.admission import customer_key
from mockserver.api.body import _codec
from mockserver.web.guards import HostGuard
from mockserver.web.problem import Problem

AUTHORIZED = {"Authorization": "ODFHIR Dev/Cust", "Content-Type": "application/json"}


async def test_429_says_when_to_come_again(make_client: MakeClient) -> None:
    client = await make_client(throttle=True)
    assert (await client.get("/api/v1/claimtrackings", headers=AUTHORIZED)).status == 200
    refused = await client.get("/api/v1/claimtrackings", headers=AUTHORIZED)
    assert refused.status == 429
    assert refused.headers["Retry-After"] == "1"


async def test_only_an_advanced_clock_moves_the_throttle(make_client: MakeClient) -> None:
    client = await make_client(throttle=True)

    async def status() -> int:
        return (await client.get("/api/v1/claimtrackings", headers=AUTHORIZED)).status

    assert await status() == 200
    await client.put("/__admin/clock", json={"now": "2030-01-01 00:00:00"})
    assert await status() == 429
    await client.put("/__admin/clock", json={"advance": 1})
    assert await status() == 200


async def test_a_reset_office_throttles_no_key(make_client: MakeClient) -> None:
    client = await make_client(throttle=True)
    for _ in range(2):
        await client.post("/__admin/reset")
        assert (await client.get("/api/v1/claimtrackings", headers=AUTHORIZED)).status == 200


async def test_the_date_header_follows_the_machine(make_client: MakeClient) -> None:
    client = await make_client(now="2001-02-03 04:05:06")
    response = await client.get("/api/v1/claimtrackings", headers=AUTHORIZED)
    seconds = (datetime.now(UTC) - parsedate_to_datetime(response.headers["Date"])).total_seconds()
    assert abs(seconds) < 600


@pytest.fixture
def of_250(tmp_path: Path) -> str:
    rows = [
        {"ClaimTrackingNum": number, "ClaimNum": 1, "DateTimeEntry": f"2023-01-01 10:{number % 7:02}:00"}
        for number in range(1, 251)
    ]
    file = tmp_path / "250.json"
    file.write_text(json.dumps({"claim": [{"ClaimNum": 1}], "claimtracking": rows}))
    return str(file)


@pytest.mark.parametrize(("mode", "page", "requests"), [("remote", 100, 3), ("local", 1000, 1), ("service", 1000, 1)])
async def test_paging_until_a_short_page_finds_every_row_once(
    make_client: MakeClient, of_250: str, mode: str, page: int, requests: int
) -> None:
    client = await make_client(of_250, mode=mode)
    found: list[int] = []
    sent = 0
    while sent < 10:
        response = await client.get("/api/v1/claimtrackings", params={"Offset": len(found)}, headers=AUTHORIZED)
        rows = await response.json()
        sent += 1
        found += [row["ClaimTrackingNum"] for row in rows]
        if len(rows) < page:
            break
    assert sent == requests
    assert sorted(found) == list(range(1, 251))


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    if not hasattr(time, "tzset"):
        pytest.skip("this system cannot change its time zone")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("berlin")
async def test_zzz_is_the_offset_on_that_day(make_client: MakeClient) -> None:
    client = await make_client(now="2023-01-15 09:00:00")
    form = {"DateTimeFormatString": "dd/MM/yyyy HH:mm:ss zzz"}
    listed = await client.get("/claimtrackings", params=form)
    assert (await listed.json())[0]["DateTimeEntry"] == "20/07/2023 14:05:45 +02:00"
    created = await client.post("/claimtrackings", params=form, json={"ClaimNum": 15})
    assert (await created.json())["DateTimeEntry"] == "15/01/2023 09:00:00 +01:00"
    updated = await client.put("/claimtrackings/45", params=form, json={"Note": "x"})
    assert (await updated.json())["DateTimeEntry"] == "15/01/2023 09:00:00 +01:00"


async def test_a_refused_form_has_created_nothing(client: Client) -> None:
    refused = await client.post("/claimtrackings?DateTimeFormatString=x", json={"ClaimNum": 15})
    assert refused.status == 400
    assert await (await client.get("/claimtrackings?ClaimNum=15")).json() == []


async def test_a_browser_may_ask_before_it_sends(client: Client) -> None:
    response = await client.options(
        "/api/v1/claimtrackings",
        headers={"Origin": "https://practice.example", "Access-Control-Request-Method": "POST"},
    )
    assert response.status == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]


async def test_options_without_preflight_is_an_unknown_method(client: Client) -> None:
    response = await client.options("/api/v1/claimtrackings")
    assert response.status == 400
    assert await response.json() == "claimtrackings OPTIONS  is not a valid method."


PATHS = ["/api/v1/claimtrackings?claimnum=1", "/api/v1/claimtrackings?ClaimNum=99", "/api/v1/nothing"]


@pytest.mark.parametrize("path", PATHS)
async def test_page_of_any_origin_may_read_responses_and_mock_headers(client: Client, path: str) -> None:
    await client.post("/__admin/faults", json={"operation": "claimtrackings/list", "then": "delay", "delay": 0})
    headers = (await client.get(path)).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    sent = {name for name in headers if name.startswith("X-Mock-")}
    assert "X-Mock-Request-Id" in sent
    assert sent <= set(headers["Access-Control-Expose-Headers"].split(", "))


@pytest.mark.parametrize("path", PATHS)
async def test_transparent_names_no_header_of_the_mocks_own_to_a_page(make_client: MakeClient, path: str) -> None:
    headers = (await (await make_client(transparent=True)).get(path)).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Expose-Headers" not in headers


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:30222", "localhost.evil.example", "192.0.2.7", "[::2]", "", "[::1]evil.example", "[::1", "::1",
        "[::1]:1:evil.example", "localhost:1@evil.example", "localhost:evil.example", "localhost,evil.example", "[::1%evil.example]",
    ],
)  # fmt: skip
async def test_a_foreign_host_is_turned_away(client: Client, host: str) -> None:
    response = await client.get("/api/v1/claimtrackings", headers={"Host": host})
    assert response.status == 403
    assert response.content_type == "application/problem+json"
    problem = await response.json()
    assert "--allowed-host" in problem["detail"]
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1:30222", "127.8.8.8", "[::1]:30222", "mock.test:80"]
)
async def test_this_machine_and_allowed_hosts_come_in(make_client: MakeClient, host: str) -> None:
    client = await make_client(allowed_hosts=["Mock.Test"])
    assert (await client.get("/api/v1/claimtrackings", headers={"Host": host})).status == 200


async def test_transparent_sends_no_header_of_the_mocks_own(make_client: MakeClient) -> None:
    client = await make_client(transparent=True)
    for path in ("/claimtrackings", "/claimtrackings?ClaimNum=x", "/nothing"):
        response = await client.get(path)
        assert not [name for name in response.headers if name.lower().startswith("x-mock")]


async def test_no_header_gives_versions_away(client: Client) -> None:
    server = (await client.get("/claimtrackings")).headers["Server"]
    assert not any(character.isdigit() for character in server)
    assert "aiohttp" not in server.lower()
    assert "python" not in server.lower()


async def test_neither_log_nor_answer_repeats_a_key(
    make_client: MakeClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    file = tmp_path / "keys.json"
    row = {"DeveloperKey": "SecretDev", "CustomerKey": "SecretCust", "State": "DisabledByHQ"}
    file.write_text(json.dumps({"apikey": [row]}))
    client = await make_client(str(file), strict=True)
    for header in ("ODFHIR SecretDev/SecretCust", "ODFHIR SecretDev/SecretOther", "Bearer SecretDev", "ODFHIR Secret"):
        response = await client.get("/api/v1/claimtrackings", headers=AUTHORIZED | {"Authorization": header})
        assert response.status == 401
        assert "Secret" not in await response.text() + str(response.headers)
    await client.close()
    assert "GET /api/v1/claimtrackings 401" in caplog.text
    assert "Secret" not in caplog.text


async def test_strict_wants_credentials(make_client: MakeClient) -> None:
    client = await make_client(strict=True)
    response = await client.get("/api/v1/claimtrackings", headers={"Content-Type": "application/json"})
    assert response.status == 401
    assert (await client.get("/api/v1/claimtrackings", headers=AUTHORIZED)).status == 200


@pytest.mark.parametrize("content_type", [None, "text/plain"])
async def test_only_strict_headers_refuses_a_GET_without_content_type(  # noqa: N802
    make_client: MakeClient, content_type: str | None
) -> None:
    headers = {"Authorization": "ODFHIR A/B"} | ({"Content-Type": content_type} if content_type else {})
    served = await (await make_client(strict=True)).get("/api/v1/claimtrackings", headers=headers)
    assert (served.status, served.headers["X-Mock-Warnings"]) == (200, "1")
    client = await make_client(strict_headers=True)
    refused = await client.get("/api/v1/claimtrackings", headers=headers)
    assert (refused.status, refused.headers["X-Mock-Rule"]) == (400, "warning.no-content-type")
    assert (await client.get("/api/v1/claimtrackings", headers=AUTHORIZED)).status == 200
    assert (await client.get("/claimtrackings", headers=AUTHORIZED)).status == 400, "strict_headers implies strict"


async def test_log_names_the_fault_of_a_response(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await client.post("/__admin/faults", json={"name": "throttled"})
    await client.get("/api/v1/claimtrackings")
    await client.close()
    assert "429" in caplog.text
    assert "fault throttled" in caplog.text


@pytest.mark.parametrize(
    "host", ["10.0.171.239:30222", "[fd00::1]:30222", "192.168.1.7", "0.0.0.0:1", "[::ffff:10.0.0.1]"]
)
def test_an_address_is_allowed_if_the_server_listens_beyond_loopback(host: str) -> None:
    HostGuard(is_open=True).check({"Host": host})
    with pytest.raises(Problem, match="which is not this machine"):
        HostGuard().check({"Host": host})


@pytest.mark.parametrize(
    "host",
    [
        "evil.test",
        "10.0.0.1.evil.test",
        "10.0.0.1@evil.test",
        "fd00::1",
        "1",
        "0x7f.1",
        "",
        "[]",
        "127.0.0.1%evil.test",
    ],
)
def test_a_name_is_refused_on_every_server(host: str) -> None:
    for is_open in (False, True):
        with pytest.raises(Problem, match="which is not this machine"):
            HostGuard(["mock.test"], is_open=is_open).check({"Host": host})


def test_the_guard_remembers_only_so_many_names() -> None:
    guard = HostGuard()
    for port in range(300):
        guard.check({"Host": f"127.0.0.1:{port}"})
    assert len(guard._good) == 256


def test_guard_allows_a_long_name_without_caching_it() -> None:
    guard = HostGuard()
    guard.check({"Host": "localhost:" + "1" * 8_000})
    assert guard._good == set()


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda text: customer_key({"Authorization": f"ODFHIR Dev/{text}"}), marks=pytest.mark.thorough),
        lambda text: _codec(f"application/json; charset=utf-8; x={text}"),
    ],
    ids=["Authorization", "Content-Type"],
)
def test_long_headers_are_read_each_time_and_not_remembered(read: Callable[[str], str | None]) -> None:
    assert read("x" * 8_000) == read("x" * 8_000) is not None
    tracemalloc.start()
    try:
        for number in range(100):
            read(str(number) * 2_000)
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert taken < 100_000
