"""Routes of the admin API, and the office that a request is for."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from mockserver.tenants.tenant import Tenant
from mockserver.web.mock import Mock
from mockserver.web.problem import Problem

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Route = tuple[str, str, Handler]
"""A method, a path below `/__admin`, and a handler."""


def tenant_of(mock: Mock, request: web.Request) -> Tenant:
    """Return the office that a request is for: with `?office=KEY` that of a customer key. Raises Problem."""
    key = request.query.get("office")
    if key is None:
        return mock.shared
    if not mock.tenants.per_key:
        raise Problem(400, "There is one office for all keys; start the server with --office-per-key.")
    return mock.tenants.of_key(key)
