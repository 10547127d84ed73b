"""Tests of operations that the vendor has and the mock does not: 501 before all other checks, for the right office."""

from typing import Any

import pytest

from conftest import Client, MakeClient
from mockserver.api.resources import OPERATIONS
from mockserver.api.router import Router
from mockserver.contract.contract import shipped_contract
from mockserver.contract.vendor import vendor_resources
from mockserver.resources.folder import shipped_folders
from mockserver.settings.server import Settings

REFERRALS = "/api/v1/referrals"
TEXT = "opendental-mock does not serve GET /referrals."
SERVED = {f"{one.method} {one.path}" for one in OPERATIONS}
RESOURCES = ", ".join(f"/api/v1/{resource}" for resource in sorted(shipped_folders()))


async def journal(client: Client, query: str = "") -> list[dict[str, Any]]:
    answer = await (await client.get(f"/__admin/requests{query}")).json()
    exchanges: list[dict[str, Any]] = answer["requests"]
    return exchanges


async def coverage(client: Client) -> dict[str, Any]:
    answer: dict[str, Any] = await (await client.get("/__admin/contract")).json()
    return answer


@pytest.mark.parametrize("settings", [{}, {"strict": True}, {"strict_headers": True}, {"throttle": True}], ids=str)
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": "ODFHIR No/Body"}], ids=str)
async def test_it_is_said_before_credentials(
    make_client: MakeClient, settings: dict[str, Any], headers: dict[str, str]
) -> None:
    client = await make_client("keys", **settings)
    for _ in range(2):
        response = await client.get(REFERRALS, headers=headers)
        assert (response.status, await response.json()) == (501, TEXT)
        assert response.headers["X-Mock-Rule"] == "mock.unserved"
        assert response.headers["X-Mock-Standing"] == "mock"
        assert response.headers["X-Mock-Hint"] == (
            "the vendor added it in 21.4; serve it with --resources FOLDER, or let a run pass with --allow-unserved referrals"
        )
        assert "X-Mock-Warnings" not in response.headers


async def test_a_transparent_mock_says_it_without_headers_of_its_own(make_client: MakeClient) -> None:
    response = await (await make_client(transparent=True)).get(REFERRALS)
    assert (response.status, await response.json()) == (501, TEXT)
    assert not [name for name in response.headers if name.startswith("X-Mock-")]


async def test_a_body_of_any_kind_does_not_change_it(client: Client) -> None:
    for body in (b"", b"{", b'{"LName": "Smith"}'):
        response = await client.post(REFERRALS, data=body)
        assert await response.json() == "opendental-mock does not serve POST /referrals."


@pytest.mark.parametrize(
    ("version", "call", "status", "hint"),
    [
        ("25.4.48", "PUT /definitions/340", 400, "PUT /definitions/{DefNum} was added in 26.2.1; this office runs 25.4.48"),
        ("26.2.1", "PUT /definitions/340", 501, "the vendor added it in 26.2.1; "),
        ("21.3.9", "GET /referrals", 400, "GET /referrals was added in 21.4; this office runs 21.3.9"),
        ("21.4", "GET /referrals", 501, "the vendor added it in 21.4; "),
        ("21.3.9", "GET /guardians", 501, "the vendor added it in a version that is not known; "),
        ("99.1", "DELETE /claimprocs/5", 400, "the vendor has announced DELETE /claimprocs/{ClaimProcNum}, and no"),
        ("99.1", "GET /etrans", 400, "etrans has no method"),
        ("25.4.48", "PATCH /referrals", 400, "referrals has GET, POST, PUT"),
        ("25.4.48", "PUT /claimtrackings", 400, None),
        ("25.4.48", "GET /claimtrackings/45", 400, "leave out 45: GET is /api/v1/claimtrackings"),
        ("25.4.48", "GET /patient", 404, f"resources here: {RESOURCES}"),
        ("25.4.48", "GET /Patients", 404, f"resources here: {RESOURCES}"),
    ],
)  # fmt: skip
async def test_the_office_must_have_it(client: Client, version: str, call: str, status: int, hint: str | None) -> None:
    office = await (await client.get("/__admin/office")).json()
    assert (await client.put("/__admin/office", json={**office, "office": {"version": version}})).status == 200
    method, _, path = call.partition(" ")
    response = await client.request(method, f"/api/v1{path}", json={})
    assert response.status == status
    assert response.headers.get("X-Mock-Hint", "").startswith(hint or "")


