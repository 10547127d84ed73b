"""Tests of outcomes: each answer that an office gives otherwise is found and named, and nothing else is."""

from typing import Any

import pytest

from mockserver.observations.observation import DIFFERS, MASKED
from support.practice import key_of
from support.small_office import CHOICES, DEVIATIONS, EMPTY_CLAIM, SmallOffice
from support.verifying import outcomes_of, verified

ALWAYS = {"warning.base-path": "refused", "warning.no-authorization": "refused"}
"""The variants that a real office shows, unlike the mock."""

NOT_SEEN = {
    "claimtrackings.list.TrackingType": "an office that hides rows looks like one without them",
    "claimtrackings.update.UserNum": "rows that the API has created have UserNum 0 already",
    "definitions.list.order": "the column that gives the order is not sent",
    "definitions-ignore-includeHidden": "an office that hides hidden definitions looks like one without them",
}
"""The rules and deviations that no request can show, and why."""

# Of each kind, the ones of a quick run.
QUICK = {
    "api.Limit.clamped=refused", "claimtrackings.update.DateTimeEntry.unchanged=moves",
    "list-ignores-ClaimNum", "update-not-kept", "row-with-extra-column", "create-None-taken",
}  # fmt: skip


def marked(name: str, *values: str) -> Any:
    return pytest.param(*values, id=name, marks=() if name in QUICK else pytest.mark.thorough)


def differing(*, needs_none_excluded: bool = False, has_setup: bool = True, **options: Any) -> dict[str, str]:
    """Return the rules that differ at a small office, each with its variant, but for those that always do."""
    with SmallOffice(excludes_none=needs_none_excluded, has_setup=has_setup, **options) as office:
        run = verified(office.url, key_of(office.keys), claim=EMPTY_CLAIM, may_create=60)
    found = outcomes_of(run)
    assert not run.ended
    assert [rule for rule, one in found.items() if one.outcome == MASKED] == []
    differs = {rule: one.variant for rule, one in found.items() if one.outcome == DIFFERS}
    return {rule: variant for rule, variant in differs.items() if ALWAYS.get(rule) != variant}


@pytest.mark.parametrize("needs_none_excluded", [False, True])
def test_an_office_that_follows_the_contract_differs_in_nothing(needs_none_excluded: bool) -> None:
    assert differing(needs_none_excluded=needs_none_excluded) == {}


@pytest.mark.parametrize(
    ("rule", "variant"),
    [marked(f"{rule}={variant}", rule, variant) for rule, variants in CHOICES.items() for variant in variants
     if variant not in (variants[0], ALWAYS.get(rule)) and rule not in NOT_SEEN],
)  # fmt: skip
def test_a_choice_is_found_and_nothing_else(rule: str, variant: str) -> None:
    assert differing(choices={rule: variant}, has_setup=rule != "warning.no-setup") == {rule: variant}


@pytest.mark.parametrize("name", [marked(name, name) for name in DEVIATIONS if name not in NOT_SEEN])
def test_a_deviation_is_found_and_nothing_else(name: str) -> None:
    rules = DEVIATIONS[name]
    found = differing(deviations=[name], needs_none_excluded=name.endswith("None-taken"))
    assert found.keys() & rules
    assert found.keys() <= rules


def test_enough_is_told_otherwise() -> None:
    assert len(CHOICES) + len(DEVIATIONS) - len(NOT_SEEN) >= 90
