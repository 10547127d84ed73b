"""Coverage tests: counting of covered rules, and reports as text, JSON and JUnit XML."""

import json
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from junitparser import JUnitXml

from mockserver.contract.contract import shipped_contract
from mockserver.journal.exchange import Exchange
from mockserver.reports.counts import RuleCount
from mockserver.reports.coverage import Coverage
from mockserver.reports.report import Figure, merged, report
from mockserver.reports.report_junit import as_junit
from mockserver.reports.report_text import WIDTH, as_text
from mockserver.reports.selection import Selection, SelectionError
from support.coverages import whole_report


def some(**changes: Any) -> dict[str, Any]:
    rules = [
        {
            "id": "a.one",
            "operation": "claimtrackings/list",
            "status": 200,
            "standing": "documented",
            "says": "One.",
            "met": 2,
            "last": 1,
        },
        {
            "id": "a.two",
            "operation": "claimtrackings/list",
            "status": 400,
            "standing": "assumed",
            "says": "Two.",
            "met": 0,
            "last": None,
        },
        {
            "id": "api.x",
            "operation": "any",
            "status": 401,
            "standing": "observed",
            "says": "X.",
            "met": 0,
            "last": None,
        },
    ]
    warning = {
        "rule": "warning.w",
        "text": "Odd\x00.",
        "refused": changes.get("strict", False),
        "count": 3,
        "request": f"GET /a?{'x' * 90}",
        "id": 4,
    }
    refusal = {
        "rule": "a.two",
        "operation": "claimtrackings/list",
        "status": 400,
        "standing": "assumed",
        "cause": "request",
        "says": "Two.",
        "hint": "two",
        "count": 2,
        "request": f"GET /b?{'x' * 90}",
        "id": 5,
    }
    counts = {"strict": False, "requests": 7, "refused_early": {}, "broken": 0}
    return {**counts, "rules": rules, "refusals": [refusal], "warnings": [warning], "unserved": [], **changes}


SERVED = some()["warnings"]
REFUSED = some()["refusals"]


def test_text_fits_a_terminal_with_rules_and_warnings() -> None:
    text = as_text(whole_report(some()))
    assert max(map(len, text.splitlines())) <= WIDTH
    assert text.splitlines()[-1] == "Contract coverage: 1 of 3 rules met (33.3 %)"
    for said in ("a.two", "Two.", "3 x GET /a", "1 of   2", "any operation"):
        assert said in text
    assert "a.one" not in text


def test_text_lists_missing_rules_by_operation_and_the_served_ones_first() -> None:
    rules = [{**some()["rules"][1], "id": f"a.{number}", "status": 404 if number < 7 else 200} for number in range(9)]
    lines = as_text(whole_report(some(rules=[*some()["rules"], *rules]))).splitlines()
    begin = lines.index("Not met: 10 of 11 rules of claimtrackings/list")
    ids = ["a.7", "a.8", "a.two", "a.0", "a.1"]
    assert lines[begin + 1 : begin + 5] == [
        f"  {'a.7':<58}assumed, 200", "      Two.", f"  {'a.8':<58}assumed, 200", "      Two.",
    ]  # fmt: skip
    assert [line.split()[0] for line in lines[begin + 1 : begin + 11 : 2]] == ids
    assert lines[begin + 11 : begin + 13] == ["  and 5 more (--verbose lists all)", ""]
    whole = as_text(whole_report(some(rules=[*some()["rules"], *rules])), verbose=True)
    assert len([line for line in whole.splitlines() if line.startswith("  a.")]) == 10
    assert "--verbose" not in whole


def test_text_lists_nothing_that_is_not_there() -> None:
    met = [{**rule, "met": 1} for rule in some()["rules"]]
    text = as_text(whole_report(some(rules=met, refusals=[], warnings=[])))
    for heading in ("Not met", "Refused:", "Warnings"):
        assert heading not in text


def test_text_lists_refusals_with_their_rule_and_hint() -> None:
    bare = {**REFUSED[0], "hint": "", "count": 1, "request": "GET /c"}
    lines = as_text(whole_report(some(refusals=[*REFUSED, bare]))).splitlines()
    begin = lines.index("Refused:")
    assert lines[begin + 1].startswith("     2 x GET /b?xxx")
    assert lines[begin + 2 : begin + 9] == [
        f"{' ' * 9}a.two, 400; cause: request", f"{' ' * 9}Two.", f"{' ' * 9}Hint: two",
        "     1 x GET /c", f"{' ' * 9}a.two, 400; cause: request", f"{' ' * 9}Two.", "",
    ]  # fmt: skip


def test_text_lists_ten_refusals_unless_it_is_verbose() -> None:
    made = whole_report(some(refusals=[{**REFUSED[0], "request": f"GET /{number}."} for number in range(12)]))
    short, whole = as_text(made), as_text(made, verbose=True)
    assert "  and 2 more (--verbose lists all)" in short
    assert ("GET /9." in short, "GET /10." in short) == (True, False)
    assert ("GET /11." in whole, "--verbose" in whole) == (True, False)


