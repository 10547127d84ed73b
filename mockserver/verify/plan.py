"""Plan: the cases of a run in their order, and the reasons why the others are not played."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.contract.cases import TIERS, Case
from mockserver.contract.rules import Rule
from mockserver.verify.facts import Facts
from mockserver.verify.own_rows import create_for_updates, likeness

NEEDS_WRITES = "it needs --claim and --may-create"
_ANOTHER_OFFICE = "it needs another office, or another state of it"
_PLAYED_ONCE = "one value of it is played, since each may write a row"


@dataclass(frozen=True, slots=True)
class Planned:
    """A case, and the reason why it is not played, if it is not."""

    case: Case
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The cases of a run, which takes about so many `seconds`.

    `expected_rows` rows stay in the office for ever if it refuses what the contract refuses, and at most `rows`. A
    complete run sends so many `creates`.
    """

    cases: tuple[Planned, ...]
    expected_rows: int
    rows: int
    creates: int
    seconds: int

    @property
    def played(self) -> list[Case]:
        """Return the cases that are played."""
        return [one.case for one in self.cases if not one.reason]


def plan(cases: Iterable[Case], rules: Collection[str], facts: Facts, *, may_create: int, pace: float) -> Plan:
    """Return the plan for the cases that decide one of `rules`, at `pace` seconds a request."""
    planned = [
        Planned(case, _reason_against(case, facts, may_create)) for case in sorted(cases, key=_order)
        if case.rules[0] in rules
    ]  # fmt: skip
    played = [one.case for one in planned if not one.reason]
    creates = {likeness(case.request(facts.values)): case.expect.status == 201 for case in played if _is_create(case)}
    updates = any("tracking" in case.facts for case in played)
    if updates:
        creates[likeness(create_for_updates(facts))] = True
    requests = sum(_requests(case) for case in played) + 2 * updates
    return Plan(
        cases=tuple(planned),
        expected_rows=min(sum(creates.values()), may_create),
        rows=min(len(creates), may_create),
        creates=len(creates),
        seconds=round(requests * pace + sum(case.wait for case in played)),
    )


def needs_of(case: Case) -> list[str]:
    """Return the facts that a case needs, in words."""
    return sorted(name.replace("_", " ") for name in case.facts - {"note", "keys"})


def without_state(reason: str) -> str:
    """Return a reason without the state of the office that a case needs."""
    return _ANOTHER_OFFICE if reason.startswith(_ANOTHER_OFFICE) else reason


def only(rules: Mapping[str, Rule], *, standings: Collection[str], ids: Collection[str]) -> set[str]:
    """Return the ids of the vendor's rules that have one of `standings` and are among `ids`; none of either: all."""
    return {
        rule.id
        for rule in rules.values()
        if not rule.is_of_mock and (not standings or rule.standing in standings) and (not ids or rule.id in ids)
    }


def _reason_against(case: Case, facts: Facts, may_create: int) -> str:
    if case.tier == "manual":
        return f"{_ANOTHER_OFFICE}: {case.state}"
    if case.tier == "write" and not may_create:
        return NEEDS_WRITES
    if _is_create(case) and case.is_repeated:
        return _PLAYED_ONCE
    return facts.missing(case.facts)


def _order(case: Case) -> tuple[Any, ...]:
    # Updates come before creates, so that they have a row even if few may be created. Wrong keys come last.
    # The cases of rows come first, so that what concerns all requests of an operation is told of its row.
    is_of_row = case.rules[0].endswith(".row")
    return case.is_about_keys, TIERS.index(case.tier), case.method != "PUT", not is_of_row, case.expect.status


def _is_create(case: Case) -> bool:
    return case.tier == "write" and case.method == "POST"


def _requests(case: Case) -> int:
    around = any(one.same_as or one.slice for one in case.expectations) + ("tracking" in case.facts)
    around += 2 * bool(case.expect.custom_tracking)
    return case.times + around + (case.tier == "write")
