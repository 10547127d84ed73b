"""Fault validation tests: the same errors in Python, over HTTP and in a fixture."""

import json
from typing import Any

import pytest

from conftest import Client
from mockserver import FixtureError, MockServer
from mockserver.api.resources import OPERATIONS
from mockserver.contract.contract import shipped_contract
from mockserver.messages import listed
from mockserver.seeding.load import office_from_text

NAMES = ", ".join(operation.name for operation in OPERATIONS)
FIELDS = shipped_contract().schemas["fixtures/fault"].properties["match"]["properties"]
OF_TRACKINGS = ["CustomerKey", "ClaimNum", "Note", "TrackingDefNum", "TrackingErrorDefNum", "ClaimTrackingNum"]
WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"then": "status"}, ["status is missing; then: status needs it"]),
    ({"then": "delay"}, ["delay is missing; then: delay needs it"]),
    ({"then": "truncate"}, ["when is missing; write when: after, since then: truncate needs it"]),
    ({"then": "truncate", "when": "before"}, ['when must be after, and is "before"']),
    ({"then": "status", "status": 200}, ["status must be 400 or more, and is 200"]),
    ({"then": "status", "staus": 503}, ["staus is not known; did you mean status?", "status is missing; then: status needs it"]),
    ({"name": "trottled"}, [
        "name must be one of econnector-down, invalid-credentials, throttled, gateway-timeout, deprecated,"
        ' and is "trottled"; did you mean throttled?']),
    ({"name": "throttled", "match": {"ClaimNun": 15, "Qq": 1}}, [
        "match.ClaimNun is not known; did you mean ClaimNum?",
        "match.Qq is not known; known are "
        + listed([*OF_TRACKINGS, *(name for name in FIELDS if name not in OF_TRACKINGS)])]),
    *(({"name": "throttled", "operation": given}, [
        f'operation must be one of any, {NAMES}, and is "{given}"; did you mean {meant}?'])
      for given, meant in (
        ("claimtrackings/post", "claimtrackings/create"), ("claimtracking/PUT", "claimtrackings/update"),
        ("claimtrackings/get", "claimtrackings/list"), ("preferences/get", "preferences/list"),
        ("POST", "claimtrackings/create"), ("update", "claimtrackings/update"), ("claimtrackings/lst", "claimtrackings/list"),
      )),
]  # fmt: skip


@pytest.mark.parametrize(("given", "words"), WRONG, ids=str)
async def test_error_messages_are_the_same_everywhere(client: Client, given: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(ValueError, match=r"must be|is missing|is not known") as in_python:
        MockServer().fault(**given)
    assert sorted(str(in_python.value).split("; ")) == sorted("; ".join(words).split("; "))
    response = await client.post("/__admin/faults", json=given)
    assert response.status == 400
    assert sorted(error["message"] for error in (await response.json())["errors"]) == sorted(words)
    with pytest.raises(FixtureError) as in_fixture:
        office_from_text(json.dumps({"fault": [given]}), contract=shipped_contract())
    assert sorted(one.message for one in in_fixture.value.diagnostics) == sorted(f"fault[0].{one}" for one in words)


def test_a_fault_can_match_the_fields_of_every_operation_and_no_others() -> None:
    schemas = shipped_contract().schemas
    fields = {"CustomerKey", *(one.number for one in OPERATIONS if one.number)}
    for one in OPERATIONS:
        fields |= schemas[one.body or one.query].properties.keys()
    assert FIELDS.keys() == fields


async def test_a_misfit_points_at_its_field(client: Client) -> None:
    response = await client.post("/__admin/faults", json={"then": "status", "match": {"Note": [1]}})
    assert {error["pointer"] for error in (await response.json())["errors"]} == {"/status", "/match/Note"}


async def test_a_status_needs_no_explanation(client: Client) -> None:
    assert (await client.post("/__admin/faults", json={"then": "status", "status": 503})).status == 201
    response = await client.get("/api/v1/claimtrackings")
    assert (response.status, await response.json()) == (503, "Service Unavailable.")


async def test_there_are_at_most_64_faults(client: Client) -> None:
    words = "64 faults are set, which is the maximum; remove one first"
    server = MockServer()
    for _ in range(64):
        server.fault(name="throttled")
        assert (await client.post("/__admin/faults", json={"name": "throttled"})).status == 201
    with pytest.raises(ValueError, match=f"^{words}$"):
        server.fault(name="throttled")
    answer = await client.post("/__admin/faults", json={"name": "throttled"})
    assert (answer.status, (await answer.json())["detail"]) == (400, f"{words}.")
