"""Player: one case after the other, each with the requests that it needs around its own."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from mockserver.api.operation import Operation
from mockserver.api.resources import OPERATIONS
from mockserver.contract.cases import BASE_PATH, Case, CaseRequest
from mockserver.contract.contract import Contract
from mockserver.contract.observed import DIFFERS, HOLDS, NOT_TRIED
from mockserver.contract.vocabulary import Vocabulary
from mockserver.verify.client import Answer
from mockserver.verify.conversation import Conversation, NoAnswerError
from mockserver.verify.facts import Facts, Row
from mockserver.verify.judge import Judgement, judge
from mockserver.verify.matching import Context
from mockserver.verify.own_rows import KEY, OwnRows

_READ_BACK = "the office's list shows another row than its response"
_WRONG_SHAPE = "a row has other columns, or values of other forms"
_FORM = "DateTimeFormatString="


class Player:
    """The player of cases at one office.

    `shapes` collects outcomes of the rules that say which columns a row has. With `keeps_notes` the Notes of all rows
    are compared, which is for mocks alone.
    """

    def __init__(
        self, conversation: Conversation, facts: Facts, contract: Contract, own: OwnRows, *, keeps_notes: bool = False
    ) -> None:
        self._conversation = conversation
        self._facts = facts
        self._contract = contract
        self._vocabulary = Vocabulary(contract)
        self._own = own
        self._keeps_notes = keeps_notes
        self.shapes: dict[str, list[Judgement]] = {}

    def play(self, case: Case) -> Judgement:
        """Play a case, and return its outcome. Raises KeysRefusedError."""
        missing = self._facts.missing(case.facts)
        if missing:
            return Judgement(outcome=NOT_TRIED, why=missing)
        try:
            judgement = self._play(case)
            if judgement.outcome == DIFFERS and case.is_harmless:
                judgement = self._play(case)  # others may have written meanwhile
        except NoAnswerError as error:
            return Judgement(outcome=NOT_TRIED, why=str(error))
        return judgement

    def _play(self, case: Case) -> Judgement:
        facts = dict(self._facts.values)
        if "tracking" in case.facts:
            facts["tracking"] = self._own.for_updates()
        if case.method == "POST" and not case.is_harmless:
            self._own.check_budget()
        request = case.request(facts)
        before = self._before(case, facts)
        same = self._same_as(case)
        complete = self._complete(case, request)
        self._conversation.wait(case.wait)
        for _ in range(case.times - 1):
            self._send(case, request)
        answer = self._send(case, request)
        self._check_shape(request, answer)
        value = self._kept(answer.value) if case.is_harmless else answer.value
        context = Context(facts=facts, complete=complete, same=same, before=before)
        judgement = judge(case, answer, value, context, self._vocabulary)
        if not case.is_harmless and answer.status in (200, 201):
            self._own.keep(answer.value)
            if judgement.outcome == HOLDS and not self._is_read_back(request, answer.value):
                return Judgement(outcome=DIFFERS, status=answer.status, why=_READ_BACK)
        return judgement

    def _send(self, case: Case, request: CaseRequest) -> Answer:
        if case.is_harmless:
            return self._conversation.send(request, is_harmless=True, allows_401=case.is_about_keys)
        return self._own.send(request, allows_401=case.is_about_keys)

    def _before(self, case: Case, facts: Mapping[str, Any]) -> Row:
        """Return the own row as it is now, if the case compares its DateTimeEntry."""
        if all(one.moved is None for one in case.expectations):
            return {}
        self._own.find()
        return self._own.rows.get(facts["tracking"], {})

    def _same_as(self, case: Case) -> Any:
        calls = {one.same_as for one in case.expectations} - {""}
        if not calls:
            return None
        method, path = calls.pop().split(" ")
        return self._kept(self._conversation.send(CaseRequest(method, BASE_PATH + path), is_harmless=True).value)

    def _complete(self, case: Case, request: CaseRequest) -> list[Row]:
        if not any(one.slice for one in case.expectations):
            return []
        path = request.path
        for name in ("Limit", "Offset"):
            path = re.sub(rf"(?<=[?&]){name}=[^&]*&?", "", path)
        value = self._kept(self._conversation.ask(path).value)
        return value if isinstance(value, list) else []

    def _kept(self, value: Any) -> Any:
        """Return the JSON of a response without the Notes of rows of others."""
        if isinstance(value, list):
            return [self._kept(part) for part in value]
        if not isinstance(value, dict) or self._keeps_notes or self._own.is_own(value):
            return value
        return {name: part for name, part in value.items() if name != "Note"}

    def _check_shape(self, request: CaseRequest, answer: Answer) -> None:
        """Validate the rows of a served response against their schema."""
        operation = _operation_of(request)
        if operation is None or answer.status != operation.status:
            return
        schema = self._contract.schemas[operation.row]
        if _FORM in request.path:
            schema = schema.with_free_datetimes
        rows = answer.value if operation.is_list and isinstance(answer.value, list) else [answer.value]
        is_right = all(schema.allows(row) for row in rows)
        judgement = (
            Judgement(outcome=HOLDS, status=answer.status)
            if is_right
            else Judgement(outcome=DIFFERS, status=answer.status, why=_WRONG_SHAPE)
        )
        if rows:
            self.shapes.setdefault(operation.rule(".row"), []).append(judgement)

    def _is_read_back(self, request: CaseRequest, row: Any) -> bool:
        """Whether the office lists the row as it has sent it in the response. A list without the row says nothing."""
        if not isinstance(row, dict):
            return True  # which is the concern of its schema
        query = urlsplit(request.path).query
        listed = self._own.listed(row.get("ClaimNum"), f"&{query}" if _FORM in query else "")
        found = [one for one in listed if one.get(KEY) == row.get(KEY)]
        return not found or found[0] == row


def _operation_of(request: CaseRequest) -> Operation | None:
    path = urlsplit(request.path).path.removeprefix(BASE_PATH).strip("/").split("/")
    has_number = len(path) == 2 and path[1].lstrip("-").isdigit()
    for operation in OPERATIONS:
        is_for_rows = (operation.number is not None) == has_number and len(path) <= 1 + has_number
        if (operation.method, operation.resource) == (request.method, path[0]) and is_for_rows:
            return operation
    return None
