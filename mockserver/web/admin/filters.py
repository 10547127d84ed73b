"""Journal filters: one function for each, and validation of those whose values are known in advance."""

import re
from collections.abc import Callable, Collection, Iterable

from mockserver.contract.contract import Contract
from mockserver.journal.exchange import OUTCOMES, Exchange
from mockserver.suggestions import alternatives
from mockserver.web.problem import Problem

MAX_ID = 2**63 - 1
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token of RFC 9110: the journal keeps requests with any method
_STATUS = re.compile("0|[1-5][0-9]{2}")  # 0: the client got none
_DIGITS = re.compile("[0-9]{1,19}")

Filter = Callable[[Exchange], bool]

KINDS: dict[str, Filter] = {
    "refused": lambda exchange: exchange.status >= 400 and not exchange.fault,
    "unserved": lambda exchange: bool(exchange.unserved),
    "warned": lambda exchange: bool(exchange.warnings),
    "fault": lambda exchange: bool(exchange.fault),
    "written": lambda exchange: exchange.method != "GET" and 0 < exchange.status < 300,
}
"""The outcomes by which the page filters too."""

FILTERS: dict[str, Callable[[str], Filter]] = {
    "operation": lambda value: lambda exchange: exchange.operation == value,
    "method": lambda value: lambda exchange: exchange.method == value.upper(),
    "path": lambda value: lambda exchange: exchange.path.partition("?")[0] == value,
    "status": lambda value: lambda exchange: str(exchange.status) == value,
    "outcome": lambda value: lambda exchange: exchange.outcome == value,
    "kept": lambda value: lambda exchange: str(exchange.kept) == value,
    "rule": lambda value: lambda exchange: value in exchange.rules,
    "warning": lambda value: (
        lambda exchange: value in ("any", *(rule for rule, _ in exchange.warnings)) and bool(exchange.warnings)
    ),
    "kind": lambda value: KINDS[value],
    "text": lambda value: lambda exchange: _has_texts(exchange, [value.lower()]),
    "since": lambda value: _since(whole(value, "since", MAX_ID)),
}


MAX_FILTERS = 32
"""How many different filters a request may have."""


def filters_of(given: Iterable[tuple[str, str]]) -> list[Filter]:
    """Return the filters of a request, each once. Raises Problem if there are more than MAX_FILTERS.

    All texts are looked for in one pass over the texts of an exchange.
    """
    different = list(dict.fromkeys(given))
    if len(different) > MAX_FILTERS:
        raise Problem(400, f"A request has {MAX_FILTERS} different filters or fewer; this one has {len(different)}.")
    texts = [value.lower() for name, value in different if name == "text"]
    filters = [FILTERS[name](value) for name, value in different if name != "text"]
    return [*filters, lambda exchange: _has_texts(exchange, texts)] if texts else filters


def check_filters(filters: Iterable[tuple[str, str]], contract: Contract) -> None:
    """Raise Problem for a value of a filter that no exchange can have."""
    names = contract.folders.operation_names()
    warnings = ["any", *(rule.id for rule in contract.rules.values() if rule.is_warning)]
    checks: dict[str, Callable[[str], str]] = {
        "operation": lambda value: "" if value == "" else _unknown(value, "an operation", names),
        "outcome": lambda value: _unknown(value, "an outcome", OUTCOMES),
        "kept": lambda value: _check_form(value, _STATUS, "a status; give one like 201."),
        "rule": lambda value: _unknown(value, "a rule", contract.rules.keys()),
        "warning": lambda value: _unknown(value, "a warning", warnings),
        "kind": lambda value: _unknown(value, "a kind", KINDS),
        "method": lambda value: _check_form(value, _METHOD, "a method; give one like POST."),
        "status": lambda value: _check_form(value, _STATUS, "a status; give one like 404."),
    }
    for name, value in filters:
        problem = checks[name](value) if name in checks else ""
        if problem:
            raise Problem(400, problem)


def whole(text: str, name: str, maximum: int) -> int:
    """Return the whole number in a parameter. Raises Problem."""
    if not _DIGITS.fullmatch(text) or int(text) > maximum:
        raise Problem(400, f"{name} must be a whole number from 0 to {maximum}.")
    return int(text)


def _text_of(exchange: Exchange) -> str:
    """Return the texts of an exchange that the filter `text` searches, in lower case."""
    rules = [*exchange.rules, *(rule for rule, _ in exchange.warnings)]
    return " ".join([exchange.method, exchange.path, exchange.explanation, exchange.fault, *rules]).lower()


def _has_texts(exchange: Exchange, texts: Iterable[str]) -> bool:
    everything = _text_of(exchange)
    return all(text in everything for text in texts)


def _since(number: int) -> Filter:
    return lambda exchange: exchange.id > number


def _check_form(value: str, form: re.Pattern[str], what: str) -> str:
    return "" if form.fullmatch(value) else f"{value!r} is not {what}"


def _unknown(value: str, what: str, known: Collection[str]) -> str:
    return "" if value in known else f"{value!r} is not {what}; {alternatives(value, known)}"
