"""Admin API: the handlers of `/__admin/`, for tests, tools and people."""

import asyncio
from functools import wraps

from aiohttp import hdrs, web

from mockserver.api.resources import operations_of
from mockserver.assets import version
from mockserver.syntax.text import valid_text
from mockserver.web.admin.bodies import PREFIX, as_json
from mockserver.web.admin.claims import ClaimHandlers
from mockserver.web.admin.route import Handler, Handlers, Route
from mockserver.web.admin.rows import RowHandlers
from mockserver.web.admin.state import StateHandlers
from mockserver.web.admin.traffic import TrafficHandlers
from mockserver.web.problem import Problem
from mockserver.web.thread import WORKER


class Admin(Handlers):
    """The admin API of the shared office or, with `?office=KEY`, of a customer key's own office."""

    def routes(self) -> list[web.RouteDef]:
        """Return all routes."""
        own: list[Route] = [
            ("GET", "", self.index),
            ("GET", "/", self.index),
            ("GET", "/health", self.health),
            ("GET", "/offices", self.get_offices),
            ("GET", "/contract", self.get_contract),
            ("DELETE", "/contract", self.delete_contract),
            ("GET", "/contract/{rule}", self.get_rule_examples),
            ("GET", "/openapi.json", self.get_openapi),
            ("GET", "/schemas", self.get_schemas),
            ("GET", "/schemas/{name:[a-z.]+(?:/[a-z.]+)?}", self.get_schema),
        ]
        groups = (StateHandlers, RowHandlers, ClaimHandlers, TrafficHandlers)
        table = [*own, *(route for group in groups for route in group(self._mock).routes())]
        return [
            web.route(method, PREFIX + path, handle if method == hdrs.METH_GET else self._noting(handle))
            for method, path, handle in table
        ]

    def _noting(self, handle: Handler) -> Handler:
        """Return a handler that also notes the change that it makes to the office."""

        @wraps(handle)
        async def noting(request: web.Request) -> web.StreamResponse:
            response = await handle(request)
            self.tenant_of(request).changes.note()
            return response

        return noting

    async def index(self, request: web.Request) -> web.Response:
        """Return the paths of the admin API, with their methods."""
        routes = (route for route in request.app.router.routes() if route.method != hdrs.METH_HEAD)
        paths = [(route.method, route.resource.canonical) for route in routes if route.resource is not None]
        return as_json({"paths": [f"{method} {path}" for method, path in paths if path.startswith(PREFIX + "/")]})

    async def health(self, request: web.Request) -> web.Response:
        """Return the status of the server, figures of its office, and `diagnostics` of watched fixtures."""
        tenant = self.tenant_of(request)
        return as_json(
            {
                "status": "ok",
                "version": version(),
                "loop": type(asyncio.get_running_loop()).__module__.partition(".")[0],
                "fixtures": [*map(valid_text, self._mock.fixtures)],
                "office_version": valid_text(tenant.office.version),
                "claimtrackings": len(tenant.office.claimtracking),
                "requests": len(tenant.journal),
                "dropped": tenant.journal.dropped,
                "faults": len(tenant.faults),
                "diagnostics": [*map(valid_text, tenant.fixture_errors)],
            }
        )

    async def get_offices(self, _request: web.Request) -> web.Response:
        """Return, with `--office-per-key`, the customer keys that have an office, with figures of each."""
        tenants = self._mock.tenants
        offices = [
            {"CustomerKey": key, "claimtrackings": len(one.office.claimtracking), "requests": len(one.journal)}
            for key, one in tenants.by_key().items()
        ]
        return as_json({"per_key": tenants.per_key, "offices": offices})

    async def get_contract(self, _request: web.Request) -> web.Response:
        """Return the contract coverage: each rule with its count and its last exchange, refusals, warnings."""
        return as_json(self._mock.coverage())

    async def delete_contract(self, request: web.Request) -> web.Response:
        """Clear the contract coverage."""
        self._mock.shared.coverage.clear()
        for tenant in self._mock.tenants:
            tenant.changes.note()
        return await self.get_contract(request)

    async def get_rule_examples(self, request: web.Request) -> web.Response:
        """Return the requests that show a rule: those of its contract cases."""
        from mockserver.contract.rule_examples import examples_of  # slow to import, and few clients ask for it

        rule = request.match_info["rule"]
        if rule not in self._mock.contract.rules:
            raise Problem(404, f"There is no such rule; GET {PREFIX}/contract lists them.")
        return await WORKER.run(lambda: as_json({"rule": rule, "examples": examples_of(rule)}))

    async def get_openapi(self, _request: web.Request) -> web.Response:
        """Return the contract as OpenAPI 3.1."""
        from mockserver.api.openapi import openapi  # slow to import, and few clients ask for it

        contract = self._mock.contract
        return await WORKER.run(lambda: as_json(openapi(contract, operations_of(contract))))

    async def get_schemas(self, _request: web.Request) -> web.Response:
        """Return the names of the schemas."""
        return as_json({"schemas": sorted(self._mock.contract.schemas)})

    async def get_schema(self, request: web.Request) -> web.Response:
        """Return one schema."""
        schema = self._mock.contract.schemas.get(request.match_info["name"].removesuffix(".json"))
        if schema is None:
            raise Problem(404, f"There is no such schema; GET {PREFIX}/schemas lists them.")
        return as_json(schema.contents)
