"""Exchange of a server that runs already: an entry of its journal, as the admin API shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict


class JournalFilters(TypedDict, total=False):
    """The filters of the journal, which docs/journal.md describes."""

    operation: str
    method: str
    path: str
    status: int
    outcome: str
    kept: int
    rule: str
    warning: str
    kind: Literal["refused", "unserved", "warned", "fault", "written"]
    text: str
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteExchange:
    """One request with its response. The fields mean the same as those of `MockServer.requests`.

    Headers and texts are without credentials. The bodies are those that the journal shows: JSON, text, or None.
    """

    id: int
    at: str
    method: str
    path: str
    operation: str
    headers: Mapping[str, str] = field(repr=False)
    status: int
    outcome: str
    kept: int
    cut: bool
    explanation: str
    rules: list[str]
    refused_by: str
    hint: str
    warnings: list[tuple[str, str]]
    fault: str
    fault_fields: Mapping[str, Any]
    milliseconds: float
    sent_body: Any = field(repr=False)
    answer_body: Any = field(repr=False)

    def sent_json(self) -> Any:
        """Return the JSON of the request's body."""
        return self.sent_body

    def answer_json(self) -> Any:
        """Return the JSON of the response's body, as the client got it."""
        return self.answer_body

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "RemoteExchange":
        """Return the exchange that an entry of the journal describes."""
        request, response, refusal = entry["request"], entry["response"], entry["refusal"] or {}
        return cls(
            **{name: entry[name] for name in ("id", "at", "operation", "cut", "explanation", "rules", "fault")},
            **{name: request[name] for name in ("method", "path", "headers")},
            **{name: response[name] for name in ("status", "outcome")},
            kept=entry["kept"] or 0,
            refused_by=refusal.get("rule", ""),
            hint=refusal.get("hint", ""),
            warnings=[(warning["rule"], warning["text"]) for warning in entry["warnings"]],
            fault_fields=entry["fault_fields"] or {},
            milliseconds=entry["ms"],
            sent_body=request["body"],
            answer_body=response["body"],
        )
