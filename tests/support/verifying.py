"""Verification in one call: a run of `verify` at an office of a test, without waiting."""

from collections.abc import Collection
from typing import Any

from mockserver.contract.case_files import shipped_cases
from mockserver.contract.contract import shipped_contract
from mockserver.contract.office_cases import office_cases
from mockserver.office.rows import ApiKey
from mockserver.verify.client import OfficeClient
from mockserver.verify.outcome import RuleOutcome
from mockserver.verify.plan import only
from mockserver.verify.run import Allowance, Run


def verified(
    url: str, key: ApiKey, *, claim: int | None = None, may_create: int = 0, rules: Collection[str] = (), **options: Any
) -> Run:
    """Return a run at the office, with these rules, or with those that have cases of their own, which takes less."""
    contract = shipped_contract()
    of_families = {case.rules[0] for case in office_cases()[len(shipped_cases()) :]}
    rules = rules or only(contract.rules, standings=(), ids=()) - of_families
    allowance = Allowance(claim=claim, may_create=may_create, pace=0.0)
    options = {"sleep": lambda _: None, **options}
    run = Run(OfficeClient(url, key), contract, rules, allowance, **options)
    run.survey()
    run.play(lambda *_: None)
    return run


def outcomes_of(run: Run) -> dict[str, RuleOutcome]:
    """Return the outcome of each rule by its id."""
    return {one.rule.id: one for one in run.outcomes(run.contract.rules)}
