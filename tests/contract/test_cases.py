"""Contract tests over HTTP: each case of `schemas/<resource>/cases.yaml`, and the list of all cases."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain

import pytest

from conftest import Client
from mockserver.api import admission, datetime_encoder, listing
from mockserver.api.resources import OPERATIONS
from mockserver.api.response import EXPLANATION
from mockserver.contract.case_files import shipped_cases
from mockserver.contract.cases import Case
from mockserver.contract.contract import shipped_contract
from mockserver.observations.observation import HOLDS, NOT_TRIED
from support.effort import thorough_unless
from support.playing import Mocks, Played
from support.telling import telling_cases

RULES = shipped_contract().rules
CASES = shipped_cases()
OF_RULES: dict[str, list[str]] = {}
for _case in telling_cases():
    OF_RULES.setdefault(_case.rules[0], []).append(_case.id)
QUICK = {id_ for ids in OF_RULES.values() for id_ in ids[:3]}
WARNINGS = [case for case in CASES if case.warns]
PORTABLE = [case for case in CASES if case.tier != "manual"]
# Parts of the customer keys of the fixture `keys`, and of keys in cases.
SECRETS = re.compile("FrontDesk|ReadOnly|WriteOnly|SwitchedOff|Mock/?Developer|NoSuch(Developer|Customer)")
# Another office with other numbers, so that a case with the numbers of the default office fails.
OTHER_OFFICE = {
    "definition": [
        {"DefNum": 7001, "Category": 31}, {"DefNum": 7002, "Category": 31},
        {"DefNum": 7003, "Category": 31, "IsHidden": True}, {"DefNum": 7004, "Category": 43},
        {"DefNum": 7005, "Category": 43}, {"DefNum": 7006, "Category": 27},
    ],
    "claim": [
        {"ClaimNum": 8001, "PatNum": 71, "ClaimStatus": "W", "SecDateTEdit": "2022-07-16 11:55:44"},
        {"ClaimNum": 8002, "PatNum": 72}, {"ClaimNum": 8003, "PatNum": 73},
    ],
    "claimtracking": [
        {"ClaimTrackingNum": 901 + n, "ClaimNum": 8001 + n % 2, "UserNum": 3, "TrackingDefNum": 7002,
         "DateTimeEntry": f"2023-07-0{1 + n // 3} 10:00:00", "TrackingType": "StatusHistory" if n else "ClaimUser"}
        for n in range(12)
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def mocks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mocks]:
    with ExitStack() as running:
        yield Mocks(running, tmp_path_factory.mktemp("offices"))


def check_headers(played: Played) -> None:
    headers, exchange = played.answer.headers, played.exchange
    assert headers["content-type"] == "application/json"
    assert headers.get("x-mock-warnings", "0") == str(len(exchange.warnings))
    if played.answer.status >= 400:
        assert headers["x-mock-rule"] == exchange.refused_by
    if played.answer.status == 401:
        assert not SECRETS.search(str(played.answer.value) + str(headers))


@pytest.mark.parametrize("case", [
    pytest.param(case, marks=thorough_unless(quick=case.id in QUICK), id=case.id) for case in CASES
])  # fmt: skip
def test_the_mock_keeps_the_contract(case: Case, mocks: Mocks) -> None:
    played = mocks.play(case)
    assert played.judgement.outcome == HOLDS, f"{played.judgement}, {played.answer}"
    why = "the texts of a rule and of its case differ; cases are in the cases.yaml beside the rules.yaml"
    assert played.text is None or played.answer.explanation == played.text, why
    assert set(case.rules) <= set(played.exchange.rules)
    assert set(played.exchange.rules) <= RULES.keys()
    assert [text for _, text in played.exchange.warnings] == [text for text in [case.warns] if text]
    check_headers(played)


@pytest.mark.parametrize("case", WARNINGS, ids=lambda case: case.id)
def test_strict_refuses_what_earns_a_warning(case: Case, mocks: Mocks) -> None:
    played = mocks.play(case, strict_headers=True)
    assert played.answer.explanation == (case.refused or case.warns)
    assert played.answer.status == (401 if "authorization" in case.rules[0] else 400)
    assert played.exchange.refused_by == case.rules[0]
    text = str(played.answer.explanation)
    assert not re.search("ignored|is taken|counts|is served", text), "a refusal that says what happens when served"
    check_headers(played)


@pytest.mark.parametrize("case", [
    pytest.param(case, marks=thorough_unless(quick=case.rules[0].startswith("claimtrackings.")), id=case.id)
    for case in PORTABLE if case.office == "default"
])  # fmt: skip
def test_a_case_can_be_played_at_any_office(case: Case, mocks: Mocks) -> None:
    played = mocks.try_to_play(replace(case, office=OTHER_OFFICE))
    assert played.outcome == HOLDS or (played.outcome == NOT_TRIED and case.needs), played


def test_every_rule_is_covered_by_a_case() -> None:
    assert {rule for case in CASES for rule in case.rules} == RULES.keys()


def test_every_variant_is_told_apart_by_a_case() -> None:
    for rule in RULES.values():
        deciding = [case for case in CASES if case.rules[0] == rule.id]
        named = set(chain.from_iterable(case.otherwise for case in deciding))
        assert named == set([*rule.variants][1:]), rule.id
        for case in deciding:
            if case.tier != "manual":
                assert case.otherwise.keys() == named, f"{case.id}: another office may answer otherwise"


def test_a_case_that_may_write_marks_its_row() -> None:
    """A row stays for ever at a real office, and its Note says what it is."""
    unmarked = {
        case.id
        for case in PORTABLE
        if case.tier == "write" and case.method == "POST" and not case.is_repeated
        if not {"note", "tracking"} & case.facts
    }
    assert unmarked == {"no note", "a create with a Note that is: a number"}


def test_a_case_for_any_office_cannot_harm_it() -> None:
    for case in PORTABLE:
        if case.tier == "read":
            assert case.method == "GET", case.id
        if case.method not in ("GET", "POST", "PUT"):
            assert not re.search("/-?[0-9]", case.call), f"{case.id}: it could name a row"
        if case.method == "PUT" and case.tier == "write":
            assert "/{tracking}" in case.call, f"{case.id}: only rows of its own may be changed"
        if case.method == "POST" and case.tier == "write":
            text = json.dumps(case.json) if case.has_object else str(case.body)
            assert not re.search('"ClaimNum": "?[1-9][0-9]{0,17}\\b', text), f"{case.id}: it names a claim of others"


def test_every_rule_that_an_operation_covers_exists() -> None:
    for operation in OPERATIONS:
        assert operation.resolved().covered.keys() <= RULES.keys()
    shared = (admission.COVERED, datetime_encoder.COVERED, listing.COVERED)
    assert {rule for covered in shared for rule in covered} <= RULES.keys()


def test_a_rule_that_can_refuse_has_a_text_and_a_cause() -> None:
    for rule in RULES.values():
        statuses = [rule.status, *(variant.status for variant in rule.variants.values())]
        refuses = (rule.is_warning or max(statuses) >= 400) and rule.id != EXPLANATION  # the form of every refusal
        assert bool(rule.texts) == bool(rule.cause) == refuses, rule.id


def test_every_assumption_says_why() -> None:
    silent = [rule.id for rule in RULES.values() if rule.standing == "assumed" and not rule.note]
    assert silent == []


@pytest.mark.parametrize("digits", [50, 5_000])
async def test_a_number_of_many_digits_in_the_path_is_refused_at_once(digits: int, client: Client) -> None:
    response = await client.put(f"/api/v1/claimtrackings/{'9' * digits}", json={})
    assert (response.status, await response.json()) == (400, "ClaimTrackingNum is invalid.")


async def test_a_charset_of_thousands_of_nested_comments_is_unknown(client: Client) -> None:
    headers = {"Content-Type": "application/json; charset=" + "(" * 4_000}
    response = await client.post("/api/v1/claimtrackings", data=b"{}", headers=headers)
    assert (response.status, await response.json()) == (400, "The request body is not in the charset that it claims.")
