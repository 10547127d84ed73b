"""Settings: the behaviour of a server, apart from its office, and the rules that it can cover with them."""

import ipaddress
import os
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypedDict, get_type_hints

from mockserver.api.checks import (
    COUNT,
    PORT,
    Check,
    Choice,
    FixtureName,
    Instance,
    Moment,
    Several,
    Switch,
    Text,
    Token,
)
from mockserver.messages import suggestion
from mockserver.office.office import Office
from mockserver.recording.journal import MAX_BYTES, MAX_EXCHANGES

if TYPE_CHECKING:
    from mockserver.contract.contract import Contract
    from mockserver.tenants.tenant import Tenant

Fixture = str | os.PathLike[str]


class AppKeywords(TypedDict, total=False):
    """The keyword arguments of `create_app`, which `Settings` describes."""

    fixtures: Fixture | Iterable[Fixture]
    now: str | datetime | None
    office: Office | None
    observed: Fixture | Iterable[Fixture]
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


class ThreadKeywords(ServerKeywords, total=False):
    """The keyword arguments of `MockServer`."""

    loop: Literal["auto", "asyncio", "uvloop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a server, validated.

    `fixtures` are names of shipped offices, files or folders, later ones over earlier ones (none: `default`). `now`
    (`yyyy-MM-dd HH:mm:ss`) freezes the office's clock. `office` is an existing office, instead of both. `observed` are
    files of observations: the server answers as the office that was observed, and a newer file overrides an older one.
    `strict` refuses requests that would be served with a warning, except a GET without Content-Type; `strict_headers`
    refuses that too. `mode` selects the page sizes and throttle. `throttle` refuses with 429 a key that sends requests
    too fast. `transparent` omits the mock's own headers. `allowed_hosts` are names that a Host header may have besides
    those of this machine. `office_per_key` gives each customer key its own copy of the office. `admin` enables the
    admin API, and `admin_token` is the secret that it requires. `page` is the page for browsers, which uses the admin
    API: read-only, it offers no writes. The journal keeps the last `journal_size` exchanges, in `journal_bytes` bytes.
    The server listens on `host` and `port` (0: any free one). Its event `loop` is uvloop's or asyncio's; auto uses
    uvloop if it is installed.

    Raises TypeError and ValueError, which name the setting and say what would be right.
    """

    fixtures: Annotated[tuple[str, ...], Several(FixtureName())] = ()
    now: Annotated[str | None, Moment()] = None
    office: Annotated[Office | None, Instance(Office, "as load_office gives one")] = field(default=None, repr=False)
    observed: Annotated[tuple[str, ...], Several(FixtureName())] = ()
    strict: Annotated[bool, Switch()] = False
    strict_headers: Annotated[bool, Switch()] = False
    mode: Annotated[str, Choice("remote", "local", "service")] = "remote"
    throttle: Annotated[bool, Switch()] = False
    transparent: Annotated[bool, Switch()] = False
    allowed_hosts: Annotated[tuple[str, ...], Several(Text())] = ()
    office_per_key: Annotated[bool, Switch()] = False
    admin: Annotated[bool, Switch()] = True
    admin_token: Annotated[str | None, Token()] = field(default=None, repr=False)
    page: Annotated[str, Choice("on", "read-only", "off")] = "on"
    journal_size: Annotated[int, COUNT] = MAX_EXCHANGES
    journal_bytes: Annotated[int, COUNT] = MAX_BYTES
    host: Annotated[str, Text()] = "127.0.0.1"
    port: Annotated[int, PORT] = 0
    loop: Annotated[str, Choice("auto", "asyncio", "uvloop")] = "auto"

    def __post_init__(self) -> None:
        for one in fields(self):
            given = getattr(self, one.name)
            if given is None and one.default is None:
                continue
            try:
                object.__setattr__(self, one.name, checks()[one.name].value(given))
            except TypeError as error:
                raise TypeError(f"{one.name}: {error}") from None
            except ValueError as error:
                raise ValueError(f"{one.name}: {error}") from None
        if self.strict_headers:
            object.__setattr__(self, "strict", True)
        if self.office is not None and (self.fixtures or self.now is not None):
            raise ValueError("office: it has its rows and its clock already; leave out fixtures and now")
        if self.admin and self.admin_token is None and _is_open_to_others(self.host):
            raise ValueError(
                f"on {self.host} others than this machine could use the admin API; give it a token (--admin-token,"
                " admin_token=...), leave it out (--no-admin, admin=False), or listen on this machine alone"
                " (--host 127.0.0.1, host='127.0.0.1')"
            )

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


def with_fixtures(names: tuple[Any, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return `given` with the fixtures that were given by position. Raises TypeError if they are in `given` too."""
    if names and "fixtures" in given:
        raise TypeError("fixtures: give them by position or as fixtures=, not both")
    return {**given, "fixtures": names} if names else dict(given)


@cache
def checks() -> dict[str, Check]:
    """Return the check of each setting."""
    hints = get_type_hints(Settings, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}


def default(name: str) -> Any:
    """Return the default of a setting."""
    return next(one.default for one in fields(Settings) if one.name == name)


def contract_coverage(tenant: "Tenant", contract: "Contract", settings: Settings) -> dict[str, Any]:
    """Return the JSON of `GET /__admin/contract`."""
    return tenant.coverage.as_json(contract.rules.values(), strict=settings.strict, switches=settings.switches())


def _is_open_to_others(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return False  # no such host, so that the server cannot listen on it
    return not all(ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback for *_, address in found)
