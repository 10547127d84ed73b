"""Covered rules: the same as if each predicate were asked, whatever names came before."""

from itertools import permutations
from typing import Any

from mockserver.api.covered_rules import Condition, CoveredRules
from mockserver.api.listing import is_given, is_left_out, is_served
from mockserver.api.operation import Call, Predicate

COVERED: dict[str, Predicate] = {
    "served": is_served,
    "given": is_given("a"),
    "left out": is_left_out("a"),
    "positive": is_given("a", lambda call, _: call.given["a"] > 0),
    "none": is_left_out("b", lambda _, result: not result),
    "only": Condition(lambda names: len(names) == 1),
    "result": lambda _, result: bool(result),
}


def call(**given: Any) -> Call:
    return Call(given=given)


def test_the_rules_come_in_their_order() -> None:
    rules = CoveredRules(COVERED)
    assert rules.of(call(a=1), None) == ["served", "given", "positive", "none", "only"]
    assert rules.of(call(b=1), [1]) == ["served", "left out", "only", "result"]


def test_names_that_came_before_change_nothing() -> None:
    rules = CoveredRules(COVERED)
    calls = [call(), call(a=0), call(a=1), call(b=0), call(a=1, b=0), call(b=0, a=-1)]
    for pair in permutations(calls, 2):
        for one in (*pair, *pair):
            for result in (None, [1]):
                expected = [rule for rule, holds in COVERED.items() if holds(one, result)]
                assert rules.of(one, result) == expected
