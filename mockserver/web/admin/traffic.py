"""Traffic over HTTP: the faults that are set, and the journal of exchanges."""

from dataclasses import asdict

from aiohttp import web

from mockserver.journal import exchange_forms
from mockserver.office.faults import fault
from mockserver.web.admin.bodies import PREFIX, as_json, read_object
from mockserver.web.admin.filters import check_filters
from mockserver.web.admin.journal import har_of_requests, list_requests
from mockserver.web.admin.route import Handlers, Route
from mockserver.web.admin.stream import stream
from mockserver.web.problem import Problem


class TrafficHandlers(Handlers):
    """Handlers for faults and exchanges."""

    def routes(self) -> list[Route]:
        """Return all routes."""
        return [
            ("GET", "/faults", self.get_faults),
            ("POST", "/faults", self.post_fault),
            ("DELETE", "/faults", self.delete_faults),
            ("DELETE", "/faults/{id:[0-9]{1,18}}", self.delete_fault),
            ("GET", "/requests", self.get_requests),
            ("GET", "/requests.har", self.get_har),
            ("DELETE", "/requests", self.delete_requests),
            ("GET", "/requests/{id:[0-9]{1,18}}", self.get_request),
        ]

    async def get_faults(self, request: web.Request) -> web.Response:
        """Return the faults that are set, and how often each was triggered."""
        return as_json({"faults": self.tenant_of(request).faults.as_json()})

    async def post_fault(self, request: web.Request) -> web.Response:
        """Add a fault.

        Body: the fields of a fault.
        """
        given = await read_object(
            request, self._mock.contract.schemas["fixtures/fault"], self.tenant_of(request).lifetime
        )
        one = fault(given)
        try:
            self.tenant_of(request).faults.add(one)
        except ValueError as error:
            raise Problem(400, f"{error}.") from None
        return as_json(asdict(one), status=201)

    async def delete_faults(self, request: web.Request) -> web.Response:
        """Remove all faults."""
        self.tenant_of(request).faults.clear()
        return as_json({"faults": []})

    async def delete_fault(self, request: web.Request) -> web.Response:
        """Remove the fault with this `id`."""
        faults = self.tenant_of(request).faults
        if not faults.remove(int(request.match_info["id"])):
            raise Problem(404, f"There is no fault {request.match_info['id']}; GET {PREFIX}/faults lists them.")
        return as_json({"faults": faults.as_json()})

    async def get_requests(self, request: web.Request) -> web.StreamResponse:
        """Return the last exchanges in the journal, perhaps after waiting for some.

        Query: the filters, `limit`, `wait`, `count`, `revision`.
        """
        check_filters(request.query.items(), self._mock.contract)
        pieces = await list_requests(self.tenant_of(request), request, self._mock.contract.rules)
        return await stream(request, pieces)

    async def get_har(self, request: web.Request) -> web.StreamResponse:
        """Return the journal as an HTTP Archive (HAR 1.2): all exchanges, unless `limit` is given.

        Query: the filters, `limit`, `wait`, `count`, `revision`.
        """
        check_filters(request.query.items(), self._mock.contract)
        return await stream(request, await har_of_requests(self.tenant_of(request), request))

    async def delete_requests(self, request: web.Request) -> web.Response:
        """Clear the journal."""
        self.tenant_of(request).journal.clear()
        return as_json({"requests": []})

    async def get_request(self, request: web.Request) -> web.Response:
        """Return one exchange, whose id is in the header `X-Mock-Request-Id` of the response."""
        number = int(request.match_info["id"])
        for exchange in self.tenant_of(request).journal:
            if exchange.id == number:
                return as_json(exchange_forms.as_json(exchange, self._mock.contract.rules))
        raise Problem(404, f"There is no exchange {number}; it was dropped, cleared, or has not come yet.")
