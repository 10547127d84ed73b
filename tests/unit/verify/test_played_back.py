"""Tests of observations: what a run saves makes the mock answer as that office did."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.case_files import shipped_cases
from mockserver.contract.contract import shipped_contract
from mockserver.observations.files import observed_contract, read_observations
from mockserver.observations.observation import DIFFERS, MASKED, NOT_TRIED
from mockserver.verify.observation_file import as_yaml
from mockserver.verify.report import report_of
from support.deviations import DEVIATIONS, without
from support.effort import parameters, thorough_unless
from support.observations import write_observed
from support.practice import CLAIM, LIKE_AN_OFFICE, Practice, key_of, office
from support.verifying import outcomes_of, verified

RULES = shipped_contract().rules
SHOWN = {(case.rules[0], name) for case in shipped_cases() if case.tier != "manual" for name in case.otherwise}
VARIANTS = [
    (rule.id, name)
    for rule in RULES.values()
    for name in [*rule.variants][1:]
    if (rule.id, name) in SHOWN and LIKE_AN_OFFICE.get(rule.id) != name
]
NOT_SEEN = {"claimtrackings.list.TrackingType": "an office that hides rows looks like one without them"}
"""The rules whose variants no request can show, and why. Those of other cases need an office in another state."""

OTHERS = ("warning.no-setup", "claimtrackings.list.ClaimNum.empty", "claimtrackings.list.order.ties")
QUICK = ["claimtrackings.list.ClaimNum.empty"]
"""The rules of the office of a quick run."""
_TOGETHER = 8
"""How many variants an office of this test has, each of another rule: a run takes a second, and tells each of them."""
# Without set-up there is no status to create a row with; 404 for a claim without rows is its list before the first
# create; and where the lowest number comes first, no order among equal times shows.
ALL_AT_ONCE = {rule: [*shipped_contract().rules[rule].variants][1] for rule, _ in VARIANTS
               if rule not in NOT_SEEN and rule not in OTHERS}  # fmt: skip


def offices() -> list[dict[str, str]]:
    """Return the variants of each office: every variant is in one of them, and those of OTHERS alone."""
    groups: list[dict[str, str]] = []
    for rule, variant in VARIANTS:
        if rule in NOT_SEEN:
            continue
        free = (
            group for group in groups if len(group) < _TOGETHER and rule not in group and not {*OTHERS} & group.keys()
        )
        group = None if rule in OTHERS else next(free, None)
        if group is None:
            groups.append(group := {})
        group[rule] = variant
    return groups


@pytest.mark.parametrize(
    "variants",
    [
        pytest.param({}, id="as the contract says", marks=pytest.mark.thorough),
        pytest.param(ALL_AT_ONCE, id="everything otherwise", marks=pytest.mark.thorough),
        *[
            pytest.param(
                group, id=" ".join(map("=".join, group.items()))[:80], marks=thorough_unless(quick=[*group] == QUICK)
            )
            for group in offices()
        ],
    ],
)
def test_a_variant_is_found_saved_and_played(variants: Mapping[str, str], tmp_path: Path) -> None:
    saved = tmp_path / "saved.yaml"
    has_setup = "warning.no-setup" not in variants
    with Practice(tmp_path, variants=variants, has_setup=has_setup) as practice:
        run = verified(practice.url, key_of(), claim=CLAIM, may_create=40)
    saved.write_text(as_yaml(report_of(run, datetime(2026, 11, 24, tzinfo=UTC))))
    told = outcomes_of(run)
    assert [rule for rule, one in told.items() if one.outcome == MASKED] == []
    decided = {rule for rule, one in told.items() if one.outcome == DIFFERS}
    assert decided == variants.keys() | LIKE_AN_OFFICE.keys()
    rules = observed_contract([saved]).rules
    assert {rule: rules[rule].played for rule in decided} == {**LIKE_AN_OFFICE, **variants}
    rules_again = decided if len(variants) == 1 else run.rules
    with Practice(tmp_path, observed=saved, has_setup=has_setup) as practice:
        again = outcomes_of(verified(practice.url, key_of(), claim=CLAIM, may_create=40, rules=rules_again))
    assert {
        rule: (one.outcome, one.variant, one.status, one.text) for rule, one in again.items() if rule in rules_again
    } == {rule: (one.outcome, one.variant, one.status, one.text) for rule, one in told.items() if rule in rules_again}


def test_enough_is_told_otherwise() -> None:
    assert len(VARIANTS) + len(DEVIATIONS) - len(NOT_SEEN) >= 90


UNKNOWN_ANSWERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "list of an unknown claim is 400": (
        "claimtrackings.list.ClaimNum.unknown",
        {"status": 400, "text": "Claim not found."},
    ),
    "pages of 50": ("api.Limit.default", {"rows": 50, "status": 200}),
}


@pytest.mark.parametrize("name", parameters(UNKNOWN_ANSWERS, quick=("pages of 50",)))
def test_what_can_be_played_of_an_unknown_answer_is(name: str, tmp_path: Path) -> None:
    saved = tmp_path / "saved.yaml"
    rule, seen = UNKNOWN_ANSWERS[name]
    with Practice(tmp_path, spoil=DEVIATIONS[name][0]) as practice:
        run = verified(practice.url, key_of(), rules=[rule])
    saved.write_text(as_yaml(report_of(run, datetime(2026, 11, 24, tzinfo=UTC))))
    assert read_observations([saved]).warnings == []
    with Practice(tmp_path, observed=saved) as practice:
        again = outcomes_of(verified(practice.url, key_of(), rules=[rule]))[rule]
    assert (again.outcome, again.variant) == (DIFFERS, "")
    assert {name: getattr(again, name) for name in seen} == seen


@pytest.mark.parametrize("name", ["create is refused", "another column", "definitions ignore Category"])
def test_what_cannot_be_played_is_named(name: str, tmp_path: Path) -> None:
    spoil, rules = DEVIATIONS[name]
    saved = tmp_path / "saved.yaml"
    with Practice(tmp_path, spoil=spoil) as practice:
        run = verified(practice.url, key_of(), claim=CLAIM, may_create=5, rules=rules)
    saved.write_text(as_yaml(report_of(run, datetime(2026, 11, 24, tzinfo=UTC))))
    told = {one.message.partition(":")[0]: one.message for one in read_observations([saved]).warnings}
    assert told.keys() == rules
    assert all(message.endswith("that is not a known variant, and is not played") for message in told.values())


@pytest.mark.parametrize("size", parameters([20, 50, 200], quick=(20,)))
def test_the_size_of_a_page_is_seen_if_the_page_is_cut(size: int, tmp_path: Path) -> None:
    rule = "api.Limit.default"
    for rows, outcome, seen in ((size + 1, DIFFERS, size), (size, NOT_TRIED, 0)):
        fixture = office() | {"claimtracking": [{"ClaimNum": CLAIM}] * rows}
        played = write_observed(tmp_path, {rule: {"outcome": "differs", "rows": size}})
        with Practice(tmp_path, fixture=fixture, observed=played) as practice:
            found = outcomes_of(verified(practice.url, key_of(), rules=[rule]))[rule]
        assert (found.outcome, found.rows) == (outcome, seen)


def test_an_office_that_ignores_offset_shows_no_page(tmp_path: Path) -> None:
    rule = "api.Limit.default"
    fixture = office() | {"claimtracking": [{"ClaimNum": CLAIM}] * 30}
    with Practice(tmp_path, fixture=fixture, spoil=without("Offset")) as practice:
        assert outcomes_of(verified(practice.url, key_of(), rules=[rule]))[rule].outcome == NOT_TRIED
