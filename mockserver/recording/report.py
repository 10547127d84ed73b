"""Coverage report: contract coverage as text, JSON and JUnit XML."""

import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mockserver.messages import shortened

WIDTH = 80
# The sentences of the missing rules are printed only for so many of them, to keep the list readable.
_MAX_SENTENCES = 8

DEFAULT_RESOURCES = ("claimtrackings",)
"""Whose rules count unless others are named; what holds of every resource counts always."""
ALL_RESOURCES = "all"
_ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Contract coverage as far as it counts.

    `rules` are the counted ones. `left_out` names those that are not, and why, apart from those of resources that do
    not count. `resources` has the rules of each resource, met and in all, whether they count or not.
    """

    rules: list[Mapping[str, Any]]
    left_out: dict[str, str]
    resources: dict[str, dict[str, int]]
    warnings: list[Mapping[str, Any]]
    strict: bool
    broken: int

    @property
    def met(self) -> int:
        """Return the number of rules that were covered."""
        return sum(1 for rule in self.rules if rule["met"])

    @property
    def percent(self) -> float:
        """Return the percentage of covered rules, rounded down to a tenth, so that 100 means all."""
        return int(self.met * 1000 / len(self.rules)) / 10 if self.rules else 100.0

    @property
    def refused(self) -> list[Mapping[str, Any]]:
        """Return the warnings for which --strict has refused a request."""
        return [warning for warning in self.warnings if warning["refused"]]

    def findings(self, fail_under: float) -> list[str]:
        """Return the reasons why the coverage is not good enough, if it is not."""
        found = []
        if self.percent < fail_under:
            found.append(f"{self.percent:g} % of the rules were met, and {fail_under:g} % are wanted")
        if self.refused:
            found.append(f"{len(self.refused)} warnings, and --strict wants none")
        if self.broken:
            found.append(f"the mock broke its own contract {self.broken} times; its log says more")
        return found

    def as_json(self) -> dict[str, Any]:
        """Return the report for programs."""
        return asdict(self) | {"met": self.met, "total": len(self.rules), "percent": self.percent}


def report(
    coverage: Mapping[str, Any],
    *,
    only: Iterable[str] = (),
    ignore: Iterable[str] = (),
    resources: Collection[str] = DEFAULT_RESOURCES,
) -> Report:
    """Return a report on what `GET /__admin/contract` answers.

    It counts rules of these `resources` (`all`: of each) and those of every resource, of the standings in `only`,
    without those in `ignore`. Raises ValueError if there is no such resource.
    """
    only, ignore = set(only), set(ignore)
    by_resource = _by_resource(coverage["rules"])
    for name in resources:
        if name not in (*by_resource, ALL_RESOURCES, *DEFAULT_RESOURCES):
            known = [*by_resource, ALL_RESOURCES]
            raise ValueError(f"invalid choice {name!r} (choose {', '.join(known[:-1])} or {known[-1]})")
    counted = {_ANY, *(by_resource if ALL_RESOURCES in resources else resources)}
    rules = [rule for rule in coverage["rules"] if _resource(rule) in counted]
    left_out: dict[str, str] = {}
    for rule in rules:
        if rule["id"] in ignore:
            left_out[rule["id"]] = "ignored"
        elif only and rule["standing"] not in only:
            left_out[rule["id"]] = rule["standing"]
    return Report(
        rules=[rule for rule in rules if rule["id"] not in left_out],
        left_out=left_out,
        resources={
            name: {"met": sum(1 for rule in of_it if rule["met"]), "total": len(of_it)}
            for name, of_it in by_resource.items()
        },
        warnings=list(coverage["warnings"]),
        strict=coverage["strict"],
        broken=coverage["broken"],
    )


def _by_resource(rules: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for rule in rules:
        if rule["operation"] != _ANY:
            found.setdefault(_resource(rule), []).append(rule)
    return found


def _resource(rule: Mapping[str, Any]) -> str:
    name: str = rule["operation"].partition("/")[0]
    return name


def merged(coverages: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sum of several servers' coverage, with each rule that at least one of them could cover."""
    rules: dict[str, dict[str, Any]] = {}
    warnings: dict[tuple[str, str, bool], dict[str, Any]] = {}
    strict, broken = False, 0
    for coverage in coverages:
        strict, broken = strict or coverage["strict"], broken + coverage["broken"]
        for rule in coverage["rules"]:
            met = rules.setdefault(rule["id"], {**rule, "met": 0})
            met["met"] += rule["met"]
        for warning in coverage["warnings"]:
            kind = (warning["rule"], warning["text"], warning["refused"])
            seen = warnings.setdefault(kind, {**warning, "count": 0})
            seen["count"] += warning["count"]
    return {"strict": strict, "broken": broken, "rules": list(rules.values()), "warnings": list(warnings.values())}


