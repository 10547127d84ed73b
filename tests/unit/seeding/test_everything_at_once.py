"""Tests of several mistakes at once: each has a diagnostic, and there is no other."""

import copy
import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.contract import shipped_contract
from mockserver.office.clock import Clock
from mockserver.seeding.layers import read_text
from mockserver.seeding.load import Draft
from support.effort import examples, parameters

NOW = datetime(2026, 1, 1, 12)
GOOD: dict[str, Any] = {
    "office": {"version": "23.2.4"},
    "definition": [
        {"DefNum": 1, "Category": 31}, {"DefNum": 2, "Category": 43}, {"DefNum": 3, "Category": 31},
        {"DefNum": 4, "Category": 43}, {"DefNum": 5, "Category": 31},
    ],
    "claim": [7, {"ClaimNum": 8, "PatNum": 1}, {"ClaimNum": 9}],
    "claimtracking": [
        {"ClaimNum": 7, "TrackingDefNum": 1, "DateTimeEntry": "now-1d"},
        {"ClaimTrackingNum": 5, "ClaimNum": 8, "TrackingErrorDefNum": 2, "Note": "x"},
        {"ClaimTrackingNum": 6, "ClaimNum": 9, "DateTimeEntry": "2025-02-28 00:00:00"},
        {"ClaimNum": 7, "TrackingDefNum": 3, "TrackingErrorDefNum": 4, "UserNum": 1},
    ],
    "generate": {
        "claim": {"rows": 3, "PatNum": [1, 2]},
        "claimtracking": {"rows": 4, "ClaimNum": [7, 10], "TrackingDefNum": 5, "Note": "x",
                          "DateTimeEntry": {"from": "now-3d", "to": "now-2d"}},
        "copies": 2,
    },
}  # fmt: skip

RENAMED = object()
# A path, and its new value, or RENAMED, which adds a letter to the name.
BREAKS: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "a misspelt table": (("claim",), RENAMED),
    "another misspelt table": (("definition",), RENAMED),
    "an unknown table": (("recall",), [11]),
    "a version that is none": (("office", "version"), "new"),
    "a list for a preference": (("preference",), []),
    "a claim in quotes": (("claim", 0), "7"),
    "a claim's misspelt number": (("claim", 1, "ClaimNum"), RENAMED),
    "a claim's misspelt column": (("claim", 1, "PatNum"), RENAMED),
    "a claim's number with a fraction": (("claim", 2, "ClaimNum"), 9.0),
    "a claim that is there already": (("claim", 3), 7),
    "a definition's misspelt number": (("definition", 0, "DefNum"), RENAMED),
    "a definition's number in quotes": (("definition", 1, "DefNum"), "2"),
    "a definition's misspelt category": (("definition", 2, "Category"), RENAMED),
    "a category out of range": (("definition", 3, "Category"), 5000),
    "a definition that is only a number": (("definition", 4), 5),
    "a definition that is there already": (("definition", 5), {"DefNum": 1, "Category": 43}),
    "a status that is no definition": (("claimtracking", 0, "TrackingDefNum"), 99),
    "a status of the other category": (("claimtracking", 3, "TrackingDefNum"), 2),
    "an error code that is no definition": (("claimtracking", 3, "TrackingErrorDefNum"), 98),
    "a claim that is not there": (("claimtracking", 0, "ClaimNum"), 6),
    "another claim that is not there": (("claimtracking", 1, "ClaimNum"), 5),
    "a tracking's misspelt column": (("claimtracking", 1, "Note"), RENAMED),
    "a tracking's number in quotes": (("claimtracking", 1, "ClaimTrackingNum"), "5"),
    "a tracking's number that is there already": (("claimtracking", 1, "ClaimTrackingNum"), 6),
    "a day of no calendar": (("claimtracking", 2, "DateTimeEntry"), "2025-02-30 00:00:00"),
    "a time of another form": (("claimtracking", 0, "DateTimeEntry"), "yesterday"),
    "a tracking that is a text": (("claimtracking", 4), "x"),
    "no number of generated claims": (("generate", "claim", "rows"), "x"),
    "a misspelt column of generated claims": (("generate", "claim", "PatNum"), RENAMED),
    "a misspelt column of generated trackings": (("generate", "claimtracking", "Note"), RENAMED),
    "a generated status that is no definition": (("generate", "claimtracking", "TrackingDefNum"), [5, 95]),
    "a generated tracking of a claim that is not there": (("generate", "claimtracking", "ClaimNum", 0), 4),
    "a generated time of no calendar": (("generate", "claimtracking", "DateTimeEntry", "from"), "2025-02-30 00:00:00"),
    "generated times in the wrong order": (("generate", "claimtracking", "DateTimeEntry", "to"), "now-9d"),
    "no number of copies": (("generate", "copies"), "x"),
    "misspelt copies": (("generate", "copies"), RENAMED),
    "keys to generate": (("generate", "apikey"), {"rows": 1}),
    "an unknown table to generate": (("generate", "recall"), {"rows": 1}),
}


ANYTHING = st.sampled_from([None, 0, -1, 1.5, 10**30, True, "x", "7", "", [], [7], ["x"], [None], {}, {"a": 1}, {"rows": "x"},
                            {"from": 5}, {"from": "now", "to": None}, "now-9d"])  # fmt: skip


