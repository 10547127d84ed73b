"""Text rules: the rules on texts that an office stores, for any column."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from mockserver.api.listing import is_given
from mockserver.api.operation import Call, Predicate
from mockserver.errors import Refusal
from mockserver.office.rows import (
    NOTE_BYTES,
    basic_plane,
    basic_plane_with_question_marks,
    stored_text,
)

PLANE, LENGTH = "api.text.plane", "api.text.length"
_CONVERSIONS: Mapping[str, Callable[[str], str]] = {"kept": str, "question-mark": basic_plane_with_question_marks}


def store_text(call: Call, column: str) -> str:
    """Return the text that the call gives for a column, as the office stores it. Raises Refusal if it is too long."""
    text: str = call.given.get(column, "")
    if not call.variants:
        return stored_text(text)
    if call.plays(LENGTH, "refused") and len(text.encode()) > NOTE_BYTES:
        raise Refusal(LENGTH, {"Column": column})
    return stored_text(text, _CONVERSIONS.get(call.variants.get(PLANE, ""), basic_plane))


def text_rules(column: str) -> Mapping[str, Predicate]:
    """Return the rules that a written text covers, for a column of both the request and the row."""

    stored = attrgetter(f"row.{column}")

    def is_beyond_plane(call: Call, _record: Any) -> bool:
        text = call.given[column]
        return not text.isascii() and basic_plane(text[:NOTE_BYTES]) != text[:NOTE_BYTES]

    def has_line_break(_call: Call, record: Any) -> bool:
        text = stored(record)
        return "\r" in text or "\n" in text

    return {
        PLANE: is_given(column, is_beyond_plane),
        LENGTH: is_given(column, lambda call, record: len(call.given[column]) > len(stored(record))),
        "api.text.line-break": is_given(column, has_line_break),
    }
