"""Admin API tests: its reading and changing routes, and its guard."""

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from conftest import NOW, Client, MakeClient
from mockserver import create_app
from mockserver.api.resources import OPERATIONS
from mockserver.contract.contract import shipped_contract
from mockserver.office.preferences import MAX_PREFERENCES
from mockserver.web.mock import MOCK

API = "/api/v1/claimtrackings"


async def get(client: Client, what: str, **params: Any) -> dict[str, Any]:
    response = await client.get(f"/__admin/{what}", params=params)
    answer: dict[str, Any] = await response.json()
    assert response.status == 200, answer
    return answer


async def test_health_says_what_is_served(client: Client, pytestconfig: pytest.Config) -> None:
    health = await get(client, "health")
    assert health["status"] == "ok"
    assert health["claimtrackings"] == 8
    assert health["office_version"] == "25.4.48"
    assert health["fixtures"] == ["default"]
    assert health["loop"] == pytestconfig.getoption("--loop")


async def test_reset_brings_rows_numbers_clock_faults_and_journal_back(client: Client) -> None:
    before = await (await client.get(API)).json()
    await client.put("/__admin/clock", json={"now": "2024-01-01 00:00:00"})
    await client.patch("/__admin/preferences", json={"ClaimTrackingStatusExcludesNone": True})
    await client.post(API, json={"ClaimNum": 15, "TrackingDefNum": 339})
    await client.put(f"{API}/45", json={"Note": "changed"})
    await client.post("/__admin/faults", json={"name": "throttled"})
    assert (await client.post("/__admin/reset")).status == 200
    assert (await get(client, "requests"))["requests"] == []
    assert (await get(client, "faults"))["faults"] == []
    assert (await get(client, "clock"))["now"] == NOW
    assert await (await client.get(API)).json() == before
    created = await (await client.post(API, json={"ClaimNum": 15})).json()
    assert (created["ClaimTrackingNum"], created["DateTimeEntry"]) == (52, NOW)


async def test_the_office_as_read_can_be_put_back_and_is_the_same_office(client: Client) -> None:
    await client.put(f"{API}/45", json={"Note": "one\r\ntwo"})
    office = await get(client, "office")
    rows = await (await client.get(API)).json()
    await client.post("/__admin/reset")
    response = await client.put("/__admin/office", json=office)
    assert response.status == 200, await response.text()
    assert await (await client.get(API)).json() == rows
    assert await get(client, "office") == office


async def test_put_office_validates_it_like_a_fixture(client: Client) -> None:
    text = '{"claim": [{"ClaimNum": 1}],\n "claimtracking": [{"ClaimTrackingNum": 0, "ClaimNum": 2}]}'
    response = await client.put("/__admin/office", data=text, headers={"Content-Type": "application/json"})
    problem = await response.json()
    assert response.status == 400
    assert [(one["line"], one["message"].split()[0]) for one in problem["errors"]] == [
        (2, "claimtracking[0].ClaimTrackingNum"),
        (2, "claimtracking[0].ClaimNum"),
    ]
    assert len(await (await client.get(API)).json()) == 8