async def test_every_operation_of_the_vendor_is_served_or_said_not_to_be(make_client: MakeClient) -> None:
    client = await make_client()
    assert (await client.put("/__admin/office", json={"office": {"version": "99.1"}})).status == 200
    for operation in (one for resource in vendor_resources().values() for one in resource.operations):
        path = operation.path.replace("{", "").replace("}", "")
        path = "/".join("7" if part.endswith("Num") else part for part in path.split("/"))
        response = await client.request(operation.method, f"/api/v1{path}", json={})
        is_unserved = operation.name not in SERVED and operation.added != "announced"
        assert (response.status == 501) == is_unserved, operation.name
        if is_unserved:
            assert await response.json() == f"opendental-mock does not serve {operation.name}."


async def test_it_covers_no_rule_and_is_counted_by_itself(client: Client) -> None:
    for path in ("/referrals/7", "/referrals/8", "/nothing"):
        await client.get(f"/api/v1{path}")
    told = await coverage(client)
    met = [rule["id"] for rule in told["rules"] if rule["met"]]
    assert met == ["api.resource.unknown", "api.explanation"]
    assert "mock.unserved" not in [rule["id"] for rule in told["rules"]]
    assert [refusal["rule"] for refusal in told["refusals"]] == ["api.resource.unknown"]
    assert told["unserved"] == [
        {"operation": "GET /referrals/{ReferralNum}", "resource": "referrals", "count": 2, "request": "GET /api/v1/referrals/7", "id": 1}
    ]  # fmt: skip


async def test_the_journal_shows_and_filters_it(client: Client) -> None:
    for path in ("/referrals", "/nothing", "/claimtrackings"):
        await client.get(f"/api/v1{path}")
    (exchange,) = await journal(client, "?kind=unserved")
    assert (exchange["id"], exchange["operation"], exchange["rules"]) == (1, "", ["mock.unserved"])
    assert (exchange["response"]["status"], exchange["explanation"]) == (501, TEXT)
    assert (exchange["refusal"]["rule"], exchange["refusal"]["standing"]) == ("mock.unserved", "mock")


@pytest.mark.parametrize("developer", ["MockDeveloperKey", "Nobody"])
async def test_it_belongs_to_the_office_that_its_key_names(make_client: MakeClient, developer: str) -> None:
    client = await make_client("keys", office_per_key=True)
    for key in ("FrontDesk", "Stranger"):
        await client.get(REFERRALS, headers={"Authorization": f"ODFHIR {developer}/{key}"})
    await client.get(REFERRALS)
    assert len(await journal(client, "?office=FrontDesk")) == 1
    assert len(await journal(client)) == 2, "no office is named"
    assert [one["count"] for one in (await coverage(client))["unserved"]] == [3]


async def test_the_list_is_read_when_it_is_first_needed(make_client: MakeClient) -> None:
    vendor_resources.cache_clear()
    client = await make_client()
    for path in ("/api/v1/claimtrackings", "/api/v1/claims/15", "/__admin/health", "/favicon.ico", "/"):
        await client.get(path)
    assert vendor_resources.cache_info().currsize == 0
    await client.get(REFERRALS)
    assert vendor_resources.cache_info().currsize == 1


def test_the_fast_path_can_answer_it() -> None:
    router = Router(OPERATIONS, shipped_contract(), Settings())
    assert router.find("GET", REFERRALS) is not None
    assert router.find("GET", "/api/v1/nothing") is None


@pytest.mark.parametrize("path", ["/referrals", "/nothing", "/claimtrackings"])
async def test_the_journal_has_the_body_of_a_refused_request(client: Client, path: str) -> None:
    headers = {"Authorization": "Bearer x", "Content-Type": "application/json"}
    await client.post(f"/api/v1{path}", data=b'{"ClaimNum": 15}', headers=headers)
    assert (await journal(client))[0]["request"]["body"] == {"ClaimNum": 15}
