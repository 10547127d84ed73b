"""Access: one office of a server, and the thread that may use it."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from mockserver.contract.contract import Contract
from mockserver.tenants.tenant import Tenant
from mockserver.violations import error_texts

Got = TypeVar("Got")


class Caller(Protocol):
    """A function that runs another one on the server's event loop, between two requests."""

    def __call__(self, do: Callable[[], Got], /) -> Got:
        """Return `do()`."""


class Access:
    """Access to an office from any thread."""

    def __init__(self, call: Caller, find: Callable[[], Tenant], contract: Contract) -> None:
        self.contract = contract
        self._call = call
        self._find = find

    def use(self, do: Callable[[Tenant], Got]) -> Got:
        """Return `do(tenant)`, called between two requests with the office, its journal, faults and hooks."""
        return self._call(lambda: do(self._find()))

    def change(self, do: Callable[[Tenant], Got]) -> Got:
        """Like `use`, for a `do` that changes the office, its clock or its faults: the page shows that at once."""

        def changed(tenant: Tenant) -> Got:
            result = do(tenant)
            tenant.changes.note()
            return result

        return self.use(changed)

    def check(self, schema: str, value: dict[str, Any], *, whole: str) -> None:
        """Validate `value` against a schema. Raises ValueError, which calls the value itself `whole`."""
        errors = self.contract.schemas[schema].errors(value)
        violations = [text for error in errors for _, text in error_texts(error, whole)]
        if violations:
            raise ValueError("; ".join(dict.fromkeys(violations)))
