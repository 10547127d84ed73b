"""Fault tests: the defaults of faults with few fields."""

from typing import Any

import pytest

from mockserver.office.faults import NAMED_FAULTS, Faults, fault


@pytest.mark.parametrize("name", NAMED_FAULTS)
def test_a_name_says_everything_else(name: str) -> None:
    named = fault({"name": name})
    assert {key: getattr(named, key) for key in NAMED_FAULTS[name]} == NAMED_FAULTS[name]
    assert named.label == name


def test_given_fields_override_those_of_the_name() -> None:
    assert fault({"name": "throttled", "retry_after": 7}).retry_after == 7


@pytest.mark.parametrize(("status", "words"), [
    (401, "The Developer Key or the Customer Key is invalid."), (410, "The resource is deprecated."),
    (429, "Too many requests."), (504, "The request timed out."),
    (400, "Bad Request."), (404, "Not Found."), (503, "Service Unavailable."), (599, "Status 599."),
])  # fmt: skip
def test_status_has_a_default_explanation(status: int, words: str) -> None:
    assert fault({"then": "status", "status": status}).explanation == words
    assert fault({"then": "status", "status": status, "explanation": "Down."}).explanation == "Down."


def test_timeout_has_the_vendors_delay_by_default() -> None:
    assert fault({"then": "timeout"}).delay == 60
    assert fault({"then": "timeout", "delay": 0.5}).delay == 0.5
    assert fault({"then": "delay"}).delay == 0


@pytest.mark.parametrize(
    "given",
    [
        {"name": "throttled"},
        {"name": "throttled", "retry_after": 7, "operation": "claims/get"},
        {"then": "status", "status": 418, "explanation": "Tea."},
        {"operation": "claimtrackings/create", "when": "after", "then": "reset"},
        {"operation": "claimtrackings/create", "when": "after", "then": "truncate"},
        {"then": "delay", "delay": 0.5},
        {"then": "timeout", "delay": 2.0},
    ],
    ids=str,
)
def test_its_fields_set_the_same_fault_again(given: dict[str, Any]) -> None:
    first = fault({**given, "times": 3, "skip": 1, "match": {"ClaimNum": 15}})
    assert first.fields == given
    assert fault(first.fields) == fault(given)


def test_asking_for_the_fault_of_a_call_is_no_hit() -> None:
    faults = Faults()
    faults.add(fault({"name": "throttled", "skip": 1}))
    faults.add(fault({"name": "deprecated", "operation": "claims/get"}))
    first, second = faults
    assert [faults.for_call("claims/get", {}) for _ in range(3)] == [second, first, first]
    assert (first.passed, first.hits, second.hits) == (1, 0, 0)
    first.hits = 1
    assert faults.for_call("claimtrackings/list", {}) is None
