"""OpenAPI examples: the contract cases that are shown, as requests and refusals of the operations.

They name the numbers of the vendor's page. An example of a request has one name in all parameters and in the body.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from mockserver.api.inputs import number_or_text
from mockserver.api.operation import Operation
from mockserver.contract.case_files import shipped_cases
from mockserver.contract.cases import Case, filled
from mockserver.contract.contract import Contract
from mockserver.contract.example_facts import EXAMPLE_FACTS

Examples = dict[str, dict[str, Any]]
"""Examples as OpenAPI has them, by name."""


def parameter_examples(operation: Operation, name: str) -> dict[str, Examples]:
    """Return the examples of a parameter: a member of its description, which is left out if there are none."""
    found = {
        _name(case): _example(case, given[name]) for case in _served(operation)
        if name in (given := _parameters(operation, case))
    }  # fmt: skip
    return {"examples": found} if found else {}


def body_examples(operation: Operation) -> dict[str, Examples]:
    """Return the examples of the body, likewise."""
    found = {_name(case): _example(case, filled(case.json, EXAMPLE_FACTS)) for case in _served(operation)}
    return {"examples": found} if found else {}


def refusal_examples(contract: Contract, operation: Operation, status: int) -> dict[str, Examples]:
    """Return the examples of the explanation of a refusal, likewise."""
    found: Examples = {}
    alike = "GET" if operation.body is None else operation.method  # to what is said of any operation
    for case in _shown():
        rule = contract.rules[case.rules[0]]
        is_about = rule.operation == operation.name or (rule.operation == "any" and case.method == alike)
        if is_about and case.expect.status == status and case.expect.text and rule.played == rule.default:
            text = filled(case.expect.text, EXAMPLE_FACTS) if rule.text == rule.own_text else rule.text
            found[_name(case)] = _example(case, text)
    return {"examples": found} if found else {}


def _shown() -> Iterator[Case]:
    return (case for case in shipped_cases() if case.example and not case.is_repeated)


def _served(operation: Operation) -> Iterator[Case]:
    for case in _shown():
        if case.expect.status < 400 and case.method == operation.method and _matches(operation, case):
            yield case


def _matches(operation: Operation, case: Case) -> bool:
    resource, *rest = _path(case).strip("/").split("/")
    has_number = bool(rest) and rest[0].isdecimal()  # not a word such as Simple
    words = rest[1:] if has_number else rest
    return (
        resource == operation.resource
        and has_number == (operation.number is not None)
        and words == ([operation.word] if operation.word else [])
    )


def _parameters(operation: Operation, case: Case) -> dict[str, int | str]:
    """Return the values of the parameters in the path and in the query of a case."""
    query = case.request(EXAMPLE_FACTS).path.partition("?")[2]
    given = dict(parse_qsl(query))
    if operation.number is not None:
        given[operation.number] = _path(case).strip("/").split("/")[1]
    return {name: number_or_text(value) for name, value in given.items()}


def _path(case: Case) -> str:
    """Return the path of a case below the base path."""
    return str(filled(case.call, EXAMPLE_FACTS)).partition(" ")[2].partition("?")[0]


def _name(case: Case) -> str:
    return re.sub("[^A-Za-z0-9]+", "-", case.id).strip("-")


def _example(case: Case, value: Any) -> dict[str, Any]:
    return {"summary": case.id, "value": value}
