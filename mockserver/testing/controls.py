"""What a test does with a server that it holds: look at its office, change it, spoil its answers, ask what came."""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, TypeVar

from aiohttp import web

from mockserver.api.settings import contract_coverage
from mockserver.fixtures.single_row import put_row
from mockserver.messages import error_texts
from mockserver.office.clock import moment_of
from mockserver.office.faults import fault
from mockserver.office.office import Office
from mockserver.office.rows import Claim, ClaimTracking, Definition
from mockserver.recording.journal import Exchange
from mockserver.recording.report import Report, report
from mockserver.tenants.tenant import Tenant
from mockserver.web.app_keys import CONTRACT, SETTINGS, TENANTS

Got = TypeVar("Got")

DUMMY_HEADERS = {"Authorization": "ODFHIR MockDeveloperKey/MockCustomerKey", "Content-Type": "application/json"}


class Controls(ABC):
    """A server that serves `app`. Everything here may be used from any thread."""

    def __init__(self, app: web.Application) -> None:
        self.app = app
        self.clock = ClockControl(self)
        self.preferences: MutableMapping[str, bool] = PreferencesControl(self)
        self.office = OfficeControl(self)
        self._is_running = False
        self._process: int | None = None  # the one that started it

    def call(self, do: Callable[[], Got]) -> Got:
        """Run `do()` where the server runs, between two requests, and return what it gives.

        Raises RuntimeError in a process that was forked from the server's.
        """
        self._check_process()
        return self._call(do)

    @abstractmethod
    def _call(self, do: Callable[[], Got]) -> Got:
        """Do the same in the process of the server."""

    @property
    @abstractmethod
    def url(self) -> str:
        """The base URL to give to a client, with /api/v1."""

    @property
    def headers(self) -> dict[str, str]:
        """Headers that every request should have: dummy credentials, and JSON."""
        return dict(DUMMY_HEADERS)

    @property
    def tenant(self) -> Tenant:
        """The office with all that belongs to it. To be touched within `call` alone."""
        return self.app[TENANTS].shared

    @property
    def requests(self) -> list[Exchange]:
        """The journal: what was asked and answered, oldest first."""
        return self.call(lambda: list(self.tenant.journal))

    def fault(self, **fields: Any) -> None:
        """Spoil answers: the fields of a fault, as docs/admin.md has them. Raises ValueError where they cannot be."""
        _check(self, "faults/row", fields, whole="a fault")
        self.call(lambda: self.tenant.faults.add(fault(fields)))

    @property
    def contract(self) -> Report:
        """Which rules of the contract were met, and what earned a warning."""
        return report(self.coverage())

    def coverage(self) -> dict[str, Any]:
        """The same as `GET /__admin/contract` answers."""
        return self.call(lambda: contract_coverage(self.tenant, self.app[CONTRACT], self.app[SETTINGS]))

    def reset(self) -> None:
        """Back to the fixture: rows, numbering, clock, faults, journal."""
        self.call(self.tenant.reset)

    def __repr__(self) -> str:
        name = type(self).__name__
        if self._is_running:
            return f"<{name} at {self.url}>"
        return f"<{name}, not started>" if self._process is None else f"<{name}, stopped>"

    def _begin(self) -> None:
        """Note that the server starts, in this process. Raises RuntimeError if it did before."""
        self._check_process()
        if self._process is not None:
            raise RuntimeError(f"{self!r} was started before; make another")
        self._process = os.getpid()

    @property
    def _is_inherited(self) -> bool:
        """Whether this process is a fork of the one in which the server runs."""
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
        """Every tracking, newest first."""
        return self._call(lambda office: list(office.claimtracking)[::-1])

    @property
    def claim(self) -> list[Claim]:
        """Every claim."""
        return self._call(lambda office: list(office.claim.values()))

    @property
    def definition(self) -> list[Definition]:
        """Every definition."""
        return self._call(lambda office: list(office.definition.values()))

    def put(self, row: ClaimTracking | Claim | Definition) -> None:
        """Keep a row, in the place of the one with its primary key if there is one.

        It is held to what a row of a fixture is held to, and DateTimeEntry may be relative to now in the same form.
        Raises TypeError if it is not a row, ValueError with everything that is wrong with it.
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
        """The office's time, as `yyyy-MM-dd HH:mm:ss`."""
        return self._controls.call(lambda: self._controls.tenant.office.clock.text())

    def freeze(self, now: str | datetime) -> None:
        """Stand still at that time: `yyyy-MM-dd HH:mm:ss`, or a datetime.

        A datetime without a time zone is local time of the office. One with a time zone is brought to the time zone of
        this machine, which is the office's. Fractions of a second are cut off. Raises TypeError, ValueError.
        """
        moment = moment_of(now)
        self._controls.call(lambda: self._controls.tenant.office.clock.freeze(moment))

    def advance(self, seconds: float) -> None:
        """Move by so many seconds, at most a hundred years; negative: back.

        Raises ValueError for anything else, and if the calendar has no such time.
        """
        _check(self._controls, "admin/clock", {"advance": seconds}, whole="the clock")
        self._controls.call(lambda: self._controls.tenant.office.clock.advance(seconds))

    def run(self) -> None:
        """Run with the machine again."""
        self._controls.call(lambda: self._controls.tenant.office.clock.run())


class PreferencesControl(MutableMapping[str, bool]):
    """The office's preferences, as a mapping. They can be set, not removed."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls

    def _all(self) -> dict[str, bool]:
        return self._controls.call(lambda: asdict(self._controls.tenant.office.preference))

    def __getitem__(self, name: str) -> bool:
        return self._all()[name]

    def __setitem__(self, name: str, value: bool) -> None:
        if name not in self._all():
            raise KeyError(f"there is no preference {name}; there are {', '.join(self._all())}")
        _check(self._controls, "preferences/row", {name: value}, whole="a preference")

        def put() -> None:
            office = self._controls.tenant.office
            office.preference = replace(office.preference, **{name: value})

        self._controls.call(put)

    def __delitem__(self, name: str) -> None:
        raise TypeError("a preference cannot be removed; set it to False")

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def _check(controls: Controls, schema: str, value: dict[str, Any], *, whole: str) -> None:
    """Hold `value` to a schema of the contract. Raises ValueError, in which the value as such is called `whole`."""
    errors = controls.app[CONTRACT].schemas[schema].errors(value)
    violations = [text for error in errors for _, text in error_texts(error, whole)]
    if violations:
        raise ValueError("; ".join(dict.fromkeys(violations)))