async def test_no_office_over_http_can_name_a_file(client: Client, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("claim:\n  - ClaimNum: 1\n")
    response = await client.put("/__admin/office", json={"extends": str(secret)})
    assert response.status == 400
    assert "ClaimNum" not in await response.text()


async def test_a_preference_takes_effect_at_once(client: Client) -> None:
    response = await client.patch("/__admin/preferences", json={"ClaimTrackingStatusExcludesNone": True})
    assert await response.json() == {"ClaimTrackingStatusExcludesNone": True}
    assert (await client.post(API, json={"ClaimNum": 15})).status == 400
    assert await get(client, "preferences") == {"ClaimTrackingStatusExcludesNone": True}


@pytest.mark.parametrize(
    "given", [{"ClaimTrackingStatusExcludesnone": True}, {"ClaimTrackingStatusExcludesNone": 1}, []]
)
async def test_a_preference_that_is_none_is_refused(client: Client, given: Any) -> None:
    assert (await client.patch("/__admin/preferences", json=given)).status == 400


async def test_an_office_has_so_many_preferences_at_most(client: Client) -> None:
    most = {f"Preference{number}": 1 for number in range(MAX_PREFERENCES - 1)}
    office = {"preference": {"ClaimTrackingStatusExcludesNone": True, **most}}
    assert (await client.put("/__admin/office", json=office)).status == 200
    assert (await client.patch("/__admin/preferences", json={"Preference1": 2})).status == 200
    response = await client.patch("/__admin/preferences", json={"OneMore": 1})
    told = "An office has 3,000 preferences or fewer; these would be 3,001."
    assert (response.status, (await response.json())["detail"]) == (400, told)
    response = await client.put("/__admin/office", json={"preference": {**most, "OneMore": 1}})
    told = "preference: an office has 3,000 or fewer, and this one would have 3,001"
    assert (response.status, [one["message"] for one in (await response.json())["errors"]]) == (400, [told])


async def test_the_clock_stops_moves_and_runs(client: Client) -> None:
    assert await get(client, "clock") == {"now": NOW, "frozen": True}
    await client.put("/__admin/clock", json={"now": "2024-02-29 23:59:30"})
    moved = await (await client.put("/__admin/clock", json={"advance": 60})).json()
    assert moved == {"now": "2024-03-01 00:00:30", "frozen": True}
    created = await (await client.post(API, json={"ClaimNum": 15})).json()
    assert created["DateTimeEntry"] == "2024-03-01 00:00:30"
    running = await (await client.put("/__admin/clock", json={"now": None})).json()
    assert running["frozen"] is False
    assert running["now"] > "2026"


@pytest.mark.parametrize(
    "given",
    [{"now": "2024-02-30 00:00:00"}, {"now": "noon"}, {"now": 5}, {"advance": "60"}, {"advance": 1e300}, {}, {"when": 1},
     {"now": "9999-12-31 23:59:59", "advance": 60}],
)  # fmt: skip
async def test_a_time_that_cannot_be_is_refused(client: Client, given: dict[str, Any]) -> None:
    response = await client.put("/__admin/clock", json=given)
    assert response.status == 400
    assert response.content_type == "application/problem+json"


async def test_snapshot_restores_the_whole_office(client: Client) -> None:
    await client.post(API, json={"ClaimNum": 15})
    assert await (await client.put("/__admin/snapshots/one-more")).json() == {"snapshots": ["one-more"]}
    await client.post(API, json={"ClaimNum": 15})
    await client.patch("/__admin/preferences", json={"ClaimTrackingStatusExcludesNone": True})
    assert (await client.post("/__admin/snapshots/one-more/restore")).status == 200
    assert [row["ClaimTrackingNum"] for row in await (await client.get(f"{API}?ClaimNum=15")).json()] == [52]
    assert await get(client, "preferences") == {"ClaimTrackingStatusExcludesNone": False}
    assert (await client.delete("/__admin/snapshots/one-more")).status == 200
    assert await get(client, "snapshots") == {"snapshots": []}
    assert (await client.post("/__admin/snapshots/one-more/restore")).status == 404
    assert (await client.delete("/__admin/snapshots/one-more")).status == 404


@pytest.mark.parametrize("name", ["..%2F..%2Fetc%2Fpasswd", "A", "a" * 65, "a%00", "a.b", "before%20it", "a%0A"])
@pytest.mark.parametrize(("method", "end"), [("PUT", ""), ("POST", "/restore"), ("DELETE", "")])
async def test_message_on_a_snapshot_name_says_which_characters_are_allowed(
    client: Client, name: str, method: str, end: str
) -> None:
    url = URL(f"http://127.0.0.1:{client.port}/__admin/snapshots/{name}{end}", encoded=True)
    response = await client.session.request(method, url)
    problem = await response.json()
    assert (response.status, response.content_type) == (400, "application/problem+json")
    assert problem["detail"].endswith(
        "is not the name of a snapshot, which has 1 to 64 of the characters a-z, 0-9, _ and -."
    )


async def test_snapshot_without_a_name_does_not_exist(client: Client) -> None:
    assert (await client.put("/__admin/snapshots/")).status == 404


async def test_there_is_an_end_to_snapshots(client: Client) -> None:
    for number in range(32):
        assert (await client.put(f"/__admin/snapshots/s{number}")).status == 200
    assert (await client.put("/__admin/snapshots/one-too-many")).status == 400
    assert (await client.put("/__admin/snapshots/s0")).status == 200


async def test_restores_under_load_are_complete(client: Client) -> None:
    await client.put("/__admin/snapshots/start")

    async def create() -> None:
        for _ in range(10):
            assert (await client.post(API, json={"ClaimNum": 15})).status == 201

    async def restore() -> None:
        for _ in range(10):
            await client.post("/__admin/snapshots/start/restore")
            rows = await (await client.get(f"{API}?ClaimNum=15")).json()
            numbers = [row["ClaimTrackingNum"] for row in rows]
            assert sorted(numbers) == list(range(52, 52 + len(numbers)))

    await asyncio.gather(*(create() for _ in range(5)), *(restore() for _ in range(3)))


async def test_the_journal_shows_request_answer_rules_and_no_secret(client: Client) -> None:
    await client.post(API, json={"ClaimNum": 15, "x": 1}, headers={"Authorization": "ODFHIR SecretDev/SecretCust"})
    (exchange,) = (await get(client, "requests"))["requests"]
    assert exchange["operation"] == "claimtrackings/create"
    assert exchange["request"]["body"] == {"ClaimNum": 15, "x": 1}
    assert exchange["request"]["headers"]["Authorization"] == "ODFHIR [redacted]"
    assert exchange["response"]["status"] == 201
    assert exchange["response"]["body"]["ClaimTrackingNum"] == 52
    assert exchange["at"] == NOW
    assert "claimtrackings.create.row" in exchange["rules"]
    assert [warning["rule"] for warning in exchange["warnings"]] == ["warning.undocumented-field"]
    assert exchange["refusal"] is None
    assert "Secret" not in json.dumps(exchange)
    assert await get(client, f"requests/{exchange['id']}") == exchange


@pytest.mark.parametrize("transparent", [False, True])
async def test_the_journal_says_why_a_request_was_refused(make_client: MakeClient, transparent: bool) -> None:
    client = await make_client(transparent=transparent)
    await client.post(API, json={"ClaimNum": 15, "TrackingDefNum": 340})
    (exchange,) = (await get(client, "requests"))["requests"]
    assert exchange["refusal"] == {
        "rule": "claimtrackings.create.TrackingDefNum.category",
        "standing": "assumed",
        "cause": "office",
        "says": shipped_contract().rules["claimtrackings.create.TrackingDefNum.category"].says,
        "hint": "definitions of category 31 in this office: 339, 341, 342, 345",
    }


async def test_the_journal_is_filtered(client: Client) -> None:
    await client.get(API)
    await client.get("/claimtrackings?ClaimNum=99")
    await client.post(API, json={})
    await client.put(f"{API}/45", json={})
    cases: list[tuple[dict[str, Any], list[int]]] = [
        ({}, [1, 2, 3, 4]), ({"operation": "claimtrackings/list"}, [1, 2]), ({"method": "put"}, [4]),
        ({"path": "/claimtrackings"}, [2]), ({"status": 404}, [2]), ({"warning": "warning.base-path"}, [2]),
        ({"warning": "any"}, [1, 2, 3, 4]), ({"rule": "claimtrackings.create.ClaimNum.required"}, [3]), ({"since": 2}, [3, 4]),
        ({"operation": "claimtrackings/list", "status": 200}, [1]), ({"limit": 2}, [3, 4]), ({"limit": 0}, []),
    ]  # fmt: skip
    for params, ids in cases:
        found = await get(client, "requests", **params)
        assert [one["id"] for one in found["requests"]] == ids, params
    await client.delete("/__admin/requests")
    assert (await get(client, "requests"))["total"] == 0
    assert (await client.get("/__admin/requests/1")).status == 404


@pytest.mark.parametrize(
    "query",
    [
        "opration=x", "status=4&limit=x", "wait=-1", "wait=1e9", "since=x", "count=1.5", "wait=nan", "since=1.0", "since=1e0", "limit=",
        "since=-1", "since=9223372036854775808", "limit=100001", "count=\u0663", "wait=\u0663", "wait=x",
    ],
)  # fmt: skip
async def test_a_filter_that_is_none_is_refused(client: Client, query: str) -> None:
    response = await client.get(f"/__admin/requests?{query}")
    assert response.status == 400
    assert response.content_type == "application/problem+json"


async def test_waiting_ends_with_the_nth_match(client: Client) -> None:
    query = {"operation": "claimtrackings/create", "wait": 5, "count": 2}
    waiting = asyncio.ensure_future(get(client, "requests", **query))
    await client.post(API, json={"ClaimNum": 15})
    await client.get(API)
    assert not waiting.done()
    await client.post(API, json={"ClaimNum": 15})
    found = await waiting
    assert found["total"] == 2
    assert [one["operation"] for one in found["requests"]] == ["claimtrackings/create"] * 2


async def test_waiting_tasks_do_not_slow_down_unrelated_requests(client: Client) -> None:
    """Measure a request with a thousand waiting tasks, each of which used to read the whole journal."""
    tenant = client.app[MOCK].shared
    journal, compared = tenant.journal, 0

    class Status(int):
        def __str__(self) -> str:
            nonlocal compared
            compared += 1
            return super().__str__()

    for _ in range(200):
        exchange = journal.open("GET", "/")
        exchange.status = Status(200)
        journal.close(exchange)
    waiting = [asyncio.ensure_future(get(client, "requests", wait=30, status=404)) for _ in range(50)]
    async with asyncio.timeout(30):
        while journal.waiting < len(waiting):
            await asyncio.sleep(0)
    compared = 0
    for _ in range(20):
        assert (await client.get(API)).status == 200
    assert compared == 0
    assert (await client.get("/api/v1/nothing")).status == 404
    assert [found["total"] for found in await asyncio.gather(*waiting)] == [1] * 50


async def test_wait_that_times_out_returns_the_matching_exchanges(client: Client) -> None:
    await client.get(API)
    assert (await get(client, "requests", wait=0.01, count=5))["total"] == 1


async def test_the_journal_is_bounded_and_counts_what_it_drops(make_client: MakeClient) -> None:
    client = await make_client(journal_size=3)
    for _ in range(5):
        await client.get(API)
    found = await get(client, "requests")
    assert [one["id"] for one in found["requests"]] == [3, 4, 5]
    assert found["dropped"] == 2
    small = await make_client(journal_bytes=30_000)
    for _ in range(20):
        await small.post(API, json={"ClaimNum": 15, "Note": "x" * 5_000})
    assert (await get(small, "requests"))["dropped"] > 10


async def test_a_long_body_is_cut_in_the_journal_and_says_so(client: Client) -> None:
    await client.post(API, json={"ClaimNum": 15, "Note": "x" * 100_000})
    (exchange,) = (await get(client, "requests"))["requests"]
    assert exchange["cut"]
    assert len(exchange["request"]["body"]) == 65_536


async def test_admin_requests_and_preflights_are_not_in_the_journal(client: Client) -> None:
    await get(client, "health")
    await client.options(API, headers={"Access-Control-Request-Method": "POST"})
    assert len(client.app[MOCK].shared.journal) == 0


def admin_routes() -> list[tuple[str, str]]:
    routes = []
    for route in create_app().router.routes():
        resource = route.resource
        assert resource is not None
        path = resource.canonical.replace("{id}", "1").replace("{name}", "x")
        if path.startswith("/__admin") and route.method != "HEAD":
            routes.append((route.method, path))
    assert len(routes) > 15
    return routes


@pytest.mark.parametrize(("method", "path"), admin_routes(), ids=" ".join)
async def test_every_admin_path_is_guarded(make_client: MakeClient, method: str, path: str) -> None:
    client = await make_client(admin_token="Sesame", allowed_hosts=["mock.test"])
    for headers, status in (
        ({"Host": "evil.example"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 401),
        ({"X-Mock-Admin-Token": "sesame"}, 401),
        ({"Authorization": "Bearer \u00e9"}, 401),
        ({"Authorization": "Basic Sesame"}, 401),
    ):
        response = await client.request(method, path, headers=headers)
        assert response.status == status, headers
        assert response.content_type == "application/problem+json"
        assert "Access-Control-Allow-Origin" not in response.headers
    for headers in ({"X-Mock-Admin-Token": "Sesame"}, {"Authorization": "Bearer Sesame", "Host": "mock.test"}):
        assert (await client.request(method, path, headers=headers)).status not in (401, 403)


async def test_without_a_token_only_this_machine_is_let_in(make_client: MakeClient) -> None:
    client = await make_client(allowed_hosts=["mock.test"])
    assert (await client.get(API, headers={"Host": "mock.test"})).status == 200
    assert (await client.get("/__admin/health", headers={"Host": "mock.test"})).status == 403


async def test_a_page_of_this_server_may_use_the_admin_api(client: Client) -> None:
    origin = f"http://127.0.0.1:{client.port}"
    response = await client.post("/__admin/reset", headers={"Origin": origin, "Sec-Fetch-Site": "same-origin"})
    assert response.status == 200


async def test_a_form_cannot_write(client: Client) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded", ""):
        response = await client.post(
            "/__admin/faults", data=b'{"name": "throttled"}', headers={"Content-Type": content_type}
        )
        assert response.status == 415
    assert len(client.app[MOCK].shared.faults) == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000, b"NaN"])