def as_text(report: Report) -> str:
    """Return the report for a terminal of 80 columns. The sum is the last line."""
    return "\n".join([*_missing_lines(report), *_warning_lines(report), *_coverage_table(report)])


def _missing_lines(report: Report) -> Iterator[str]:
    missing = [rule for rule in report.rules if not rule["met"]]
    if not missing:
        return
    yield "Not met:"
    for rule in missing:
        yield f"  {rule['id']:<58}{rule['standing']}, {rule['status']}"
        if len(missing) <= _MAX_SENTENCES:
            yield from textwrap.wrap(rule["says"], WIDTH, initial_indent="      ", subsequent_indent="      ")
    yield ""


def _warning_lines(report: Report) -> Iterator[str]:
    served = [warning for warning in report.warnings if not warning["refused"]]
    outcomes = {"refused by --strict": report.refused, "served although the contract does not cover it": served}
    for outcome, warnings in outcomes.items():
        if not warnings:
            continue
        yield f"Warnings ({outcome}):"
        for warning in warnings:
            yield shortened(f"  {warning['count']:>4} x {warning['request']}", WIDTH)
            yield from textwrap.wrap(warning["text"], WIDTH, initial_indent="         ", subsequent_indent="         ")
        yield ""


def _coverage_table(report: Report) -> Iterator[str]:
    for operation in dict.fromkeys(rule["operation"] for rule in report.rules):
        rules = [rule for rule in report.rules if rule["operation"] == operation]
        met = sum(1 for rule in rules if rule["met"])
        name = "every operation" if operation == "any" else operation
        yield f"  {name:<26}{met:>3} of {len(rules):>3}  {'#' * (met * 20 // len(rules)):.<20}"
    if report.left_out:
        reasons = list(report.left_out.values())
        why = ", ".join(f"{reasons.count(reason)} {reason}" for reason in dict.fromkeys(reasons))
        yield f"  left out of the count: {why}"
    counted = {_resource(rule) for rule in report.rules}
    for name, of_it in report.resources.items():
        if of_it["met"] and name not in counted:
            yield f"  not counted: {of_it['met']} of {of_it['total']} rules of {name} (--resource {name})"
    yield f"Contract coverage: {report.met} of {len(report.rules)} rules met ({report.percent:g} %)"


def as_junit(report: Report) -> str:
    """Return JUnit XML: a test case per rule, skipped if it was not covered, and a failure per refused warning."""
    from xml.etree import ElementTree  # takes 3 ms, and each start imports this module

    suite = ElementTree.Element("testsuite", name="opendental-mock contract")
    for rule in report.rules:
        case = ElementTree.SubElement(suite, "testcase", classname=rule["operation"], name=rule["id"], time="0")
        if not rule["met"]:
            ElementTree.SubElement(case, "skipped", message=f"not met: {rule['says']}")
    for warning in report.warnings:
        case = ElementTree.SubElement(
            suite, "testcase", classname="warnings", name=_xml(f"{warning['rule']}: {warning['request']}"), time="0"
        )
        if warning["refused"]:
            failure = ElementTree.SubElement(case, "failure", message=_xml(warning["text"]))
            failure.text = _xml(f"{warning['count']} times, first by {warning['request']}")
        else:
            ElementTree.SubElement(case, "system-out").text = _xml(warning["text"])
    suite.set("tests", str(len(suite)))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", "0")
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _xml(text: str) -> str:
    """Return `text` without the characters that XML 1.0 forbids."""
    return "".join(c if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff" else "?" for c in text)
