"""Journal filters: validation of those whose values are known in advance."""

import re
from collections.abc import Callable, Collection, Iterable

from mockserver.api.resources import OPERATIONS
from mockserver.contract.contract import Contract
from mockserver.messages import alternatives
from mockserver.recording.journal import OUTCOMES, WARNING
from mockserver.web.problem import Problem

_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token of RFC 9110: the journal keeps requests with any method
_STATUS = re.compile("0|[1-5][0-9]{2}")  # 0: the client got none


def check_filters(filters: Iterable[tuple[str, str]], contract: Contract) -> None:
    """Raise Problem for a value of a filter that no exchange can have."""
    names = [operation.name for operation in OPERATIONS]
    warnings = ["any", *(rule for rule in contract.rules if rule.startswith(WARNING))]
    checks: dict[str, Callable[[str], str]] = {
        "operation": lambda value: "" if value == "" else _unknown(value, "an operation", names),
        "outcome": lambda value: _unknown(value, "an outcome", OUTCOMES),
        "kept": lambda value: _check_form(value, _STATUS, "a status; give one like 201."),
        "rule": lambda value: _unknown(value, "a rule", contract.rules.keys()),
        "warning": lambda value: _unknown(value, "a warning", warnings),
        "method": lambda value: _check_form(value, _METHOD, "a method; give one like POST."),
        "status": lambda value: _check_form(value, _STATUS, "a status; give one like 404."),
    }
    for name, value in filters:
        problem = checks[name](value) if name in checks else ""
        if problem:
            raise Problem(400, problem)


def _check_form(value: str, form: re.Pattern[str], what: str) -> str:
    return "" if form.fullmatch(value) else f"{value!r} is not {what}"


def _unknown(value: str, what: str, known: Collection[str]) -> str:
    return "" if value in known else f"{value!r} is not {what}; {alternatives(value, known)}"
