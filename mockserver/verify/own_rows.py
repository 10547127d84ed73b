"""Own rows: the rows that a run has written, which are the only ones that it changes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.contract.cases import BASE_PATH, CaseRequest
from mockserver.verify.client import Answer
from mockserver.verify.conversation import Conversation, NoAnswerError
from mockserver.verify.facts import Facts, Row

KEY = "ClaimTrackingNum"
NO_BUDGET = "the rows that --may-create allows are used up"


@dataclass(slots=True)
class OwnRows:
    """The rows of a run by their number, and the number of creates whose response was lost.

    At most `budget` rows may be written. All updates change one of them, and each is marked by its Note.
    """

    conversation: Conversation
    facts: Facts
    budget: int
    rows: dict[int, Row] = field(default_factory=dict)
    lost: int = 0
    _for_updates: int | None = None

    @property
    def note(self) -> str:
        """Return the Note that marks a row."""
        return str(self.facts.values["note"])

    def check_budget(self) -> None:
        """Raise NoAnswerError if no further row may be written."""
        if len(self.rows) + self.lost >= self.budget:
            raise NoAnswerError(NO_BUDGET)

    def send(self, request: CaseRequest, *, allows_401: bool = False) -> Answer:
        """Send a request that may write, once. Raises NoAnswerError, KeysRefusedError."""
        try:
            answer = self.conversation.send(request, is_harmless=False, allows_401=allows_401)
        except NoAnswerError as error:
            if error.is_uncertain:
                self._search(request)
            raise
        except KeyboardInterrupt:
            self.lost += request.method == "POST"
            raise
        if answer.status >= 500:
            self._search(request)
        return answer

    def _search(self, request: CaseRequest) -> None:
        """Look for a row of a create of which nobody knows whether it was carried out."""
        if request.method == "POST":
            self.lost += 1
            self.find()

    def keep(self, row: Any) -> None:
        """Keep a row that the office has sent in its response to a write, unless it was there before the run."""
        if not isinstance(row, dict) or row.get("ClaimNum") != self.facts.values.get("claim"):
            return
        number = row.get(KEY)
        if isinstance(number, int) and all(other.get(KEY) != number for other in self.facts.of_claim):
            self.rows[number] = row

    def is_own(self, row: Row) -> bool:
        """Whether a row is one of this run, which its Note may tell."""
        return row.get(KEY) in self.rows or self.note in str(row.get("Note"))

    def for_updates(self) -> int:
        """Return the number of the row for updates, which has its first values.

        It is written when it is first needed. Raises NoAnswerError, KeysRefusedError.
        """
        if self._for_updates is None:
            self.check_budget()
            fields = {"ClaimNum": self.facts.values["claim"], **self._first_values()}
            answer = self.send(_request("POST", "", fields))
            if answer.status != 201:
                raise NoAnswerError(f"the office has not created a row for cases of updates (status {answer.status})")
            self.keep(answer.value)
            self._for_updates = next(iter(self.rows), None)
        if self._for_updates is None:
            raise NoAnswerError("the office has not told the number of the row for cases of updates")
        self._restore(self._for_updates, self._first_values())
        return self._for_updates

    def tidy(self) -> None:
        """Mark each row by its Note, as far as a case has changed it. Raises NoAnswerError, KeysRefusedError."""
        for number in list(self.rows):
            self._restore(number, {"Note": self.note})

    def find(self) -> None:
        """Look the rows up again, and those whose response was lost. Raises NoAnswerError, KeysRefusedError."""
        for row in filter(self.is_own, self.listed(self.facts.values["claim"])):
            number = row.get(KEY)
            if isinstance(number, int):
                self.lost -= number not in self.rows and self.lost > 0
                self.rows[number] = row

    def listed(self, claim: Any, query: str = "") -> list[Row]:
        """Return the rows that the office lists for a claim. Raises NoAnswerError, KeysRefusedError."""
        value = self.conversation.ask(f"{BASE_PATH}/claimtrackings?ClaimNum={claim}{query}").value
        return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []

    def _first_values(self) -> dict[str, Any]:
        values = self.facts.values
        return {
            "Note": self.note,
            "TrackingDefNum": values.get("status", 0),
            "TrackingErrorDefNum": values.get("error_code", 0),
        }

    def _restore(self, number: int, values: Mapping[str, Any]) -> None:
        """Give a row these values, unless it has them."""
        row = self.rows[number]
        changed = {column: value for column, value in values.items() if row.get(column) != value}
        if changed:
            answer = self.send(_request("PUT", f"/{number}", changed))
            self.keep(answer.value if answer.status == 200 else None)


def _request(method: str, number: str, fields: Mapping[str, Any]) -> CaseRequest:
    return CaseRequest(method, f"{BASE_PATH}/claimtrackings{number}", body=json.dumps(fields).encode())
