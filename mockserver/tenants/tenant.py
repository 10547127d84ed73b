"""One office with all that belongs to it: its journal, its faults, its snapshots, and the way back to the start."""

from mockserver.office.faults import Faults, fault
from mockserver.office.office import Office, Snapshot
from mockserver.recording.coverage import Coverage
from mockserver.recording.journal import Exchange, Journal

MOST_SNAPSHOTS = 32


class Tenant:
    """What one set of users shares, and nobody else sees. The fixture's faults are set again at each reset.

    `complaints` are why the fixtures as they are now cannot replace the office, where they are watched.
    """

    def __init__(self, office: Office, *, journal: Journal | None = None, coverage: Coverage | None = None) -> None:
        self.office = office
        self.journal = Journal() if journal is None else journal
        self.faults = Faults()
        self.coverage = Coverage() if coverage is None else coverage
        self.snapshots: dict[str, Snapshot] = {}
        self.complaints: tuple[str, ...] = ()
        self._set_first_faults()

    def copy(self) -> "Tenant":
        """One more like this at its start. What is met is counted together, whoever meets it."""
        other = Tenant(self.office.copy(), journal=self.journal.another(), coverage=self.coverage)
        other.complaints = self.complaints
        return other

    def close(self, exchange: Exchange) -> None:
        """Keep an exchange that has been answered, and count what it met."""
        self.journal.close(exchange)
        self.coverage.add(exchange)

    def reset(self) -> None:
        """Back to the fixture: rows, numbering, clock, faults, journal. Snapshots and coverage are kept."""
        self.office.reset()
        self.journal.clear()
        self._set_first_faults()

    def begin_anew(self, office: Office) -> None:
        """`office` in the place of this one, for a reset too. The clock goes on, the journal is kept."""
        self.office.begin_as(office)
        self._set_first_faults()

    def _set_first_faults(self) -> None:
        self.faults.clear()
        for given in self.office.fault:
            self.faults.add(fault(given, set_by_test=False))