def test_rules_can_be_left_out_and_it_shows() -> None:
    only = whole_report(some(), only=["documented"])
    assert (only.percent, len(only.rules)) == (100.0, 1)
    assert "left out of the count: 1 assumed, 1 observed" in as_text(only)
    assert whole_report(some(), ignore=["api.x"]).left_out == {"api.x": "ignored"}


def test_only_takes_standings_and_responses_and_a_rule_must_fit_both() -> None:
    def counted(*only: str) -> list[str]:
        return [rule.id for rule in whole_report(some(), only=only).rules]

    assert counted("served") == ["a.one"]
    assert counted("refused") == ["a.two", "api.x"]
    assert counted("served", "refused") == ["a.one", "a.two", "api.x"]
    assert counted("refused", "assumed") == ["a.two"]
    assert counted("refused", "assumed", "observed") == ["a.two", "api.x"]
    assert counted("served", "assumed") == []
    left_out = whole_report(some(), only=["refused", "assumed"]).left_out
    assert left_out == {"a.one": "documented", "api.x": "observed"}
    assert whole_report(some(), only=["served"]).left_out == {"a.two": "refused", "api.x": "refused"}


def test_an_operation_counts_alone_or_beside_the_named_resources() -> None:
    claims = {**some()["rules"][0], "id": "b.one", "operation": "claims/get"}
    coverage = some(rules=[*some()["rules"], claims])

    def counted(*operations: str, resources: Collection[str] = ()) -> list[str]:
        made = report(coverage, Selection(operations=operations, resources=resources))
        return [rule.id for rule in made.rules]

    assert counted() == ["a.one", "a.two", "b.one"], "b.one was met, and api.x was not"
    assert counted("claims/get") == ["b.one"]
    assert counted("claims/get", "any") == ["api.x", "b.one"]
    assert counted("claimtrackings/list", resources=["claims"]) == ["a.one", "a.two", "api.x", "b.one"]
    assert counted(resources=["all"]) == ["a.one", "a.two", "api.x", "b.one"]


@pytest.mark.parametrize(
    ("selection", "option", "problem"),
    [
        (Selection(operations=["list"]), "operation", "there is no operation list; did you mean claimtrackings/list?"),
        (Selection(operations=["x"]), "operation", "there is no operation x; there are claimtrackings/list, any."),
        (Selection(ignore=["a.on"]), "ignore", "there is no rule a.on; did you mean a.one?"),
        (
            Selection(only=["x"]),
            "only",
            "invalid choice 'x' (choose documented, observed, assumed, served, refused, office or request)",
        ),
        (Selection(resources=["x"]), "resource", "invalid choice 'x' (choose claimtrackings or all)"),
        (
            Selection(allow_unserved=["referral"]),
            "allow-unserved",
            "the vendor has no resource referral; did you mean referrals?",
        ),
    ],
)
def test_an_unknown_name_is_an_error_of_its_option(selection: Selection, option: str, problem: str) -> None:
    with pytest.raises(SelectionError, match=re.escape(problem)) as caught:
        selection.check(RuleCount.of_json(some()["rules"]))
    assert caught.value.option == option


def test_rules_on_served_and_refused_requests_have_figures_of_their_own() -> None:
    made = whole_report(some())
    assert (made.served, made.refused) == (Figure(1, 1), Figure(0, 2))
    assert (made.served.percent, made.refused.percent) == (100.0, 0.0)
    assert as_text(made).splitlines()[-5:-1] == [
        "                                   met      served     refused",
        "  claimtrackings/list         1 of   2    1 of   1    0 of   1  ########........",
        "  any operation               0 of   1           -    0 of   1  ................",
        "  in all                      1 of   3    1 of   1    0 of   2  #####...........",
    ]
    assert as_text(whole_report(some(rules=[]))).splitlines()[-2].split() == ["in", "all", "-", "-", "-", "#" * 16]


def test_one_hundred_percent_means_all() -> None:
    rules = [some()["rules"][0]] * 2999 + [some()["rules"][1]]
    assert whole_report(some(rules=rules)).percent == 99.9
    assert whole_report(some(rules=[])).percent == 100.0


@pytest.mark.parametrize(
    ("changes", "fail_under", "findings"),
    [({}, 0, 0), ({}, 33.3, 0), ({}, 33.4, 1), ({"strict": True}, 0, 1), ({"strict": True, "broken": 1}, 50, 3),
     ({"strict": True, "warnings": []}, 0, 0),
     ({"strict": True, "warnings": SERVED}, 0, 0), ({"strict": True, "warnings": [*SERVED, *some(strict=True)["warnings"]]}, 0, 1)],
)  # fmt: skip
def test_findings_list_insufficient_coverage(changes: dict[str, Any], fail_under: float, findings: int) -> None:
    assert len(whole_report(some(**changes)).findings(fail_under)) == findings


