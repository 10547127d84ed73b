"""Controls: the methods by which a test reads and changes a server, and sets faults."""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, MutableMapping
from datetime import datetime
from typing import Any, TypeVar

from aiohttp import web

from mockserver.api.settings import contract_coverage
from mockserver.fixtures.single_row import put_row
from mockserver.messages import error_texts
from mockserver.office.clock import moment_of
from mockserver.office.faults import fault
from mockserver.office.office import Office
from mockserver.office.preferences import Value, name_problem
from mockserver.office.rows import Claim, ClaimTracking, Definition
from mockserver.recording.journal import Exchange
from mockserver.recording.report import Report, report
from mockserver.tenants.tenant import Tenant
from mockserver.web.app_keys import CONTRACT, SETTINGS, TENANTS

Got = TypeVar("Got")

DUMMY_HEADERS = {"Authorization": "ODFHIR MockDeveloperKey/MockCustomerKey", "Content-Type": "application/json"}


class Controls(ABC):
    """The controls of a server with `app`. All of them may be used from any thread."""

    def __init__(self, app: web.Application) -> None:
        self.app = app
        self.clock = ClockControl(self)
        self.preferences: MutableMapping[str, Value] = PreferencesControl(self)
        self.office = OfficeControl(self)
        self._is_running = False
        self._process: int | None = None  # the process that started the server

    def call(self, do: Callable[[], Got]) -> Got:
        """Run `do()` on the server's event loop, between two requests, and return its result.

        Raises RuntimeError in a process that was forked from the server's.
        """
        self._check_process()
        return self._call(do)

    @abstractmethod
    def _call(self, do: Callable[[], Got]) -> Got:
        """Run `do()` in the process of the server."""

    @property
    @abstractmethod
    def url(self) -> str:
        """Return the base URL for a client, with /api/v1."""

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that every request should have: dummy credentials, and JSON."""
        return dict(DUMMY_HEADERS)

    @property
    def tenant(self) -> Tenant:
        """Return the office with its journal and faults. Use it only within `call`."""
        return self.app[TENANTS].shared

    @property
    def requests(self) -> list[Exchange]:
        """Return the journal: all exchanges, oldest first."""
        return self.call(lambda: list(self.tenant.journal))

    def fault(self, **fields: Any) -> None:
        """Spoil answers: the fields of a fault, as docs/admin.md has them. Raises ValueError where they cannot be."""
        _check(self, "fixtures/fault", fields, whole="a fault")
        self.call(lambda: self.tenant.faults.add(fault(fields)))

    @property
    def contract(self) -> Report:
        """Return the report on covered rules and on warnings."""
        return report(self.coverage())

    def coverage(self) -> dict[str, Any]:
        """Return the JSON of `GET /__admin/contract`."""
        return self.call(lambda: contract_coverage(self.tenant, self.app[CONTRACT], self.app[SETTINGS]))

    def reset(self) -> None:
        """Reset to the fixture: rows, numbering, clock, faults, journal."""
        self.call(self.tenant.reset)

    def __repr__(self) -> str:
        name = type(self).__name__
        if self._is_running:
            return f"<{name} at {self.url}>"
        return f"<{name}, not started>" if self._process is None else f"<{name}, stopped>"

    def _begin(self) -> None:
        """Note that the server starts, in this process. Raises RuntimeError if it was started before."""
        self._check_process()
        if self._process is not None:
            raise RuntimeError(f"{self!r} was started before; make another")
        self._process = os.getpid()

    @property
    def _is_inherited(self) -> bool:
        """Return whether this process is a fork of the one in which the server runs."""
        return self._is_running and self._process != os.getpid()

    def _check_process(self) -> None:
        if self._is_inherited:
            raise RuntimeError(  # pragma: no cover  # a forked process does not write what it covers
                f"{self!r} runs in process {self._process}, and this process, {os.getpid()}, was forked from that;"
                " send requests to the URL, or make another server here"
            )


class OfficeControl:
    """The office's rows."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls

    @property
    def claimtracking(self) -> list[ClaimTracking]:
        """Return all trackings, newest first."""
        return self._call(lambda office: list(office.claimtracking)[::-1])

    @property
    def claim(self) -> list[Claim]:
        """Every claim."""
        return self._call(lambda office: list(office.claim))

    @property
    def definition(self) -> list[Definition]:
        """Every definition."""
        return self._call(lambda office: list(office.definition))

    def put(self, row: ClaimTracking | Claim | Definition) -> None:
        """Store a row, and replace the row with its primary key if there is one.

        It is validated like a row of a fixture, and DateTimeEntry may be relative to the clock in the same form. Raises
        TypeError if it is not a row, ValueError with all of its errors.
        """
        self._call(lambda office: put_row(office, row, self._controls.app[CONTRACT]))

    def _call(self, do: Callable[[Office], Got]) -> Got:
        return self._controls.call(lambda: do(self._controls.tenant.office))


class ClockControl:
    """The office's clock."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls

    @property
    def now(self) -> str:
        """Return the office's time, as `yyyy-MM-dd HH:mm:ss`."""
        return self._controls.call(lambda: self._controls.tenant.office.clock.text())

    def freeze(self, now: str | datetime) -> None:
        """Freeze the clock at that time: `yyyy-MM-dd HH:mm:ss`, or a datetime.

        A datetime without a time zone is local time of the office. One with a time zone is converted to the time zone
        of this machine, which is the office's. Fractions of a second are cut off. Raises TypeError, ValueError.
        """
        moment = moment_of(now)
        self._controls.call(lambda: self._controls.tenant.office.clock.freeze(moment))

    def advance(self, seconds: float) -> None:
        """Move the clock by so many seconds, at most a hundred years; negative: back.

        Raises ValueError for any other value, and if the calendar does not have the new time.
        """
        _check(self._controls, "admin/clock", {"advance": seconds}, whole="the clock")
        self._controls.call(lambda: self._controls.tenant.office.clock.advance(seconds))

    def run(self) -> None:
        """Run with the machine again."""
        self._controls.call(lambda: self._controls.tenant.office.clock.run())


class PreferencesControl(MutableMapping[str, Value]):
    """The office's preferences, as a mapping. They can be set, not removed."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls

    def _all(self) -> dict[str, Value]:
        return self._controls.call(lambda: self._controls.tenant.office.preference.as_fixture())

    def __getitem__(self, name: str) -> Value:
        return self._all()[name]

    def __setitem__(self, name: str, value: Value) -> None:
        if problem := name_problem(name):
            raise KeyError(f"{name} {problem}")
        _check(self._controls, "fixtures/preference", {name: value}, whole="a preference")

        def put() -> None:
            office = self._controls.tenant.office
            office.preference = office.preference.changed({name: value})

        self._controls.call(put)

    def __delitem__(self, name: str) -> None:
        raise TypeError("a preference cannot be removed; set it to False")

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def _check(controls: Controls, schema: str, value: dict[str, Any], *, whole: str) -> None:
    """Validate `value` against a schema of the contract. Raises ValueError, which calls the value itself `whole`."""
    errors = controls.app[CONTRACT].schemas[schema].errors(value)
    violations = [text for error in errors for _, text in error_texts(error, whole)]
    if violations:
        raise ValueError("; ".join(dict.fromkeys(violations)))
