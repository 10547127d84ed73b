"""Own rows: the rows that a run has written, which are the only ones that it changes."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from mockserver.contract.cases import BASE_PATH, CaseRequest
from mockserver.http_client import Answer
from mockserver.verify.conversation import Conversation, EndedError, NoAnswerError
from mockserver.verify.facts import Facts, Row, is_number

KEY = "ClaimTrackingNum"

_MAX_PAGES = 50
_MAX_DIGITS = 19
_REFUSALS = range(400, 429)


@dataclass(slots=True, kw_only=True)
class Traces:
    """The numbers of the rows that a run may have left, for the person at the terminal.

    `marked` have the Note of the run, `named` are those of responses to creates without it, and `others` are new in the
    lists of the office, and perhaps of somebody else. `unnamed` is the number of creates without a refusal or a number
    in their response, of which the Note was not found. `is_compared` says whether the lists could be compared.
    """

    marked: list[int]
    named: list[int]
    others: list[int]
    unnamed: int
    is_compared: bool

    @property
    def count(self) -> int:
        """Return the number of rows that the run has left, as far as it is known."""
        return len(self.marked) + len(self.named) + self.unnamed

    @property
    def missing(self) -> int:
        """Return the number of creates that may have left a row whose number is not known."""
        return max(self.unnamed - len(self.others), 0)


@dataclass(slots=True)
class OwnRows:
    """The rows of a run.

    `rows` has those that the run has written for certain, by number: a response to a create names the row, or its Note
    does, and the office lists it for the claim, as it did not before. All updates change one of them.
    """

    conversation: Conversation
    facts: Facts
    rows: dict[int, Row] = field(default_factory=dict)
    _named: set[int] = field(default_factory=set)
    _uncertain: int = 0
    _before: frozenset[int] | None = None
    _answers: dict[Any, Answer | NoAnswerError] = field(default_factory=dict)

    @property
    def note(self) -> str:
        """Return the Note that marks a row."""
        return str(self.facts.values["note"])

    def create(self, request: CaseRequest, *, allows_401: bool = False) -> tuple[Answer, bool]:
        """Return the answer to a create, and whether it was sent now: creates that are alike are sent once.

        Raises NoAnswerError, EndedError.
        """
        key = likeness(request)
        is_new = key not in self._answers
        if is_new:
            self._answers[key] = self._create(request, allows_401=allows_401)
        answer = self._answers[key]
        if isinstance(answer, NoAnswerError):
            raise answer
        return answer, is_new

    def _create(self, request: CaseRequest, *, allows_401: bool) -> Answer | NoAnswerError:
        if self._before is None:
            self._before = frozenset(self._all_rows())  # without their Notes
        sent = self.conversation.creates
        try:
            answer = self.conversation.send(request, is_harmless=False, allows_401=allows_401)
        except NoAnswerError as error:
            if error.is_uncertain:
                self._uncertain += 1
                self._look_for_row()
            return error
        except KeyboardInterrupt:
            self._uncertain += self.conversation.creates > sent
            raise
        named = set(_numbers(answer)) - self._before
        self._named |= named
        if answer.status not in _REFUSALS:
            self._uncertain += not named
            self._look_for_row()
        return answer

    def _look_for_row(self) -> None:
        with suppress(NoAnswerError):  # then updates have no row
            self.find()

    def update(self, request: CaseRequest, *, allows_401: bool = False) -> Answer:
        """Return the answer to an update of an own row, which is sent once. Raises NoAnswerError, EndedError."""
        answer = self.conversation.send(request, is_harmless=False, allows_401=allows_401)
        row = answer.value
        if answer.status == 200 and isinstance(row, dict) and row.get(KEY) in self.rows:
            self.rows[row[KEY]] = row
        return answer

    def saw(self, row: Row) -> None:
        """Record an own row as the office lists it, since the response to an update may differ."""
        if row.get(KEY) in self.rows:
            self.rows[row[KEY]] = row

    def was_before(self, row: Row) -> bool:
        """Whether a row has the number of one that was there before the run wrote anything."""
        return self._before is not None and row.get(KEY) in self._before

    def is_own(self, row: Row) -> bool:
        """Whether a row is one of this run, which its Note may tell."""
        number = row.get(KEY)
        return (is_number(number) and number in self.rows) or self.note in str(row.get("Note"))

    def for_updates(self) -> int:
        """Return the number of the row for updates, which has its first values.

        It is written when it is first needed, and once only. Raises NoAnswerError, EndedError.
        """
        reason = "the office does not list the row that it should have created for cases of updates"
        try:
            answer, _ = self.create(create_for_updates(self.facts))
            if answer.status in _REFUSALS:
                reason = f"the office has not created a row for cases of updates (status {answer.status})"
        except NoAnswerError as error:
            reason = str(error)
        number = min(self.rows, default=None)
        if number is None:
            raise NoAnswerError(reason)
        self._restore(number, first_values(self.facts))
        return number

    def tidy(self) -> None:
        """Mark each row by its Note, as far as a case has changed it. Raises NoAnswerError, EndedError."""
        for number in list(self.rows):
            self._restore(number, {"Note": self.note})

    def find(self) -> None:
        """Look the rows up again. Raises NoAnswerError, EndedError."""
        for number, row in self._of_claim().items():
            is_new = self._before is not None and number not in self._before
            if number in self.rows or (is_new and (number in self._named or self.note in str(row.get("Note")))):
                self.rows[number] = row

    def traces(self) -> Traces:
        """Return what the run may have left, by comparing the lists of the office before and after."""
        new: dict[int, Row] = {}
        is_compared = self._before is None  # nothing was created
        if self._before is not None:
            with suppress(NoAnswerError, EndedError, KeyboardInterrupt):
                new = {number: row for number, row in self._all_rows().items() if number not in self._before}
                is_compared = True
        known = self.rows | new
        marked = {number for number, row in known.items() if self.note in str(row.get("Note"))}
        named = (self._named | self.rows.keys()) - marked
        others = new.keys() - marked - named
        unnamed = max(self._uncertain - len(marked - self._named), 0)
        return Traces(marked=sorted(marked), named=sorted(named), others=sorted(others), unnamed=unnamed,
                      is_compared=is_compared)  # fmt: skip

    def listed(self, claim: Any, query: str = "") -> list[Row]:
        """Return the rows that the office lists for a claim. Raises NoAnswerError, EndedError."""
        return self._list(f"?ClaimNum={claim}{query}")

    def _list(self, query: str = "") -> list[Row]:
        value = self.conversation.ask(f"{BASE_PATH}/claimtrackings{query}").value
        return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []

    def _all_rows(self) -> dict[int, Row]:
        """Return the rows of the claim, and those on the first page of all claims."""
        return {**_by_number(self._list()), **self._of_claim()}

    def _of_claim(self) -> dict[int, Row]:
        """Return all rows of the claim, page by page."""
        rows: dict[int, Row] = {}
        for _ in range(_MAX_PAGES):
            page = _by_number(self.listed(self.facts.values["claim"], f"&Offset={len(rows)}" if rows else ""))
            if not page.keys() - rows.keys():
                break
            rows |= page
        return rows

    def _restore(self, number: int, values: Mapping[str, Any]) -> None:
        """Set a row to these values, unless it has them."""
        row = self.rows[number]
        changed = {column: value for column, value in values.items() if row.get(column) != value}
        if changed and self.update(_request("PUT", f"/{number}", changed)).status == 200:
            self.rows[number] = {**self.rows[number], **changed}  # the response may be the row as it was before


def first_values(facts: Facts) -> dict[str, Any]:
    """Return the columns of the row for updates before each case."""
    values = facts.values
    return {
        "Note": values["note"],
        "TrackingDefNum": values.get("status", 0),
        "TrackingErrorDefNum": values.get("error_code", 0),
    }


def create_for_updates(facts: Facts) -> CaseRequest:
    """Return the create of the row for updates."""
    return _request("POST", "", {"ClaimNum": facts.values["claim"], **first_values(facts)})


def likeness(request: CaseRequest) -> object:
    """Return a value that is equal for creates that are alike, and therefore sent once."""
    return (request.path, request.body, *sorted(request.headers.items()))


def _request(method: str, number: str, fields: Mapping[str, Any]) -> CaseRequest:
    return CaseRequest(method, f"{BASE_PATH}/claimtrackings{number}", body=json.dumps(fields).encode())


def _by_number(rows: list[Row]) -> dict[int, Row]:
    return {row[KEY]: row for row in rows if is_number(row.get(KEY))}


def _numbers(answer: Answer) -> Iterator[int]:
    """Yield each number of a tracking in the answer to a create, in whatever form it is told."""
    values = answer.value if isinstance(answer.value, list) else [answer.value]
    for value in values:
        parts = (
            [part for name, part in value.items() if name.lower() == KEY.lower()]
            if isinstance(value, dict)
            else [value]
        )
        for part in (*parts, answer.headers.get("location", "").rpartition("/")[2]):
            if isinstance(part, str) and part.isascii() and part.isdigit() and len(part) <= _MAX_DIGITS:
                part = int(part)
            if is_number(part):
                yield part
