"""Tests of what counts: a careful client can meet all of it, and a test that is deleted never raises the percentage."""

from random import Random
from typing import Any

import pytest

from mockserver.contract.case_files import shipped_cases
from mockserver.contract.contract import shipped_contract
from mockserver.contract.rules import Rule
from mockserver.office.states import Wanting, shown_by
from mockserver.reports.report import report
from mockserver.reports.report_text import as_text
from mockserver.reports.selection import Selection
from mockserver.reports.step_summary import as_markdown
from mockserver.seeding.load import load_office
from support.coverages import rule, some_coverage

RULES = shipped_contract().rules


def counted() -> list[Rule]:
    return [one for one in RULES.of_resource("claimtrackings") if one.is_counted and one.cause != "request"]


def test_rules_that_count_at_the_default_office_have_a_case_there() -> None:
    offices = {one.id: [case.office for case in shipped_cases() if one.id in case.rules] for one in counted()}
    lacks = shipped_contract().lacks(load_office("default"))
    assert [name for name, used in offices.items() if ("default" in used) == (name in lacks)] == []


@pytest.mark.parametrize("name", ["default", "status-required", "keys", "old-version", "paging"])
def test_the_office_that_a_report_names_shows_the_rule(name: str) -> None:
    needs = {need for one in RULES.values() for need in one.needs if shown_by(need) == f"--fixtures {name}"}
    assert needs
    wanting = Wanting(load_office(name))
    assert [need for need in needs if wanting.of([need])] == []


def test_an_operation_that_is_too_new_shows_its_refusal_alone() -> None:
    lacks = shipped_contract().lacks(load_office("old-version"))
    shown = {one.id for one in counted() if one.id not in lacks}
    assert shown == {f"claimtrackings.{name}.version" for name in ("list", "create", "update")}


def some(*given: dict[str, Any]) -> dict[str, Any]:
    return some_coverage(rules=[*given])


MISTAKE = rule("a.mistake", met=0, status=400, cause="request")
ELSEWHERE = rule("a.elsewhere", met=0, status=400, cause="office", needs="--fixtures status-required")


def test_mistakes_and_other_offices_are_not_counted_but_shown() -> None:
    made = report(some(rule("a.one"), MISTAKE, ELSEWHERE, rule("a.gone", met=1, status=404, cause="office")))
    assert (made.met, len(made.rules), made.percent) == (2, 2, 100)
    text = as_text(made)
    assert "- not counted: 1 rule that only another office shows\n" in as_markdown(made, [])
    assert "so not counted:\n  --fixtures status-required\n      a.elsewhere\n" in text
    assert "  not counted: 0 of 1 rules that a request has to break (--only request)\n" in text


def test_a_rule_of_another_office_counts_once_it_is_met() -> None:
    assert report(some(rule("a.one", met=0), ELSEWHERE | {"met": 1})).percent == 50


def test_mistakes_count_for_those_who_ask() -> None:
    coverage = some(rule("a.one"), MISTAKE, rule("a.gone", met=0, status=404, cause="office"))
    counted = {only: [one.id for one in report(coverage, Selection(only=[only])).rules]
               for only in ("served", "office", "request", "refused")}  # fmt: skip
    assert counted == {
        "served": ["a.one"], "office": ["a.gone"], "request": ["a.mistake"], "refused": ["a.mistake", "a.gone"],
    }  # fmt: skip


def test_operations_of_claimtrackings_count_and_others_if_called() -> None:
    names = ("list", "create", "update")
    trackings = [rule(f"t.{name}", operation=f"claimtrackings/{name}", met=name == "list") for name in names]
    high, low, idle = (
        rule(f"{name}.one", operation=f"{name}/get", met=name != "idle") for name in ("high", "low", "idle")
    )
    more = [rule(f"low.{number}", operation="low/get", met=0) for number in range(3)]
    made = report(some(*trackings, high, low, *more, idle))
    assert [one.id for one in made.rules] == ["t.list", "t.create", "t.update", "high.one"]
    assert "  not counted: 1 of 4 rules of low/get (--operation low/get)\n" in as_text(made)
    assert report(some(*trackings, low, *more), Selection(operations=["low/get"])).percent == 25


def test_a_test_that_is_deleted_never_raises_the_percentage() -> None:
    random = Random(27)
    kinds: list[dict[str, Any]] = [{}, {"needs": "--fixtures keys"}, {"cause": "request", "status": 400}]
    rules = [
        rule(f"r.{number}", operation=random.choice(("claimtrackings/list", "a/get", "b/get", "c/get", "any")), **kind)
        for number, kind in enumerate(random.choices(kinds, k=40))
    ]
    tests = [random.sample(range(40), k=6) for _ in range(8)]

    def percent(of_tests: list[list[int]]) -> float:
        met = {number for one in of_tests for number in one}
        return report(some(*(one | {"met": int(number in met)} for number, one in enumerate(rules)))).percent

    for _ in range(100):
        run = random.sample(tests, k=random.randrange(1, 9))
        assert percent(run[1:]) <= percent(run)