async def test_body_that_is_not_an_object_is_a_problem(client: Client, body: bytes) -> None:
    for method, path in (("POST", "faults"), ("PUT", "clock"), ("PATCH", "preferences"), ("PUT", "office")):
        response = await client.request(
            method, f"/__admin/{path}", data=body, headers={"Content-Type": "application/json"}
        )
        assert response.status == 400, await response.text()
        assert response.content_type == "application/problem+json"


async def test_unknown_admin_paths_and_methods_are_problems(client: Client) -> None:
    unknown = await client.get("/__admin/nothing")
    assert (unknown.status, unknown.content_type) == (404, "application/problem+json")
    wrong = await client.delete("/__admin/clock")
    assert (wrong.status, wrong.headers["Allow"]) == (405, "GET, HEAD, PUT")


@pytest.mark.parametrize("path", ["/__admin", "/__admin/", "/__admin/health"])
async def test_admin_paths_are_unknown_resources_without_the_admin_api(make_client: MakeClient, path: str) -> None:
    client = await make_client(admin=False)
    response = await client.get(path)
    assert (response.status, await response.json()) == (404, "__admin is not a valid resource.")


@pytest.mark.parametrize("path", ["/__admin", "/__admin/"])
async def test_the_admin_api_lists_its_paths(client: Client, path: str) -> None:
    response = await client.get(path)
    listed = (await response.json())["paths"]
    assert {"GET /__admin/health", "PUT /__admin/clock", "GET /__admin/requests/{id}"} <= set(listed)
    assert {f"{method} {name.replace('/1', '/{id}').replace('/x', '/{name}')}" for method, name in admin_routes()} == {
        *listed, "GET /__admin",
    }  # fmt: skip
    assert len(client.app[MOCK].shared.journal) == 0
    wrong = await client.post(path)
    assert (wrong.status, wrong.content_type) == (405, "application/problem+json")


