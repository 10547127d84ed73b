"""Exchange: one request on an API path, with its response."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mockserver.syntax.strict_json import decode_body

MAX_BODY_BYTES = 65_536

# The part of a response that reaches the client: all, half, or nothing, because a fault or the client has ended the
# connection.
OUTCOMES = COMPLETE, TRUNCATED, RESET, LOST = "complete", "truncated", "connection reset", "connection lost"


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request with its response. `operation` is empty if the request named none.

    `path` is the request's target without its credentials. `status` is the status that the client got: 0 if the
    `outcome` is not COMPLETE. `kept` is the status of the operation itself if its changes are kept although the client
    got another response, or none. The headers are those of the request as it came, credentials included: they must be
    shown only through `redaction.shown_headers`; `header_bytes` is their approximate size in memory, if it is known.
    Once the exchange is closed, bodies are kept up to MAX_BODY_BYTES, headers up to MAX_HEADER_BYTES together; `cut`
    says that there was more. `rules` are those that the exchange covers, `refused_by` the one that refuses it, and
    `hint` says what would have been right. `is_refused_warning` says that strict has refused a request that would
    otherwise be served with a warning. `unserved` is the operation of the vendor's API that the request was for, as
    `GET /patients/{PatNum}`, if the mock does not serve it. `fault_fields` set the fault again.
    """

    id: int
    method: str
    path: str
    at: datetime = datetime.min
    operation: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    header_bytes: int | None = field(default=None, repr=False)
    sent: bytes = field(default=b"", repr=False)
    status: int = 0
    outcome: str = COMPLETE
    kept: int = 0
    answer: bytes = field(default=b"", repr=False)
    cut: bool = False
    explanation: str = ""
    rules: list[str] = field(default_factory=list)
    refused_by: str = ""
    is_refused_warning: bool = False
    unserved: str = ""
    hint: str = ""
    warnings: list[tuple[str, str]] = field(default_factory=list)
    fault: str = ""
    fault_fields: Mapping[str, Any] = field(default_factory=dict)
    milliseconds: float = 0.0

    def sent_json(self) -> Any:
        """Return the JSON of the request's body. Raises ValueError if it is empty, cut or not JSON."""
        return self._json(self.sent, "request")

    def answer_json(self) -> Any:
        """Return the JSON of the response's body, as the client got it. Raises ValueError like `sent_json`."""
        return self._json(self.answer, "response")

    def _json(self, body: bytes, what: str) -> Any:
        try:
            return decode_body(body)
        except ValueError as error:
            why = "is empty" if not body else "was cut" if len(body) == MAX_BODY_BYTES else f"is not JSON: {error}"
            raise ValueError(f"exchange {self.id}: the body of the {what} {why}") from None
