"""Admin API: the handlers of `/__admin/`, for tests, tools and people."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import partial

from aiohttp import hdrs, web

from mockserver.api.openapi import openapi
from mockserver.api.resources import OPERATIONS
from mockserver.api.response import SERVER
from mockserver.api.settings import Settings, contract_coverage
from mockserver.assets import version
from mockserver.contract.contract import Contract
from mockserver.fixtures.diagnostics import FixtureError
from mockserver.fixtures.export import Export
from mockserver.fixtures.load import office_from_text
from mockserver.messages import brief
from mockserver.office.client_key import client_key
from mockserver.office.clock import parse_moment
from mockserver.office.faults import MAX_FAULTS, fault
from mockserver.office.preferences import name_problem
from mockserver.tenants.registry import Tenants
from mockserver.tenants.tenant import MAX_SNAPSHOTS, Tenant
from mockserver.web.admin.bodies import PREFIX, as_json, read_object, read_text, wants_yaml
from mockserver.web.admin.filters import check_filters
from mockserver.web.admin.journal import exchange_as_json, har_of_requests, list_requests
from mockserver.web.problem import Problem
from mockserver.web.thread import in_thread
from mockserver.web.transport import abort

_SNAPSHOT = re.compile("[a-z0-9_-]{1,64}")

Handle = Callable[[web.Request], Awaitable[web.Response]]


class Admin:
    """The admin API of the shared office or, with `?office=KEY`, of a customer key's own office."""

    def __init__(self, tenants: Tenants, contract: Contract, settings: Settings, fixtures: tuple[str, ...]) -> None:
        self._tenants = tenants
        self._contract = contract
        self._settings = settings
        self._fixtures = fixtures

    def routes(self) -> list[web.RouteDef]:
        """Return all routes."""
        table: list[tuple[str, str, Handle]] = [
            ("GET", "", self.index),
            ("GET", "/", self.index),
            ("GET", "/health", self.health),
            ("POST", "/reset", self.reset),
            ("GET", "/office", self.get_office),
            ("PUT", "/office", self.put_office),
            ("GET", "/keys", self.get_keys),
            ("GET", "/preferences", self.get_preferences),
            ("PATCH", "/preferences", self.patch_preferences),
            ("GET", "/clock", self.get_clock),
            ("PUT", "/clock", self.put_clock),
            ("GET", "/faults", self.get_faults),
            ("POST", "/faults", self.post_fault),
            ("DELETE", "/faults", self.delete_faults),
            ("GET", "/requests", self.get_requests),
            ("GET", "/requests.har", self.get_har),
            ("DELETE", "/requests", self.delete_requests),
            ("GET", "/requests/{id:[0-9]{1,18}}", self.get_request),
            ("GET", "/contract", self.get_contract),
            ("DELETE", "/contract", self.delete_contract),
            ("GET", "/openapi.json", self.get_openapi),
            ("GET", "/snapshots", self.get_snapshots),
            ("PUT", "/snapshots/{name}", self.put_snapshot),
            ("POST", "/snapshots/{name}/restore", self.restore_snapshot),
            ("DELETE", "/snapshots/{name}", self.delete_snapshot),
            ("GET", "/schemas", self.get_schemas),
            ("GET", "/schemas/{name:[a-z.]+(?:/[a-z.]+)?}", self.get_schema),
        ]
        return [web.route(method, PREFIX + path, handle) for method, path, handle in table]

    async def index(self, request: web.Request) -> web.Response:
        """Return all paths of the admin API, with their methods."""
        routes = (route for route in request.app.router.routes() if route.method != hdrs.METH_HEAD)
        paths = [(route.method, route.resource.canonical) for route in routes if route.resource is not None]
        return as_json({"paths": [f"{method} {path}" for method, path in paths if path.startswith(PREFIX + "/")]})

    async def health(self, request: web.Request) -> web.Response:
        """Return that the server is ready, and a summary of its state."""
        tenant = self._tenant(request)
        return as_json(
            {
                "status": "ok",
                "version": version(),
                "loop": type(asyncio.get_running_loop()).__module__.partition(".")[0],
                "fixtures": list(self._fixtures),
                "claimtrackings": len(tenant.office.claimtracking),
                "requests": len(tenant.journal),
                "dropped": tenant.journal.dropped,
                "faults": len(tenant.faults),
                "complaints": list(tenant.fixture_errors),
            }
        )

    async def reset(self, request: web.Request) -> web.Response:
        """Reset to the fixture: rows, numbering, clock, faults, journal."""
        self._tenant(request).reset()
        return as_json({"status": "reset"})

    async def get_office(self, request: web.Request) -> web.Response:
        """Return the whole office as a fixture, in YAML if the client accepts that, otherwise in JSON."""
        export = Export(self._tenant(request).office)
        if wants_yaml(request):
            text = await in_thread(export.as_yaml)
            return web.Response(body=text.encode(), headers={"Content-Type": "application/yaml", **SERVER})
        return await in_thread(lambda: as_json(export.as_fixture()))

    async def put_office(self, request: web.Request) -> web.Response:
        """Replace the office. A reset still restores the first one."""
        lifetime = self._tenant(request).lifetime
        text = await read_text(request, lifetime)
        now = lifetime.tenant.office.clock.now()
        try:
            with lifetime.watched(partial(abort, request)):
                other = await in_thread(lambda: office_from_text(text, contract=self._contract, now=now))
        except FixtureError as error:
            errors = [{"line": one.line, "column": one.column, "message": one.message} for one in error.complaints]
            raise Problem(400, "The office is not a valid fixture.", errors=errors) from None
        lifetime.check()
        lifetime.tenant.become(other)
        return as_json({"status": "replaced"})

    async def get_keys(self, request: web.Request) -> web.Response:
        """Return a pair of keys that the office accepts."""
        key = client_key(self._tenant(request).office.apikey.values())
        return as_json({"DeveloperKey": key.DeveloperKey, "CustomerKey": key.CustomerKey})

    async def get_preferences(self, request: web.Request) -> web.Response:
        """The office's preferences."""
        return as_json(self._tenant(request).office.preference.as_fixture())

    async def patch_preferences(self, request: web.Request) -> web.Response:
        """Set some preferences."""
        given = await read_object(
            request, self._contract.schemas["fixtures/preference"], self._tenant(request).lifetime
        )
        office = self._tenant(request).office
        for name in given:
            if problem := name_problem(name):
                raise Problem(400, f"{name} {problem}")
        office.preference = office.preference.changed(given)
        return as_json(office.preference.as_fixture())

    async def get_clock(self, request: web.Request) -> web.Response:
        """Return the office's time, and whether its clock is frozen."""
        clock = self._tenant(request).office.clock
        return as_json({"now": clock.text(), "frozen": clock.frozen})

    async def put_clock(self, request: web.Request) -> web.Response:
        """Freeze, move or start the office's clock."""
        given = await read_object(request, self._contract.schemas["admin/clock"], self._tenant(request).lifetime)
        clock = self._tenant(request).office.clock
        before = clock.reading()
        try:
            moment = parse_moment(given["now"]) if given.get("now") else None
            if moment is not None:
                clock.freeze(moment)
            elif "now" in given:
                clock.run()
            clock.advance(given.get("advance", 0))
        except (ValueError, OverflowError):
            clock.set(before)
            raise Problem(400, "There is no such time; give one like 2023-07-26 09:47:10.") from None
        return await self.get_clock(request)

    async def get_faults(self, request: web.Request) -> web.Response:
        """Return the faults that are set, with their counts."""
        return as_json({"faults": self._tenant(request).faults.as_json()})

    async def post_fault(self, request: web.Request) -> web.Response:
        """Set one more fault."""
        given = await read_object(request, self._contract.schemas["fixtures/fault"], self._tenant(request).lifetime)
        if len(self._tenant(request).faults) >= MAX_FAULTS:
            raise Problem(400, f"{MAX_FAULTS} faults are set, which is as many as there can be; DELETE them first.")
        one = fault(given)
        self._tenant(request).faults.add(one)
        return as_json(asdict(one), status=201)

    async def delete_faults(self, request: web.Request) -> web.Response:
        """Remove all faults."""
        self._tenant(request).faults.clear()
        return as_json({"faults": []})

    async def get_requests(self, request: web.Request) -> web.Response:
        """Return the filtered journal, after waiting if the request asks for it."""
        check_filters(request.query.items(), self._contract)
        return as_json(await list_requests(self._tenant(request).journal, request, self._contract.rules))

    async def get_har(self, request: web.Request) -> web.Response:
        """Return the filtered journal as an HTTP Archive."""
        check_filters(request.query.items(), self._contract)
        return as_json(await har_of_requests(self._tenant(request).journal, request))

    async def delete_requests(self, request: web.Request) -> web.Response:
        """Clear the journal."""
        self._tenant(request).journal.clear()
        return as_json({"requests": []})

    async def get_request(self, request: web.Request) -> web.Response:
        """Return one exchange."""
        number = int(request.match_info["id"])
        for exchange in self._tenant(request).journal:
            if exchange.id == number:
                return as_json(exchange_as_json(exchange, self._contract.rules))
        raise Problem(404, f"There is no exchange {number}; it was dropped, cleared, or has not come yet.")

    async def get_contract(self, _request: web.Request) -> web.Response:
        """Return the contract coverage: rules with their counts and last exchanges, refusals, warnings."""
        return as_json(contract_coverage(self._tenants.shared, self._contract, self._settings))

    async def delete_contract(self, request: web.Request) -> web.Response:
        """Reset the contract coverage."""
        self._tenants.shared.coverage.clear()
        return await self.get_contract(request)

    async def get_openapi(self, _request: web.Request) -> web.Response:
        """Return the contract as OpenAPI 3.1."""
        return as_json(openapi(self._contract, OPERATIONS))

    async def get_snapshots(self, request: web.Request) -> web.Response:
        """Return the names of the snapshots."""
        return as_json({"snapshots": sorted(self._tenant(request).snapshots)})

    async def put_snapshot(self, request: web.Request) -> web.Response:
        """Store the current state of the office under a name."""
        name, kept = _snapshot_name(request), self._tenant(request).snapshots
        if name not in kept and len(kept) >= MAX_SNAPSHOTS:
            raise Problem(400, f"{MAX_SNAPSHOTS} snapshots are kept, which is the most; DELETE one first.")
        kept[name] = self._tenant(request).office.snapshot()
        return as_json({"snapshots": sorted(kept)})

    async def restore_snapshot(self, request: web.Request) -> web.Response:
        """Restore the state of a snapshot: rows, numbering, preferences, clock."""
        self._tenant(request).restore(self._tenant(request).snapshots[self._snapshot(request)])
        return as_json({"status": "restored"})

    async def delete_snapshot(self, request: web.Request) -> web.Response:
        """Delete a snapshot."""
        del self._tenant(request).snapshots[self._snapshot(request)]
        return as_json({"snapshots": sorted(self._tenant(request).snapshots)})

    async def get_schemas(self, _request: web.Request) -> web.Response:
        """Return the names of the schemas."""
        return as_json({"schemas": sorted(self._contract.schemas)})

    async def get_schema(self, request: web.Request) -> web.Response:
        """Return one schema."""
        schema = self._contract.schemas.get(request.match_info["name"].removesuffix(".json"))
        if schema is None:
            raise Problem(404, f"There is no such schema; GET {PREFIX}/schemas lists them.")
        return as_json(schema.contents)

    def _tenant(self, request: web.Request) -> Tenant:
        key = request.query.get("office")
        if key is None:
            return self._tenants.shared
        if not self._tenants.per_key:
            raise Problem(400, "There is one office for all keys; start the server with --office-per-key.")
        return self._tenants.of_key(key)

    def _snapshot(self, request: web.Request) -> str:
        name = _snapshot_name(request)
        if name not in self._tenant(request).snapshots:
            raise Problem(404, f"There is no snapshot {name}; GET {PREFIX}/snapshots lists them.")
        return name


def _snapshot_name(request: web.Request) -> str:
    name = request.match_info["name"]
    if not _SNAPSHOT.fullmatch(name):
        what = f"{brief(repr(name))} is not the name of a snapshot"
        raise Problem(400, f"{what}, which has 1 to 64 of the characters a-z, 0-9, _ and -.")
    return name
