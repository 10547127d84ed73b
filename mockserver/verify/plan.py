"""Plan: the cases of a run in their order, and the reasons why the others are not played."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.contract.cases import TIERS, Case
from mockserver.contract.rules import Rule
from mockserver.office.office import is_older
from mockserver.reports.selection import ALL_RESOURCES, ANY, DEFAULT_RESOURCES, resource_of
from mockserver.verify.facts import Facts
from mockserver.verify.own_rows import create_for_updates, likeness
from mockserver.verify.reads import calls_around

API = "api"
"""The name for the rules of every request."""
DEFAULT = (*DEFAULT_RESOURCES, API)
"""The resources whose rules a run asks about, unless others are named."""

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
    """The cases of a run, which takes about so many `requests` and `seconds`.

    `expected_rows` rows stay in the office for ever if it refuses what the contract refuses, and at most `rows`. A
    complete run sends so many `creates`.
    """

    cases: tuple[Planned, ...]
    expected_rows: int
    rows: int
    creates: int
    requests: int
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
    requests = _requests(played) + 2 * updates
    return Plan(
        cases=tuple(planned),
        expected_rows=min(sum(creates.values()), may_create),
        rows=min(len(creates), may_create),
        creates=len(creates),
        requests=requests,
        seconds=round(requests * pace + sum(case.wait for case in played)),
    )


def needs_of(case: Case) -> list[str]:
    """Return the facts that a case needs, in words."""
    return sorted(name.replace("_", " ") for name in case.facts - {"note", "keys"})


def without_state(reason: str) -> str:
    """Return a reason without the state of the office that a case needs."""
    return _ANOTHER_OFFICE if reason.startswith(_ANOTHER_OFFICE) else reason


def only(
    rules: Mapping[str, Rule], *, standings: Collection[str], ids: Collection[str], resources: Collection[str] = ()
) -> set[str]:
    """Return the ids of the vendor's rules that have one of `standings`, are among `ids` and belong to `resources`.

    None of one of these: all.
    """
    wanted = () if ALL_RESOURCES in resources else resources
    return {
        rule.id
        for rule in rules.values()
        if not rule.is_of_mock
        and (not standings or rule.standing in standings)
        and (not ids or rule.id in ids)
        and (not wanted or asked_of(rule) in wanted)
    }


def asked_of(rule: Rule) -> str:
    """Return the resource of a rule, or API if it is on requests of every resource."""
    resource = resource_of(rule)
    return API if resource == ANY else resource


def choices(rules: Mapping[str, Rule]) -> list[str]:
    """Return the names that can be chosen instead of the DEFAULT ones: all, API, and each resource."""
    resources = dict.fromkeys(asked_of(rule) for rule in rules.values() if not rule.is_of_mock)
    return [ALL_RESOURCES, API, *(name for name in resources if name != API)]


def _reason_against(case: Case, facts: Facts, may_create: int) -> str:
    if case.tier == "manual":
        return f"{_ANOTHER_OFFICE}: {case.state}"
    if case.tier == "write" and not may_create:
        return NEEDS_WRITES
    if _is_create(case) and case.is_repeated:
        return _PLAYED_ONCE
    return _too_old(case, facts) or facts.missing(case.facts)


def _too_old(case: Case, facts: Facts) -> str:
    """Return why an office is too old for a case, or nothing if it is not."""
    if not case.since:
        return ""
    version = facts.values.get("version")
    if version is None:
        return facts.missing(frozenset({"version"}))
    return f"it needs an office of version {case.since} or later" if is_older(version, case.since) else ""


def _order(case: Case) -> tuple[Any, ...]:
    # Updates come before creates, so that they have a row even if few may be created. Wrong keys come last.
    # The cases of rows come first, so that what concerns all requests of an operation is told of its row.
    is_of_row = case.rules[0].endswith(".row")
    return case.is_about_keys, TIERS.index(case.tier), case.method != "PUT", not is_of_row, case.expect.status


def _is_create(case: Case) -> bool:
    return case.tier == "write" and case.method == "POST"


def _requests(cases: Collection[Case]) -> int:
    """Return about how many requests these cases take. Reads share the answers to equal ones."""
    reads = [case for case in cases if case.tier == "read"]
    calls = {case.call for case in reads if case.is_plain_read}.union(*map(calls_around, reads))
    return len(calls) + sum(map(_requests_of_its_own, cases))


def _requests_of_its_own(case: Case) -> int:
    if case.is_plain_read:
        return 0
    around = ("tracking" in case.facts) + 2 * bool(case.expect.custom_tracking) + (case.tier == "write")
    return case.times + around + (0 if case.tier == "read" else len(calls_around(case)))
