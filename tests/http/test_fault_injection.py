"""Fault injection tests: each kind of fault as a plain client sees it, its time and its effects."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from conftest import Client, MakeClient
from mockserver.journal.exchange_forms import event, line
from mockserver.office.faults import fault
from mockserver.web.mock import MOCK
from mockserver.web.server import Server
from support.raw_http import JSON, KEYS, connect, message, serving

CREATE = "/api/v1/claimtrackings"


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server as the command runs it."""
    async with serving() as running:
        yield running


async def set_fault(client: Client, **fault: Any) -> dict[str, Any]:
    response = await client.post("/__admin/faults", json=fault)
    answer: dict[str, Any] = await response.json()
    assert response.status == 201, answer
    return answer


async def rows(client: Client, claim_num: int = 15) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await (await client.get(CREATE, params={"ClaimNum": claim_num})).json()
    return found


async def test_status_answers_in_the_vendors_form_and_runs_nothing(client: Client) -> None:
    await set_fault(client, operation="claimtrackings/create", then="status", status=503, explanation="Down.")
    response = await client.post(CREATE, json={"ClaimNum": 15})
    assert response.status == 503
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Mock-Fault"] == "before-status"
    assert await response.json() == "Down."
    assert await rows(client) == []
    assert (await client.post(CREATE, json={"ClaimNum": 15})).status == 201


async def test_retry_after_a_reset_after_create_makes_two_rows(client: Client) -> None:
    await set_fault(client, operation="claimtrackings/create", when="after", then="reset")
    believed: list[int] = []
    for _ in range(2):  # a client that retries once when the connection breaks
        try:
            response = await client.post(CREATE, json={"ClaimNum": 15, "Note": "Sent."})
        except aiohttp.ClientConnectionError:
            continue
        believed.append((await response.json())["ClaimTrackingNum"])
    assert believed == [53]
    assert [row["ClaimTrackingNum"] for row in await rows(client)] == [53, 52]


async def test_a_reset_before_create_leaves_nothing(client: Client) -> None:
    await set_fault(client, operation="claimtrackings/create", then="reset")
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.post(CREATE, json={"ClaimNum": 15})
    assert await rows(client) == []


async def test_truncate_sends_half_of_what_it_announced(client: Client) -> None:
    await set_fault(client, operation="claimtrackings/list", when="after", then="truncate")
    response = await client.get(CREATE)
    assert response.status == 200
    with pytest.raises(aiohttp.ClientPayloadError):
        await response.read()
    assert len(await (await client.get(CREATE)).json()) == 8


async def test_timeout_ends_in_504_and_delay_in_the_answer(client: Client) -> None:
    await set_fault(client, operation="claimtrackings/list", then="timeout", delay=0.01)
    await set_fault(client, operation="claimtrackings/list", when="after", then="delay", delay=0.01)
    late = await client.get(CREATE)
    assert (late.status, await late.json()) == (504, "The request timed out.")
    slow = await client.get(CREATE)
    assert slow.status == 200
    assert slow.headers["X-Mock-Fault"] == "after-delay"
    last = list(client.app[MOCK].shared.journal)[-1]
    assert "claimtrackings.list.all" in last.rules, "an answer that is only delayed is not faulty"


async def test_wait_ends_when_the_client_disconnects(client: Client) -> None:
    await set_fault(client, then="timeout", delay=300)
    with pytest.raises(TimeoutError):
        await client.get(CREATE, timeout=aiohttp.ClientTimeout(total=0.05))
    response = await client.get("/__admin/requests", params={"wait": 20})
    assert (await response.json())["requests"][0]["fault"] == "before-timeout"


@pytest.mark.parametrize(
    ("name", "status"),
    [("econnector-down", 400), ("invalid-credentials", 401), ("throttled", 429), ("gateway-timeout", 504), ("deprecated", 410)],
)  # fmt: skip
async def test_common_failures_have_named_faults(client: Client, name: str, status: int) -> None:
    await set_fault(client, name=name)
    response = await client.get(CREATE)
    assert response.status == status
    assert response.headers["X-Mock-Fault"] == name
    assert isinstance(await response.json(), str)
    assert ("Retry-After" in response.headers) == (name == "throttled")


