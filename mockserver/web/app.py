"""App: all operations on both base paths, and the admin API."""

from typing import Unpack

from aiohttp import HttpVersion11, hdrs, web

from mockserver.api.body import MAX_BYTES
from mockserver.api.resources import operations_of
from mockserver.settings.server import AppKeywords, Fixture, Settings
from mockserver.web.admin.bodies import PREFIX
from mockserver.web.admin.routes import Admin
from mockserver.web.connection import CONTINUE
from mockserver.web.index import index
from mockserver.web.middleware import ApiMiddleware
from mockserver.web.mock import MOCK, Mock
from mockserver.web.page.routes import page_routes


def create_app(*names: Fixture, **settings: Unpack[AppKeywords]) -> web.Application:
    """Return an aiohttp app that serves the API of one office.

    The arguments are those of `mockserver.settings.server.Settings`; fixtures may be given by position too. Raises
    FixtureError, FixtureNotFound, ObservationError, ResourceError; TypeError or ValueError for an invalid argument.
    """
    return make_app(Mock(Settings.of(AppKeywords, names, settings)))


def make_app(mock: Mock) -> web.Application:
    """Return the app of a mock."""
    settings = mock.settings
    api_middleware = ApiMiddleware(mock)
    app = web.Application(middlewares=[api_middleware.middleware()], client_max_size=MAX_BYTES)
    app[MOCK] = mock
    if settings.admin:
        app.add_routes(Admin(mock).routes())
    page = settings.page if settings.admin else "off"
    listing = index(operations_of(mock.contract), admin=settings.admin)
    app.add_routes([web.get("/", listing)] if page == "off" else page_routes(page, listing))
    rest = rf"/{{path:(?!{PREFIX[1:]}(?:/|$)).*}}" if settings.admin else "/{path:.*}"
    app.router.add_resource(rest).add_route("*", api_middleware.handle, expect_handler=_expect)

    async def release(_app: web.Application) -> None:
        for tenant in mock.tenants:
            tenant.journal.release()  # a client that waits, such as the page, would delay the end of the server

    async def finish(_app: web.Application) -> None:
        mock.dispatcher.flush()

    app.on_shutdown.append(release)
    app.on_cleanup.append(finish)
    return app


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
