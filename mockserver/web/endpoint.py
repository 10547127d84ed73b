"""The one path of an API request: admitted, checked, run, and its rows sent."""

from aiohttp import web

from mockserver.errors import BadRequest
from mockserver.operation import Answer, Call, Operation, PathNumber
from mockserver.web.answers import API_HEADERS
from mockserver.web.body import read_object
from mockserver.web.gateway import Gateway
from mockserver.web.given import Given, number_or_text
from mockserver.web.keys import CONTRACT, EXCHANGE, SETTINGS, TENANT_OF
from mockserver.web.reformat import Reformat
from mockserver.web.spoil import spoil


class Endpoint:
    """An operation of `app`, as a handler. `bare`: on a path without the vendor's /api/v1."""

    def __init__(self, app: web.Application, gateway: Gateway, operation: Operation, *, bare: bool) -> None:
        schemas = app[CONTRACT].schemas
        row = f"{operation.resource}/row"
        self._operation = operation
        self._gateway = gateway
        self._bare = bare
        self._strict = app[SETTINGS].strict
        self._query = Given(schemas[operation.query])
        self._body = Given(schemas[operation.body], schemas[row]) if operation.body else None
        self._reformat = Reformat(app[CONTRACT], row)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request, or raise a Refusal."""
        operation, exchange, tenant = self._operation, request[EXCHANGE], request[TENANT_OF]
        exchange.operation = operation.name
        call = Call(strict=self._strict, rules=exchange.rules, warnings=exchange.warnings)
        if self._bare:
            call.warn("The path does not begin with /api/v1.", rule="warning.base-path")
        key = self._gateway.admit(operation, tenant.office, request.headers, call)
        if operation.number is not None:
            call.number = _path_number(request, operation.number)
        parameters = self._query.parameters(request.query, call) if request.query_string else {}
        call.given = parameters if self._body is None else self._body.fields(await read_object(request), call)
        form = parameters.get("DateTimeFormatString")
        encode = self._reformat.encoder(form, tenant.office.clock, call) if form else None

        def run() -> web.Response:
            answer = operation.run(tenant.office, call)
            body = _body(answer) if encode is None else encode(answer)
            return web.Response(body=body, status=operation.status, headers=API_HEADERS)

        if tenant.faults:
            facts = {**call.given, "CustomerKey": key.CustomerKey}
            if operation.number is not None:
                facts[operation.number.column] = call.number
            fault = tenant.faults.for_call(operation.name, facts)
            if fault is not None:
                return await spoil(fault, run, request, exchange)
        return run()


def _body(answer: Answer) -> bytes:
    if isinstance(answer, list):
        # Each record was held to the row's schema when it came to be, so the array of them keeps the list's.
        return b"[" + b",".join([record.body for record in answer]) + b"]"
    return answer.body


def _path_number(request: web.Request, path_number: PathNumber) -> int:
    number = number_or_text(request.match_info["number"])
    if isinstance(number, str) or not -(2**63) <= number < 2**63:
        raise BadRequest(f"{path_number.column} is invalid.", rule=path_number.invalid, hint="it must fit in 64 bits")
    return number
