"""Remote server: the controls of a server that runs already, over its admin API."""

import os
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, Unpack
from urllib.parse import urlsplit

from mockserver.settings.checks import DEFAULT_URL, FilePath, Url
from mockserver.settings.server import SETTINGS
from mockserver.testing.admin_http import AdminHttp, check_health
from mockserver.testing.remote_controls import RemoteClock, RemoteOffice, RemotePreferences, RemoteSnapshot
from mockserver.testing.remote_exchange import JournalFilters, RemoteExchange
from mockserver.web.urls import admin_url

if TYPE_CHECKING:
    from mockserver.reports.report import Report

_ALL = 100_000
_MARGIN = 10.0  # seconds that a response may take beside the wait that it was asked for


def connect(
    url: str | None = None, *, token: str | None = None, tls_ca: str | os.PathLike[str] | None = None,
    office: str | None = None,
) -> "RemoteServer":  # fmt: skip
    """Return the controls of the server with the base URL `url`, which runs already.

    `token` is its admin token, or `@` and the name of a file that holds it; `tls_ca` the file of its CA, if it has one;
    `office` the customer key of the office, if each key has its own. What is left out is taken from the variables
    OPENDENTAL_BASE_URL, OPENDENTAL_MOCK_ADMIN_TOKEN and OPENDENTAL_MOCK_TLS_CA. Raises TypeError, ValueError, and
    ConnectionError if no server is ready there.
    """
    token = token or os.environ.get(SETTINGS["admin_token"].variable) or None
    ca = tls_ca or os.environ.get(SETTINGS["tls_ca"].variable) or None
    parts = urlsplit(Url().value(url or os.environ.get("OPENDENTAL_BASE_URL") or DEFAULT_URL))
    admin = AdminHttp(
        f"{parts.scheme}://{parts.netloc}{urlsplit(DEFAULT_URL).path}",
        token=None if token is None else SETTINGS["admin_token"].check.value(token),
        tls_ca=None if ca is None else FilePath().value(ca),
        office=office,
    )
    try:
        check_health(admin.value("GET", "health"))
    except ConnectionError as error:
        raise type(error)(f"no server is ready at {admin.url}: {error}") from None
    return RemoteServer(admin)


class RemoteServer:
    """The controls of a server that runs already. They are those of MockServer, apart from hooks; see `connect`.

    All of them may be used from any thread. They raise ConnectionError if the server does not respond.
    """

    def __init__(self, admin: AdminHttp) -> None:
        self._admin = admin
        self.clock = RemoteClock(admin)
        self.preferences: MutableMapping[str, Any] = RemotePreferences(admin)
        self.office = RemoteOffice(admin)

    @property
    def url(self) -> str:
        """Return the base URL for a client, with /api/v1."""
        return self._admin.url

    @property
    def admin_url(self) -> str:
        """Return the URL of the admin API."""
        return admin_url(self.url)

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that every request should have: credentials that the office accepts, and JSON."""
        keys = self._admin.value("GET", "keys")
        authorization = f"ODFHIR {keys['DeveloperKey']}/{keys['CustomerKey']}"
        return {"Authorization": authorization, "Content-Type": "application/json"}

    @property
    def requests(self) -> list[RemoteExchange]:
        """Return the journal: all exchanges, oldest first."""
        return self._exchanges({})

    def wait_for(
        self, count: int = 1, *, seconds: float = 5.0, **filters: Unpack[JournalFilters]
    ) -> list[RemoteExchange]:
        """Return the exchanges that match all filters, once there are `count` of them, including earlier ones.

        Raises TimeoutError if there are fewer after that time, and ValueError for an invalid filter.
        """
        found = self._exchanges({**filters, "wait": seconds, "count": count}, seconds + _MARGIN)
        if len(found) < count:
            wanted = ", ".join(f"{name}={value!r}" for name, value in filters.items()) or "no filter"
            raise TimeoutError(f"{len(found)} of {count} exchanges have come in {seconds:g} seconds, with {wanted}")
        return found

    def _exchanges(self, query: dict[str, Any], seconds: float = 60.0) -> list[RemoteExchange]:
        journal = self._admin.value("GET", "requests", query={"limit": _ALL, **query}, seconds=seconds)
        return [RemoteExchange.of(entry) for entry in journal["requests"]]

    def fault(self, **fields: Any) -> None:
        """Set a fault. The arguments are its fields (docs/faults.md). Raises ValueError if one is invalid."""
        self._admin.value("POST", "faults", fields)

    @property
    def faults(self) -> list[dict[str, Any]]:
        """Return the faults that are set, each with its `hits`."""
        return list(self._admin.value("GET", "faults")["faults"])

    def clear_faults(self) -> None:
        """Remove all faults."""
        self._admin.value("DELETE", "faults")

    @property
    def contract(self) -> "Report":
        """Return the report on covered rules and on warnings."""
        from mockserver.reports.report import report  # slow to import

        return report(self.coverage())

    def coverage(self) -> dict[str, Any]:
        """Return the JSON of `GET /__admin/contract`."""
        return dict(self._admin.value("GET", "contract"))

    def reset(self) -> None:
        """Reset to the fixture: rows, numbering, clock, faults, hooks, journal."""
        self._admin.value("POST", "reset")

    def snapshot(self) -> RemoteSnapshot:
        """Return a snapshot of rows, numbering, preferences, keys and clock, which its `restore()` brings back."""
        return self.office.snapshot()

    def office_of(self, customer_key: str) -> RemoteOffice:
        """Return the controls of a customer key's own office. `connect(office=...)` has all controls for it.

        Raises ValueError if keys have no offices of their own.
        """
        admin = self._admin.of_office(customer_key)
        admin.value("GET", "clock")
        return RemoteOffice(admin)

    def __repr__(self) -> str:
        return f"<RemoteServer at {self.url}>"
