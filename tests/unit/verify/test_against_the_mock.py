"""The mock, verified: it holds to its own contract, and nothing is masked."""

import json
from pathlib import Path

import pytest

from mockserver import MockServer
from mockserver.contract.case_files import shipped_cases
from mockserver.contract.contract import shipped_contract
from mockserver.observations.observation import HOLDS, NOT_TRIED
from mockserver.office.client_key import client_key
from mockserver.resources.folder import shipped_folders
from mockserver.verify.client import OfficeClient
from mockserver.verify.plan import API, DEFAULT, asked_of, only
from mockserver.verify.run import Allowance, Run
from support.effort import parameters
from support.practice import CLAIM, START, Practice, key_of, office
from support.verifying import outcomes_of, verified


@pytest.mark.parametrize("excludes_none", parameters([False, True], quick=(True,)))
def test_the_mock_holds_to_every_rule_that_can_be_tried(excludes_none: bool, tmp_path: Path) -> None:
    fixture = tmp_path / "office.json"
    fixture.write_text(json.dumps(office(excludes_none=excludes_none)))
    with MockServer(fixture, now=START) as mock:
        key = client_key(mock.tenant.office.apikey.values())
        run = verified(
            mock.url, key, claim=CLAIM, may_create=60, sleep=mock.clock.advance, clock=mock.tenant.office.clock.seconds
        )
    found = outcomes_of(run)
    assert not run.ended
    assert {one.outcome for one in found.values()} == {HOLDS, NOT_TRIED}
    untried = {rule for rule, one in found.items() if one.outcome == NOT_TRIED}
    there = {API, *(name for name, folder in shipped_folders().items() if folder.table in office())}
    possible = {case.rules[0] for case in shipped_cases() if case.tier != "manual"}
    possible = {rule for rule in possible if asked_of(run.contract.rules[rule]) in there}
    # The last one is seen only if an office may take no status for an invalid one.
    of_the_preference = {rule for rule in found if rule.endswith((".none", ".required", ".zero", ".default"))}
    others = {"warning.no-setup", "claimtrackings.create.TrackingDefNum.invalid"}
    assert untried & possible <= of_the_preference | others
    assert len(found) - len(untried) >= 95


def test_the_documents_tell_the_minutes_of_the_plan(tmp_path: Path) -> None:
    text = " ".join(Path("docs/verify.md").read_text("utf-8").split())
    rules = only(shipped_contract().rules, standings=(), ids=(), resources=DEFAULT)
    with Practice(tmp_path) as practice:
        for told, allowance in (
            ("It needs about {} minutes, since", Allowance(pace=1.0)),
            (
                "cases that write it needs about {} minutes, and leaves about {} rows",
                Allowance(claim=CLAIM, may_create=40, pace=1.0),
            ),
        ):
            client = OfficeClient(practice.url, key_of())
            run = Run(client, shipped_contract(), rules, allowance, sleep=lambda _: None)
            run.survey()
            assert told.format(round(run.plan.seconds / 60), run.plan.expected_rows) in text
