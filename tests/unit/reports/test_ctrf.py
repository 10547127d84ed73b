"""CTRF tests: the document has the form that the format requires, with ids that stay the same."""

import json
import uuid
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from mockserver.assets import version
from mockserver.reports.ctrf import as_ctrf
from support.coverages import rule, some_coverage, warning, whole_report

AT = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)


def ctrf(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(as_ctrf(whole_report(some_coverage(**changes)), AT))
    return document


def test_the_document_has_every_required_field() -> None:
    document = ctrf()
    results = document["results"]
    assert (document["reportFormat"], document["specVersion"]) == ("CTRF", "0.1.0")
    assert document["timestamp"] == "2026-01-15T10:00:00+00:00"
    assert results["tool"] == {"name": "opendental-mock", "version": version()}
    assert {"tests", "passed", "failed", "skipped", "pending", "other", "start", "stop"} == results["summary"].keys()
    assert results["summary"]["start"] == results["summary"]["stop"] == 1768471200000
    assert results["extra"] == {
        "met": 1, "total": 3, "percent": 33.3,
        "served": {"met": 1, "total": 1, "percent": 100.0}, "refused": {"met": 0, "total": 2, "percent": 0.0},
        "gauge": {"met": 0, "total": 0, "percent": 100.0},
    }  # fmt: skip
    for test in results["tests"]:
        assert uuid.UUID(test["id"]).version == 5
        assert test.keys() == {"id", "name", "status", "duration", "suite", "message", "extra"} | test.keys() & {"tags"}
        assert test["suite"][0] == "contract"


def test_the_status_of_a_test_says_whether_its_rule_was_covered() -> None:
    served, refused = warning(text="Served."), warning(text="Refused.", refused=True, count=2)
    results = ctrf(warnings=[served, refused], broken=1)["results"]
    assert [(test["name"], test["status"], test["message"]) for test in results["tests"]] == [
        ("a.one", "passed", "One."),
        ("a.two", "skipped", "not met: Two."),
        ("api.x", "skipped", "not met: X."),
        ("warning.w: Served.", "other", "Served. 1 time, first by GET /a"),
        ("warning.w: Refused.", "failed", "Refused. 2 times, first by GET /a"),
        ("mock.contract", "failed", "the mock broke its own contract 1 time; its log says more"),
    ]
    counts = Counter(test["status"] for test in results["tests"])
    assert results["summary"]["tests"] == 6
    assert {name: results["summary"][name] for name in counts} == counts
    assert results["tests"][0]["extra"] == {"rule": "a.one", "standing": "documented", "status": 200, "met": 2}
    assert results["tests"][0]["tags"] == ["documented"]
    assert results["tests"][4]["extra"] == {"rule": "warning.w", "count": 2}


@pytest.mark.parametrize("rules", [[rule("a.one", met=0)], [rule("b.new"), rule("a.one")]])
def test_the_id_of_a_rule_depends_on_the_rule_alone(rules: list[dict[str, Any]]) -> None:
    by_name = {test["name"]: test["id"] for test in ctrf(rules=rules)["results"]["tests"]}
    assert by_name["a.one"] == "defccc71-003a-5296-b3be-14a03bdf074a"
    assert len(set(by_name.values())) == len(by_name)
