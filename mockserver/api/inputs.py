"""Inputs: the parameters and body of a request, converted to the types of its schema and validated."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from multidict import MultiMapping

from mockserver.api.operation import Call
from mockserver.api.rules import WarningRule
from mockserver.api.variants import EMPTY, tolerated
from mockserver.contract.contract import Contract
from mockserver.contract.schema import Schema
from mockserver.messages import brief, suggestion
from mockserver.syntax.strict_json import ObjectWithDuplicateKey

UNDOCUMENTED_PARAMETER = WarningRule("warning.undocumented-parameter", "'{name}' is not a documented parameter{meant}")
MORE_PARAMETERS = WarningRule("warning.undocumented-parameter", "{count:,} more parameters are not documented.")
UNDOCUMENTED_FIELD = WarningRule("warning.undocumented-field", "{name} is not a documented field{meant}")
MORE_FIELDS = WarningRule("warning.undocumented-field", "{count:,} more fields are not documented.")
READ_ONLY = WarningRule("warning.read-only-field", "{name} cannot be set.", consequence="it is ignored")
NUMBER_IN_QUOTES = WarningRule(
    "warning.number-as-text", "{name} is a number in quotes.", consequence="it is taken as the number"
)
DUPLICATE_KEY = WarningRule("warning.doubled-key", "The body has a duplicate key.", consequence="the last one counts")
FIRST_OF_DUPLICATE_KEYS = replace(DUPLICATE_KEY, consequence="the first one counts")
RULES = (UNDOCUMENTED_PARAMETER, UNDOCUMENTED_FIELD, READ_ONLY, NUMBER_IN_QUOTES, DUPLICATE_KEY)

# The number of undocumented names that get a warning of their own.
MAX_NAMED = 20

_WHOLE = re.compile(r"-?[0-9]{1,19}")


def number_or_text(text: str) -> int | str:
    """Return a text of ASCII digits as its number, any other text unchanged."""
    return int(text) if _WHOLE.fullmatch(text) else text


class Inputs:
    """The validation of requests against `schema`. Columns of `row` that are missing in `schema` are read-only."""

    def __init__(self, contract: Contract, schema: Schema, row: Schema | None = None) -> None:
        self._schema = schema
        self._names = schema.properties.keys()
        self._tolerated = tolerated(contract, schema.properties)
        self._read_only = row.properties.keys() - self._names if row else frozenset()

    def parameters(self, query: MultiMapping[str], call: Call) -> Mapping[str, Any]:
        """Return the parameters of a query string. Raises BadRequest."""
        # Repeated parameters are joined by a comma, as in .NET, which makes a number invalid.
        given: dict[str, Any] = {name: ",".join(query.getall(name)) for name in dict.fromkeys(query)}
        unknown = self._unknown(given)
        for name in unknown[:MAX_NAMED]:
            call.warn(UNDOCUMENTED_PARAMETER, name=brief(name), meant=suggestion(name, self._schema.properties))
        if len(unknown) > MAX_NAMED:
            call.warn(MORE_PARAMETERS, count=len(unknown) - MAX_NAMED)
        for name, text in given.items():
            if name in self._schema.integers:
                given[name] = number_or_text(text)
        return self._documented(given, call)

    def fields(self, given: dict[str, Any], call: Call) -> Mapping[str, Any]:
        """Return the fields of a body. Raises BadRequest."""
        if isinstance(given, ObjectWithDuplicateKey):
            if call.plays(DUPLICATE_KEY.id, "first"):
                call.warn(FIRST_OF_DUPLICATE_KEYS)
                given = given.first
            else:
                call.warn(DUPLICATE_KEY)
        if not given.keys() <= self._names:
            self._warn_of_undocumented(given, call)
        for name, text in given.items():
            if isinstance(text, str) and name in self._schema.integers:
                number = number_or_text(text)
                if isinstance(number, int):
                    given[name] = number
                    call.warn(NUMBER_IN_QUOTES, name=name)
        return self._documented(given, call)

    def _warn_of_undocumented(self, given: Iterable[str], call: Call) -> None:
        for name in given:
            if name in self._read_only:
                call.warn(READ_ONLY, name=name)
        unknown = [name for name in self._unknown(given) if name not in self._read_only]
        for name in unknown[:MAX_NAMED]:
            call.warn(UNDOCUMENTED_FIELD, name=brief(name), meant=suggestion(name, self._schema.properties))
        if len(unknown) > MAX_NAMED:
            call.warn(MORE_FIELDS, count=len(unknown) - MAX_NAMED)

    def _documented(self, given: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
        """Return what stands under documented names, validated: the rest is ignored, however much it is."""
        names = self._names
        documented = dict(given) if given.keys() <= names else {name: given[name] for name in given if name in names}
        if self._tolerated:
            unchecked = self._without_tolerated(documented, call)
            self._schema.check(documented)
            return documented | unchecked
        self._schema.check(documented)
        return documented

    def _without_tolerated(self, given: dict[str, Any], call: Call) -> dict[str, Any]:
        """Remove the invalid values that the office does not refuse, and return those that narrow a list to no row."""
        unchecked = {}
        for name in self._schema.invalid(given) & self._tolerated.keys():
            rule, value = self._tolerated[name], given.pop(name)
            call.rules.append(rule.id)
            if rule.played == EMPTY:
                unchecked[name] = value
        return unchecked

    def _unknown(self, given: Iterable[str]) -> list[str]:
        return [name for name in given if name not in self._names]
