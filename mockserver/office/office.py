"""One office's state: its tables, its numbering, its clock, and the way back to how it started."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from mockserver.office.clock import Clock
from mockserver.office.rows import ApiKey, Claim, ClaimTracking, Definition, Preferences
from mockserver.office.table import Table, TableState

# The newest version that the real API was seen to run on.
CURRENT_VERSION = "25.4.48"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A whole office at one moment."""

    claimtracking: TableState[ClaimTracking]
    claim: Mapping[int, Claim]
    definition: Mapping[int, Definition]
    preference: Preferences
    apikey: Mapping[str, ApiKey]
    version: str
    clock: tuple[datetime | None, timedelta]


class Office:
    """A dental office as the API sees it.

    The tables are named as in the vendor's database. `encode` checks a ClaimTracking and gives the bytes it
    leaves as; `fault` are the faults that the fixture asks for, as it says them. Nothing here awaits, so each
    change is whole before another request is looked at.
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
        """Everything as it is now."""
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
        """Everything as it was then: rows, numbering, clock."""
        self.claimtracking.restore(snapshot.claimtracking)
        self.claim = dict(snapshot.claim)
        self.definition = dict(snapshot.definition)
        self.preference = snapshot.preference
        self.apikey = dict(snapshot.apikey)
        self.version = snapshot.version
        self.clock.set(snapshot.clock)

    def copy(self) -> "Office":
        """Another office that starts as this one started."""
        other = Office(encode=self._encode, fault=self.fault)
        other.restore(self._start)
        other._start = self._start
        return other

    def become(self, other: "Office") -> None:
        """Everything as in `other`, but the clock; a reset still goes back to this office's own start."""
        reading = self.clock.reading()
        self.restore(other.snapshot())
        self.clock.set(reading)

    def restart_as(self, other: "Office") -> None:
        """Like `become`, and a reset from now on goes back to how `other` started. Its faults count too."""
        self.become(other)
        self.fault = other.fault
        self._start = replace(self.snapshot(), clock=self._start.clock)

    def reset(self) -> None:
        """Everything as the fixture had it."""
        self.restore(self._start)