async def test_unknown_admin_path_names_the_list_of_paths(client: Client) -> None:
    problem = await (await client.get("/__admin/nothing")).json()
    assert "GET /__admin/ " in problem["detail"]


async def test_a_resource_whose_name_begins_like_the_admin_api_is_of_the_api(client: Client) -> None:
    assert await (await client.get("/__administrator")).json() == "__administrator is not a valid resource."


@pytest.mark.parametrize("admin", [True, False])
async def test_the_address_itself_says_what_is_served(make_client: MakeClient, admin: bool) -> None:
    client = await make_client(admin=admin)
    response = await client.get("/")
    assert (response.status, response.content_type) == (200, "application/json")
    index = await response.json()
    assert index["operations"]["claimtrackings/update"] == "PUT /api/v1/claimtrackings/{ClaimTrackingNum}"
    assert [*index["operations"]] == [operation.name for operation in OPERATIONS]
    for name in ("admin", "openapi"):
        assert (name in index) is admin
        if admin:
            assert (await client.get(index[name])).status == 200
    assert len(client.app[MOCK].shared.journal) == 0
    assert (await client.head("/")).status == 200
    for method, path in (("POST", "/"), ("GET", "/api/v1"), ("GET", "/api/v1/")):
        assert await (await client.request(method, path)).json() == " is not a valid resource."
    assert (await client.get("/", headers={"Host": "evil.example"})).status == 403


