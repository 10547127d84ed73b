"""Row checks: the rows of a served response against their schema, and a written row against the office's list."""

from typing import Any

from mockserver.api.operation import Operation
from mockserver.contract.cases import CaseRequest
from mockserver.contract.contract import Contract
from mockserver.contract.schema import Schema
from mockserver.http_client import Answer
from mockserver.observations.observation import DIFFERS, HOLDS, NOT_TRIED
from mockserver.verify.facts import Row
from mockserver.verify.judge import Judgement
from mockserver.verify.own_rows import KEY, OwnRows

DATETIME_FORM = "DateTimeFormatString="
_READ_BACK = "the row in the office's list differs from its response"
_OLD_NUMBER = f"{KEY} is that of a row that was there before"


class RowChecks:
    """The checks of a run. Of rows of one form, a mistake is told of the operation that shows it first."""

    def __init__(self, contract: Contract, own: OwnRows) -> None:
        self._contract, self._own = contract, own
        self._shapes: dict[tuple[str, str], str] = {}

    def judge(self, operation: Operation, request: CaseRequest, answer: Answer, kept: Row | None) -> Judgement | None:
        """Return what a served response shows of the rule on its rows, or None if it has none.

        `kept` is a written row as the office lists it.
        """
        if answer.status != operation.status:
            return Judgement(outcome=DIFFERS, status=answer.status, why=f"the status is {answer.status}")
        rows = answer.value if operation.is_list and isinstance(answer.value, list) else [answer.value]
        if not (rows and operation.has_answer):
            return None
        schema = self._contract.schemas[operation.row]
        if DATETIME_FORM in request.path:
            schema = schema.with_free_datetimes
        why = next(filter(None, (_wrong_columns(schema, row) for row in rows)), "")
        if why:
            rule = operation.rule(".row")
            first = self._shapes.setdefault((operation.row, why), rule)
            if first != rule:
                return Judgement(outcome=NOT_TRIED, why=f"the office answers as in {first}")
        elif kept is not None and kept != answer.value:
            others = sorted(name for name in schema.properties if kept.get(name) != answer.value.get(name))
            why = f"{_READ_BACK}: {', '.join(others)}"
        elif operation.name == "claimtrackings/create" and self._own.was_before(answer.value):
            why = _OLD_NUMBER
        return Judgement(outcome=DIFFERS if why else HOLDS, status=answer.status, why=why)


def _wrong_columns(schema: Schema, row: Any) -> str:
    """Return what is wrong with the columns of a row, by documented names alone, or nothing."""
    if not isinstance(row, dict):
        return "the response is not one row, or not a list of rows"
    if schema.allows(row):
        return ""
    missing = [name for name in schema.properties if name not in row]
    wrong = [name for name in schema.properties if name in schema.invalid(row)]
    parts = [
        f"{', '.join(names)} {what}" for names, what in ((missing, "is missing"), (wrong, "has another form")) if names
    ]
    if row.keys() - schema.properties.keys():
        parts.append("a column is not documented")
    return "; ".join(parts)
