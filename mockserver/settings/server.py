"""Settings of a server: its behaviour, apart from its office."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from mockserver.hosts import is_open_to_others
from mockserver.journal.limits import MAX_BYTES, MAX_EXCHANGES
from mockserver.settings.checks import (
    COUNT,
    PORT,
    Choice,
    FilePath,
    FixtureName,
    Instance,
    Moment,
    OutputFile,
    Several,
    Switch,
    Text,
)
from mockserver.settings.secret import Token
from mockserver.settings.setting import PYTHON_ONLY, declared, setting
from mockserver.suggestions import suggestion

if TYPE_CHECKING:
    from mockserver.office.office import Office

Fixture = str | os.PathLike[str]

VENDORS_HOST = "api.opendental.com"
"""The host of the vendor's API, which many clients have built in."""


class AppKeywords(TypedDict, total=False):
    """The keyword arguments of `create_app`, which `Settings` describes."""

    fixtures: Fixture | Iterable[Fixture]
    now: str | datetime | None
    office: "Office | None"
    observed: Fixture | Iterable[Fixture]
    resources: Fixture | Iterable[Fixture]
    strict: bool
    strict_headers: bool
    mode: Literal["remote", "local", "service"]
    throttle: bool
    transparent: bool
    allowed_hosts: str | Iterable[str]
    office_per_key: bool
    admin: bool
    admin_token: str | None
    page: Literal["on", "read-only", "off"]
    journal_size: int
    journal_bytes: int


class ServerKeywords(AppKeywords, total=False):
    """The keyword arguments of `AsyncMockServer`."""

    host: str
    port: int
    tls: bool
    tls_names: str | Iterable[str]
    tls_ca: Fixture | None
    tls_cert: Fixture | None
    tls_key: Fixture | None