def broken(*names: str) -> dict[str, Any]:
    fixture = copy.deepcopy(GOOD)
    # The deepest first, so that a table is renamed after all changes in it.
    for path, value in sorted((BREAKS[name] for name in names), key=lambda one: -len(one[0])):
        inner: Any = fixture
        for step in path[:-1]:
            inner = inner[step]
        last = path[-1]
        if value is RENAMED:
            inner[f"{last}s"] = inner.pop(last)
        elif isinstance(inner, list) and last == len(inner):
            inner.append(value)
        else:
            inner[last] = value
    return fixture


def told_of(fixture: dict[str, Any]) -> set[str]:
    """Return the errors without their suggestions, with a misspelt table under its right name."""
    draft = Draft(*read_text(json.dumps(fixture)), shipped_contract(), Clock(NOW))
    messages = [one.message.partition(";")[0] for one in draft.errors]
    return {message.replace("claims[", "claim[").replace("definitions[", "definition[") for message in messages}


@cache
def alone(name: str) -> set[str]:
    return told_of(broken(name))


def test_the_fixture_without_a_mistake_is_right() -> None:
    assert told_of(GOOD) == set()


@pytest.mark.parametrize("name", BREAKS)
def test_one_mistake_has_exactly_one_diagnostic(name: str) -> None:
    told = alone(name)
    path, value = BREAKS[name]
    assert 1 <= len(told) <= (2 if value is RENAMED else 1), told  # a required column is also missing
    subjects = {message.split(" ")[0].split(".")[0].split("[")[0] for message in told}
    assert subjects == {f"{path[0]}s" if value is RENAMED and len(path) == 1 else path[0]}


@pytest.mark.parametrize("first", parameters(BREAKS, quick=[*BREAKS][::3]))
def test_two_mistakes_have_the_diagnostics_of_each(first: str) -> None:
    names = list(BREAKS)
    for second in names[names.index(first) + 1 :]:
        if BREAKS[first][0] != BREAKS[second][0] and (first, second) != DEPENDENT:
            assert told_of(broken(first, second)) == alone(first) | alone(second), second


# The order of two times is not known before both are.
DEPENDENT = ("a generated time of no calendar", "generated times in the wrong order")


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*path, step)
            yield from places(inner, (*path, step))


@examples(500)
@given(st.lists(st.tuples(st.sampled_from(list(places(GOOD))), ANYTHING, st.booleans()), min_size=1, max_size=3))
def test_any_value_anywhere_gives_an_office_or_errors(
    changes: list[tuple[tuple[str | int, ...], Any, bool]],
) -> None:
    fixture = copy.deepcopy(GOOD)
    for path, value, renamed in sorted(changes, key=lambda one: -len(one[0])):
        inner: Any = fixture
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = value
        if renamed and isinstance(inner, dict):
            inner[f"{path[-1]}s"] = inner.pop(path[-1])
    draft = Draft(*read_text(json.dumps(fixture)), shipped_contract(), Clock(NOW))
    draft.warnings()
    if not draft.errors:
        draft.office()


NO_NUMBER: dict[str, list[Any]] = {"claim": [7, {"PatNum": 1}], "claimtracking": [{"ClaimNum": 7}, {"ClaimNum": 8}]}
MISSING = "claim[1].ClaimNum is missing"


def test_a_claim_without_a_number_may_be_the_one_that_trackings_name() -> None:
    assert told_of(NO_NUMBER) == {MISSING}
    assert told_of({**NO_NUMBER, "claim": [7, None]}) == {
        "claim[1] must be a whole number or a mapping of names to values, and is null"
    }


def test_a_claim_without_a_number_is_not_two_that_trackings_name() -> None:
    trackings = [*NO_NUMBER["claimtracking"], {"ClaimNum": 9}]
    assert told_of({**NO_NUMBER, "claimtracking": trackings}) == {
        MISSING,
        "claimtracking[1].ClaimNum 8 is not a claim of this office",
        "claimtracking[2].ClaimNum 9 is not a claim of this office",
    }


def test_missing_count_suppresses_errors_on_later_claim_numbers() -> None:
    fixture = {"claim": [7], "claimtracking": [{"ClaimNum": 6}, {"ClaimNum": 8}], "generate": {"claim": {}}}
    assert told_of(fixture) == {
        "generate.claim.rows is missing",
        "claimtracking[0].ClaimNum 6 is not a claim of this office",
    }


@pytest.mark.parametrize(
    ("fixture", "told"),
    [
        ({"extends": 5}, "extends must be text, and is 5"),
        ({"extends": "other.yaml"}, "extends: only a file can extend another"),
        ({"claim": 5}, "claim must be a list, and is 5"),
        ({"generate": []}, "generate must be a mapping of names to values, and is []"),
        ({"generate": {"claim": 5}}, "generate.claim must be a mapping of names to values, and is 5"),
    ],
)
def test_unreadable_claims_suppress_errors_on_unknown_claims(fixture: dict[str, Any], told: str) -> None:
    assert told_of({**fixture, "claimtracking": [{"ClaimNum": 8}]}) == {told}


def test_generate_entry_without_rows_is_validated_too() -> None:
    trackings = {"ClaimNum": [7, "x", 6], "DateTimeEntry": {"from": "now"}}
    assert told_of({"claim": [7], "generate": {"claimtracking": trackings}}) == {
        "generate.claimtracking.rows is missing",
        "generate.claimtracking.DateTimeEntry.to is missing",
        'generate.claimtracking.ClaimNum[1] must be a whole number, and is "x"',
        "generate.claimtracking.ClaimNum[2] 6 is not a claim of this office",
    }
