"""The app: every operation on both base paths, the admin API, and nothing else."""

from collections.abc import Iterable
from typing import Literal

from aiohttp import web

from mockserver.contract import shipped_contract
from mockserver.fixture_files import load_office
from mockserver.journal import MOST_BYTES as MOST_JOURNAL_BYTES
from mockserver.journal import MOST_EXCHANGES, Journal
from mockserver.office import Office
from mockserver.operation import Operation
from mockserver.resources import OPERATIONS
from mockserver.tenant import Tenant
from mockserver.tenants import Tenants
from mockserver.web.admin import Admin
from mockserver.web.body import MOST_BYTES
from mockserver.web.endpoint import Endpoint
from mockserver.web.gateway import Gateway
from mockserver.web.guard import AdminGuard, HostGuard
from mockserver.web.keys import CONTRACT, SETTINGS, TENANTS
from mockserver.web.middlewares import Dispatcher
from mockserver.web.paths import BASE_PATH
from mockserver.web.settings import Settings


def create_app(
    *fixtures: str,
    now: str | None = None,
    office: Office | None = None,
    strict: bool = False,
    mode: Literal["remote", "local", "service"] = "remote",
    throttle: bool = False,
    transparent: bool = False,
    allowed_hosts: Iterable[str] = (),
    office_per_key: bool = False,
    admin: bool = True,
    admin_token: str | None = None,
    journal_size: int = MOST_EXCHANGES,
    journal_bytes: int = MOST_JOURNAL_BYTES,
) -> web.Application:
    """An aiohttp app that is the API of one office.

    `fixtures` are names of shipped offices, files or folders, later ones over earlier ones (none: `default`);
    `now` (`yyyy-MM-dd HH:mm:ss`) is where the office's clock stands still. Instead of both, `office` may be one
    that is there already. `strict` refuses what would be served with a warning; `mode` is whose page sizes hold;
    `throttle` answers 429 to a key that asks too soon; `transparent` sends no header of the mock's own;
    `allowed_hosts` are names that a Host header may have besides those of this machine; `office_per_key` gives each
    customer key a copy of the office to itself. `admin` is whether there is an admin API, `admin_token` what it wants
    to see; the journal keeps the last `journal_size` exchanges, in `journal_bytes` bytes.

    Raises FixtureError, FixtureNotFound, ContractUnusable, ValueError where `now` is no time.
    """
    contract = shipped_contract()
    office = office or load_office(*fixtures, now=now, contract=contract)
    shared = Tenant(office, journal=Journal(journal_size, journal_bytes))
    tenants = Tenants(shared, per_key=office_per_key)
    settings = Settings(strict=strict, mode=mode, throttle=throttle, transparent=transparent, admin=admin)
    hosts = HostGuard(allowed_hosts)
    dispatcher = Dispatcher(tenants, settings, hosts, AdminGuard(admin_token, hosts))
    app = web.Application(middlewares=[dispatcher.middleware()], client_max_size=MOST_BYTES)
    app.on_cleanup.append(dispatcher.finish)
    app[CONTRACT], app[TENANTS], app[SETTINGS] = contract, tenants, settings
    gateway = Gateway(settings)
    for base in (BASE_PATH, ""):
        for path, operations in _paths().items():
            # One resource for all methods of a path, so that none has to look past another's.
            for resource in [app.router.add_resource(base + path + slash) for slash in ("", "/")]:
                for operation in operations:
                    endpoint = Endpoint(app, gateway, operation, bare=not base)
                    resource.add_route(operation.method, endpoint.handle, expect_handler=_expect)
    if admin:
        app.add_routes(Admin(tenants, contract, settings, fixtures or ("default",)).routes())
    return app


def _paths() -> dict[str, list[Operation]]:
    paths: dict[str, list[Operation]] = {}
    for operation in OPERATIONS:
        # Not \d, which takes the digits of every script.
        number = "/{number:-?[0-9]+}" if operation.number is not None else ""
        paths.setdefault(f"/{operation.resource}{number}", []).append(operation)
    return paths


async def _expect(request: web.Request) -> None:
    """Answer `Expect: 100-continue`; any other expectation is ignored rather than refused with 417."""
    if request.headers["Expect"].lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # nothing of the answer itself is sent yet, as in aiohttp's own handler
