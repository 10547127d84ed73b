"""The app: every operation on both base paths, and nothing else."""

from aiohttp import web

from mockserver.contract import shipped_contract
from mockserver.fixture_files import load_office
from mockserver.journal import Journal
from mockserver.office import Office
from mockserver.resources import OPERATIONS
from mockserver.web.body import MOST_BYTES
from mockserver.web.endpoint import Endpoint
from mockserver.web.gateway import BASE_PATH
from mockserver.web.keys import CONTRACT, JOURNAL, OFFICE, SETTINGS, Settings
from mockserver.web.middlewares import exchanges


def create_app(
    *fixtures: str, now: str | None = None, office: Office | None = None, strict: bool = False
) -> web.Application:
    """An aiohttp app that is the API of one office.

    `fixtures` are names of shipped offices, files or folders, later ones over earlier ones (none: `default`);
    `now` (`yyyy-MM-dd HH:mm:ss`) is where the office's clock stands still. Instead of both, `office` may be one
    that is there already. `strict` refuses what would be served with a warning.

    Raises FixtureError, FixtureNotFound, ContractUnusable.
    """
    app = web.Application(middlewares=[exchanges], client_max_size=MOST_BYTES)
    app[CONTRACT] = shipped_contract()
    app[OFFICE] = office or load_office(*fixtures, now=now, contract=app[CONTRACT])
    app[JOURNAL] = Journal()
    app[SETTINGS] = Settings(strict=strict)
    for operation in OPERATIONS:
        for base in (BASE_PATH, ""):
            endpoint = Endpoint(app, operation, bare=not base)
            path = f"{base}/{operation.resource}"
            if operation.number is not None:
                # Not \d, which takes the digits of every script.
                path += "/{number:-?[0-9]+}"
            for slash in ("", "/"):
                app.router.add_route(operation.method, path + slash, endpoint.handle, expect_handler=_expect)
    return app


async def _expect(request: web.Request) -> None:
    """Answer `Expect: 100-continue`; any other expectation is ignored rather than refused with 417."""
    if request.headers["Expect"].lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
