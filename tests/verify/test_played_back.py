"""Tests of observations: what a run saves makes the mock answer as that office did."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mockserver import MockServer
from mockserver.verify.observation_file import as_yaml
from mockserver.verify.report import report_of
from support.practice import key_of
from support.small_office import CHOICES, EMPTY_CLAIM, START, SmallOffice, frozen
from support.small_office_asks import ASKS
from support.small_office_client import Client
from support.verifying import verified
from verify.test_deviations import NOT_SEEN

QUICK = {"api.Limit.clamped=refused", "claimtrackings.list.order=lowest-number-first", "api.explanation=plain"}
ALL_AT_ONCE = {rule: variants[1] for rule, variants in CHOICES.items()
               if rule not in NOT_SEEN and rule not in ("warning.no-setup", "claimtrackings.list.ClaimNum.empty")}  # fmt: skip


def observe(choices: Mapping[str, str], file: Path, **office_options: Any) -> None:
    """Verify an office that chooses so, and save what was observed."""
    with SmallOffice(choices=choices, **office_options) as office:
        run = verified(office.url, key_of(office.keys), claim=EMPTY_CLAIM, may_create=60)
    file.write_text(as_yaml(report_of(run, datetime(2026, 11, 24, tzinfo=UTC))))


def marked(rule: str, variant: str) -> Any:
    name = f"{rule}={variant}"
    return pytest.param({rule: variant}, id=name, marks=() if name in QUICK else pytest.mark.thorough)


@pytest.mark.parametrize(
    "choices",
    [
        pytest.param({}, id="as the contract says"),
        pytest.param(ALL_AT_ONCE, id="everything otherwise"),
        *[marked(rule, variant) for rule, variants in CHOICES.items() for variant in variants[1:]
          if rule not in NOT_SEEN],
    ],
)  # fmt: skip
def test_the_mock_answers_as_the_observed_office(choices: dict[str, str], tmp_path: Path) -> None:
    has_setup = "warning.no-setup" not in choices
    observe(choices, tmp_path / "observed.yaml", has_setup=has_setup)
    with SmallOffice(choices=choices, clock=frozen(), has_setup=has_setup) as office:
        fixture = tmp_path / "office.json"
        fixture.write_text(json.dumps(office.as_fixture()))
        with MockServer(fixture, now=str(START), observed=tmp_path / "observed.yaml") as mock:
            address = mock.url.removeprefix("http://").partition("/")[0]
            with Client(office.address, office.headers) as one, Client(address, mock.headers) as other:
                asks = [ask for ask in ASKS if not is_undecided(str(ask))]
                assert len(asks) >= len(ASKS) - 6
                assert [str(ask) for ask in asks if other.ask(ask) != one.ask(ask)] == []


def is_undecided(ask: str) -> bool:
    """Return whether an observation of single rules cannot tell the response.

    It is a request that breaks several rules, whose order is not observed, one that takes a negative number, which the
    schema of rows does not allow, or a page beyond the end of an empty list.
    """
    return '"UserNum"' in ask or 'DefNum": -1' in ask or f"ClaimNum={EMPTY_CLAIM}&Offset" in ask
