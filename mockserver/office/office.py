"""Office: its tables, its numbering, its clock, and its state at the start."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from mockserver.office.clock import Clock
from mockserver.office.rows import ApiKey, Claim, ClaimTracking, Definition, Preferences
from mockserver.office.table import Table, TableState

# The newest version of Open Dental that the real API was observed with.
CURRENT_VERSION = "25.4.48"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The state of a whole office at one moment."""

    claimtracking: TableState[ClaimTracking]
    claim: Mapping[int, Claim]
    definition: Mapping[int, Definition]
    preference: Preferences
    apikey: Mapping[str, ApiKey]
    version: str
    clock: tuple[datetime | None, timedelta]


class Office:
    """A dental office as the API sees it.

    The tables are named as in the vendor's database. `encode` validates a ClaimTracking and returns the bytes that the
    API sends for it. `fault` holds the faults of the fixture, as it writes them. No method awaits, so each change is
    complete before another request is handled.
    """

    def __init__(
        self,
        *,
        encode: Callable[[ClaimTracking], bytes],
        claimtracking: Iterable[ClaimTracking] = (),
        claim: Iterable[Claim] = (),
        definition: Iterable[Definition] = (),
        preference: Preferences | None = None,
        apikey: Iterable[ApiKey] = (),
        version: str = CURRENT_VERSION,
        fault: Iterable[Mapping[str, Any]] = (),
        clock: Clock | None = None,
    ) -> None:
        self._encode = encode
        self.claim: dict[int, Claim] = {row.ClaimNum: row for row in claim}
        self.definition: dict[int, Definition] = {row.DefNum: row for row in definition}
        self.preference = preference or Preferences()
        self.apikey: dict[str, ApiKey] = {row.CustomerKey: row for row in apikey}
        self.version = version
        self.fault: tuple[Mapping[str, Any], ...] = tuple(fault)
        self.clock = clock or Clock()
        self.claimtracking: Table[ClaimTracking] = Table(
            encode=encode,
            key=lambda row: (row.DateTimeEntry, row.ClaimTrackingNum),
            group=lambda row: row.ClaimNum,
        )
        self.claimtracking.fill(claimtracking)
        self._start = self.snapshot()

    def snapshot(self) -> Snapshot:
        """Return the current state."""
        return Snapshot(
            claimtracking=self.claimtracking.state(),
            claim=dict(self.claim),
            definition=dict(self.definition),
            preference=self.preference,
            apikey=dict(self.apikey),
            version=self.version,
            clock=self.clock.reading(),
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Restore the state of a snapshot: rows, numbering, clock."""
        self.claimtracking.restore(snapshot.claimtracking)
        self.claim = dict(snapshot.claim)
        self.definition = dict(snapshot.definition)
        self.preference = snapshot.preference
        self.apikey = dict(snapshot.apikey)
        self.version = snapshot.version
        self.clock.set(snapshot.clock)

    def copy(self) -> "Office":
        """Return another office with the state that this one had at its start."""
        other = Office(encode=self._encode, fault=self.fault)
        other.restore(self._start)
        other._start = self._start
        return other

    def become(self, other: "Office") -> None:
        """Take over the state of `other`, except its clock. A reset still restores this office's own start."""
        reading = self.clock.reading()
        self.restore(other.snapshot())
        self.clock.set(reading)

    def restart_as(self, other: "Office") -> None:
        """Take over the state and the faults of `other`, and its start too, which a reset restores from now on."""
        self.become(other)
        self.fault = other.fault
        self._start = replace(self.snapshot(), clock=self._start.clock)

    def reset(self) -> None:
        """Restore the state that the fixture describes."""
        self.restore(self._start)
