"""Text rules: the rules on texts that an office stores, for any column."""

from collections.abc import Mapping

from mockserver.api.operation import Predicate
from mockserver.office.rows import NOTE_BYTES, basic_plane


def text_rules(column: str) -> Mapping[str, Predicate]:
    """Return the rules that a written text covers, for a column of both the request and the row."""

    def head(given: Mapping[str, object]) -> str:
        return str(given.get(column, ""))[:NOTE_BYTES]

    return {
        "api.text.plane": lambda call, _: basic_plane(head(call.given)) != head(call.given),
        "api.text.length": lambda call, record: len(call.given.get(column, "")) > len(getattr(record.row, column)),
        "api.text.line-break": lambda call, record: (
            column in call.given and any(mark in getattr(record.row, column) for mark in "\r\n")
        ),
    }