class ThreadKeywords(ServerKeywords, total=False):
    """The keyword arguments of `MockServer`."""

    loop: Literal["auto", "asyncio", "uvloop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a server, validated. `SETTINGS` has the declaration of each by its name.

    Raises TypeError and ValueError, which name the setting and say what would be right.
    """

    fixtures: tuple[str, ...] = setting(
        Several(FixtureName()), (), "the office: the name of a shipped one, a file or a folder; later ones add to and"
        " override earlier ones; without one it is default", metavar="NAME|FILE|FOLDER",
    )  # fmt: skip
    now: str | None = setting(
        Moment(), None, "freeze the office's clock at this time, so that DateTimeEntry can be compared",
        metavar="'yyyy-MM-dd HH:mm:ss'",
    )  # fmt: skip
    office: "Office | None" = setting(  # noqa: RUF009  # it returns a field
        Instance("mockserver.office.office", "Office", "as load_office gives one"), None,
        "an existing office, instead of fixtures and now", flag=PYTHON_ONLY, shown=False,
    )  # fmt: skip
    observed: tuple[str, ...] = setting(
        Several(FilePath()), (), "answer as the office that this file of observations is about; newer files override"
        " older ones",
    )  # fmt: skip
    resources: tuple[str, ...] = setting(
        Several(FilePath()), (), "also serve the resource in this folder of your own, or those in the folders in it",
        metavar="FOLDER",
    )  # fmt: skip
    host: str = setting(Text(), "127.0.0.1", "the address to listen on")
    port: int = setting(PORT, 0, "the port to listen on; 0 selects a free one")
    tls: bool = setting(
        Switch(), False, "serve https instead of http, with a certificate for localhost, 127.0.0.1, ::1, the address to"
        f" listen on and {VENDORS_HOST}, which are then names for the Host header too",
    )  # fmt: skip
    tls_names: tuple[str, ...] = setting(
        Several(Text()), (), "also put this name or address in the certificate", metavar="NAME", flag="--tls-name",
    )  # fmt: skip
    tls_ca: str | None = setting(
        OutputFile(), None, "write the certificate of the CA that clients have to trust to this file; a new start has a"
        " new one",
    )  # fmt: skip
    tls_cert: str | None = setting(
        FilePath(), None, "serve https with your own certificate in this PEM file, and its chain if it has one",
    )  # fmt: skip
    tls_key: str | None = setting(FilePath(), None, "the private key of that certificate, unless its file has it too")
    strict: bool = setting(
        Switch(), False, "refuse requests that would be served with a warning: no credentials, undocumented names,"
        " read-only fields, ...; a GET without Content-Type is still served",
    )  # fmt: skip
    strict_headers: bool = setting(
        Switch(), False, "like --strict, and also refuse a GET without Content-Type: application/json"
    )
    mode: str = setting(
        Choice("remote", "local", "service"), "remote", "the API mode, which sets the page size: 100 rows, or 1,000"
        " in local and service",
    )  # fmt: skip
    throttle: bool = setting(
        Switch(), False, "in mode remote, respond with 429 and Retry-After if a key sends requests too fast"
    )
    transparent: bool = setting(Switch(), False, "send none of the mock's own headers")
    allowed_hosts: tuple[str, ...] = setting(
        Several(Text()), (), "also accept requests with this name in the Host header", metavar="NAME",
        flag="--allowed-host",
    )  # fmt: skip
    office_per_key: bool = setting(Switch(), False, "give each customer key its own office, for parallel tests")
    admin_token: str | None = setting(
        Token(), None, "the secret that the admin API requires; @FILE reads it from a file", metavar="TOKEN|@FILE",
        shown=False,
    )  # fmt: skip
    admin: bool = setting(
        Switch(), True, "serve no admin API; this or --admin-token is required if the address is not loopback"
    )
    page: str = setting(
        Choice("on", "read-only", "off"), "on", "the page for browsers at /; read-only offers no writes, off serves"
        " none",
    )  # fmt: skip
    journal_size: int = setting(COUNT, MAX_EXCHANGES, "how many exchanges the journal keeps", metavar="N")
    journal_bytes: int = setting(COUNT, MAX_BYTES, "how many bytes it keeps of them", metavar="N")
    loop: str = setting(
        Choice("auto", "asyncio", "uvloop"), "auto", "the event loop; auto is uvloop if it is installed"
    )

    def __post_init__(self) -> None:
        for name, one in SETTINGS.items():
            given = getattr(self, name)
            if given is None and one.default is None:
                continue
            try:
                object.__setattr__(self, name, one.check.value(given))
            except TypeError as error:
                raise TypeError(f"{name}: {error}") from None
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
        if self.strict_headers:
            object.__setattr__(self, "strict", True)
        if self.tls_cert is not None:
            object.__setattr__(self, "tls", True)
        self._check_tls()
        if self.office is not None and (self.fixtures or self.now is not None):
            raise ValueError("office: it has its rows and its clock already; leave out fixtures and now")
        if self.admin and self.admin_token is None and is_open_to_others(self.host):
            raise ValueError(
                f"on {self.host} others than this machine could use the admin API; give it a token (--admin-token,"
                " admin_token=...), leave it out (--no-admin, admin=False), or listen on this machine alone"
                " (--host 127.0.0.1, host='127.0.0.1')"
            )

    def _check_tls(self) -> None:
        """Raise ValueError if the settings on TLS contradict each other."""
        if self.tls_key is not None and self.tls_cert is None:
            raise ValueError("tls_key: it is a key without its certificate; give that too (--tls-cert, tls_cert=...)")
        for name, given in (("tls_names", self.tls_names), ("tls_ca", self.tls_ca)):
            if given and self.tls_cert is not None:
                raise ValueError(f"{name}: it is for a certificate that the server makes, and tls_cert is your own")
            if given and not self.tls:
                raise ValueError(f"{name}: without TLS there is no certificate; add --tls (tls=True), or leave it out")

    @property
    def certified_names(self) -> tuple[str, ...]:
        """Return the names and addresses of this server's certificate; none without TLS."""
        names = ("localhost", "127.0.0.1", "::1", VENDORS_HOST, self.host, *self.tls_names)
        return tuple(dict.fromkeys(names)) if self.tls else ()

    @classmethod
    def of(cls, keywords: type, names: tuple[Any, ...], given: Mapping[str, Any]) -> "Settings":
        """Return the settings of a call: fixtures as `names` by position, and the keyword arguments `given`.

        The names of `given` must be in the TypedDict `keywords`. Raises TypeError, ValueError.
        """
        known = keywords.__annotations__
        for name in given:
            if name not in known:
                raise TypeError(f"there is no setting {name}{suggestion(name, known)} There are {', '.join(known)}.")
        return cls(**with_fixtures(names, given))

    def switches(self) -> set[str]:
        """Return the values of a rule's `only` that apply to these settings."""
        local = self.mode != "remote"
        return {"local" if local else "remote"} | ({"throttle"} if self.throttle and not local else set())


SETTINGS = declared(Settings)


def with_fixtures(names: tuple[Any, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return `given` with the fixtures that were given by position. Raises TypeError if they are in `given` too."""
    if names and "fixtures" in given:
        raise TypeError("fixtures: give them by position or as fixtures=, not both")
    return {**given, "fixtures": names} if names else dict(given)
