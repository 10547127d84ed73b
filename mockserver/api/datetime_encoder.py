"""DateTime encoder: rows with their DateTimes in the form that DateTimeFormatString gives."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from mockserver.api.dotnet_datetime import DateTimeFormatError, format_datetime
from mockserver.api.operation import Predicate, Result
from mockserver.api.rules import RefusalRule
from mockserver.contract.contract import Contract
from mockserver.office.clock import Clock
from mockserver.office.table import Page

INVALID = RefusalRule("api.DateTimeFormatString.invalid", "DateTimeFormatString is invalid.")
RULES = (INVALID,)
COVERED: Mapping[str, Predicate] = {
    "api.DateTimeFormatString": lambda call, _: bool(call.parameters.get("DateTimeFormatString"))
}


class DateTimeEncoder:
    """An encoder for rows of the schema `row`, which it validates, except for the form of their DateTimes."""

    def __init__(self, contract: Contract, row: str) -> None:
        self._encode = contract.encoder(row, free_datetimes=True)
        self._columns = contract.schemas[row].datetimes

    def encoder(self, form: str, clock: Clock) -> Callable[[Result], bytes]:
        """Return a function that encodes a result with that form.

        Raises BadRequest if .NET would not accept the form.
        """

        def write(moment: datetime) -> str:
            return format_datetime(moment, form, utc_offset=clock.utc_offset(moment))

        def encode(row: Any) -> bytes:
            return self._encode(
                row, {name: write(datetime.fromisoformat(getattr(row, name))) for name in self._columns}
            )

        def encode_all(result: Result) -> bytes:
            if isinstance(result, Page):
                return b"[" + b",".join([encode(record.row) for record in result.records]) + b"]"
            return encode(result.row)

        try:
            write(clock.now())
        except DateTimeFormatError as error:
            raise INVALID.refusal(hint=str(error)) from None
        return encode_all
