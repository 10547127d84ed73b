"""Tests of what reports say of operations that are not served, and of a server that no request has reached."""

import html
import json
from datetime import UTC, datetime

import pytest
from junitparser import JUnitXml

from mockserver.cli.github import annotations
from mockserver.journal.exchange import Exchange
from mockserver.reports.coverage import HOST, UNREADABLE, Coverage
from mockserver.reports.ctrf import as_ctrf
from mockserver.reports.report import Report, merged, report
from mockserver.reports.report_junit import as_junit
from mockserver.reports.report_text import WIDTH, as_text
from mockserver.reports.selection import Selection
from mockserver.reports.step_summary import MAX_ROWS, as_markdown
from support.coverages import refusal, some_coverage, unserved, warning

URL = "http://127.0.0.1:30222/api/v1"
LONG = unserved(
    operation="PUT /labcases/{LabCaseNum}", resource="labcases", count=1, request=f"PUT /labcases/{'7' * 90}"
)
BOTH = some_coverage(unserved=[unserved(), LONG])


def made(*allowed: str) -> Report:
    return report(BOTH, Selection(allow_unserved=allowed))


def test_exchanges_for_the_same_operation_are_counted_together() -> None:
    counted = Coverage()
    for number, path in enumerate(("/referrals/7", "/referrals/8", "/labcases/7"), 1):
        operation = f"GET {path[:-1]}{{Num}}"
        counted.add(Exchange(id=number, method="GET", path=path, refused_by="mock.unserved", unserved=operation))
    coverage = counted.as_json([], strict=False, switches=())
    assert coverage["unserved"] == [
        {
            "operation": "GET /referrals/{Num}",
            "resource": "referrals",
            "count": 2,
            "request": "GET /referrals/7",
            "id": 1,
        },
        {"operation": "GET /labcases/{Num}", "resource": "labcases", "count": 1, "request": "GET /labcases/7", "id": 3},
    ]
    assert (coverage["refusals"], coverage["requests"]) == ([], 3)
    counted.clear()
    cleared = counted.as_json([], strict=False, switches=())
    assert (cleared["unserved"], cleared["requests"]) == ([], 3)


@pytest.mark.parametrize(
    ("allowed", "finding"),
    [
        (
            (),
            "3 requests for what opendental-mock does not serve: GET /referrals/{ReferralNum}, PUT /labcases/{LabCaseNum};",
        ),
        (("labcases",), "2 requests for what opendental-mock does not serve: GET /referrals/{ReferralNum};"),
        (("labcases", "referrals"), ""),
        (("all",), ""),
    ],
)
def test_it_is_a_finding_unless_its_resource_is_allowed(allowed: tuple[str, ...], finding: str) -> None:
    findings = made(*allowed).findings(0)
    assert findings == ([f"{finding} --allow-unserved RESOURCE lets them pass"] if finding else [])


def test_a_finding_names_five_operations_at_most() -> None:
    many = [unserved(operation=f"GET /{name}", resource=name) for name in "abcdefg"]
    (finding,) = report(some_coverage(unserved=many)).findings(0)
    assert "GET /d, GET /e and 2 more;" in finding


def test_the_text_lists_them_with_their_counts() -> None:
    lines = as_text(made("labcases")).splitlines()
    begin = lines.index("Not served (501: opendental-mock does not have these operations of the vendor):")
    assert lines[begin + 1 : begin + 4] == [
        "     2 x GET /referrals/{ReferralNum}", f"{' ' * 9}the first is GET /referrals/7",
        "     1 x PUT /labcases/{LabCaseNum}",
    ]  # fmt: skip
    assert lines[begin + 4].startswith(f"{' ' * 9}allowed; the first is PUT /labcases/777")
    assert max(map(len, lines)) <= WIDTH
    assert "Not served" not in as_text(report(some_coverage()))


def test_the_text_lists_ten_unless_it_is_verbose() -> None:
    many = report(some_coverage(unserved=[unserved(operation=f"GET /{number}.") for number in range(12)]))
    assert ("GET /9." in as_text(many), "GET /10." in as_text(many)) == (True, False)
    assert "  and 2 more (--verbose lists all)" in as_text(many)
    assert "GET /11." in as_text(many, verbose=True)


