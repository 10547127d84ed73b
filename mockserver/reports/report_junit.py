"""JUnit XML: a suite of test cases, and the coverage report as one."""

import re
from typing import TYPE_CHECKING

from mockserver.messages import number_of
from mockserver.reports.report import Report
from mockserver.reports.selection import REFUSED, SERVED

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(report: Report) -> str:
    """Return JUnit XML: a test case per rule with its standing, skipped if the rule was not covered, and a failure per
    refused warning and per operation that is not served, unless it is allowed.

    The figures of the rules on served and on refused requests, and of those that a request has to break (`gauge`), are
    properties.
    """
    from xml.etree import ElementTree  # takes 3 ms, and each start imports this module

    suite = ElementTree.Element("testsuite", name="opendental-mock contract")
    properties = ElementTree.SubElement(suite, "properties")
    for name, figure in ((SERVED, report.served), (REFUSED, report.refused), ("gauge", report.gauge)):
        ElementTree.SubElement(properties, "property", name=name, value=f"{figure.met} of {figure.total}")
    for rule in report.rules:
        case = ElementTree.SubElement(suite, "testcase", classname=rule.operation, name=rule.id, time="0")
        own = ElementTree.SubElement(case, "properties")
        ElementTree.SubElement(own, "property", name="standing", value=rule.shown_standing)
        if not rule.met:
            ElementTree.SubElement(case, "skipped", message=f"not met: {rule.says}")
    for warning in report.warnings:
        case = ElementTree.SubElement(
            suite, "testcase", classname="warnings", name=f"{warning.rule}: {warning.request}", time="0"
        )
        if warning.refused:
            failure = ElementTree.SubElement(case, "failure", message=warning.text)
            failure.text = f"{warning.count} times, first by {warning.request}"
        else:
            ElementTree.SubElement(case, "system-out").text = warning.text
    for operation in report.unserved:
        case = ElementTree.SubElement(suite, "testcase", classname="not served", name=operation.operation, time="0")
        text = f"{number_of(operation.count, 'time')}, first by {operation.request}"
        if operation.allowed:
            ElementTree.SubElement(case, "system-out").text = text
        else:
            message = f"opendental-mock does not serve {operation.operation}"
            ElementTree.SubElement(case, "failure", message=message).text = text
    return junit_text(suite)


def junit_text(suite: "Element") -> str:
    """Return JUnit XML with this suite, and the numbers of its cases."""
    from xml.etree import ElementTree

    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", "0")
    for element in suite.iter():
        _make_valid(element)
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _make_valid(element: "Element") -> None:
    """Replace the characters that XML 1.0 forbids by question marks."""
    for name, value in element.items():
        element.set(name, _FORBIDDEN.sub("?", value))
    if element.text:
        element.text = _FORBIDDEN.sub("?", element.text)
