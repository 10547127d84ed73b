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
    """A schema, an operation or a rule is invalid, so that the server must not start.

    `file` is the path of the file, and `where` the place in it: the names and indexes that lead to it.
    """

    def __init__(self, message: str, file: object = "", where: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.file, self.where = str(file), where


class Misdeclared(ValueError):
    """A part of a resource folder that does not declare what it should. `where` is its place in the file."""

    def __init__(self, message: str, *where: str | int) -> None:
        super().__init__(message)
        self.where = where
