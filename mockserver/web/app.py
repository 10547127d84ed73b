"""App: all operations on both base paths, and the admin API."""

import logging
from typing import Unpack

from aiohttp import HttpVersion11, hdrs, web

from mockserver.api.body import MAX_BYTES
from mockserver.api.dispatcher import Dispatcher
from mockserver.api.resources import operations_of
from mockserver.contract.contract import Contract
from mockserver.contract.own_resources import contract_with
from mockserver.fixtures.load import load_office
from mockserver.observations.files import read_observations
from mockserver.observations.observation import observed
from mockserver.office.office import Office
from mockserver.recording.coverage import Coverage
from mockserver.recording.journal import Journal
from mockserver.recording.run_folder import leave_mark
from mockserver.settings.server import AppKeywords, Fixture, Settings, is_open_to_others
from mockserver.tenants.registry import Tenants
from mockserver.tenants.tenant import Tenant
from mockserver.web.admin.bodies import PREFIX
from mockserver.web.admin.context import Context
from mockserver.web.admin.routes import Admin
from mockserver.web.app_keys import CONTRACT, MIDDLEWARE, SETTINGS, TENANTS
from mockserver.web.connection import CONTINUE
from mockserver.web.guards import AdminGuard, HostGuard
from mockserver.web.index import index
from mockserver.web.middleware import ApiMiddleware
from mockserver.web.page.routes import page_routes

log = logging.getLogger("mockserver")


def create_app(*names: Fixture, **settings: Unpack[AppKeywords]) -> web.Application:
    """Return an aiohttp app that serves the API of one office.

    The arguments are those of `mockserver.settings.server.Settings`; fixtures may be given by position too. Raises
    FixtureError, FixtureNotFound, ObservationError, ResourceError; TypeError or ValueError for an invalid argument.
    """
    return make_app(Settings.of(AppKeywords, names, settings))


def make_app(settings: Settings) -> web.Application:
    """Return an app with these settings.

    Raises FixtureError, FixtureNotFound, ObservationError, ResourceError.
    """
    contract = contract_with(settings.resources)
    office = settings.office or load_office(*settings.fixtures, now=settings.now, contract=contract)
    contract = _observed_contract(contract, office, settings)
    shared = Tenant(
        office, journal=Journal(settings.journal_size, settings.journal_bytes), coverage=Coverage(leave_mark)
    )
    tenants = Tenants(shared, per_key=settings.office_per_key)
    hosts = HostGuard(settings.allowed_hosts, is_open=is_open_to_others(settings.host))
    dispatcher = Dispatcher(contract, tenants, settings)
    admin_guard = AdminGuard(settings.admin_token, hosts) if settings.admin else None
    api_middleware = ApiMiddleware(dispatcher, hosts, admin_guard)
    app = web.Application(middlewares=[api_middleware.middleware()], client_max_size=MAX_BYTES)
    app[CONTRACT], app[TENANTS], app[SETTINGS], app[MIDDLEWARE] = contract, tenants, settings, api_middleware
    if settings.admin:
        fixtures = settings.fixtures or ("default",)
        context = Context(tenants=tenants, contract=contract, settings=settings, fixtures=fixtures)
        app.add_routes(Admin(context).routes())
    page = settings.page if settings.admin else "off"
    listing = index(operations_of(contract), admin=settings.admin)
    app.add_routes([web.get("/", listing)] if page == "off" else page_routes(page, listing))
    rest = rf"/{{path:(?!{PREFIX[1:]}(?:/|$)).*}}" if settings.admin else "/{path:.*}"
    app.router.add_resource(rest).add_route("*", api_middleware.handle, expect_handler=_expect)

    async def release(_app: web.Application) -> None:
        for tenant in tenants:
            tenant.journal.release()  # a client that waits, such as the page, would delay the end of the server

    async def finish(_app: web.Application) -> None:
        dispatcher.flush()

    app.on_shutdown.append(release)
    app.on_cleanup.append(finish)
    return app


def _observed_contract(contract: Contract, office: Office, settings: Settings) -> Contract:
    """Return the contract as it was observed, and list the rows of the office accordingly. Raises ObservationError."""
    if office.observed or settings.observed:
        observations = read_observations((*office.observed, *settings.observed), contract)
        for warning in observations.warnings:
            log.warning("%s", warning.message)
        contract = observed(contract, observations)
    office.list_as(contract.orders)
    return contract


async def _expect(request: web.Request) -> None:
    """Respond to `Expect: 100-continue`, and ignore any other expectation instead of refusing it with 417.

    A client that has begun with the body does not wait for a response any more, and may have got it on the fast path; a
    second one breaks clients. HTTP/1.0 has no such responses (RFC 9110, 10.1.1).
    """
    body = request.content
    if (
        request.headers[hdrs.EXPECT].lower() == "100-continue"
        and request.version >= HttpVersion11
        and not (body.total_bytes or body.is_eof())
    ):
        await request.writer.write(CONTINUE)
        request.writer.output_size = 0  # the response itself is not begun, as in aiohttp's own handler
