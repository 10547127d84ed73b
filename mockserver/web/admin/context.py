"""Context of the admin API: everything that its handlers share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from mockserver.contract.contract import Contract
from mockserver.settings.server import Settings
from mockserver.tenants.registry import Tenants
from mockserver.tenants.tenant import Tenant
from mockserver.web.problem import Problem

Handler = Callable[[web.Request], Awaitable[web.Response]]
Route = tuple[str, str, Handler]
"""A method, a path below `/__admin`, and a handler."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The tenants, the contract and the settings of a server, and the names of its fixtures."""

    tenants: Tenants
    contract: Contract
    settings: Settings
    fixtures: tuple[str, ...]

    def tenant(self, request: web.Request) -> Tenant:
        """Return the tenant that a request is for: with `?office=KEY` that of a customer key. Raises Problem."""
        key = request.query.get("office")
        if key is None:
            return self.tenants.shared
        if not self.tenants.per_key:
            raise Problem(400, "There is one office for all keys; start the server with --office-per-key.")
        return self.tenants.of_key(key)
