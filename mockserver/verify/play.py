"""Player: one case after the other, each with the requests that it needs around its own."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from mockserver.api.operation import Operation
from mockserver.api.resources import OPERATIONS
from mockserver.contract.cases import BASE_PATH, Case, CaseRequest
from mockserver.contract.contract import Contract
from mockserver.http_client import Answer
from mockserver.observations.observation import DIFFERS, HOLDS, NOT_TRIED
from mockserver.observations.vocabulary import Vocabulary
from mockserver.verify.conversation import Conversation, NoAnswerError, NotPermittedError
from mockserver.verify.facts import Facts, Row
from mockserver.verify.judge import Judgement, judge
from mockserver.verify.matching import Context
from mockserver.verify.own_rows import KEY, OwnRows

_READ_BACK = "the office's list shows another row than its response"
_WRONG_SHAPE = "a row has other columns, or values of other forms"
_FORM = "DateTimeFormatString="
_PERMISSION = "api.permission"
_SERVED = "no further probe is sent, since the office has served one"
_COULD_WRITE = "the office does not refuse such an update, so that such a create could write a row"


class Player:
    """The player of cases at one office.

    `aside` collects outcomes of rules that the cases of other rules show: which columns a row has, that a row is kept,
    and that keys need a permission. `served` names the probe that the office has served, after which no other is sent.
    With `keeps_notes` the Notes of all rows are compared, which is for mocks alone.
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
        self._unsafe: set[str] = set()
        self.aside: dict[str, list[Judgement]] = {}
        self.served = ""

    def play(self, case: Case) -> Judgement:
        """Play a case, and return its outcome. Raises EndedError."""
        reason = self._facts.missing(case.facts) or self._reason_against(case)
        if reason:
            return Judgement(outcome=NOT_TRIED, why=reason)
        try:
            judgement = self._play(case)
            if judgement.outcome == DIFFERS and case.tier == "read":
                judgement = self._play(case)  # others may have written meanwhile
        except NoAnswerError as error:
            if isinstance(error, NotPermittedError) and _PERMISSION not in self.aside:
                self._note(_PERMISSION, Judgement(outcome=HOLDS, status=401))
            return Judgement(outcome=NOT_TRIED, why=str(error))
        if case.tier == "probe" and judgement.outcome != HOLDS:
            self._unsafe.add(case.rules[0])
        return judgement

    def _reason_against(self, case: Case) -> str:
        """Return why a case is not played after what others have shown."""
        if case.tier != "probe":
            return ""
        if self.served:
            return _SERVED
        # The same body by PUT names a tracking that is not there: if it was not refused, a POST could write a row.
        return _COULD_WRITE if case.method == "POST" and case.rules[0] in self._unsafe else ""

    def _note(self, rule: str, judgement: Judgement) -> None:
        self.aside.setdefault(rule, []).append(judgement)

    def _play(self, case: Case) -> Judgement:
        facts = dict(self._facts.values)
        if "tracking" in case.facts:
            facts["tracking"] = self._own.for_updates()
        request = case.request(facts)
        before = self._before(case, facts)
        same = self._same_as(case)
        complete = self._complete(case, request)
        self._conversation.wait(case.wait)
        for _ in range(case.times - 1):
            self._send(case, request)
        answer, is_new = self._send(case, request)
        if case.tier == "probe" and 200 <= answer.status < 300:
            self.served = case.id
        value = self._kept(answer.value) if case.is_harmless else answer.value
        context = Context(facts=facts, complete=complete, same=same, before=before)
        if is_new:
            self._check_row(request, answer)
        return judge(case, answer, value, context, self._vocabulary)

    def _send(self, case: Case, request: CaseRequest) -> tuple[Answer, bool]:
        """Return the answer to the request of a case, and whether it was sent now."""
        allows_401 = case.is_about_keys
        if case.is_harmless or case.method == "GET":
            return self._conversation.send(request, is_harmless=True, allows_401=allows_401), True
        if case.method == "POST":
            return self._own.create(request, allows_401=allows_401)
        return self._own.update(request, allows_401=allows_401), True

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

    def _check_row(self, request: CaseRequest, answer: Answer) -> None:
        """Validate the rows of a served response against their schema, and look whether a written row is kept."""
        operation = _operation_of(request)
        if operation is None or answer.status != operation.status:
            return
        schema = self._contract.schemas[operation.row]
        has_form = _FORM in request.path
        if has_form:
            schema = schema.with_free_datetimes
        rows = answer.value if operation.is_list and isinstance(answer.value, list) else [answer.value]
        why = "" if all(schema.allows(row) for row in rows) else _WRONG_SHAPE
        if not why and request.method != "GET" and not self._is_kept(answer.value, has_form=has_form):
            why = _READ_BACK
        if rows:
            outcome = DIFFERS if why else HOLDS
            self._note(operation.rule(".row"), Judgement(outcome=outcome, status=answer.status, why=why))

    def _is_kept(self, row: Row, *, has_form: bool) -> bool:
        """Whether the office lists the row as it has sent it in the response. A list without the row says nothing."""
        found = next((one for one in self._own.listed(row.get("ClaimNum")) if one.get(KEY) == row.get(KEY)), None)
        if found is None:
            return True
        return found == ({**row, "DateTimeEntry": found.get("DateTimeEntry")} if has_form else row)


def _operation_of(request: CaseRequest) -> Operation | None:
    path = urlsplit(request.path).path.removeprefix(BASE_PATH).strip("/").split("/")
    has_number = len(path) == 2 and path[1].lstrip("-").isdigit()
    for operation in OPERATIONS:
        is_for_rows = (operation.number is not None) == has_number and len(path) <= 1 + has_number
        if (operation.method, operation.resource) == (request.method, path[0]) and is_for_rows:
            return operation
    return None