async def test_schemas_are_served_by_name(client: Client) -> None:
    names = (await get(client, "schemas"))["schemas"]
    assert "claimtrackings/row" in names
    for name in names:
        assert "$schema" in await get(client, f"schemas/{name}")
    assert (await client.get("/__admin/schemas/..%2f..%2fpyproject.toml")).status == 404


async def test_a_wait_costs_nothing_once_its_client_is_gone(client: Client) -> None:
    with pytest.raises(TimeoutError):
        await client.get("/__admin/requests?wait=300", timeout=aiohttp.ClientTimeout(total=0.05))
    assert isinstance(client.app, web.Application)
    journal = client.app[MOCK].shared.journal
    for _ in range(200):
        if not journal.waiting:
            break
        await asyncio.sleep(0.01)
    assert not journal.waiting


async def test_one_fault_is_removed_by_its_id(client: Client) -> None:
    ids = []
    for name in ("throttled", "deprecated"):
        response = await client.post("/__admin/faults", json={"name": name})
        ids.append((await response.json())["id"])
    assert ids == [1, 2]
    left = await (await client.delete("/__admin/faults/1")).json()
    assert [fault["name"] for fault in left["faults"]] == ["deprecated"]
    response = await client.delete("/__admin/faults/1")
    assert response.status == 404
    assert "GET /__admin/faults lists them" in (await response.json(content_type=None))["detail"]
