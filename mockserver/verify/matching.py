"""Matching: the comparison of a response with an expectation.

A mismatch is told without any value of the response, so that no report can hold one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
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
    mismatches = chain(
        _in_answer(expectation, answer), _in_object(expectation, value, context), _in_rows(expectation, value, context),
        _in_list(expectation, value, context), _in_order(expectation, value, context),
        _in_change(expectation, value, context),
    )  # fmt: skip
    return next(mismatches, "")


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


def _in_answer(expectation: Expectation, answer: Answer) -> Iterator[str]:
    if expectation.form not in ("", answer.form):
        yield f"the body of the refusal is {_FORMS[answer.form]}"
    for name, pattern in expectation.headers.items():
        if re.fullmatch(pattern, answer.headers.get(name.lower(), "")) is None:
            yield f"the header {name} differs"


def _in_object(expectation: Expectation, value: Any, context: Context) -> Iterator[str]:
    if expectation.body is not ABSENT and value != filled(expectation.body, context.facts):
        yield "the response differs"
    if expectation.row and not isinstance(value, dict):
        yield "the response is not one row"
    for column, wanted in filled(expectation.row, context.facts).items():
        if column not in value or value[column] != wanted:
            yield f"{column} differs" if column in value else f"{column} is missing"


def _in_rows(expectation: Expectation, value: Any, context: Context) -> Iterator[str]:
    rows = _rows(value)
    for column, values in filled(expectation.columns, context.facts).items():
        if [row.get(column) for row in rows] != list(values):
            yield f"the values of {column} differ"
    for column, wanted in filled(expectation.every, context.facts).items():
        if any(row.get(column) != wanted for row in rows):
            yield f"{column} of a row differs"
    for column, unwanted in filled(expectation.some_other, context.facts).items():
        if all(row.get(column) == unwanted for row in rows):
            yield f"all rows have the same {column}"
    some = filled(expectation.some, context.facts)
    if some and not any(some.items() <= row.items() for row in rows):
        yield f"no row has the {' and the '.join(some)}"


def _in_list(expectation: Expectation, value: Any, context: Context) -> Iterator[str]:
    if expectation.rows:
        limits = filled(expectation.rows, context.facts)
        if not isinstance(value, list):
            yield "the response is not a list"
        elif len(value) < limits.get("min", 0):
            yield "there are too few rows"
        elif len(value) > limits.get("max", len(value)):
            yield "there are too many rows"
    if expectation.slice:
        first, last = expectation.slice
        wanted, rows = list(context.complete[first:last]), _rows(value)
        if last is None:  # the page may go on where the complete list was cut
            rows = rows[: len(wanted)]
        if rows != wanted:
            yield "the rows differ from those of the complete list"
    if expectation.same_as and value != context.same:
        yield "the response differs"


def _in_order(expectation: Expectation, value: Any, context: Context) -> Iterator[str]:
    rows = _rows(value)
    for columns, direction in ((expectation.descending, -1), (expectation.ascending, 1)):
        *same, last = [columns] if isinstance(columns, str) else columns
        for row, following in pairwise(rows) if columns else ():
            is_tie = all(row.get(column) == following.get(column) for column in same)
            if is_tie and _compared(row.get(last), following.get(last)) == direction:
                yield f"{f'rows with the same {same[0]}' if same else 'the rows'} are not in the order of {last}"
    for column, least in filled(expectation.least, context.facts).items():
        if any(_compared(row.get(column), least) < 0 for row in rows):
            yield f"{column} of a row is below the one that was asked for"


def _in_change(expectation: Expectation, value: Any, context: Context) -> Iterator[str]:
    if expectation.moved is not None and isinstance(value, dict):
        moved = value.get("DateTimeEntry") != context.before.get("DateTimeEntry")
        if moved != expectation.moved:
            yield "DateTimeEntry has moved" if moved else "DateTimeEntry has not moved"
    if expectation.custom_tracking not in ("", context.custom_tracking):
        yield f"the claim's CustomTracking {context.custom_tracking}"
    rows = [value] if isinstance(value, dict) else _rows(value)
    for column, pattern in expectation.matches.items():
        if any(re.fullmatch(pattern, str(row.get(column))) is None for row in rows):
            yield f"the form of {column} differs"


_FORMS = {
    "json": "a JSON string", "plain": "plain text", "page": "a page for browsers", "nothing": "empty",
    "object": "a JSON object", "array": "a JSON array", "value": "another JSON value",
}  # fmt: skip


def _rows(value: Any) -> list[Row]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _compared(one: Any, other: Any) -> int:
    """Return which of two values is the smaller one, of any types."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return (one > other) - (one < other)
    return (str(one) > str(other)) - (str(one) < str(other))
