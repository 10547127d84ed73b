"""Tests of observations: what a run saves makes the mock answer as that office did."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.contract import shipped_contract
from mockserver.observations.files import observed_contract
from mockserver.observations.observation import DIFFERS, MASKED
from mockserver.verify.observation_file import as_yaml
from mockserver.verify.report import report_of
from support.deviations import DEVIATIONS
from support.practice import CLAIM, LIKE_AN_OFFICE, Practice, key_of
from support.verifying import outcomes_of, verified

VARIANTS = [
    (rule.id, name)
    for rule in shipped_contract().rules.values()
    for name in [*rule.variants][1:]
    if LIKE_AN_OFFICE.get(rule.id) != name
]
NOT_SEEN = {
    "claimtrackings.list.TrackingType": "an office that hides rows looks like one without them",
    "claimtrackings.update.UserNum": "rows that the API has created have UserNum 0 already",
    "definitions.list.order": "the column that gives the order is not sent",
}
"""The rules whose variants no request can show, and why."""

OTHERS = ("warning.no-setup", "claimtrackings.list.ClaimNum.empty", "claimtrackings.list.order.ties")
QUICK = {"api.Limit.clamped=refused", "claimtrackings.list.order=lowest-number-first", "api.explanation=plain",
         "claimtrackings.update.DateTimeEntry.unchanged=moves"}  # fmt: skip
# Without set-up there is no status to create a row with; 404 for a claim without rows is its list before the first
# create; and where the lowest number comes first, no order among equal times shows.
ALL_AT_ONCE = {rule: [*shipped_contract().rules[rule].variants][1] for rule, _ in VARIANTS
               if rule not in NOT_SEEN and rule not in OTHERS}  # fmt: skip


def marked(rule: str, variant: str) -> Any:
    name = f"{rule}={variant}"
    return pytest.param({rule: variant}, id=name, marks=() if name in QUICK else pytest.mark.thorough)


@pytest.mark.parametrize(
    "variants",
    [
        pytest.param({}, id="as the contract says"),
        pytest.param(ALL_AT_ONCE, id="everything otherwise"),
        *[marked(rule, variant) for rule, variant in VARIANTS if rule not in NOT_SEEN],
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
    rules_again = decided if len(variants) == 1 else told.keys()
    with Practice(tmp_path, observed=saved, has_setup=has_setup) as practice:
        again = outcomes_of(verified(practice.url, key_of(), claim=CLAIM, may_create=40, rules=rules_again))
    assert {
        rule: (one.outcome, one.variant, one.status, one.text) for rule, one in again.items() if rule in rules_again
    } == {rule: (one.outcome, one.variant, one.status, one.text) for rule, one in told.items() if rule in rules_again}


def test_enough_is_told_otherwise() -> None:
    assert len(VARIANTS) + len(DEVIATIONS) - len(NOT_SEEN) >= 90


def test_an_unknown_status_of_a_refusal_is_played(tmp_path: Path) -> None:
    saved = tmp_path / "saved.yaml"
    rule = "claimtrackings.list.ClaimNum.unknown"
    spoil, _ = DEVIATIONS["list of an unknown claim is 400"]
    with Practice(tmp_path, spoil=spoil) as practice:
        run = verified(practice.url, key_of(), rules=[rule])
    saved.write_text(as_yaml(report_of(run, datetime(2026, 11, 24, tzinfo=UTC))))
    with Practice(tmp_path, observed=saved) as practice:
        again = outcomes_of(verified(practice.url, key_of(), rules=[rule]))[rule]
    assert (again.outcome, again.variant, again.status, again.text) == (DIFFERS, "", 400, "Claim not found.")
