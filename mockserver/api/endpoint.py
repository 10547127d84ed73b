"""The one path of an API request: admitted, checked, run, and its rows sent."""

from collections.abc import Callable
from operator import attrgetter

from mockserver.api.admission import Gateway
from mockserver.api.body import read_object
from mockserver.api.datetime_encoder import Reformat
from mockserver.api.inputs import Given, number_or_text
from mockserver.api.operation import Answer, Call, Operation, PathNumber
from mockserver.api.request import Asked
from mockserver.api.response import Reply
from mockserver.api.settings import Settings
from mockserver.contract.contract import Contract
from mockserver.errors import BadRequest
from mockserver.office.office import Office
from mockserver.recording.journal import Exchange
from mockserver.tenants.tenant import Tenant
from mockserver.web.fault_injection import spoil


class Endpoint:
    """An operation, for requests. `bare`: on a path without the vendor's /api/v1."""

    def __init__(
        self, contract: Contract, settings: Settings, gateway: Gateway, operation: Operation, *, bare: bool
    ) -> None:
        schemas = contract.schemas
        row = f"{operation.resource}/row"
        self._operation = operation
        self._gateway = gateway
        self._bare = bare
        self._strict = settings.strict
        self._query = Given(schemas[operation.query])
        self._body = Given(schemas[operation.body], schemas[row]) if operation.body else None
        self._reformat = Reformat(contract, row)

    async def answer(self, asked: Asked, number: str, tenant: Tenant, exchange: Exchange) -> Reply:
        """Answer a request, or raise a Refusal. It waits only for a body that is still to come, and as faults say."""
        operation, office = self._operation, tenant.office
        exchange.operation = operation.name
        call = Call(strict=self._strict, rules=exchange.rules, warnings=exchange.warnings)
        if self._bare:
            call.warn("The path does not begin with /api/v1.", rule="warning.base-path")
        key = self._gateway.admit(operation, office, asked.headers, call)
        if operation.number is not None:
            call.number = _path_number(number, operation.number)
        parameters = self._query.parameters(asked.url.query, call) if asked.url.raw_query_string else {}
        call.given = parameters if self._body is None else self._body.fields(await read_object(asked, exchange), call)
        form = parameters.get("DateTimeFormatString")
        encode = self._reformat.encoder(form, office.clock, call) if form else attrgetter("body")
        if tenant.faults:
            facts = {**call.given, "CustomerKey": key.CustomerKey}
            if operation.number is not None:
                facts[operation.number.column] = call.number
            fault = tenant.faults.for_call(operation.name, facts)
            if fault is not None:
                assert asked.request is not None, "an exchange that faults may spoil needs a request that can wait"
                return await spoil(fault, lambda: self._run(office, call, encode), asked.request, exchange)
        return self._run(office, call, encode)

    def _run(self, office: Office, call: Call, encode: Callable[[Answer], bytes]) -> Reply:
        return Reply(self._operation.status, encode(self._operation.run(office, call)))


def _path_number(text: str, path_number: PathNumber) -> int:
    number = number_or_text(text)
    if isinstance(number, str) or not -(2**63) <= number < 2**63:
        raise BadRequest(f"{path_number.column} is invalid.", rule=path_number.invalid, hint="it must fit in 64 bits")
    return number
