"""Coverage tests over HTTP: which requests cover a rule, and what the admin API and the reports tell of them."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from conftest import Client, MakeClient
from mockserver.contract.contract import shipped_contract
from mockserver.contract.standings import STANDINGS
from mockserver.reports.ctrf import as_ctrf
from mockserver.reports.report import report
from mockserver.reports.report_junit import as_junit
from mockserver.reports.report_text import as_text
from mockserver.reports.step_summary import as_markdown
from support.coverages import whole_report
from support.observations import LABEL, write_observed

API = "/api/v1/claimtrackings"
WHOLE = {"Authorization": "ODFHIR A/B", "Content-Type": "application/json"}


async def coverage(client: Client) -> dict[str, Any]:
    answer: dict[str, Any] = await (await client.get("/__admin/contract")).json()
    return answer


async def met(client: Client) -> set[str]:
    return {rule["id"] for rule in (await coverage(client))["rules"] if rule["met"]}


async def test_rule_is_covered_only_by_requests_that_exercise_it(client: Client) -> None:
    assert await met(client) == set()
    await client.post(API, json={"ClaimNum": 15}, headers=WHOLE)
    assert {"claimtrackings.create.Note.default", "claimtrackings.create.row"} <= await met(client)
    assert "claimtrackings.create.Note" not in await met(client)
    await client.post(API, json={"ClaimNum": 15, "Note": ""}, headers=WHOLE)
    assert "claimtrackings.create.Note" in await met(client)


async def test_a_rule_tells_how_often_and_by_which_exchange_it_was_met(client: Client) -> None:
    last = ""
    for _ in range(3):
        last = (await client.get(API)).headers["X-Mock-Request-Id"]
    (rule,) = (one for one in (await coverage(client))["rules"] if one["id"] == "claimtrackings.list.all")
    assert (rule["met"], str(rule["last"])) == (3, last)


async def test_faulty_response_covers_no_rule_and_a_delayed_one_all(client: Client) -> None:
    await client.post("/__admin/faults", json={"name": "throttled"})
    await client.get(API)
    assert await met(client) == set()
    await client.post("/__admin/faults", json={"then": "delay", "delay": 0})
    await client.get(API)
    assert "claimtrackings.list.all" in await met(client)


async def test_reset_keeps_coverage_and_delete_clears_it(client: Client) -> None:
    await client.get(API)
    await client.post("/__admin/reset")
    await client.delete("/__admin/requests")
    assert await met(client)
    await client.delete("/__admin/contract")
    assert await met(client) == set()
    assert (await coverage(client))["warnings"] == []


@pytest.mark.parametrize(
    ("settings", "there", "not_there"),
    [
        ({}, "api.Limit.default", "api.throttle"),
        ({"throttle": True}, "api.throttle", "api.Limit.local"),
        ({"mode": "local", "throttle": True}, "api.Limit.local", "api.throttle"),
    ],
)
async def test_a_rule_that_no_request_could_meet_does_not_count(
    make_client: MakeClient, settings: dict[str, Any], there: str, not_there: str
) -> None:
    ids = [rule["id"] for rule in (await coverage(await make_client(**settings)))["rules"]]
    assert there in ids
    assert not_there not in ids
    assert not [name for name in ids if name.startswith("warning.")]


@pytest.mark.parametrize("strict", [False, True])
async def test_a_warning_names_the_request_that_caused_it(make_client: MakeClient, strict: bool) -> None:
    client = await make_client(strict=strict)
    for _ in range(2):
        await client.get(f"{API}?claimnum=3", headers=WHOLE)
    assert (await coverage(client))["warnings"] == [
        {
            "rule": "warning.undocumented-parameter",
            "text": "'claimnum' is not a documented parameter; did you mean ClaimNum?",
            "refused": strict,
            "count": 2,
            "request": f"GET {API}?claimnum=3",
            "id": 1,
        }
    ]


async def test_refusals_are_grouped_by_rule_and_hint_with_their_first_request(client: Client) -> None:
    for path in ("?ClaimNum=98", "?ClaimNum=99", f"/{2**63}"):
        await client.request("GET" if "?" in path else "PUT", API + path, json={}, headers=WHOLE)
    first, second = (await coverage(client))["refusals"]
    rules = shipped_contract().rules
    assert first == {
        "rule": "claimtrackings.list.ClaimNum.unknown",
        "operation": "claimtrackings/list",
        "status": 404,
        "standing": "documented",
        "cause": "office",
        "says": rules["claimtrackings.list.ClaimNum.unknown"].says,
        "hint": first["hint"],
        "count": 2,
        "request": f"GET {API}?ClaimNum=98",
        "id": 1,
    }
    assert "claims in this office" in first["hint"]
    assert (second["rule"], second["hint"]) == (
        "claimtrackings.update.ClaimTrackingNum.invalid",
        "it must fit in 64 bits",
    )
    await client.delete("/__admin/contract")
    assert (await coverage(client))["refusals"] == []


async def test_a_request_can_be_served_with_one_warning_and_refused_for_another(make_client: MakeClient) -> None:
    client = await make_client(strict=True)
    refused = await client.get(f"{API}?claimnum=3", headers={"Authorization": "ODFHIR A/B"})
    assert (refused.status, refused.headers["X-Mock-Warnings"]) == (400, "1")
    assert (await coverage(client))["refusals"] == [], "it is among the warnings"
    warnings = (await coverage(client))["warnings"]
    assert [(one["rule"], one["refused"], one["count"]) for one in warnings] == [
        ("warning.no-content-type", False, 1), ("warning.undocumented-parameter", True, 1),
    ]  # fmt: skip


async def test_reports_show_that_a_rule_was_observed(make_client: MakeClient, tmp_path: Path) -> None:
    rule = "claimtrackings.list.all"
    client = await make_client(observed=write_observed(tmp_path, {rule: {"outcome": "holds"}}))
    made = report(await coverage(client))
    shown = f"observed {LABEL}"
    assert f"  {rule:<58}{shown}, 200\n" in as_text(made)
    case = f'name="{rule}" time="0">\n      <properties>\n        <property name="standing" value="{shown}" />\n'
    assert case in as_junit(made)
    (test,) = [one for one in json.loads(as_ctrf(made, datetime.now()))["results"]["tests"] if one["name"] == rule]
    assert (test["tags"], test["extra"]["standing"]) == (["observed"], shown)
    assert f"| `{rule}` | {shown} | 200 |" in as_markdown(made, [])


async def test_a_documented_rule_that_was_observed_counts_as_both(make_client: MakeClient, tmp_path: Path) -> None:
    documented, assumed = "claimtrackings.list.all", "claimtrackings.list.order.ties"
    file = write_observed(tmp_path, {documented: {"outcome": "holds"}, assumed: {"outcome": "holds"}})
    found = await coverage(await make_client(observed=file))
    counted = {only: {rule.id for rule in whole_report(found, only=[only]).rules} for only in STANDINGS}
    assert documented in counted["documented"] & counted["observed"]
    assert assumed in counted["observed"] - counted["assumed"]
    assert whole_report(found, only=["assumed"]).left_out[documented] == "observed"
