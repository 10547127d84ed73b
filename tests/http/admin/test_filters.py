"""Journal filter tests: impossible values are refused, with a suggestion."""

import json
from typing import Any

import pytest

from conftest import Client

HEADERS = {"Authorization": "ODFHIR MockDeveloperKey/MockCustomerKey", "Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("name", "value", "detail"),
    [
        ("operation", "create", "'create' is not an operation; did you mean claimtrackings/create?"),
        ("operation", "Update", "'Update' is not an operation; did you mean claimtrackings/update?"),
        ("operation", "claimtracking/list", "'claimtracking/list' is not an operation; did you mean claimtrackings/list?"),
        ("operation", "claimtrackings/post", "'claimtrackings/post' is not an operation; did you mean claimtrackings/create?"),
        ("operation", "list", "'list' is not an operation; did you mean claimtrackings/list?"),
        ("operation", "x", "'x' is not an operation; there are claimtrackings/list, claimtrackings/create"),
        ("method", "", "'' is not a method; give one like POST."),
        ("method", "GET POST", "'GET POST' is not a method; give one like POST."),
        ("status", "2xx", "'2xx' is not a status; give one like 404."),
        ("status", "٤٠٤", "'٤٠٤' is not a status; give one like 404."),
        ("status", "4040", "'4040' is not a status; give one like 404."),
        ("rule", "claimtrackings.create.rows", "'claimtrackings.create.rows' is not a rule; did you mean claimtrackings.create.row?"),
        ("kind", "refusal", "'refusal' is not a kind; did you mean refused?"),
        ("warning", "base-path", "'base-path' is not a warning; did you mean warning.base-path?"),
        ("warning", "claimtrackings.create.row", "'claimtrackings.create.row' is not a warning; there are any"),
    ],
)  # fmt: skip
async def test_a_value_that_cannot_be_is_refused(client: Client, name: str, value: str, detail: str) -> None:
    response = await client.get("/__admin/requests", params={name: value})
    problem = await response.json()
    assert (response.status, response.content_type) == (400, "application/problem+json")
    assert problem["detail"].startswith(detail)


async def test_of_several_values_each_is_looked_at(client: Client) -> None:
    response = await client.get("/__admin/requests?status=404&status=4o4")
    assert response.status == 400


@pytest.mark.parametrize(
    "query",
    [{"operation": ""}, {"method": "propfind"}, {"status": 418}, {"rule": "api.credentials"}, {"warning": "any"}, {"path": "x"}],
    ids=str,
)  # fmt: skip
async def test_a_value_that_can_be_is_taken(client: Client, query: dict[str, Any]) -> None:
    response = await client.get("/__admin/requests", params=query)
    assert response.status == 200, await response.text()


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"kind": "refused"}, [3]),
        ({"kind": "warned"}, [2]),
        ({"kind": "fault"}, [4]),
        ({"kind": "written"}, [2]),
        ({"text": "CLAIMTRACKINGS"}, [1, 2, 3, 4]),
        ({"text": "warning.undocumented"}, [2]),
        ({"text": "throttled"}, [4]),
        ({"text": "not found"}, [3]),
        ({"kind": "refused", "text": "POST"}, [3]),
        ({"kind": "warned", "text": "GET"}, []),
    ],
    ids=str,
)
async def test_kind_and_text_select_exchanges(client: Client, query: dict[str, str], ids: list[int]) -> None:
    await client.get("/api/v1/claimtrackings", headers=HEADERS)
    await client.post("/api/v1/claimtrackings", headers=HEADERS, json={"ClaimNum": 15, "Extra": 1})
    await client.post("/api/v1/claimtrackings", headers=HEADERS, json={"ClaimNum": 99})
    await client.post("/__admin/faults", json={"name": "throttled"})
    await client.get("/api/v1/claimtrackings", headers=HEADERS)
    found = await (await client.get("/__admin/requests", params=query)).json()
    assert [one["id"] for one in found["requests"]] == ids
    har = await (await client.get("/__admin/requests.har", params=query)).json()
    assert [one["_id"] for one in har["log"]["entries"]] == ids


async def test_a_request_has_each_filter_once_and_32_at_most(client: Client) -> None:
    await client.get("/api/v1/claimtrackings", headers=HEADERS)
    repeated = await client.get("/__admin/requests?" + "&".join(["text=GET"] * 300))
    assert (repeated.status, len((await repeated.json())["requests"])) == (200, 1)
    many = await client.get("/__admin/requests?" + "&".join(f"text={number}" for number in range(33)))
    assert many.status == 400
    assert "32 different filters or fewer; this one has 33" in (await many.json())["detail"]


async def test_the_journal_has_the_rows_of_a_response_as_they_were_sent(client: Client) -> None:
    rows = await (await client.get("/api/v1/claimtrackings", headers=HEADERS)).text()
    created = await client.post("/api/v1/claimtrackings", json={"ClaimNum": 15, "Note": 'a "note"'}, headers=HEADERS)
    text = await (await client.get("/__admin/requests")).text()
    assert rows in text
    assert [exchange["response"]["body"] for exchange in json.loads(text)["requests"]] == [
        json.loads(rows), await created.json(),
    ]  # fmt: skip
