"""State of an office over HTTP: reset, fixture, keys, preferences, clock and snapshots."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from aiohttp import web

from mockserver.messages import brief
from mockserver.office.client_key import DUMMY_KEY, client_key
from mockserver.office.clock import parse_moment
from mockserver.office.preferences import name_problem
from mockserver.seeding.diagnostics import FixtureError
from mockserver.seeding.export import Export
from mockserver.seeding.load import office_from_text
from mockserver.syntax.document import MAX_BYTES
from mockserver.tenants.tenant import MAX_SNAPSHOTS
from mockserver.web.admin.bodies import PREFIX, as_json, read_object, read_text, wants_yaml
from mockserver.web.admin.route import Handlers, Route
from mockserver.web.admin.stream import stream
from mockserver.web.problem import Problem
from mockserver.web.thread import WORKER, Got
from mockserver.web.transport import abort, is_gone
from mockserver.work import Abandoned

_SNAPSHOT = re.compile("[a-z0-9_-]{1,64}")


class StateHandlers(Handlers):
    """Handlers that read and change the state of an office."""

    def routes(self) -> list[Route]:
        """Return all routes."""
        return [
            ("POST", "/reset", self.reset),
            ("GET", "/office", self.get_office),
            ("PUT", "/office", self.put_office),
            ("GET", "/keys", self.get_keys),
            ("GET", "/preferences", self.get_preferences),
            ("PATCH", "/preferences", self.patch_preferences),
            ("GET", "/clock", self.get_clock),
            ("PUT", "/clock", self.put_clock),
            ("GET", "/snapshots", self.get_snapshots),
            ("PUT", "/snapshots/{name}", self.put_snapshot),
            ("POST", "/snapshots/{name}/restore", self.restore_snapshot),
            ("DELETE", "/snapshots/{name}", self.delete_snapshot),
        ]

    async def reset(self, request: web.Request) -> web.Response:
        """Reset to the fixture: rows, numbering, clock, throttle, faults, hooks, journal. Close waiting requests."""
        self.tenant_of(request).reset()
        return as_json({"status": "reset"})

    async def get_office(self, request: web.Request) -> web.StreamResponse:
        """Return the whole office as a fixture, in YAML if the request has `Accept: application/yaml`."""
        export = Export(self.tenant_of(request).office)
        if wants_yaml(request):
            return await stream(request, export.as_yaml(), "application/yaml")
        return await stream(request, export.as_json())

    async def put_office(self, request: web.Request) -> web.Response:
        """Replace the office, which is validated like a fixture. A reset restores the first one.

        Body: a fixture.
        """
        lifetime = self.tenant_of(request).lifetime
        text = await read_text(request, lifetime, MAX_BYTES)
        now, contract = lifetime.tenant.office.clock.now(), self._mock.contract
        try:
            with lifetime.watched(partial(abort, request)):
                other = await _work(request, lambda: office_from_text(text, contract=contract, now=now))
        except FixtureError as error:
            errors = [{"line": one.line, "column": one.column, "message": one.message} for one in error.diagnostics]
            raise Problem(400, "The office is not a valid fixture.", errors=errors) from None
        lifetime.check()
        lifetime.tenant.replace_until_reset(other)
        return as_json({"status": "replaced"})

    async def get_keys(self, request: web.Request) -> web.Response:
        """Return a pair of keys that the office accepts; with `?office=KEY` the pair of that customer key."""
        known, asked = self.tenant_of(request).office.apikey, request.query.get("office", "")
        own = known.get(asked) if known or not asked else replace(DUMMY_KEY, CustomerKey=asked)
        key = own or client_key(known.values())
        return as_json({"DeveloperKey": key.DeveloperKey, "CustomerKey": key.CustomerKey})

    async def get_preferences(self, request: web.Request) -> web.Response:
        """Return the preferences of the office."""
        return as_json(self.tenant_of(request).office.preference.as_fixture())

    async def patch_preferences(self, request: web.Request) -> web.Response:
        """Set some preferences, and return all.

        Body: preferences by name.
        """
        given = await read_object(
            request, self._mock.contract.schemas["fixtures/preference"], self.tenant_of(request).lifetime
        )
        office = self.tenant_of(request).office
        for name in given:
            if problem := name_problem(name):
                raise Problem(400, f"{name} {problem}")
        try:
            office.preference = office.preference.changed(given)
        except ValueError as error:
            raise Problem(400, f"{error}.") from None
        return as_json(office.preference.as_fixture())

    async def get_clock(self, request: web.Request) -> web.Response:
        """Return the time of the office, and whether its clock is frozen."""
        clock = self.tenant_of(request).office.clock
        return as_json({"now": clock.text(), "frozen": clock.frozen})

    async def put_clock(self, request: web.Request) -> web.Response:
        """Freeze the clock at `now`, move it by `advance` seconds, or let it run again with `"now": null`.

        Body: `now`, `advance`.
        """
        given = await read_object(request, self._mock.contract.schemas["admin/clock"], self.tenant_of(request).lifetime)
        clock = self.tenant_of(request).office.clock
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
            raise Problem(400, "This is not a valid time; give one like 2023-07-26 09:47:10.") from None
        return await self.get_clock(request)

    async def get_snapshots(self, request: web.Request) -> web.Response:
        """Return the names of the snapshots."""
        return as_json({"snapshots": sorted(self.tenant_of(request).snapshots)})

    async def put_snapshot(self, request: web.Request) -> web.Response:
        """Save the current state of the office as a snapshot."""
        name, kept = _snapshot_name(request), self.tenant_of(request).snapshots
        if name not in kept and len(kept) >= MAX_SNAPSHOTS:
            raise Problem(400, f"{MAX_SNAPSHOTS} snapshots are kept, which is the maximum; DELETE one first.")
        kept[name] = self.tenant_of(request).office.snapshot()
        return as_json({"snapshots": sorted(kept)})

    async def restore_snapshot(self, request: web.Request) -> web.Response:
        """Restore the state of a snapshot: rows, numbering, preferences, clock."""
        self.tenant_of(request).restore(self.tenant_of(request).snapshots[self._snapshot(request)])
        return as_json({"status": "restored"})

    async def delete_snapshot(self, request: web.Request) -> web.Response:
        """Delete a snapshot."""
        del self.tenant_of(request).snapshots[self._snapshot(request)]
        return as_json({"snapshots": sorted(self.tenant_of(request).snapshots)})

    def _snapshot(self, request: web.Request) -> str:
        name = _snapshot_name(request)
        if name not in self.tenant_of(request).snapshots:
            raise Problem(404, f"There is no snapshot {name}; GET {PREFIX}/snapshots lists them.")
        return name


async def _work(request: web.Request, do: Callable[[], Got]) -> Got:
    """Return `do()`, run by the worker. Raises ConnectionError if the client does not wait for it."""
    try:
        return await WORKER.run(do, lambda: not is_gone(request))
    except Abandoned:
        abort(request)
        raise ConnectionResetError("the client disconnected before the end of the work") from None


def _snapshot_name(request: web.Request) -> str:
    name = request.match_info["name"]
    if not _SNAPSHOT.fullmatch(name):
        what = f"{brief(repr(name))} is not the name of a snapshot"
        raise Problem(400, f"{what}, which has 1 to 64 of the characters a-z, 0-9, _ and -.")
    return name
