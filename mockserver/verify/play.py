"""Player: one case after the other, each with the requests that it needs around its own."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from mockserver.api.operation import Operation
from mockserver.api.resources import OPERATIONS
from mockserver.contract.cases import BASE_PATH, Case, CaseRequest
from mockserver.contract.contract import Contract
from mockserver.http_client import Answer
from mockserver.observations.observation import DIFFERS, HOLDS, NOT_TRIED
from mockserver.observations.vocabulary import Vocabulary
from mockserver.verify.conversation import Conversation, NoAnswerError, NotPermittedError, target
from mockserver.verify.custom_tracking import ask_claim, change, custom_tracking_of
from mockserver.verify.facts import Facts, Row, is_number
from mockserver.verify.judge import Judgement, judge
from mockserver.verify.matching import Context
from mockserver.verify.own_rows import KEY, OwnRows
from mockserver.verify.reads import Reads, complete_path, same_path
from mockserver.verify.row_checks import DATETIME_FORM, RowChecks

_PERMISSION = "api.permission"
_USER = "claimtrackings.update.UserNum"
_SERVED = "no further probe is sent, since the office has served one"
_COULD_WRITE = "the office does not refuse such an update, so that such a create could write a row"


class Player:
    """The player of cases at one office.

    `aside` collects outcomes of rules that the cases of other rules show: which columns a row has, that a row is kept,
    and that keys need a permission. `served` names the probe that the office has served, after which no other is sent.
    With `keeps_notes` the Notes of all rows are compared, which is for mocks alone.
    """

    def __init__(
        self,
        conversation: Conversation,
        facts: Facts,
        contract: Contract,
        own: OwnRows,
        vocabulary: Vocabulary,
        *,
        keeps_notes: bool = False,
    ) -> None:
        self._conversation = conversation
        self._facts = facts
        self._vocabulary = vocabulary
        self._own = own
        self._row_checks = RowChecks(contract, own)
        self._reads = Reads(conversation, self._kept)
        self._keeps_notes = keeps_notes
        self._unsafe: set[str] = set()
        self.aside: dict[str, list[Judgement]] = {}
        self._causes: dict[object, str] = {}
        self.served = ""

    def play(self, case: Case) -> Judgement:
        """Play a case, and return its outcome. Raises EndedError."""
        reason = self._facts.missing(case.facts) or self._reason_against(case)
        if reason:
            return Judgement(outcome=NOT_TRIED, why=reason)
        try:
            judgement = self._play(case)
            if judgement.outcome == DIFFERS and case.tier == "read":
                judgement = self._play(case, again=True)  # others may have written meanwhile
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

    def _play(self, case: Case, *, again: bool = False) -> Judgement:
        facts = dict(self._facts.values)
        if "tracking" in case.facts:
            facts["tracking"] = self._own.for_updates()
        request = case.request(facts)
        before = self._before(case, facts)
        again = again or case.tier != "read"
        same = self._same_as(case, again=again)
        complete = self._complete(case, request, again=again)
        self._conversation.wait(case.wait)
        for _ in range(case.times - 1):
            self._send(case, request, again=again)
        own = self._own.rows.get(facts.get("tracking", 0), {})
        status = self._custom_tracking(case)
        answer, is_new = self._send(case, request, again=again)
        if case.tier == "probe" and 200 <= answer.status < 300:
            self.served = case.id
        value = self._kept(answer.value) if case.is_harmless else answer.value
        operation = _operation_of(request)
        is_list = operation.is_list if operation is not None and operation.has_answer else None
        moved = change(status, self._custom_tracking(case), answer.value) if is_new else ""
        context = Context(
            facts=facts, complete=complete, same=same, before=before, custom_tracking=moved, is_list=is_list
        )
        judgement = judge(case, answer, value, context, self._vocabulary)
        kept = self._kept_row(request, answer)
        if kept is not None:
            self._own.saw(kept)
        if own and kept is not None and kept.get("UserNum") != own.get("UserNum"):
            self._note(_USER, Judgement(outcome=DIFFERS, status=answer.status, why="UserNum is not as before"))
        if is_new and operation is not None and 200 <= answer.status < 300:
            self._check_rows(operation, request, answer, kept)
        if judgement.outcome == DIFFERS and kept is not None:
            # What the office keeps decides; that its response is another belongs to the rule of the row alone.
            by_list = judge(case, replace(answer, body=json.dumps(kept).encode()), kept, context, self._vocabulary)
            judgement = by_list if by_list.outcome == HOLDS else judgement
        return self._once(case, request, answer, judgement)

    def _once(self, case: Case, request: CaseRequest, answer: Answer, judgement: Judgement) -> Judgement:
        """Return an outcome, unless the same answer to valid requests of the kind has decided a rule already."""
        is_refused = answer.status != case.expect.status and case.expect.status < 300
        if judgement.outcome != DIFFERS or judgement.variant or not is_refused:
            return judgement
        cause = (*target(request), answer.status, answer.explanation)
        rule = self._causes.setdefault(cause, case.rules[0])
        if rule == case.rules[0]:
            return judgement
        return Judgement(outcome=NOT_TRIED, status=answer.status, why=f"the office answers as in {rule}")

    def _send(self, case: Case, request: CaseRequest, *, again: bool) -> tuple[Answer, bool]:
        """Return the answer to the request of a case, and whether it was sent now."""
        if case.is_plain_read:
            return self._reads.ask(request.path, again=again)
        allows_401 = case.is_about_keys
        if case.is_harmless or case.method == "GET" or not _is_of_trackings(request):
            return self._conversation.send(request, is_harmless=True, allows_401=allows_401), True
        if target(request) == ("POST", "claimtrackings"):
            return self._own.create(request, allows_401=allows_401)
        return self._own.update(request, allows_401=allows_401), True

    def _before(self, case: Case, facts: Mapping[str, Any]) -> Row:
        """Return the own row as it is now, if the case compares its DateTimeEntry."""
        if all(one.moved is None for one in case.expectations):
            return {}
        self._own.find()
        return self._own.rows.get(facts["tracking"], {})

    def _custom_tracking(self, case: Case) -> int | None:
        """Return the status of the claim that gets rows, if the case compares it."""
        if not case.expect.custom_tracking:
            return None
        return custom_tracking_of(ask_claim(self._conversation, self._facts.values["claim"]))

    def _same_as(self, case: Case, *, again: bool) -> Any:
        path = same_path(case)
        return self._kept(self._reads.ask(path, again=again)[0].value) if path else None

    def _complete(self, case: Case, request: CaseRequest, *, again: bool) -> list[Row]:
        if not any(one.slice for one in case.expectations):
            return []
        value = self._kept(self._reads.ask(complete_path(request.path), again=again)[0].value)
        return value if isinstance(value, list) else []

    def _kept(self, value: Any) -> Any:
        """Return the JSON of a response without the Notes of rows of others."""
        if isinstance(value, list):
            return [self._kept(part) for part in value]
        if not isinstance(value, dict) or self._keeps_notes or self._own.is_own(value):
            return value
        return {name: part for name, part in value.items() if name != "Note"}

    def _kept_row(self, request: CaseRequest, answer: Answer) -> Row | None:
        """Return a written row as the office lists it, or None if it is not listed."""
        row = answer.value
        if request.method == "GET" or answer.status not in (200, 201) or not isinstance(row, dict):
            return None
        if not _is_of_trackings(request):
            return None
        claim = row.get("ClaimNum") if is_number(row.get("ClaimNum")) else self._facts.values.get("claim")
        query = urlsplit(request.path).query
        listed = self._own.listed(claim, f"&{query}" if DATETIME_FORM in query else "")
        return next((other for other in listed if other.get(KEY) == row.get(KEY)), None)

    def _check_rows(self, operation: Operation, request: CaseRequest, answer: Answer, kept: Row | None) -> None:
        """Note what a served response shows of the rule on its rows."""
        rule, shown = operation.rule(".row"), self._row_checks.judge(operation, request, answer, kept)
        if answer.status != operation.status:
            self._causes[(*target(request), answer.status, answer.explanation)] = rule
        if shown is not None:
            self._note(rule, shown)


def _is_of_trackings(request: CaseRequest) -> bool:
    """Return whether a request is for the one resource whose rows a run writes."""
    return "/claimtrackings" in request.path


def _operation_of(request: CaseRequest) -> Operation | None:
    resource, *rest = urlsplit(request.path).path.removeprefix(BASE_PATH).strip("/").split("/")
    has_number = bool(rest) and rest[0].lstrip("-").isdigit()
    wanted = (request.method, has_number, "/".join(rest[has_number:]))
    for operation in OPERATIONS.of(resource):
        if (operation.method, operation.number is not None, operation.word) == wanted:
            return operation
    return None
