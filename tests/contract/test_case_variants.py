"""Case and variant tests: what a case says about the other variants of its rule is what a mock shows that plays them."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from mockserver.contract.case_files import shipped_cases
from mockserver.contract.contract import shipped_contract
from mockserver.observations.observation import DIFFERS
from support.effort import thorough_unless
from support.observations import of_variant, write_observed
from support.playing import Mocks
from support.telling import is_telling

# An office that hides rows of other types looks like one without them.
NOT_SEEN = {("claimtrackings.list.TrackingType", "status-history")}
PAIRS = [
    pytest.param(rule.id, name, marks=thorough_unless(quick=is_telling(rule.id) and name == [*rule.variants][1]))
    for rule in shipped_contract().rules.values()
    for name in [*rule.variants][1:]
]


@pytest.mark.parametrize(("rule", "variant"), PAIRS, ids=lambda part: part)
def test_a_mock_that_plays_a_variant_is_judged_to_have_it(rule: str, variant: str, tmp_path: Path) -> None:
    file = write_observed(tmp_path, {rule: of_variant(rule, variant)})
    cases = [case for case in shipped_cases() if case.rules[0] == rule and variant in case.otherwise]
    assert cases
    if (rule, variant) in NOT_SEEN:
        assert all(case.needs for case in cases)
        return
    with ExitStack() as running:
        mocks = Mocks(running, tmp_path)
        for case in cases:
            judgement = mocks.try_to_play(case, observed=str(file))
            assert (judgement.outcome, judgement.variant) == (DIFFERS, variant), f"{case.id}: {judgement}"