@pytest.mark.parametrize(("count", "noun"), [(1, "1 warning;"), (2, "2 warnings;")])
def test_findings_count_in_plain_english(count: int, noun: str) -> None:
    findings = whole_report(some(warnings=some(strict=True)["warnings"] * count, broken=count)).findings(0)
    assert findings[0] == f"{noun} --strict allows none"
    assert f"broke its own contract {count} time{'s' if count > 1 else ''};" in findings[1]


@pytest.mark.parametrize("strict", [False, True])
def test_a_ci_system_can_read_the_junit_xml(tmp_path: Path, strict: bool) -> None:
    file = tmp_path / "junit.xml"
    file.write_text(as_junit(whole_report(some(strict=strict))), encoding="utf-8")
    suites = list(JUnitXml.fromfile(str(file)))
    (suite,) = suites
    assert (suite.tests, suite.skipped, suite.failures) == (4, 2, int(strict))
    whole = re.findall(r'^ {6}<property name="(.+)" value="(.+)" />', file.read_text(encoding="utf-8"), re.M)
    assert whole == [("served", "1 of 1"), ("refused", "0 of 2"), ("gauge", "0 of 0")]
    assert [case.name for case in suite][:3] == ["a.one", "a.two", "api.x"]
    assert [case.is_skipped for case in suite][:3] == [False, True, True]


def test_text_separates_refused_and_served_warnings() -> None:
    refused = {**SERVED[0], "text": "Refused.", "refused": True}
    lines = as_text(whole_report(some(strict=True, warnings=[*SERVED, refused]))).splitlines()
    first, second = (lines.index(f"Warnings ({what}):") for what in
                     ("refused by --strict", "served although the contract does not cover it"))  # fmt: skip
    assert first < lines.index("         Refused.") < second
    assert "Warnings (refused by --strict):" not in as_text(whole_report(some()))


def test_merged_coverage_separates_refused_and_served_warnings() -> None:
    whole = merged(some(), [some(strict=True), some()])
    assert [(one["refused"], one["count"]) for one in whole["warnings"]] == [(False, 6), (True, 3)]


def test_merged_coverage_has_the_sum_of_the_refusals() -> None:
    other = {**REFUSED[0], "hint": "other"}
    whole = merged(some(), [some(refusals=[*REFUSED, other])])
    assert [(one["hint"], one["count"], one["request"]) for one in whole["refusals"]] == [
        ("two", 4, REFUSED[0]["request"]), ("other", 2, REFUSED[0]["request"]),
    ]  # fmt: skip


def test_the_report_as_json_has_the_sum(tmp_path: Path) -> None:
    made = json.loads(json.dumps(whole_report(some()).as_json()))
    assert (made["met"], made["total"], made["percent"]) == (1, 3, 33.3)
    assert made["refusals"] == REFUSED
    assert made["served"] == {"met": 1, "total": 1, "percent": 100.0}
    assert made["refused"] == {"met": 0, "total": 2, "percent": 0.0}
    assert made["resources"] == {"claimtrackings": {"met": 1, "total": 2}}


def test_there_is_an_end_to_the_refusals_that_are_remembered() -> None:
    counted = Coverage()
    rule = shipped_contract().rules["api.Limit.invalid"]
    for number in [*range(1_100), *range(1_100)]:
        counted.add(Exchange(id=number, method="GET", path="/", refused_by=rule.id, hint=f"odd {number}"))
    refusals = counted.as_json([rule], strict=False, switches=())["refusals"]
    assert len(refusals) == 1_000
    assert {refusal["count"] for refusal in refusals} == {2}


def test_there_is_an_end_to_the_warnings_that_are_remembered() -> None:
    counted = Coverage()
    for number in range(1_100):
        warning = ("warning.w", f"odd {number}")
        counted.add(Exchange(id=number, method="GET", path="/", warnings=[warning, warning]))
    warnings = counted.as_json([], strict=False, switches=())["warnings"]
    assert len(warnings) == 1_000
    assert {warning["count"] for warning in warnings} == {2}


def test_rules_beyond_the_remembered_combinations_are_still_counted() -> None:
    counted = Coverage()
    rules = list(shipped_contract().rules.values())[:12]
    combinations = [[rule.id for place, rule in enumerate(rules) if number >> place & 1] for number in range(1, 2_000)]
    for number, ids in enumerate(combinations, 1):
        counted.add(Exchange(id=number, method="GET", path="/", rules=ids))
    for one in counted.as_json(rules, strict=False, switches=[rule.only for rule in rules])["rules"]:
        numbers = [number for number, ids in enumerate(combinations, 1) if one["id"] in ids]
        assert (one["met"], one["last"]) == (len(numbers), max(numbers, default=None))


def test_the_last_exchange_of_a_rule_is_the_last_that_was_counted() -> None:
    counted = Coverage()
    first, second = list(shipped_contract().rules.values())[:2]
    for number, ids in ((7, [first.id]), (3, [first.id, second.id]), (5, [second.id])):
        counted.add(Exchange(id=number, method="GET", path="/", rules=ids))
    found = counted.as_json([first, second], strict=False, switches=())["rules"]
    assert [(one["met"], one["last"]) for one in found] == [(2, 3), (2, 5)]
