"""DateTime encoder: rows with their DateTimes in the form that DateTimeFormatString gives."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from mockserver.api.operation import Call, Predicate, Result
from mockserver.api.prepared import stored_body
from mockserver.api.variants import IGNORED
from mockserver.contract.contract import Contract
from mockserver.errors import ContractBroken, Refusal
from mockserver.office.clock import Clock
from mockserver.office.pages import Page, Record

INVALID = "api.DateTimeFormatString.invalid"
COVERED: Mapping[str, Predicate] = {
    "api.DateTimeFormatString": lambda call, _: bool(call.parameters.get("DateTimeFormatString"))
}


class DateTimeEncoder:
    """An encoder for rows of the schema `row`, which it validates, except for the form of their DateTimes."""

    def __init__(self, contract: Contract, row: str) -> None:
        self._row = contract.schemas[row]

    def encoder(self, form: str, clock: Clock, call: Call) -> Callable[[Result], bytes]:
        """Return a function that encodes a result with that form.

        Raises Refusal if .NET would not accept the form, unless the office ignores such a form.
        """
        from mockserver.api.dotnet_datetime import DateTimeFormatError, format_datetime  # which few clients need

        schema = self._row.with_free_datetimes

        def write(moment: datetime) -> str:
            return format_datetime(moment, form, utc_offset=clock.utc_offset(moment))

        def encode(record: Record[Any]) -> bytes:
            if not record.body:  # an office that does not answer the row that it has created
                return record.body
            value = json.loads(record.body)
            for name in self._row.datetimes:
                value[name] = write(datetime.fromisoformat(value[name]))
            if not schema.allows(value):
                raise ContractBroken(f"{schema.name}: {value} does not fit with the DateTimes {form!r}")
            return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

        def encode_all(result: Result) -> bytes:
            if isinstance(result, Page):
                return b"[" + b",".join([encode(record) for record in result.records]) + b"]"
            return encode(result)

        try:
            write(clock.now())
        except DateTimeFormatError as error:
            if call.plays(INVALID, IGNORED):
                call.ignore("DateTimeFormatString", INVALID)
                return stored_body
            raise Refusal(INVALID, hint=str(error)) from None
        return encode_all
