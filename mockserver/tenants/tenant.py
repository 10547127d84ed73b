"""Tenant: one office with its journal, faults, hooks and snapshots, its changes and its reset."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mockserver.journal.exchange import Exchange
from mockserver.journal.journal import Journal
from mockserver.office.faults import Faults, fault
from mockserver.office.office import Office, Snapshot
from mockserver.reports.coverage import Coverage
from mockserver.tenants.changes import Changes
from mockserver.tenants.hooks import Hooks

MAX_SNAPSHOTS = 32


class LifetimeEnded(ConnectionResetError):
    """The office of a request was reset, replaced or dropped after the request's head arrived."""


class Lifetime:
    """The time of an office between two resets. A request belongs to the lifetime in which its head arrived.

    Replacing the office, restoring a snapshot and dropping the tenant end it too. A request that is still waiting then
    changes nothing any more.
    """

    __slots__ = ("_at_end", "ended", "tenant")

    def __init__(self, tenant: "Tenant") -> None:
        self.tenant = tenant
        self.ended = False
        self._at_end: dict[Callable[[], None], None] = {}

    def check(self) -> None:
        """Raise LifetimeEnded if the lifetime has ended."""
        if self.ended:
            raise LifetimeEnded("the office was reset, replaced or dropped while the request waited")

    def at_end(self, call: Callable[[], None]) -> None:
        """Register `call` to be called at the end."""
        self._at_end[call] = None

    def forget(self, call: Callable[[], None]) -> None:
        """Unregister `call`."""
        self._at_end.pop(call, None)

    @contextmanager
    def watched(self, call: Callable[[], None]) -> Iterator[None]:
        """Register `call` within the block."""
        self.at_end(call)
        try:
            yield
        finally:
            self.forget(call)

    def close(self, exchange: Exchange) -> None:
        """Keep an exchange, and count it for rules and hooks, unless the lifetime has ended."""
        if not self.ended:
            tenant = self.tenant
            tenant.journal.close(exchange)
            tenant.coverage.add(exchange)
            if tenant.hooks.waiting:
                tenant.hooks.see(exchange.operation)

    def end(self) -> None:
        """End the lifetime, and call all registered functions."""
        self.ended = True
        calls, self._at_end = self._at_end, {}
        for call in calls:
            call()


class Tenant:
    """The state that one set of users shares and that is hidden from others. A reset sets the fixture's faults again.

    `changes` counts the changes that are not exchanges, so that the page can show them at once.
    """

    def __init__(self, office: Office, *, journal: Journal | None = None, coverage: Coverage | None = None) -> None:
        self.office = office
        self.journal = Journal() if journal is None else journal
        self.faults = Faults()
        self.hooks = Hooks()
        self.coverage = Coverage() if coverage is None else coverage
        self.snapshots: dict[str, Snapshot] = {}
        self.changes = Changes()
        self._fixture_errors: tuple[str, ...] = ()
        self.lifetime = Lifetime(self)
        self._set_first_faults()

    def copy(self) -> "Tenant":
        """Return another tenant with this one's state at its start. Both count their contract coverage together."""
        other = Tenant(self.office.copy(), journal=self.journal.new_empty(), coverage=self.coverage)
        other.fixture_errors = self.fixture_errors
        return other

    @property
    def fixture_errors(self) -> tuple[str, ...]:
        """Return the reasons why the watched fixtures, as they are now, cannot replace the office."""
        return self._fixture_errors

    @fixture_errors.setter
    def fixture_errors(self, errors: tuple[str, ...]) -> None:
        self._fixture_errors = errors
        self.changes.note()

    def reset(self) -> None:
        """Reset to the fixture: rows, numbering, clock, throttle, faults, hooks, journal.

        Snapshots and coverage are kept.
        """
        self._begin_lifetime()
        self.office.reset()
        self.journal.clear()
        self.hooks.clear()
        self._set_first_faults()

    def rebase(self, office: Office) -> None:
        """Replace the office for good, so that a reset restores the new one. The clock goes on, the journal is kept."""
        self._begin_lifetime()
        self.office.rebase(office)
        self._set_first_faults()

    def replace_until_reset(self, office: Office) -> None:
        """Replace the office until the next reset. Clock, faults and journal are kept."""
        self._begin_lifetime()
        self.office.replace_until_reset(office)

    def restore(self, snapshot: Snapshot) -> None:
        """Restore rows, numbering, preferences and clock of a snapshot. Faults and journal are kept."""
        self._begin_lifetime()
        self.office.restore(snapshot)

    def drop(self) -> None:
        """End all requests that wait for this office, which cannot be reached any more."""
        self.lifetime.end()
        self.journal.release()
        del self.lifetime  # the two refer to each other, so that the office would wait for the garbage collector

    def _begin_lifetime(self) -> None:
        self.drop()
        self.lifetime = Lifetime(self)
        self.changes.note()

    def _set_first_faults(self) -> None:
        self.faults.clear()
        for given in self.office.fault:
            self.faults.add(fault(given, set_by_test=False))