async def test_a_named_fault_can_be_changed(client: Client) -> None:
    await set_fault(client, name="gateway-timeout", when="after", operation="claimtrackings/create")
    assert (await client.post(CREATE, json={"ClaimNum": 15})).status == 504
    assert len(await rows(client)) == 1


async def test_times_and_skip_are_counted(client: Client) -> None:
    await set_fault(client, name="throttled", times=2, skip=1)
    assert [(await client.get(CREATE)).status for _ in range(5)] == [200, 429, 429, 200, 200]
    (fault,) = (await (await client.get("/__admin/faults")).json())["faults"]
    assert (fault["hits"], fault["passed"]) == (2, 1)


async def test_null_times_is_for_ever_until_it_is_taken_back(client: Client) -> None:
    await set_fault(client, name="throttled", times=None)
    assert [(await client.get(CREATE)).status for _ in range(3)] == [429, 429, 429]
    await client.delete("/__admin/faults")
    assert (await client.get(CREATE)).status == 200


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        ({"ClaimNum": 15}, True), ({"ClaimNum": 3}, False), ({"Note": "x", "ClaimNum": 15}, True), ({"Note": None}, False),
        ({"CustomerKey": "B"}, True), ({"CustomerKey": "A"}, False),
    ],
)  # fmt: skip
async def test_fault_applies_only_to_matching_calls(client: Client, match: dict[str, Any], hit: bool) -> None:
    await set_fault(client, name="throttled", match=match)
    response = await client.post(CREATE, json={"ClaimNum": 15, "Note": "x"}, headers={"Authorization": "ODFHIR A/B"})
    assert (response.status == 429) == hit


async def test_a_fault_can_match_the_number_in_the_path(client: Client) -> None:
    await set_fault(client, name="throttled", match={"ClaimTrackingNum": 45})
    assert (await client.put("/claimtrackings/46", json={})).status == 200
    assert (await client.put("/claimtrackings/45", json={})).status == 429


async def test_refusal_is_sent_unchanged_and_keeps_the_fault(client: Client) -> None:
    await set_fault(client, operation="claimtrackings/create", when="after", then="reset")
    assert (await client.post(CREATE, json={"ClaimNum": 99})).status == 404
    assert (await client.post(CREATE, json={})).status == 400
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.post(CREATE, json={"ClaimNum": 15})


async def test_faulty_response_covers_no_rule(client: Client) -> None:
    await set_fault(client, name="throttled")
    await client.get(CREATE)
    assert list(client.app[MOCK].shared.journal)[-1].rules == []


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({}, "have name or then"), ({"then": "status"}, "status is missing"), ({"then": "explode"}, "reset"), ({"name": "nothing"}, "throttled"),
        ({"name": "throttled", "operation": "referrals/list"}, "claimtrackings/list"), ({"then": "reset", "whne": "after"}, "whne"),
        ({"then": "status", "status": 200, "explanation": "x"}, "400"), ({"then": "truncate", "when": "before"}, "after"),
        ({"then": "delay"}, "delay"), ({"name": "throttled", "times": 0}, "1"), ({"then": "delay", "delay": 3000}, "300"),
    ],
)  # fmt: skip
async def test_a_fault_that_cannot_be_is_refused_when_it_is_set(
    client: Client, fault: dict[str, Any], message: str
) -> None:
    response = await client.post("/__admin/faults", json=fault)
    problem = await response.json()
    assert response.status == 400
    assert response.content_type == "application/problem+json"
    assert message in json.dumps(problem["errors"])
    assert len(client.app[MOCK].shared.faults) == 0


async def test_there_is_an_end_to_faults(client: Client) -> None:
    for _ in range(64):
        await set_fault(client, name="throttled")
    assert (await client.post("/__admin/faults", json={"name": "throttled"})).status == 400


async def test_a_fixture_can_ask_for_faults_and_a_reset_sets_them_again(
    make_client: MakeClient, tmp_path: Path
) -> None:
    file = tmp_path / "flaky.yaml"
    file.write_text("extends: default\nfault:\n  - {name: throttled, times: 1}\n")
    client = await make_client(str(file))
    for _ in range(2):
        assert [(await client.get(CREATE)).status for _ in range(2)] == [429, 200]
        await client.post("/__admin/reset")


