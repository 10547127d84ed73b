"""Routes and handlers of the admin API, and the office that a request is for."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from mockserver.tenants.tenant import Tenant
from mockserver.web.mock import Mock
from mockserver.web.problem import Problem

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Route = tuple[str, str, Handler]
"""A method, a path below `/__admin`, and a handler."""


class Handlers:
    """Handlers of the admin API for one server."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock

    def tenant_of(self, request: web.Request) -> Tenant:
        """Return the office that a request is for: with `?office=KEY` that of a customer key. Raises Problem."""
        key = request.query.get("office")
        if key is None:
            return self._mock.shared
        if not self._mock.tenants.per_key:
            raise Problem(400, "There is one office for all keys; start the server with --office-per-key.")
        return self._mock.tenants.of_key(key)
