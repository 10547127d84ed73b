"""Report of a run: as JSON, JUnit XML and CTRF.

It is made of rules, outcomes, statuses and texts of the known vocabulary alone: no value of a row, no number of a
claim, no host and no key is in it.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mockserver.observations.observation import DIFFERS, HOLDS, MASKED, NOT_TRIED
from mockserver.reports.ctrf import ctrf_test, ctrf_text
from mockserver.reports.report_junit import junit_text
from mockserver.verify.judge import Judgement
from mockserver.verify.outcome import RuleOutcome, counts
from mockserver.verify.plan import asked_of, only
from mockserver.verify.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """The outcomes of a run, and what is known about the office. `ended` says why the run ended early, if it did.

    `not_asked` has the number of the vendor's rules that the run did not ask about, by resource. `is_mock` says that a
    mock answered, and not an office, and `served` names the probe that the office has served.
    """

    version: str
    excludes_none: str
    mode: str
    at: datetime
    outcomes: Sequence[RuleOutcome]
    requests: int
    creates: int
    rows: int
    not_asked: Mapping[str, int] = field(default_factory=dict)
    ended: str = ""
    is_mock: bool = False
    served: str = ""

    @property
    def contradictions(self) -> list[RuleOutcome]:
        """Return the outcomes that contradict what is documented or was observed."""
        return [one for one in self.outcomes if one.contradicts]

    @property
    def not_measured(self) -> list[str]:
        """Return the ids of the rules that were not compared."""
        return [one.rule.id for one in self.outcomes if one.outcome in (MASKED, NOT_TRIED)]

    @property
    def compared(self) -> int:
        """Return the number of rules that were compared."""
        return sum(1 for one in self.outcomes if one.outcome in (HOLDS, DIFFERS))


def report_of(run: Run, at: datetime) -> VerifyReport:
    """Return the report on a run, made at that time."""
    values = run.facts.values
    return VerifyReport(
        version=values.get("version", "unknown"),
        excludes_none="on" if "excludes_none" in values else "off" if "allows_none" in values else "unknown",
        mode="local" if run.client.is_local else "remote",
        at=at,
        outcomes=run.outcomes(run.rules),
        requests=run.conversation.count,
        creates=run.conversation.creates,
        rows=run.traces.count if run.traces else 0,
        not_asked=_not_asked(run),
        ended=run.ended,
        is_mock=run.conversation.is_mock,
        served=run.served,
    )


def _not_asked(run: Run) -> dict[str, int]:
    rules = run.contract.rules
    left = only(rules, standings=(), ids=()) - set(run.rules)
    return dict(Counter(asked_of(rule) for rule in rules.values() if rule.id in left))


def as_json(report: VerifyReport) -> str:
    """Return the report for programs, and for `--last-failed`."""
    value = {
        "verify": 1,
        "at": report.at.isoformat(timespec="seconds"),
        "office": {"version": report.version, "mode": report.mode},
        "preference": {"ClaimTrackingStatusExcludesNone": report.excludes_none},
        "is_mock": report.is_mock,
        "requests": report.requests,
        "creates_sent": report.creates,
        "rows_written": report.rows,
        "ended": report.ended,
        "not_asked": report.not_asked,
        "probe_served": report.served,
        "outcomes": counts(report.outcomes),
        "contradictions": [one.rule.id for one in report.contradictions],
        "rules": [{"id": one.rule.id, "standing": one.rule.standing, **facts_of(one)} for one in report.outcomes],
    }
    return json.dumps(value, indent=2) + "\n"


def facts_of(one: RuleOutcome) -> dict[str, Any]:
    """Return an outcome for programs, without members that it does not have."""
    found = {name: getattr(one, name) for name in Judgement.__slots__} | {"form": one.observation.form}
    if one.before is not None:
        found["before"] = one.before.shown
    return {name: value for name, value in found.items() if value}


def as_junit(report: VerifyReport) -> str:
    """Return JUnit XML: a test case per rule, failed if the office contradicts it, skipped if nothing was seen."""
    from xml.etree import ElementTree

    suite = ElementTree.Element("testsuite", name="opendental-mock verify")
    for one in report.outcomes:
        case = ElementTree.SubElement(suite, "testcase", classname=one.rule.operation, name=one.rule.id, time="0")
        if one.contradicts:
            ElementTree.SubElement(case, "failure", message=sentence(one)).text = one.rule.says
        elif one.outcome in (MASKED, NOT_TRIED):
            ElementTree.SubElement(case, "skipped", message=sentence(one))
        elif one.outcome == DIFFERS:
            ElementTree.SubElement(case, "system-out").text = sentence(one)
    return junit_text(suite)


def as_ctrf(report: VerifyReport) -> str:
    """Return CTRF JSON: a test for each rule; one that differs from an assumption is `other`."""
    statuses = {HOLDS: "passed", DIFFERS: "other", MASKED: "pending", NOT_TRIED: "skipped"}
    tests = []
    for one in report.outcomes:
        status = "failed" if one.contradicts else statuses[one.outcome]
        test = ctrf_test(one.rule.id, status, suite=one.rule.operation, rule=one.rule.id)
        test["tags"] = [one.rule.standing]
        test["extra"] |= {"standing": one.rule.standing, **facts_of(one)}
        tests.append(test | {"message": sentence(one)})
    return ctrf_text(tests, report.at, counts(report.outcomes))


def sentence(one: RuleOutcome) -> str:
    """Return an outcome in words."""
    parts = [f"{one.why[0].upper()}{one.why[1:]}."] if one.why else []
    if one.variant:
        parts.append(f"Variant {one.variant}: {one.rule.variants[one.variant].says}")
    elif one.outcome == DIFFERS:
        parts.append("It is not a known variant.")
    if one.text:
        parts.append(f'Text: "{one.text}"')
    if one.rows:
        parts.append(f"Rows in a page: {one.rows}.")
    if one.before is not None and (one.contradicts or one.is_repaired):
        parts.append(f"Before: {one.before.shown}. Now: {one.observation.shown}.")
    if one.case and one.outcome in (DIFFERS, MASKED):
        parts.append(f"Case: {one.case}. Request: {one.request}")
    return " ".join(parts) or one.rule.says
