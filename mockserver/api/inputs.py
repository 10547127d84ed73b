"""Inputs: the parameters and body of a request, converted to the types of its schema and validated."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from multidict import MultiMapping

from mockserver.api.operation import Call
from mockserver.api.variants import EMPTY, tolerated
from mockserver.contract.contract import Contract
from mockserver.contract.schema import Schema
from mockserver.messages import brief
from mockserver.suggestions import suggestion
from mockserver.syntax.strict_json import ObjectWithDuplicateKey

_DUPLICATE_KEY = "warning.doubled-key"
_UNDOCUMENTED_PARAMETER, _UNDOCUMENTED_FIELD = "warning.undocumented-parameter", "warning.undocumented-field"
# The number of undocumented names that get a warning of their own.
MAX_NAMED = 20

_WHOLE = re.compile(r"-?[0-9]{1,19}")


def number_or_text(text: str) -> int | str:
    """Return a text of ASCII digits as its number, any other text unchanged."""
    return int(text) if _WHOLE.fullmatch(text) else text


class Inputs:
    """The validation of requests against `schema`. Columns of `row` that are missing in `schema` are read-only.

    `unknown` is the rule that refuses unknown parameters, if they are not ignored.
    """

    def __init__(self, contract: Contract, schema: Schema, row: Schema | None = None, unknown: str = "") -> None:
        self._rule_on_unknown = unknown
        self._schema = schema
        self._names = schema.properties.keys()
        self._tolerated = tolerated(contract, schema.properties)
        self._read_only = row.properties.keys() - self._names if row else frozenset()

    def parameters(self, query: MultiMapping[str], call: Call) -> Mapping[str, Any]:
        """Return the parameters of a query string. Raises Refusal."""
        # Repeated parameters are joined by a comma, as in .NET, which makes a number invalid.
        given: dict[str, Any] = {name: ",".join(query.getall(name)) for name in dict.fromkeys(query)}
        unknown = self._unknown(given)
        if unknown and self._rule_on_unknown:
            hint = f"the parameters are {', '.join(self._names)}"
            raise call.refusal(self._rule_on_unknown, name=brief(unknown[0]), hint=hint)
        for name in unknown[:MAX_NAMED]:
            call.warn(_UNDOCUMENTED_PARAMETER, name=brief(name), meant=suggestion(name, self._schema.properties))
        if len(unknown) > MAX_NAMED:
            text = f"{len(unknown) - MAX_NAMED:,} more parameters are not documented."
            call.warnings.append((_UNDOCUMENTED_PARAMETER, text))
        for name, text in given.items():
            if name in self._schema.integers:
                given[name] = number_or_text(text)
        return self._documented(given, call)

    def fields(self, given: dict[str, Any], call: Call) -> Mapping[str, Any]:
        """Return the fields of a body. Raises Refusal."""
        if isinstance(given, ObjectWithDuplicateKey):
            call.warn(_DUPLICATE_KEY)
            given = given.first if call.plays(_DUPLICATE_KEY, "first") else dict(given)
        if not given.keys() <= self._names:
            self._warn_of_undocumented(given, call)
        for name, text in given.items():
            if isinstance(text, str) and name in self._schema.integers:
                number = number_or_text(text)
                if isinstance(number, int):
                    given[name] = number
                    call.warn("warning.number-as-text", name=name)
        return self._documented(given, call)

    def _warn_of_undocumented(self, given: Iterable[str], call: Call) -> None:
        for name in given:
            if name in self._read_only:
                call.warn("warning.read-only-field", name=name)
        unknown = [name for name in self._unknown(given) if name not in self._read_only]
        for name in unknown[:MAX_NAMED]:
            call.warn(_UNDOCUMENTED_FIELD, name=brief(name), meant=suggestion(name, self._schema.properties))
        if len(unknown) > MAX_NAMED:
            text = f"{len(unknown) - MAX_NAMED:,} more fields are not documented."
            call.warnings.append((_UNDOCUMENTED_FIELD, text))

    def _documented(self, given: dict[str, Any], call: Call) -> Mapping[str, Any]:
        """Return the validated values of the documented names. Other names are ignored, however many there are."""
        names = self._names
        documented = given if given.keys() <= names else {name: given[name] for name in given if name in names}
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
