"""Endpoint: an operation on one path, which admits and validates a request and makes it ready to run."""

from mockserver.api.admission import Admission
from mockserver.api.body import read_object
from mockserver.api.covered_rules import CoveredRules
from mockserver.api.datetime_encoder import DateTimeEncoder
from mockserver.api.inputs import Inputs, number_or_text
from mockserver.api.listing import is_served
from mockserver.api.operation import Call, Operation
from mockserver.api.prepared import Prepared
from mockserver.api.request import CONTENT_TYPE, HOST, Request
from mockserver.contract.contract import Contract
from mockserver.errors import Refusal
from mockserver.settings.server import Settings

UNSERVED = "mock.unserved"


class Endpoint:
    """An operation on a path below `base`: the vendor's /api/v1, or nothing."""

    def __init__(
        self, contract: Contract, settings: Settings, admission: Admission, operation: Operation, base: str
    ) -> None:
        schemas = contract.schemas
        self.operation = operation
        self.name = operation.name
        self._admission = admission
        self._bare = not base
        self._strict = settings.strict
        self._contract = contract
        self._variants = contract.variants
        self._rules = contract.rules
        unknown = operation.rule(".unknown") if operation.refuses_unknown else ""
        self._needs_parameters = "required" in schemas[operation.query].contents
        self._query = Inputs(contract, schemas[operation.query], unknown=unknown)
        self._body = Inputs(contract, schemas[operation.body], schemas[operation.row]) if operation.body else None
        self._scheme = "https" if settings.tls else "http"
        self._location = base + operation.path if operation.located and settings.mode == "remote" else ""
        located = {operation.rule(".location" if self._location else ".location.local"): is_served}
        self._covered = CoveredRules({**operation.covered, **(located if operation.located else {})})
        self._datetime_encoder = DateTimeEncoder(contract, operation.row)

    def prepare(self, request: Request, number: str, prepared: Prepared) -> None:
        """Make a request ready to run, and find the fault that applies to it. Raises Refusal."""
        operation, exchange, tenant = self.operation, prepared.exchange, prepared.lifetime.tenant
        exchange.operation = operation.name
        call = prepared.call = Call(
            operation=operation.name,
            strict=self._strict,
            page_size=self._contract.page_size,
            rules=exchange.rules,
            warnings=exchange.warnings,
            variants=self._variants,
            contract=self._rules,
        )
        if self._bare:
            call.warn("warning.base-path")
        self._admission.admit(operation, tenant.office, request.headers, call)
        if operation.number is not None:
            call.number = _path_number(call, number, operation.number)
        if request.url.raw_query_string or self._needs_parameters:
            for name in operation.unserved:
                if name in request.url.query:
                    exchange.unserved = f"{operation.method} {operation.path}?{name}"
                    raise Refusal(UNSERVED, {"operation": exchange.unserved}, hint=f"the mock has no column for {name}")
            call.parameters = self._query.parameters(request.url.query, call)
        if self._body is None:
            call.given = call.parameters
        else:
            if isinstance(request.body, bytes):
                exchange.sent = request.body
            try:
                value = read_object(request.body, request.headers.get(CONTENT_TYPE, ""))
                call.given = self._body.fields(value, call)
            except Refusal:
                if operation.find:
                    operation.find(tenant.office, call)
                raise
        form = call.parameters.get("DateTimeFormatString")
        if form:
            prepared.encode = self._datetime_encoder.encoder(form, tenant.office.clock, call)
        if tenant.faults:
            facts = {**call.given, "CustomerKey": call.key.CustomerKey}
            if operation.number is not None:
                facts[operation.number] = call.number
            prepared.fault = tenant.faults.for_call(operation.name, facts)
        if self._location:
            prepared.location = self._url(request.headers.get(HOST)) + self._location
        prepared.operation, prepared.covered = operation, self._covered

    def _url(self, host: str | None) -> str:
        """Return the URL of the server as the client wrote it, or nothing if it did not name the host."""
        return f"{self._scheme}://{host}" if host else ""


def _path_number(call: Call, text: str, column: str) -> int:
    number = number_or_text(text)
    if isinstance(number, str) or not -(2**63) <= number < 2**63:
        raise call.refusal(f".{column}.invalid", hint="it must fit in 64 bits")
    return number
