"""Reads: GET requests of a run, of which each is sent once, since cases share the answer."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mockserver.contract.cases import BASE_PATH, Case
from mockserver.http_client import Answer
from mockserver.verify.conversation import Conversation


class Reads:
    """The answers to plain GET requests, by path, without the Notes that `kept` leaves out."""

    def __init__(self, conversation: Conversation, kept: Callable[[Any], Any]) -> None:
        self._conversation, self._kept = conversation, kept
        self._answers: dict[str, Answer] = {}

    def ask(self, path: str, *, again: bool = False) -> tuple[Answer, bool]:
        """Return the answer to a GET, and whether it was sent now, as it is `again`. Raises NoAnswerError, EndedError.

        Only an answer that was sent now has the Notes of others.
        """
        is_new = again or path not in self._answers
        if not is_new:
            return self._answers[path], False
        answer = self._conversation.ask(path)
        value = answer.value
        kept = json.dumps(self._kept(value)).encode() if isinstance(value, list | dict) else answer.body
        self._answers[path] = replace(answer, body=kept)
        return answer, True


def calls_around(case: Case) -> set[str]:
    """Return the calls besides its own with whose responses the response to a case is compared."""
    calls = {one.same_as for one in case.expectations} - {""}
    return calls | ({complete_path(case.call)} if any(one.slice for one in case.expectations) else set())


def complete_path(path: str) -> str:
    """Return a path without Limit and Offset."""
    return re.sub(r"(?<=[?&])(Limit|Offset)=[^&]*&?", "", path)


def same_path(case: Case) -> str:
    """Return the path whose response is the same as that to the case in one of its variants, or nothing."""
    calls = {one.same_as for one in case.expectations} - {""}
    return BASE_PATH + calls.pop().partition(" ")[2] if calls else ""
