"""Exceptions of the API: refusals, and violations of the contract. The package `web` makes them HTTP responses."""

from collections.abc import Mapping
from types import MappingProxyType


class Refusal(Exception):
    """A 4xx response that the contract requires.

    `explanation` is the text for the client, in the vendor's words if they are known. `rule` is the id of the rule that
    the request breaks. `hint` says what would have been right; it goes to the log and to the mock's own header.
    `retry_after` is the number of whole seconds after which the same request may succeed. `names` are the values that
    a text of the refusal may contain: `{"resource": "patients"}`.
    """

    status: int = 400

    def __init__(
        self,
        explanation: str,
        *,
        rule: str,
        hint: str = "",
        retry_after: int | None = None,
        names: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        super().__init__(explanation)
        self.explanation = explanation
        self.rule = rule
        self.hint = hint
        self.retry_after = retry_after
        self.names = names


class BadRequest(Refusal):
    """400: the operation does not accept the request."""

    status = 400


class Unauthorized(Refusal):
    """401: the credentials are not valid for the office or for this operation."""

    status = 401


class NotFound(Refusal):
    """404: the resource, or a row that the request names, does not exist."""

    status = 404


class TooManyRequests(Refusal):
    """429: the customer key has to wait."""

    status = 429


class ContractBroken(Exception):
    """A value that the server was about to send or to store violates its own schema."""


class ContractUnusable(Exception):
    """A shipped schema or rule is invalid, so that the server must not start."""
