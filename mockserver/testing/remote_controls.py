"""Controls of the office of a server that runs already: its clock, preferences and rows, over the admin API."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from mockserver.office.clock import moment_of, write_moment
from mockserver.office.rows import Claim, ClaimTracking, Definition
from mockserver.testing.admin_http import AdminHttp
from mockserver.testing.office_interface import OfficeInterface, PreferencesInterface, Row

_TYPES: dict[str, type[Row]] = {"claimtracking": ClaimTracking, "claim": Claim, "definition": Definition}
_KEYS = {"claimtracking": "ClaimTrackingNum", "claim": "ClaimNum", "definition": "DefNum"}
_OFFICE_SECONDS = 120.0


class RemoteClock:
    """The office's clock, like `MockServer.clock`."""

    def __init__(self, admin: AdminHttp) -> None:
        self._admin = admin

    @property
    def now(self) -> str:
        """Return the office's time, as `yyyy-MM-dd HH:mm:ss`."""
        return str(self._admin.value("GET", "clock")["now"])

    def freeze(self, now: str | datetime) -> None:
        """Freeze the clock at that time: `yyyy-MM-dd HH:mm:ss`, or a datetime. Raises TypeError, ValueError."""
        self._admin.value("PUT", "clock", {"now": write_moment(moment_of(now))})

    def advance(self, seconds: float) -> None:
        """Move the clock by so many seconds; negative: back. Raises ValueError."""
        self._admin.value("PUT", "clock", {"advance": seconds})

    def run(self) -> None:
        """Run with the machine again."""
        self._admin.value("PUT", "clock", {"now": None})


class RemotePreferences(PreferencesInterface):
    """The office's preferences, as a mapping. They can be set, not removed."""

    def __init__(self, admin: AdminHttp) -> None:
        self._admin = admin

    def _all(self) -> dict[str, Any]:
        return dict(self._admin.value("GET", "preferences"))

    def __setitem__(self, name: str, value: Any) -> None:
        self._admin.value("PATCH", "preferences", {name: value})


class RemoteOffice(OfficeInterface):
    """The office's rows, like `MockServer.office`, and the office as a whole."""

    def __init__(self, admin: AdminHttp) -> None:
        self._admin = admin

    @property
    def claimtracking(self) -> list[ClaimTracking]:
        """Return all trackings, the newest first, also of an office that was observed to list them otherwise."""
        return [ClaimTracking(**row) for row in self.rows("claimtracking")][::-1]

    @property
    def claim(self) -> list[Claim]:
        """Every claim."""
        return [Claim(**row) for row in self.rows("claim")]

    @property
    def definition(self) -> list[Definition]:
        """Every definition."""
        return [Definition(**row) for row in self.rows("definition")]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of any table, each as its columns, in the order of the table. Raises ValueError."""
        return list(self._admin.value("GET", f"office/{table}", seconds=_OFFICE_SECONDS))

    def _put(self, what: Row | str, columns: dict[str, Any]) -> Any:
        """Store a row. A row of another table is returned as its columns."""
        table = _table_of(what)
        if not isinstance(what, str):
            if columns:
                raise TypeError(f"office.put takes a {type(what).__name__}, or the name of a table with columns")
            columns = asdict(what)
        row = self._admin.value("PUT", f"office/{table}", columns)
        return _TYPES[table](**row) if table in _TYPES else row

    def delete(self, what: Row | str, number: int | None = None, /) -> None:
        """Delete a row, given as itself or by its table and number: `delete("claim", 15)`.

        Raises TypeError, and ValueError if there is no such row, or if other rows name it.
        """
        table = _table_of(what)
        if isinstance(what, str) == (number is None):
            raise TypeError(f"office.delete takes a row, or the name of a table and a number: delete({table!r}, 1)")
        number = getattr(what, _KEYS[table]) if number is None else number
        self._admin.value("DELETE", f"office/{table}/{number}")

    def export(self) -> dict[str, Any]:
        """Return the whole office as a fixture, with every column of every row."""
        return dict(self._admin.value("GET", "office", seconds=_OFFICE_SECONDS))

    def replace(self, fixture: Mapping[str, Any] | str) -> None:
        """Replace the office by a fixture, as an object or a text of JSON. A reset restores the first one.

        Raises ValueError with all of its errors.
        """
        self._admin.value("PUT", "office", fixture, seconds=_OFFICE_SECONDS)

    def snapshot(self) -> "RemoteSnapshot":
        """Return the office as it is now: rows, numbering, preferences, keys and clock. A server keeps at most 32."""
        name = f"python-{secrets.token_hex(8)}"
        self._admin.value("PUT", f"snapshots/{name}")
        return RemoteSnapshot(self._admin, name)


class RemoteSnapshot:
    """An office as it was when the snapshot was taken. The server keeps it under `name` until it is deleted."""

    def __init__(self, admin: AdminHttp, name: str) -> None:
        self._admin = admin
        self.name = name

    def restore(self) -> None:
        """Restore the office. Faults, hooks and journal are kept, and requests that wait are closed, as by a reset."""
        self._admin.value("POST", f"snapshots/{self.name}/restore")

    def delete(self) -> None:
        """Delete the snapshot."""
        self._admin.value("DELETE", f"snapshots/{self.name}")


def _table_of(what: Row | str) -> str:
    """Return the table of a row, or the one of that name. Raises TypeError."""
    if isinstance(what, str):
        return what
    for table, kind in _TYPES.items():
        if isinstance(what, kind):
            return table
    raise TypeError(f"a row is a ClaimTracking, Claim or Definition, or the name of a table, and not {what!r}")
