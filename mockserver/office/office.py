"""Office: its tables, its numbering, its clock, and its state at the start."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from mockserver.office.clock import Clock
from mockserver.office.office_tables import EncoderOf, Tables
from mockserver.office.pages import Record
from mockserver.office.preferences import Preferences
from mockserver.office.rows import ApiKey, Claim, ClaimTracking, Definition
from mockserver.office.table import Table, TableState
from mockserver.office.tables import TableSpecs
from mockserver.office.throttle import Throttle

# The newest version of Open Dental that the real API was observed with.
CURRENT_VERSION = "25.4.48"

PREFERENCE = "preference"


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Snapshot:
    """The state of a whole office at one moment."""

    tables: Mapping[str, TableState[Any]]
    preference: Preferences
    apikey: Mapping[str, ApiKey]
    version: str
    imported: str
    unscrubbed: bool
    clock: tuple[datetime | None, timedelta]


class Office:
    """A dental office as the API sees it.

    `rows` are the rows of its tables, which are named as in the vendor's database; `fault` are the faults that the
    fixture asks for, as it writes them, and `observed` the observation files that it names. If rows may name
    rows that are not there, `imported` is the version of Open Dental that they come from; `unscrubbed` says that they
    are those of real patients. Nothing here awaits, so each change is complete before another request is looked at.
    """

    def __init__(
        self,
        *,
        specs: TableSpecs,
        encoder_of: EncoderOf,
        rows: Mapping[str, Iterable[Any]] = MappingProxyType({}),
        preference: Preferences | None = None,
        apikey: Iterable[ApiKey] = (),
        version: str = CURRENT_VERSION,
        imported: str = "",
        unscrubbed: bool = False,
        fault: Iterable[Mapping[str, Any]] = (),
        observed: Iterable[str] = (),
        clock: Clock | None = None,
    ) -> None:
        self.tables = Tables(specs, encoder_of)
        self.definition: Table[Definition] = self.tables["definition"]
        self.claim: Table[Claim] = self.tables["claim"]
        self.claimtracking: Table[ClaimTracking] = self.tables["claimtracking"]
        self.apikey: dict[str, ApiKey] = {row.CustomerKey: row for row in apikey}
        self.version, self.imported, self.unscrubbed = version, imported, unscrubbed
        self.preference = preference or Preferences()
        self.fault: tuple[Mapping[str, Any], ...] = tuple(fault)
        self.observed = tuple(observed)
        self.clock = clock or Clock()
        self.throttle = Throttle()
        self.tables.fill(rows)
        self._start = self.snapshot()

    @property
    def preference(self) -> Preferences:
        """The values of the preferences."""
        return self._preference

    @preference.setter
    def preference(self, given: Preferences) -> None:
        self._preference = given
        self.tables[PREFERENCE].fill(given.rows(self.version))

    @property
    def start(self) -> Snapshot:
        """The state that a reset restores."""
        return self._start

    def is_older_than(self, version: str) -> bool:
        """Return whether the office runs a version of Open Dental before that one."""
        return is_older(self.version, version)

    def put(self, table: str, row: Any) -> Record[Any]:
        """Keep a row of a table, in the place of the one with its number if there is one.

        The rows that take a column of their answer from it are validated and encoded again.
        """
        rows = self.tables[table]
        is_first = not rows.is_used
        record = rows.put(row)
        # Until then the numbers that other rows name were taken.
        if is_first and not self.imported and self.tables.lacks_named(table):
            self.imported = self.version
        self._join_again(table, record.number)
        return record

    def delete(self, table: str, number: int) -> None:
        """Delete a row of a table, whether others name it or not. Raises KeyError if there is none.

        The rows that take a column of their answer from it are validated and encoded again.
        """
        self.tables[table].delete(number)
        if not self.imported and self.tables.is_named(table, number):
            self.imported = self.version
        self._join_again(table, number)

    def _join_again(self, table: str, number: int) -> None:
        for other, column in self.tables.joining(table):
            for joining in other.having(column, number):
                other.put(joining.row)

    def snapshot(self) -> Snapshot:
        """Return everything as it is now."""
        return Snapshot(
            tables={name: table.state() for name, table in self.tables.items()},
            preference=self.preference,
            apikey=dict(self.apikey),
            version=self.version,
            imported=self.imported,
            unscrubbed=self.unscrubbed,
            clock=self.clock.reading(),
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Restore the state of a snapshot: rows, numbering, clock."""
        for name in {*self.tables, *snapshot.tables}:
            state = snapshot.tables.get(name)
            if state is None:  # a table that was first asked for after the snapshot
                self.tables[name].fill(())
            else:
                self.tables[name].restore(state)
        self._preference = snapshot.preference
        self.apikey = dict(snapshot.apikey)
        self.version, self.imported, self.unscrubbed = snapshot.version, snapshot.imported, snapshot.unscrubbed
        self.clock.set(snapshot.clock)

    def copy(self) -> "Office":
        """Another office that starts as this one started."""
        other = Office(specs=self.tables.specs, encoder_of=self.tables.encoder_of, fault=self.fault)
        other.restore(self._start)
        other._start = self._start
        return other

    def list_as(self, orders: Mapping[str, Sequence[str]]) -> None:
        """List the rows in the order of these variants of rules, from the start on."""
        self.tables.list_as(orders)
        start = {name: self.tables[name].in_own_order(state) for name, state in self._start.tables.items()}
        self._start = replace(self._start, tables=start)

    def replace_until_reset(self, other: "Office") -> None:
        """Take over the state of `other`, except its clock. A reset still restores this office's own start."""
        reading = self.clock.reading()
        self.restore(other.snapshot())
        self.clock.set(reading)

    def rebase(self, other: "Office") -> None:
        """Take over the state and the faults of `other`, and its start too, which a reset restores from now on."""
        self.replace_until_reset(other)
        self.fault = other.fault
        self._start = replace(self.snapshot(), clock=self._start.clock)

    def reset(self) -> None:
        """Restore the state that the fixture describes, and throttle no key for what it sent before."""
        self.restore(self._start)
        self.throttle.reset()


@lru_cache(maxsize=64)
def is_older(version: str, other: str) -> bool:
    """Return whether a version of Open Dental is before another one."""
    return _numbers(version) < _numbers(other)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
