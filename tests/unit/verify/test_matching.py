"""Tests of matching and judging: one response for each way to differ, told without its values."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from mockserver.contract.case_files import shipped_cases
from mockserver.contract.cases import Case
from mockserver.contract.contract import shipped_contract
from mockserver.contract.expectation import Expectation, Seen
from mockserver.http_client import NOT_JSON, Answer
from mockserver.observations.observation import DIFFERS, HOLDS, MASKED, NOT_TRIED
from mockserver.observations.vocabulary import Vocabulary
from mockserver.verify.custom_tracking import change
from mockserver.verify.judge import Judgement, judge, subjects
from mockserver.verify.matching import Context, is_vacuous, mismatch
from mockserver.verify.outcome import outcomes

ROWS = [{"N": 3, "T": "b"}, {"N": 2, "T": "b"}, {"N": 1, "T": "a"}]
CONTEXT = Context(facts={"n": 3}, complete=ROWS, same=ROWS, before={"DateTimeEntry": "then"})
RULE = "claimtrackings.create.TrackingDefNum.category"
VOCABULARY = Vocabulary(shipped_contract())


def answer(value: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(status, headers, json.dumps(value).encode())


def found(value: Any, **expectation: Any) -> str:
    return mismatch(Expectation(**{"status": 200} | expectation), answer(value), value, CONTEXT)


@pytest.mark.parametrize(
    ("value", "expectation"),
    [
        (ROWS, {"body": ROWS}),
        (ROWS[0], {"row": {"N": "{n}"}}),
        (ROWS, {"columns": {"N": [3, 2, 1]}}),
        (ROWS[:2], {"every": {"T": "b"}}),
        (ROWS, {"some_other": {"T": "a"}, "some": {"N": 1, "T": "a"}}),
        (ROWS, {"rows": {"min": 3, "max": 3}}),
        (ROWS[1:], {"slice": [1, 3]}),
        ([*ROWS[1:], {"N": 0}], {"slice": [1, None]}),
        (ROWS, {"same_as": "GET /x"}),
        (ROWS, {"descending": "N"}),
        (ROWS, {"descending": ["T", "N"]}),
        (ROWS[::-1], {"ascending": "N"}),
        ([{"N": "b"}, {"N": None}], {"descending": "N"}),
        ({"DateTimeEntry": "now"}, {"moved": True}),
        ({"DateTimeEntry": "then"}, {"moved": False}),
        (ROWS, {"matches": {"T": "[ab]"}}),
        (ROWS, {"least": {"N": 1}}),
        ("No.", {"form": "json"}),
    ],
)
def test_a_response_as_expected_matches(value: Any, expectation: Mapping[str, Any]) -> None:
    assert found(value, **expectation) == ""


@pytest.mark.parametrize(
    ("value", "expectation", "told"),
    [
        (ROWS, {"status": 404}, "the status is 200"),
        (ROWS, {"body": []}, "the response differs"),
        (ROWS, {"row": {"N": 3}}, "the response is not one row"),
        (ROWS[0], {"row": {"N": 2}}, "N differs"),
        (ROWS[0], {"row": {"X": 2}}, "X is missing"),
        (ROWS, {"columns": {"N": [3]}}, "the values of N differ"),
        (ROWS, {"every": {"T": "b"}}, "T of a row differs"),
        (ROWS[:2], {"some_other": {"T": "b"}}, "all rows have the same T"),
        (ROWS, {"some": {"N": 3, "T": "a"}}, "no row has the N and the T"),
        ({}, {"rows": {"min": 1}}, "the response is not a list"),
        (ROWS, {"rows": {"min": 4}}, "there are too few rows"),
        (ROWS, {"rows": {"max": 2}}, "there are too many rows"),
        (ROWS, {"slice": [1, 3]}, "the rows differ from those of the complete list"),
        ([], {"same_as": "GET /x"}, "the response differs"),
        (ROWS, {"ascending": "N"}, "the rows are not in the order of N"),
        (ROWS, {"ascending": ["T", "N"]}, "rows with the same T are not in the order of N"),
        ({"DateTimeEntry": "now"}, {"moved": False}, "DateTimeEntry has moved"),
        ({"DateTimeEntry": "then"}, {"moved": True}, "DateTimeEntry has not moved"),
        (ROWS, {"matches": {"T": "b"}}, "the form of T differs"),
        (ROWS, {"least": {"N": 2}}, "N of a row is below the one that was asked for"),
        ({}, {"form": "json"}, "the body of the refusal is a JSON object"),
        ([], {"form": "json"}, "the body of the refusal is a JSON array"),
        (7, {"form": "json"}, "the body of the refusal is another JSON value"),
        (ROWS, {"headers": {"Retry-After": "[0-9]+"}}, "the header Retry-After differs"),
    ],
)
def test_a_mismatch_is_told_without_values(value: Any, expectation: Mapping[str, Any], told: str) -> None:
    assert found(value, **expectation) == told


@pytest.mark.parametrize(
    ("before", "after", "row", "told"),
    [
        (0, 5, {"TrackingDefNum": 5}, "follows"), (0, 0, {"TrackingDefNum": 5}, "stays"), (0, 4, {"TrackingDefNum": 5}, "changes"),
        (5, 5, {"TrackingDefNum": 5}, ""), (None, 5, {"TrackingDefNum": 5}, ""), (0, None, {"TrackingDefNum": 5}, ""),
        (0, 5, "Claim not found.", "changes"),
    ],
)  # fmt: skip
def test_the_status_of_a_claim_stays_or_follows(before: int | None, after: int | None, row: Any, told: str) -> None:
    assert change(before, after, row) == told


def test_a_claim_that_does_not_show_its_status_shows_nothing() -> None:
    case = next(case for case in shipped_cases() if case.rules[0] == "claimtrackings.update.CustomTracking")
    for custom_tracking, outcome, variant in (
        ("stays", HOLDS, ""), ("follows", DIFFERS, "follows"), ("changes", DIFFERS, ""), ("", NOT_TRIED, ""),
    ):  # fmt: skip
        judgement = judge(case, answer({}), {}, Context(custom_tracking=custom_tracking), VOCABULARY)
        assert (judgement.outcome, judgement.variant) == (outcome, variant)
    assert judge(case, answer("No.", 400), "No.", Context(), VOCABULARY).outcome == DIFFERS


def test_a_page_of_another_size_is_told_with_its_size() -> None:
    case = next(case for case in shipped_cases() if case.rules[0] == "api.Limit.default")
    judgement = judge(case, answer(ROWS), ROWS, Context(is_list=True), VOCABULARY)
    assert (judgement.outcome, judgement.rows) == (DIFFERS, 3)
    assert judge(case, answer("No.", 400), "No.", Context(is_list=True), VOCABULARY).rows == 0


def test_another_status_that_the_page_leaves_open_is_no_contradiction() -> None:
    rule = shipped_contract().rules["claimtrackings.create.TrackingDefNum.unknown"]

    def contradicts(standing: str, variant: str) -> bool:
        found = Judgement(outcome=DIFFERS, variant=variant, status=400)
        (outcome,) = outcomes([replace(rule, standing=standing)], {rule.id: [found]})
        return outcome.contradicts

    assert [contradicts("assumed", "refused"), contradicts("documented", "refused"), contradicts("documented", "")] == [
        False, False, True,
    ]  # fmt: skip


def test_what_is_no_list_has_no_rows_and_moves_nothing() -> None:
    assert found("text", moved=True, every={"N": 1}, slice=[5, 6]) == ""


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (Seen(rows=3, distinct={"T": 2}, ties={"T": 2}), ""),
        (Seen(rows=4), "the office lists fewer than 4 rows for it"),
        (Seen(distinct={"T": 3}), "the rows have fewer than 3 values of T"),
        (Seen(only={"T": "a"}), "the office lists rows of another T too"),
        (Seen(ties={"N": 2}), "fewer than 2 rows share a value of N"),
    ],
)
def test_a_response_that_shows_nothing_is_vacuous(seen: Seen, told: str) -> None:
    assert is_vacuous(seen, ROWS) == told


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("TrackingDefNum is invalid.", {"TrackingDefNum"}),
        ("Claim not found.", {"Claim", "ClaimNum"}),
        ("InsPlan not found.", {"InsPlan", "PlanNum"}),
        ("'Bogus' is not a valid parameter.", {"Bogus"}),
        ("claimtrackings DELETE  is not a valid method.", set()),
        ("The Customer Key is disabled.", set()),
        ("You must call us.", set()),
        ("There is no such thing.", set()),
        ("no idea", set()),
    ],
)
def test_subjects_of_an_explanation(text: str, about: set[str]) -> None:
    assert subjects(text, VOCABULARY.columns, VOCABULARY.types) == about


def case(**members: Any) -> Case:
    values: dict[str, Any] = {
        "id": "a case", "rules": (RULE,), "tier": "write", "call": "POST /claimtrackings",
        "expect": Expectation(status=400, text="TrackingDefNum is invalid."),
        "otherwise": {"not-found": Expectation(status=404), "taken": Expectation(status=201)},
    }  # fmt: skip
    return Case(**values | members)


def judged(status: int, value: Any, **members: Any) -> Judgement:
    return judge(case(**members), answer(value, status), value, CONTEXT, VOCABULARY)


@pytest.mark.parametrize(
    ("status", "value", "outcome", "variant", "text"),
    [
        (400, "TrackingDefNum is invalid.", HOLDS, "", "TrackingDefNum is invalid."),
        (400, "Something of the office's own.", HOLDS, "", None),
        (404, "Definition not found", DIFFERS, "not-found", "Definition not found"),
        (201, {}, DIFFERS, "taken", None),
        (410, "Gone with Jane Doe.", DIFFERS, "", None),
        (400, "ClaimNum is required.", MASKED, "", "ClaimNum is required."),
        (404, "Claim not found.", MASKED, "", "Claim not found."),
        (404, "claims GET was added in version 99.", NOT_TRIED, "", None),
        (400, {"status": 400}, NOT_TRIED, "", None),
        (404, "No idea.", DIFFERS, "", None),
    ],
)
def test_a_response_is_judged(status: int, value: Any, outcome: str, variant: str, text: str | None) -> None:
    judgement = judged(status, value)
    assert (judgement.outcome, judgement.variant, judgement.text) == (outcome, variant, text)


def test_a_served_request_is_never_masked() -> None:
    rule = "claimtrackings.create.Note"
    served = {"rules": (rule,), "expect": Expectation(status=201), "otherwise": {}}
    assert judged(400, "TrackingDefNum is required.", **served).outcome == DIFFERS
    assert judged(400, "Note is invalid.", **served).outcome == DIFFERS


def test_a_case_of_another_status_is_not_tried() -> None:
    assert judged(404, "x", seen=Seen(status=400)).outcome == NOT_TRIED


def test_explanations_are_json_strings_or_plain_texts() -> None:
    assert answer("No.").explanation == "No."
    assert Answer(400, {"content-type": "text/plain"}, b"No.").explanation == "No."
    assert Answer(400, {"content-type": "text/html"}, b"<p>No.").explanation is None
    assert Answer(400, {}, b"").explanation is None
    assert answer({"No": 1}).explanation is None
    assert Answer(200, {}, b"[" * 100_000).value is NOT_JSON


def test_cases_of_a_rule_that_disagree_show_no_variant() -> None:
    rule = shipped_contract().rules["claimtrackings.create.ClaimNum.unknown"]
    both = [Judgement(outcome=HOLDS, status=400), Judgement(outcome=DIFFERS, variant="taken", status=201, why="x")]
    (outcome,) = outcomes([rule], {rule.id: both})
    assert (outcome.outcome, outcome.variant, outcome.contradicts) == (DIFFERS, "", True)
    assert outcome.why == "x, but not in each case of the rule"
    (nothing,) = outcomes([rule], {})
    assert (nothing.outcome, nothing.why, nothing.contradicts) == (NOT_TRIED, "no case decides it", False)
