"""CTRF: tests in the Common Test Report Format (ctrf.io), and contract coverage as a test for each rule."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mockserver.assets import version
from mockserver.messages import number_of
from mockserver.reports.counts import RuleCount, UnservedCount, WarningCount
from mockserver.reports.report import Report

SPEC_VERSION = "0.1.0"
_STATUSES = ("passed", "failed", "skipped", "pending", "other")
# The format wants a UUID that stays the same from run to run: it is derived from the rule's id.
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "opendental-mock")


def as_ctrf(report: Report, at: datetime) -> str:
    """Return CTRF JSON: a test for each rule, skipped if it was not covered, for each warning, and for each operation
    that is not served.

    A refused warning is a failed test, and one that was served is `other`; so is an operation that is not served, and
    one that is allowed. `at` is the time of the report.
    """
    tests = [*map(_rule, report.rules), *map(_warning, report.warnings), *map(_unserved, report.unserved)]
    if report.broken:
        tests.append(_broken(report.broken))
    return ctrf_text(tests, at, report.figures())


def ctrf_text(tests: Sequence[Mapping[str, Any]], at: datetime, extra: Mapping[str, Any]) -> str:
    """Return CTRF JSON with these tests, made at that time."""
    milliseconds = int(at.timestamp() * 1000)
    document = {
        "reportFormat": "CTRF",
        "specVersion": SPEC_VERSION,
        "timestamp": at.isoformat(timespec="seconds"),
        "generatedBy": "opendental-mock",
        "results": {
            "tool": {"name": "opendental-mock", "version": version()},
            "summary": {
                "tests": len(tests),
                **{status: sum(1 for test in tests if test["status"] == status) for status in _STATUSES},
                "start": milliseconds,
                "stop": milliseconds,
            },
            "tests": tests,
            "extra": extra,
        },
    }
    return json.dumps(document, indent=2) + "\n"


def ctrf_test(name: str, status: str, *, suite: str, rule: str) -> dict[str, Any]:
    """Return one test, without a message."""
    return {
        "id": str(uuid.uuid5(_NAMESPACE, f"{suite}/{name}")),
        "name": name,
        "status": status,
        "duration": 0,
        "suite": ["contract", suite],
        "extra": {"rule": rule},
    }


def _rule(rule: RuleCount) -> dict[str, Any]:
    test = ctrf_test(rule.id, "passed" if rule.met else "skipped", suite=rule.operation, rule=rule.id)
    test["tags"] = [rule.standing]
    test["extra"] |= {"standing": rule.shown_standing, "status": rule.status, "met": rule.met}
    return test | {"message": rule.says if rule.met else f"not met: {rule.says}"}


def _warning(warning: WarningCount) -> dict[str, Any]:
    name = f"{warning.rule}: {warning.text}"
    test = ctrf_test(name, "failed" if warning.refused else "other", suite="warnings", rule=warning.rule)
    test["extra"]["count"] = warning.count
    return test | {"message": f"{warning.text} {number_of(warning.count, 'time')}, first by {warning.request}"}


def _unserved(operation: UnservedCount) -> dict[str, Any]:
    status = "other" if operation.allowed else "failed"
    test = ctrf_test(operation.operation, status, suite="not served", rule="mock.unserved")
    test["extra"]["count"] = operation.count
    count = number_of(operation.count, "time")
    return test | {"message": f"opendental-mock does not serve it; {count}, first by {operation.request}"}


def _broken(count: int) -> dict[str, Any]:
    test = ctrf_test("mock.contract", "failed", suite="mock", rule="mock.contract")
    return test | {"message": f"the mock broke its own contract {number_of(count, 'time')}; its log says more"}
