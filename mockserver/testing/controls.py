"""Controls: the methods by which a test reads and changes a server, and sets faults."""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from typing import Any

from mockserver.journal.exchange import Exchange
from mockserver.office.faults import fault
from mockserver.office.preferences import Value
from mockserver.reports.report import Report, report
from mockserver.settings.server import Settings
from mockserver.syntax.text import valid_value
from mockserver.tenants.tenant import Tenant
from mockserver.testing.access import Access, Got
from mockserver.testing.clock_control import ClockControl
from mockserver.testing.office_control import OfficeControl, OfficeSnapshot
from mockserver.testing.preferences_control import PreferencesControl
from mockserver.web.app import make_app
from mockserver.web.mock import Mock
from mockserver.web.server import Server
from mockserver.web.tls import tls_of
from mockserver.web.urls import admin_url


class Controls(ABC):
    """A server of this process and its controls, all of which may be used from any thread."""

    def __init__(self, settings: Settings) -> None:
        self.mock = mock = Mock(settings)
        self.app = make_app(mock)
        self._tls = tls_of(settings)
        self._server = Server(self.app, host=settings.host, port=settings.port, tls=self._tls)
        self._tls_ca: str | None = None
        self._files = ExitStack()
        self._access = Access(self.call, lambda: self.tenant, mock.contract)
        self.clock = ClockControl(self._access)
        self.preferences: MutableMapping[str, Value] = PreferencesControl(self._access)
        self.office = OfficeControl(self._access)
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
    def url(self) -> str:
        """Return the base URL for a client, with /api/v1."""
        return self._server.url

    @property
    def admin_url(self) -> str:
        """Return the URL of the admin API. Raises RuntimeError if the server has none."""
        if not self.mock.settings.admin:
            raise RuntimeError(f"{self!r} has no admin API, since it was made with admin=False")
        return admin_url(self.url)

    @property
    def tls_ca(self) -> str:
        """Return the path of the certificate of the CA that clients have to trust, while the server runs.

        Raises RuntimeError if there is none.
        """
        if self._tls_ca is None:
            raise RuntimeError(f"{self!r} has no file of a CA; only a server with tls=True has one, while it runs")
        return self._tls_ca

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that every request should have: credentials that the office accepts, and JSON."""
        # Without `call`: a mapping of keys is replaced and never changed, and a forked process may read it too.
        key = self.mock.key()
        return {"Authorization": f"ODFHIR {key.DeveloperKey}/{key.CustomerKey}", "Content-Type": "application/json"}

    @property
    def tenant(self) -> Tenant:
        """Return the office with its journal and faults. Use it only within `call`."""
        return self.mock.shared

    @property
    def requests(self) -> list[Exchange]:
        """Return the journal: all exchanges, oldest first."""
        return self.call(lambda: list(self.tenant.journal))

    def fault(self, **fields: Any) -> None:
        """Set a fault. The arguments are its fields (docs/faults.md). Raises ValueError if one is invalid."""
        fields = valid_value(fields)
        self._access.check("fixtures/fault", fields, whole="a fault")
        self._access.change(lambda tenant: tenant.faults.add(fault(fields)))

    @property
    def contract(self) -> Report:
        """Return the report on covered rules and on warnings."""
        return report(self.coverage())

    def coverage(self) -> dict[str, Any]:
        """Return the JSON of `GET /__admin/contract`."""
        return self.call(self.mock.coverage)

    def reset(self) -> None:
        """Reset to the fixture: rows, numbering, clock, faults, hooks, journal."""
        self.call(self.tenant.reset)

    def snapshot(self) -> OfficeSnapshot:
        """Return a snapshot of rows, numbering, preferences, keys and clock, which its `restore()` brings back."""
        return self.office.snapshot()

    def on(self, *, operation: str, after: int = 1, do: Callable[[], object]) -> None:
        """Run `do()` once, after so many more exchanges of `operation`, before the next request.

        See OfficeControl.on. Raises TypeError, ValueError.
        """
        self.office.on(operation=operation, after=after, do=do)

    def office_of(self, customer_key: str) -> OfficeControl:
        """Return the controls of a customer key's own office.

        Raises ValueError if keys have no offices of their own, or if the fixture has other keys.
        """
        tenants = self.mock.tenants
        if not tenants.per_key:
            raise ValueError("there is one office for all keys; make the server with office_per_key=True")
        if tenants.shared.office.apikey and customer_key not in tenants.shared.office.apikey:
            raise ValueError(f"{customer_key!r} is not a customer key of the fixture, so that its requests are refused")
        return OfficeControl(Access(self.call, lambda: tenants.of_key(customer_key), self.mock.contract))

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
        if self._tls is not None:
            self._tls_ca = self._files.enter_context(self._tls.ca_file(self.mock.settings.tls_ca))
        self._process = os.getpid()

    @contextmanager
    def _ending_if_it_fails(self) -> Iterator[None]:
        """Remove the files of a server that could not start in the block."""
        try:
            yield
        except BaseException:
            self._end()
            raise

    def _end(self) -> None:
        """Note that the server has stopped."""
        self._is_running = False
        self._tls_ca = None
        self._files.close()

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
