"""Index pages: what is served below `/`, for those who open the server's address itself."""

from collections.abc import Iterable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from mockserver.api.operation import Operation
from mockserver.api.router import BASE_PATH
from mockserver.web.admin.bodies import PREFIX, as_json


def index(operations: Iterable[Operation], *, admin: bool) -> Handler:
    """Return the handler of `GET /`: every operation, and where the admin API is if there is one."""
    content: dict[str, Any] = {
        "name": "opendental-mock",
        "operations": {one.name: f"{one.method} {BASE_PATH}{one.path}" for one in operations},
    }
    if admin:
        content |= {"openapi": f"{PREFIX}/openapi.json", "admin": f"{PREFIX}/"}

    async def handle(_request: web.Request) -> web.StreamResponse:
        return as_json(content)

    return handle
