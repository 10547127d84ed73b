"""Matching: the comparison of a response with an expectation.

A mismatch is told without any value of the response, so that no report can hold one.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver.contract.cases import filled
from mockserver.contract.expectation import ABSENT, Expectation, Seen
from mockserver.http_client import Answer
from mockserver.verify.facts import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a response is compared with.

    `facts` fill placeholders. `complete` is the same list without Limit and Offset, and `same` the JSON of the call
    that `same_as` names, both without Notes of others. `before` is the own row before the request.
    `custom_tracking` says what the claim's has done: `stays`, `follows`, `changes`, or nothing if it shows nothing.
    `is_list` says whether a served response is a list of rows, or one row; None if it is not known.
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    complete: Sequence[Row] = ()
    same: Any = None
    before: Row = field(default_factory=dict)
    custom_tracking: str = ""
    is_list: bool | None = None


def mismatch(expectation: Expectation, answer: Answer, value: Any, context: Context) -> str:
    """Return how a response differs from an expectation, or nothing. `value` is its JSON, as far as it may be kept.

    The text of a refusal is not compared.
    """
    if answer.status != expectation.status:
        return f"the status is {answer.status}"
    for check in _CHECKS:
        found = check(expectation, answer, value, context)
        if found:
            return found
    return ""


def is_vacuous(seen: Seen, value: Any) -> str:
    """Return why a response proves nothing, or an empty string if it proves something."""
    rows = _rows(value)
    if len(rows) < seen.rows:
        return f"the office lists fewer than {seen.rows} rows for it"
    for column, least in seen.distinct.items():
        if len({str(row.get(column)) for row in rows}) < least:
            return f"the rows have fewer than {least} values of {column}"
    for column, least in seen.ties.items():
        values = [row.get(column) for row in rows]
        if sum(1 for one in values if values.count(one) > 1) < least:
            return f"fewer than {least} rows share a value of {column}"
    for column, value_of_all in seen.only.items():
        if any(row.get(column) != value_of_all for row in rows):
            return f"the office lists rows of another {column} too"
    return ""


def _body(expectation: Expectation, _answer: Answer, value: Any, context: Context) -> str:
    if expectation.body is ABSENT:
        return ""
    return "" if value == filled(expectation.body, context.facts) else "the response differs"


def _row(expectation: Expectation, _answer: Answer, value: Any, context: Context) -> str:
    if not expectation.row:
        return ""
    if not isinstance(value, dict):
        return "the response is not one row"
    for column, wanted in filled(expectation.row, context.facts).items():
        if column not in value or value[column] != wanted:
            return f"{column} differs" if column in value else f"{column} is missing"
    return ""


def _columns(expectation: Expectation, _answer: Answer, value: Any, context: Context) -> str:
    for column, wanted in filled(expectation.columns, context.facts).items():
        if [row.get(column) for row in _rows(value)] != list(wanted):
            return f"the values of {column} differ"
    return ""


def _every(expectation: Expectation, _answer: Answer, value: Any, context: Context) -> str:
    for column, wanted in filled(expectation.every, context.facts).items():
        if any(row.get(column) != wanted for row in _rows(value)):
            return f"{column} of a row differs"
    for column, unwanted in filled(expectation.some_other, context.facts).items():
        if all(row.get(column) == unwanted for row in _rows(value)):
            return f"all rows have the same {column}"
    some = filled(expectation.some, context.facts)
    if some and not any(some.items() <= row.items() for row in _rows(value)):
        return f"no row has the {' and the '.join(some)}"
    return ""


def _size(expectation: Expectation, _answer: Answer, value: Any, context: Context) -> str:
    if not expectation.rows:
        return ""
    if not isinstance(value, list):
        return "the response is not a list"
    limits = filled(expectation.rows, context.facts)
    if len(value) < limits.get("min", 0):
        return "there are too few rows"
    return "there are too many rows" if len(value) > limits.get("max", len(value)) else ""


def _slice(expectation: Expectation, _answer: Answer, value: Any, context: Context) -> str:
    if not expectation.slice:
        return ""
    first, last = expectation.slice
    wanted, rows = list(context.complete[first:last]), _rows(value)
    if last is None:  # the page may go on where the complete list was cut
        rows = rows[: len(wanted)]
    return "" if rows == wanted else "the rows differ from those of the complete list"


def _same(expectation: Expectation, _answer: Answer, value: Any, context: Context) -> str:
    return "" if not expectation.same_as or value == context.same else "the response differs"


def _order(expectation: Expectation, _answer: Answer, value: Any, _context: Context) -> str:
    for columns, is_wrong in ((expectation.descending, _rises), (expectation.ascending, _falls)):
        if not columns:
            continue
        first, *ties = [columns] if isinstance(columns, str) else columns
        for row, following in zip(_rows(value), _rows(value)[1:], strict=False):
            if not ties and is_wrong(row.get(first), following.get(first)):
                return f"the rows are not in the order of {first}"
            if ties and row.get(first) == following.get(first) and is_wrong(row.get(ties[0]), following.get(ties[0])):
                return f"rows with the same {first} are not in the order of {ties[0]}"
    return ""


def _moved(expectation: Expectation, _answer: Answer, value: Any, context: Context) -> str:
    if expectation.moved is None or not isinstance(value, dict):
        return ""
    moved = value.get("DateTimeEntry") != context.before.get("DateTimeEntry")
    if moved == expectation.moved:
        return ""
    return "DateTimeEntry has moved" if moved else "DateTimeEntry has not moved"


def _custom_tracking(expectation: Expectation, _answer: Answer, _value: Any, context: Context) -> str:
    is_right = expectation.custom_tracking in ("", context.custom_tracking)
    return "" if is_right else f"the claim's CustomTracking {context.custom_tracking}"


def _least(expectation: Expectation, _answer: Answer, value: Any, context: Context) -> str:
    for column, least in filled(expectation.least, context.facts).items():
        if any(_compared(row.get(column), least) < 0 for row in _rows(value)):
            return f"{column} of a row is below the one that was asked for"
    return ""


def _form(expectation: Expectation, answer: Answer, _value: Any, _context: Context) -> str:
    return "" if expectation.form in ("", answer.form) else f"the body of the refusal is {_FORMS[answer.form]}"


def _matches(expectation: Expectation, _answer: Answer, value: Any, _context: Context) -> str:
    rows = [value] if isinstance(value, dict) else _rows(value)
    for column, pattern in expectation.matches.items():
        if any(re.fullmatch(pattern, str(row.get(column))) is None for row in rows):
            return f"the form of {column} differs"
    return ""


def _headers(expectation: Expectation, answer: Answer, _value: Any, _context: Context) -> str:
    for name, pattern in expectation.headers.items():
        if re.fullmatch(pattern, answer.headers.get(name.lower(), "")) is None:
            return f"the header {name} differs"
    return ""


_Check = Callable[[Expectation, Answer, Any, Context], str]
_CHECKS: tuple[_Check, ...] = (
    *(_form, _headers, _body, _row, _columns, _every, _size, _slice, _same),
    *(_order, _least, _moved, _custom_tracking, _matches),
)
_FORMS = {
    "json": "a JSON string", "plain": "plain text", "page": "a page for browsers", "nothing": "empty",
    "object": "a JSON object", "array": "a JSON array", "value": "another JSON value",
}  # fmt: skip


def _rows(value: Any) -> list[Row]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _rises(one: Any, other: Any) -> bool:
    return _compared(one, other) < 0


def _falls(one: Any, other: Any) -> bool:
    return _compared(one, other) > 0


def _compared(one: Any, other: Any) -> int:
    """Return which of two values is the smaller one, of any types."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return (one > other) - (one < other)
    return (str(one) > str(other)) - (str(one) < str(other))
