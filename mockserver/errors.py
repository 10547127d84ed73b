"""Exceptions of the API: refusals, and violations of the contract. The package `web` makes them HTTP responses."""

from collections.abc import Mapping
from types import MappingProxyType


class Refusal(Exception):
    """A request breaks a rule of the contract; the rule has the status and the explanation of the response.

    `rule` is its id, and `names` are the values that its explanation may contain: `{"resource": "patients"}`. `hint`
    says what would have been right; it goes to the log and to the mock's own header. After `retry_after` seconds the
    same request may succeed.
    """

    def __init__(
        self,
        rule: str,
        names: Mapping[str, object] = MappingProxyType({}),
        *,
        hint: str = "",
        retry_after: int | None = None,
    ) -> None:
        super().__init__(rule)
        self.rule = rule
        self.names = names
        self.hint = hint
        self.retry_after = retry_after


class ContractBroken(Exception):
    """A value that the server was about to send or to store violates its own schema."""


class ContractUnusable(Exception):
    """A shipped schema or rule is invalid, so that the server must not start."""
