"""Index page: the operations and the admin API's address, at `GET /`."""

from collections.abc import Iterable

from aiohttp import web
from aiohttp.typedefs import Handler

from mockserver.api.operation import Operation
from mockserver.api.router import BASE_PATH
from mockserver.web.admin.bodies import PREFIX, as_json


def index(operations: Iterable[Operation], *, admin: bool) -> Handler:
    """Return the handler of `GET /`: all operations, and the address of the admin API if there is one."""
    links = {"openapi": f"{PREFIX}/openapi.json", "admin": f"{PREFIX}/"} if admin else {}

    async def handle(_request: web.Request) -> web.StreamResponse:
        paths = {operation.name: f"{operation.method} {BASE_PATH}{operation.path}" for operation in operations}
        return as_json({"name": "opendental-mock", "operations": paths, **links})

    return handle
