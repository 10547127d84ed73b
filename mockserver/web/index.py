"""Index page: the operations and the admin API's address, at `GET /`."""

from collections.abc import Iterable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from mockserver.api.operation import Operation
from mockserver.api.router import BASE_PATH
from mockserver.web.admin.bodies import PREFIX, as_json


def index(operations: Iterable[Operation], *, admin: bool) -> Handler:
    """Return the handler of `GET /`: all operations, and the address of the admin API if there is one."""
    content: dict[str, Any] = {
        "name": "opendental-mock",
        "operations": {one.name: f"{one.method} {BASE_PATH}{one.path}" for one in operations},
    }
    if admin:
        content |= {"openapi": f"{PREFIX}/openapi.json", "admin": f"{PREFIX}/"}

    async def handle(_request: web.Request) -> web.StreamResponse:
        return as_json(content)

    return handle
