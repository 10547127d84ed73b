"""Query: the parameters of a request, and the page of rows that they select."""

from collections.abc import Sequence
from typing import TypeVar

from support.small_office.behaviour import Behaviour
from support.small_office.dates import writer
from support.small_office.messages import Request
from support.small_office.numbers import whole

PAGING = ("Limit", "Offset")
FORM = "DateTimeFormatString"

Row = TypeVar("Row")


class Query:
    """The parameters of a request, of which `documented` are the known names. Raises Refused."""

    def __init__(self, request: Request, behaviour: Behaviour, documented: Sequence[str]) -> None:
        self._given = request.query
        self._behaviour = behaviour
        self._limit: int | None = None
        self._offset = 0
        for name in self._given:
            rule = "warning.undocumented-parameter"
            if name not in documented and behaviour.chooses(rule, "refused"):
                raise behaviour.refusal(rule, 400, f"'{name}' is not a valid parameter.")

    def text(self, name: str) -> str | None:
        """Return a parameter as it was given; None if it was left out."""
        return self._given.get(name)

    def number(self, name: str, rule: str, minimum: int = -(2**63)) -> int | None:
        """Return a parameter as a number; None if it was left out, or is to be ignored. Raises Refused by `rule`.

        A number that is refused as not found is that of a claim.
        """
        text = self._given.get(name)
        if text is None:
            return None
        number = whole(text)
        if number is not None and number >= minimum:
            return number
        if self._behaviour.chooses(rule, "ignored"):
            return None
        if self._behaviour.may(rule, "not-found"):
            raise self._behaviour.refusal(rule, 404, "Claim not found.")
        raise self._behaviour.refusal(rule, 400, f"{name} is invalid.")

    def read_paging(self) -> None:
        """Read Limit and Offset, for `page`. Raises Refused."""
        self._limit = self.number("Limit", "api.Limit.invalid", minimum=1)
        self._offset = self.number("Offset", "api.Offset.invalid", minimum=0) or 0

    def page(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows that Limit and Offset select. Raises Refused."""
        behaviour = self._behaviour
        size = 50 if behaviour.deviates("page-of-50") else 100
        limit = size if self._limit is None or behaviour.deviates("Limit-ignored") else self._limit
        if limit > size and behaviour.chooses("api.Limit.clamped", "refused"):
            raise behaviour.refusal("api.Limit.clamped", 400, "Limit is invalid.")
        if behaviour.deviates("Offset-ignored"):
            return list(rows[: min(limit, size)])
        if 0 < self._offset >= len(rows):
            if behaviour.deviates("Offset-beyond-410"):
                raise behaviour.refusal("api.Offset.beyond", 410, "Offset is invalid.")
            if behaviour.chooses("api.Offset.beyond", "not-found"):
                raise behaviour.refusal("api.Offset.beyond", 404, "Offset is invalid.")
        return list(rows[self._offset : self._offset + min(limit, size)])

    def form(self) -> str | None:
        """Return the form of DateTimeFormatString; None for the usual one. Raises Refused."""
        form = self._given.get(FORM)
        if not form:
            return None
        try:
            writer(form)
        except ValueError:
            if self._behaviour.chooses("api.DateTimeFormatString.invalid", "ignored"):
                return None
            text = "DateTimeFormatString is invalid."
            raise self._behaviour.refusal("api.DateTimeFormatString.invalid", 400, text) from None
        return None if self._behaviour.deviates("DateTimeFormatString-ignored") else form
