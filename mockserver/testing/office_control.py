"""Office control: the rows of an office, which a test reads, changes, saves and restores."""

from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any

from mockserver.office.office import Office, Snapshot
from mockserver.office.rows import Claim, ClaimTracking, Definition
from mockserver.seeding.single_row import delete_row, put_row
from mockserver.suggestions import alternatives
from mockserver.tenants.hooks import Hook
from mockserver.testing.access import Access, Got
from mockserver.testing.office_interface import OfficeInterface, Row


class OfficeControl(OfficeInterface):
    """The office's rows."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @property
    def claimtracking(self) -> list[ClaimTracking]:
        """Return all trackings in the order of the API: newest first, unless the office was observed to differ."""

        def listed(office: Office) -> list[ClaimTracking]:
            table = office.claimtracking
            return list(table)[::-1] if table.spec.newest_first else list(table)

        return self._call(listed)

    @property
    def claim(self) -> list[Claim]:
        """Every claim."""
        return self._call(lambda office: list(office.claim))

    @property
    def definition(self) -> list[Definition]:
        """Every definition."""
        return self._call(lambda office: list(office.definition))

    def _put(self, what: Row | str, columns: dict[str, Any]) -> Row:
        return self._access.change(lambda tenant: put_row(tenant.office, what, columns, self._access.contract))

    def delete(self, what: Row | str, number: int | None = None, /) -> None:
        """Delete a row, given as itself or by its table and number: `delete("claim", 15)`.

        Its number is not used again. Raises ValueError if there is no such row, or if other rows name it.
        """
        self._access.change(lambda tenant: delete_row(tenant.office, what, number))

    def snapshot(self) -> "OfficeSnapshot":
        """Return the office as it is now: rows, numbering, preferences, keys and clock."""
        return OfficeSnapshot(self._access, self._call(lambda office: office.snapshot()))

    def on(self, *, operation: str, after: int = 1, do: Callable[[], object]) -> None:
        """Run `do()` once, after so many more exchanges of `operation`, before the next request.

        It runs on the server's thread, which answers nothing meanwhile: it may use all controls, but must not send a
        request to the server nor wait for another thread. An error in it is logged, and fails a test with the pytest
        plugin. A reset removes it. Raises TypeError, ValueError.
        """
        names = self._access.contract.folders.operation_names()
        if operation not in names:
            raise ValueError(f"{operation!r} is not an operation; {alternatives(operation, names)}")
        if type(after) is not int or after < 1:
            raise ValueError(f"after must be a whole number of 1 or more, and is {after!r}")
        given: object = do
        if not callable(given) or iscoroutinefunction(given):
            raise TypeError(f"do must be a function without `async`, called without arguments, and is {do!r}")
        hook = Hook(operation=operation, after=after, do=do)
        self._access.use(lambda tenant: tenant.hooks.add(hook))

    def _call(self, do: Callable[[Office], Got]) -> Got:
        return self._access.use(lambda tenant: do(tenant.office))


class OfficeSnapshot:
    """An office as it was when the snapshot was taken. It can be restored as often as a test needs."""

    def __init__(self, access: Access, snapshot: Snapshot) -> None:
        self._access = access
        self._snapshot = snapshot

    def restore(self) -> None:
        """Restore the office. Faults, hooks and journal are kept, and requests that wait are closed, as by a reset."""
        self._access.use(lambda tenant: tenant.restore(self._snapshot))
