"""Verification in one call: a run of `verify` at an office of a test, without waiting."""

from collections.abc import Collection
from typing import Any

from mockserver.contract.case_files import shipped_cases
from mockserver.contract.contract import shipped_contract
from mockserver.office.rows import ApiKey
from mockserver.verify.client import OfficeClient
from mockserver.verify.conversation import Conversation
from mockserver.verify.look import look, look_at_mock
from mockserver.verify.outcome import RuleOutcome
from mockserver.verify.own_rows import OwnRows
from mockserver.verify.plan import plan
from mockserver.verify.run import Run
from support.small_office import EMPTY_CLAIM, SmallOffice

CLAIM = EMPTY_CLAIM
"""The claim of the small office that gets rows."""
NOTE = "opendental-mock verify 20261124-0000, may be ignored"


def verified(
    url: str, key: ApiKey, *, claim: int | None = None, may_create: int = 0, rules: Collection[str] = (), **options: Any
) -> Run:
    """Return a run at the office, with all rules or with some."""
    contract = shipped_contract()
    conversation = Conversation(OfficeClient(url, key), pace=0.0, **{"sleep": lambda _: None, **options})
    facts = look(conversation, claim, NOTE)
    look_at_mock(conversation, facts, is_local=True)
    planned = plan(shipped_cases(), rules or contract.rules, facts, may_create=may_create, pace=0.0)
    run = Run(conversation, contract, facts, planned, OwnRows(conversation, facts, may_create))
    run.play(lambda *_: None)
    return run


def key_of(office: SmallOffice) -> ApiKey:
    """Return the keys that the small office knows."""
    developer, customer = office.keys.split("/")
    return ApiKey(DeveloperKey=developer, CustomerKey=customer)


def outcomes_of(run: Run) -> dict[str, RuleOutcome]:
    """Return the outcome of each rule by its id."""
    return {one.rule.id: one for one in run.outcomes(run.contract.rules)}
