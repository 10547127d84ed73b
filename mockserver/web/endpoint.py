"""The one path of an API request: what was given, checked; the operation, run; its rows, sent."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

from mockserver.errors import BadRequest
from mockserver.operation import Answer, Call, Operation, PathNumber
from mockserver.web.body import Doubled, read_object
from mockserver.web.keys import CONTRACT, EXCHANGE, OFFICE, SETTINGS
from mockserver.wording import meant

_WHOLE = re.compile(r"-?[0-9]{1,19}")
HEADERS = {"Content-Type": "application/json", "Server": "opendental-mock"}


class Endpoint:
    """An operation of `app`, as a handler. `bare`: on a path without the vendor's /api/v1."""

    def __init__(self, app: web.Application, operation: Operation, *, bare: bool) -> None:
        contract = app[CONTRACT]
        self._operation = operation
        self._bare = bare
        self._office = app[OFFICE]
        self._strict = app[SETTINGS].strict
        self._request = contract.schemas[operation.request]
        row = contract.schemas[f"{operation.resource}/row"]
        self._read_only = row.properties.keys() - self._request.properties.keys()

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request, or raise a Refusal."""
        operation, exchange = self._operation, request[EXCHANGE]
        exchange.operation = operation.name
        call = Call(strict=self._strict, rules=exchange.rules, warnings=exchange.warnings)
        if self._bare:
            call.warn("The path does not begin with /api/v1.", rule="warning.base-path")
        if operation.number is not None:
            call.number = _path_number(request, operation.number)
        if operation.method == "GET":
            call.given = self._parameters(request, call)
        else:
            call.given = self._fields(await read_object(request), call)
        self._request.check(call.given)
        answer = operation.run(self._office, call)
        return web.Response(body=_body(answer), status=operation.status, headers=HEADERS)

    def _parameters(self, request: web.Request, call: Call) -> Mapping[str, Any]:
        if not request.query_string:
            return {}
        # What is given twice is joined by a comma, as .NET does; no number survives that.
        given: dict[str, Any] = {name: ",".join(request.query.getall(name)) for name in dict.fromkeys(request.query)}
        for name in self._unknown(given):
            call.warn(
                f"'{name}' is not a documented parameter{meant(name, self._request.properties)}",
                rule="warning.undocumented-parameter",
            )
        for name in self._request.integers & given.keys():
            given[name] = _number_or_text(given[name])
        return given

    def _fields(self, given: dict[str, Any], call: Call) -> Mapping[str, Any]:
        if isinstance(given, Doubled):
            call.warn("A key stands twice in the body; the last one counts.", rule="warning.doubled-key")
        for name in self._unknown(given):
            if name in self._read_only:
                call.warn(f"{name} cannot be set; it is ignored.", rule="warning.read-only-field")
            else:
                call.warn(
                    f"{name} is not a documented field{meant(name, self._request.properties)}",
                    rule="warning.undocumented-field",
                )
        for name in self._request.integers & given.keys():
            if isinstance(given[name], str) and isinstance(_number_or_text(given[name]), int):
                given[name] = _number_or_text(given[name])
                call.warn(f"{name} is a number in quotes; it is taken as the number.", rule="warning.number-as-text")
        return given

    def _unknown(self, given: Iterable[str]) -> list[str]:
        return [name for name in given if name not in self._request.properties]


def _body(answer: Answer) -> bytes:
    if isinstance(answer, list):
        # Each record was held to the row's schema when it came to be, so the array of them keeps the list's.
        return b"[" + b",".join([record.body for record in answer]) + b"]"
    return answer.body


def _path_number(request: web.Request, path_number: PathNumber) -> int:
    number = _number_or_text(request.match_info["number"])
    if isinstance(number, str) or not -(2**63) <= number < 2**63:
        raise BadRequest(f"{path_number.column} is invalid.", rule=path_number.invalid, hint="it must fit in 64 bits")
    return number


def _number_or_text(text: str) -> int | str:
    return int(text) if _WHOLE.fullmatch(text) else text