async def journalled(client: Client, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await (await client.get("/__admin/requests", params=query)).json())["requests"]
    return found


@pytest.mark.parametrize(
    ("spoils", "status", "outcome", "kept"),
    [
        ({"when": "after", "then": "reset"}, 0, "connection reset", 201),
        ({"when": "before", "then": "reset"}, 0, "connection reset", None),
        ({"when": "after", "then": "truncate"}, 0, "truncated", 201),
        ({"when": "after", "then": "status", "status": 503, "explanation": "Down."}, 503, "complete", 201),
        ({"when": "before", "name": "gateway-timeout"}, 504, "complete", None),
        ({"when": "after", "then": "timeout", "delay": 0}, 504, "complete", 201),
        ({"when": "after", "then": "delay", "delay": 0}, 201, "complete", None),
    ],
)
async def test_the_journal_tells_what_the_client_got_and_what_the_office_kept(
    client: Client,
    spoils: dict[str, Any],
    status: int,
    outcome: str,
    kept: int | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await set_fault(client, operation="claimtrackings/create", **spoils)
    with contextlib.suppress(aiohttp.ClientError), caplog.at_level("INFO", "mockserver"):
        await (await client.post(CREATE, json={"ClaimNum": 15})).read()
    (exchange,) = await journalled(client, operation="claimtrackings/create")
    assert (exchange["response"]["status"], exchange["response"]["outcome"]) == (status, outcome)
    assert exchange["kept"] == kept
    assert len(await rows(client)) == (1 if kept or status == 201 else 0)
    assert exchange in await journalled(client, outcome=outcome)
    assert await journalled(client, kept="201") == ([exchange] if kept else [])
    (one, _) = client.app[MOCK].shared.journal
    assert (f" {status or outcome} " in line(one), "kept: 201" in line(one)) == (True, bool(kept))
    assert (event(one)["outcome"], event(one)["kept"]) == (outcome, kept)


@pytest.mark.parametrize(
    ("spoils", "kept"),
    [
        ({"when": "before", "then": "delay"}, 201),
        pytest.param({"when": "after", "then": "delay"}, 201, marks=pytest.mark.thorough),
        ({"when": "before", "then": "timeout"}, None),
        pytest.param({"when": "after", "then": "timeout"}, 201, marks=pytest.mark.thorough),
    ],
)
async def test_the_journal_tells_that_a_client_has_gone_while_a_fault_waited(
    server: Server, spoils: dict[str, Any], kept: int | None
) -> None:
    tenant = server._app[MOCK].shared
    tenant.faults.add(fault({"operation": "claimtrackings/create", "delay": 300, **spoils}))
    _, writer = await connect(server)
    writer.write(message("POST", CREATE, KEYS, JSON, body=b'{"ClaimNum": 15}'))
    while not next(iter(tenant.faults)).hits:
        await asyncio.sleep(0.01)
    writer.close()
    while not (exchanges := list(tenant.journal)):
        await asyncio.sleep(0.01)
    (exchange,) = exchanges
    assert (exchange.status, exchange.outcome, exchange.answer, exchange.rules) == (0, "connection lost", b"", [])
    assert exchange.kept == (kept or 0)
    assert len(tenant.office.claimtracking) == (9 if kept else 8)


async def test_of_a_truncated_response_the_journal_has_what_was_sent(client: Client) -> None:
    await set_fault(client, operation="claimtrackings/list", when="after", then="truncate")
    with contextlib.suppress(aiohttp.ClientError):
        await (await client.get(CREATE)).read()
    (exchange,) = await journalled(client, outcome="truncated")
    assert exchange["kept"] is None, "a list writes nothing"
    whole = await (await client.get(CREATE)).read()
    assert exchange["response"]["body"] == whole[: len(whole) // 2].decode()


@pytest.mark.parametrize(("name", "value"), [("outcome", "complet"), ("kept", "yes")])
async def test_unknown_outcome_is_refused_as_a_filter(client: Client, name: str, value: str) -> None:
    assert (await client.get("/__admin/requests", params={name: value})).status == 400
