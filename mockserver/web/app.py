"""The app: every operation on both base paths, the admin API, and nothing else."""

from collections.abc import Iterable
from typing import Literal

from aiohttp import web

from mockserver.api.resources import OPERATIONS
from mockserver.api.settings import Settings
from mockserver.contract.contract import shipped_contract
from mockserver.fixtures.load import load_office
from mockserver.office.office import Office
from mockserver.recording.journal import MOST_BYTES as MOST_JOURNAL_BYTES
from mockserver.recording.journal import MOST_EXCHANGES, Journal
from mockserver.tenants.registry import Tenants
from mockserver.tenants.tenant import Tenant
from mockserver.web.admin.bodies import PREFIX
from mockserver.web.admin.routes import Admin
from mockserver.web.api import Api
from mockserver.web.app_keys import CONTRACT, FRONT, SETTINGS, TENANTS
from mockserver.web.body import MOST_BYTES
from mockserver.web.guards import AdminGuard, HostGuard
from mockserver.web.index import index
from mockserver.web.middleware import Front


def create_app(
    *fixtures: str,
    now: str | None = None,
    office: Office | None = None,
    strict: bool = False,
    strict_headers: bool = False,
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
    that is there already. `strict` refuses what would be served with a warning, but for a GET without Content-Type;
    `strict_headers` is the same and refuses that too. `mode` is whose page sizes hold;
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
    settings = Settings(
        strict=strict or strict_headers, strict_headers=strict_headers, mode=mode, throttle=throttle,
        transparent=transparent, admin=admin,
    )  # fmt: skip
    hosts = HostGuard(allowed_hosts)
    api = Api(contract, tenants, settings)
    front = Front(api, hosts, AdminGuard(admin_token, hosts) if admin else None)
    app = web.Application(middlewares=[front.middleware()], client_max_size=MOST_BYTES)
    app[CONTRACT], app[TENANTS], app[SETTINGS], app[FRONT] = contract, tenants, settings, front
    if admin:
        app.add_routes(Admin(tenants, contract, settings, fixtures or ("default",)).routes())
    app.router.add_get("/", index(OPERATIONS, admin=admin))
    rest = rf"/{{path:(?!{PREFIX[1:]}(?:/|$)).*}}" if admin else "/{path:.*}"
    app.router.add_resource(rest).add_route("*", front.answer, expect_handler=_expect)

    async def finish(_app: web.Application) -> None:
        api.finish()

    app.on_cleanup.append(finish)
    return app


async def _expect(request: web.Request) -> None:
    """Answer `Expect: 100-continue`; any other expectation is ignored rather than refused with 417."""
    if request.headers["Expect"].lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # nothing of the answer itself is sent yet, as in aiohttp's own handler
