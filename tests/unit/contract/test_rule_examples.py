"""Rule examples tests: the requests that show a rule, in Python and from the admin API."""

import json

from conftest import Client
from mockserver.contract.contract import shipped_contract
from mockserver.contract.rule_examples import examples_of

RULE = "claimtrackings.create.TrackingDefNum.category"


def test_every_rule_that_is_counted_has_a_request_that_shows_it() -> None:
    rules = [rule.id for rule in shipped_contract().rules.values() if rule.is_counted]
    assert len(rules) > 800
    assert [rule for rule in rules if not 1 <= len(examples_of(rule)) <= 3] == []


def test_an_example_has_what_a_client_needs() -> None:
    (example,) = examples_of(RULE)
    assert (example["method"], example["path"], example["status"]) == ("POST", "/api/v1/claimtrackings", 400)
    assert json.loads(example["body"])["TrackingDefNum"] == 340
    assert example["office"] == "default"
    assert examples_of("api.credentials.invalid")[0]["headers"]["Authorization"].startswith("ODFHIR ")
    throttled = examples_of("api.throttle")[0]
    assert (throttled["times"], throttled["settings"]) == (2, {"throttle": True})


def test_a_long_body_is_shortened() -> None:
    bodies = [one["body"] for one in examples_of("api.body.size")]
    assert bodies
    assert max(map(len, bodies)) <= 2_100


async def test_the_admin_api_has_the_examples_of_a_rule(client: Client) -> None:
    answer = await (await client.get(f"/__admin/contract/{RULE}")).json()
    assert answer == {"rule": RULE, "examples": examples_of(RULE)}
    (example,) = answer["examples"]
    refused = await client.post(
        example["path"],
        data=example["body"],
        headers={"Content-Type": "application/json", "Authorization": "ODFHIR A/B"},
    )
    assert (refused.status, refused.headers["X-Mock-Rule"]) == (example["status"], RULE)
    missing = await client.get("/__admin/contract/claimtrackings.create.Nothing")
    assert missing.status == 404
    assert "There is no such rule" in (await missing.json())["detail"]
