"""CustomTracking: the status of a claim itself, before and after a write to its trackings."""

from typing import Any

from mockserver.contract.cases import BASE_PATH
from mockserver.http_client import Answer
from mockserver.verify.conversation import Conversation


def ask_claim(conversation: Conversation, claim: int) -> Answer:
    """Return the office's answer to a GET of a claim. Raises NoAnswerError, EndedError."""
    return conversation.ask(f"{BASE_PATH}/claims/{claim}")


def custom_tracking_of(answer: Answer) -> int | None:
    """Return the status of a claim, or None if the answer does not tell it."""
    status = answer.value.get("CustomTracking") if isinstance(answer.value, dict) else None
    return status if type(status) is int else None


def change(before: int | None, after: int | None, row: Any) -> str:
    """Return what the status of a claim has done when a row was written: stays, follows, or changes.

    It is empty if the claim had the status of the row before, so that a change would not be visible.
    """
    wanted = row.get("TrackingDefNum") if isinstance(row, dict) else None
    if before is None or after is None or before == wanted:
        return ""
    return "follows" if after == wanted else "stays" if after == before else "changes"