def test_junit_has_a_failure_for_each_that_is_not_allowed() -> None:
    (suite,) = JUnitXml.fromstring(as_junit(made("labcases")).encode())
    cases = [case for case in suite if case.classname == "not served"]
    assert [(case.name, len(case.result)) for case in cases] == [
        ("GET /referrals/{ReferralNum}", 1),
        ("PUT /labcases/{LabCaseNum}", 0),
    ]
    assert (cases[0].result[0].message, cases[0].result[0].text) == (
        "opendental-mock does not serve GET /referrals/{ReferralNum}", "2 times, first by GET /referrals/7",
    )  # fmt: skip
    assert cases[1].system_out == f"1 time, first by {LONG['request']}"
    assert suite.failures == 1


def test_ctrf_has_a_failed_test_for_each_that_is_not_allowed() -> None:
    tests = json.loads(as_ctrf(made("labcases"), datetime(2026, 1, 15, tzinfo=UTC)))["results"]["tests"]
    found = [test for test in tests if test["suite"] == ["contract", "not served"]]
    assert [(test["name"], test["status"]) for test in found] == [
        ("GET /referrals/{ReferralNum}", "failed"), ("PUT /labcases/{LabCaseNum}", "other"),
    ]  # fmt: skip
    assert found[0]["extra"] == {"rule": "mock.unserved", "count": 2}
    assert found[0]["message"] == "opendental-mock does not serve it; 2 times, first by GET /referrals/7"


@pytest.mark.parametrize("count", [2, MAX_ROWS + 3])
def test_the_summary_has_a_table_with_an_end(count: int) -> None:
    markdown = as_markdown(report(some_coverage(unserved=[unserved(request="GET /<a>")] * count)), [])
    rows = [html.unescape(line) for line in markdown.splitlines() if "ReferralNum" in line]
    assert rows[0] == "| `GET /referrals/{ReferralNum}` | failed | 2 | GET /<a> |"
    assert "<a>" not in markdown
    assert (len(rows), "3 more operations are in the report." in markdown) == (min(count, MAX_ROWS), count > MAX_ROWS)
    assert "| allowed |" in as_markdown(made("all"), [])


def test_github_shows_an_annotation_for_each_that_is_not_allowed() -> None:
    both = report(
        some_coverage(unserved=[unserved(), LONG], warnings=[warning(refused=True)]),
        Selection(allow_unserved=["labcases"]),
    )
    assert annotations(both) == [
        "::warning title=mock.unserved::GET /referrals/{ReferralNum} is not served (2 x GET /referrals/7)",
        "::warning title=warning.w::Odd. (1 x GET /a)",
    ]


def test_the_json_says_which_are_allowed() -> None:
    assert [one["allowed"] for one in json.loads(json.dumps(made("labcases").as_json()))["unserved"]] == [False, True]


def test_coverages_add_up() -> None:
    other = some_coverage(unserved=[unserved(count=5, request="GET /referrals/9")], refused_early={HOST: 2})
    whole = merged(BOTH, [other, some_coverage(refused_early={HOST: 1, UNREADABLE: 4})])
    assert [(one["count"], one["request"]) for one in whole["unserved"]] == [
        (7, "GET /referrals/7"),
        (1, LONG["request"]),
    ]
    assert (whole["requests"], whole["refused_early"]) == (9, {HOST: 3, UNREADABLE: 4})


UNKNOWN = refusal(rule="api.resource.unknown", request="GET /api/v2/claimtrackings")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, ""),
        ({"requests": 0}, f"no request reached the server at {URL}"),
        (
            {"requests": 0, "refused_early": {HOST: 2, UNREADABLE: 1}},
            f"no request reached the API at {URL}; the server refused 2 for the Host header, which does not name this"
            " machine (--allowed-host) and 1 as unreadable",
        ),
        ({"refused_early": {HOST: 2}}, ""),
        (
            {"requests": 3, "refusals": [{**UNKNOWN, "count": 3}]},
            f"no request named a resource of the API at {URL}; 3 were refused, the first GET /api/v2/claimtrackings",
        ),
        ({"requests": 4, "refusals": [{**UNKNOWN, "count": 3}]}, ""),
        ({"requests": 3, "refusals": [refusal(count=3)]}, ""),
    ],
)
def test_a_report_says_why_nothing_was_tested(changes: dict[str, object], reason: str) -> None:
    assert report(some_coverage(**changes)).without_requests(URL) == reason
