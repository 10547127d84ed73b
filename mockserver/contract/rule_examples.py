"""Rule examples: the requests of the contract cases that show a rule, with the numbers of the vendor's page."""

from typing import Any

from mockserver.contract.case_files import shipped_cases
from mockserver.contract.cases import Case
from mockserver.contract.example_facts import EXAMPLE_FACTS
from mockserver.messages import shortened

_MAX_EXAMPLES = 3
_MAX_BODY_LENGTH = 2_000  # characters


def examples_of(rule: str) -> list[dict[str, Any]]:
    """Return the first requests that show a rule: those of cases that it decides, else those of cases that cover it."""
    cases = [case for case in shipped_cases() if rule in case.rules]
    decided = [case for case in cases if case.rules[0] == rule] or cases
    different = [case for case in decided if not case.is_repeated] or decided
    return [_example(case) for case in different[:_MAX_EXAMPLES]]


def _example(case: Case) -> dict[str, Any]:
    """Return the request of a case, the status of its response, and the office and settings that it needs."""
    request = case.request(EXAMPLE_FACTS)
    body = None if request.body is None else request.body.decode(errors="replace")
    return {
        "method": request.method,
        "path": request.path,
        "headers": dict(request.headers),
        "body": body if body is None else shortened(body, _MAX_BODY_LENGTH),
        "status": case.expect.status,
        "times": case.times,
        "wait": case.wait,
        "office": case.office,
        "settings": dict(case.settings),
        "state": case.state,
    }
