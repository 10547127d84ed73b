"""Row encoder: rows as JSON, of which each column has the values that its schema allows."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, cached_property
from operator import attrgetter, getitem, itemgetter
from typing import Any, Protocol

from mockserver.contract.schema import Schema
from mockserver.errors import ContractBroken
from mockserver.office.rows import sent_text
from mockserver.violations import violation_text

_OF_COLUMNS = {
    "$schema", "title", "description", "examples", "x-table", "type", "properties", "required", "additionalProperties",
}  # fmt: skip
"""The keywords of a row's schema that concern each column by itself, or nothing that a row could lack."""
_OF_READERS = ("title", "description", "examples", "default")
_MAX_VALUES, _MAX_LENGTH = 1_000, 100
"""The number of values of a column whose JSON is kept, and of characters of each."""


class Encode(Protocol):
    """A function that returns the encoded bytes of a row."""

    def __call__(self, row: Any, computed_values: Iterable[str] = (), /) -> bytes: ...


def row_encoder(schema: Schema, computed: Collection[str] = ()) -> Encode:
    """Return a function that validates a row against `schema` and returns its JSON.

    It raises ContractBroken if the row does not fit. The columns in `computed` are not the row's own: each call gives
    their values, in that order.
    """
    columns = tuple(schema.properties)
    own = tuple(column for column in columns if column not in computed)
    values = attrgetter(*own)
    in_order = itemgetter(*map((*own, *computed).index, columns))
    texts = [_Texts(column, part) for column, part in schema.properties.items()]
    of_whole = bool(schema.contents.keys() - _OF_COLUMNS)

    def encode(row: Any, computed_values: Iterable[str] = (), /) -> bytes:
        given = values(row)
        if computed:
            given = in_order((*given, *computed_values))
        try:
            body = f"{{{','.join(map(getitem, texts, given))}}}".encode()
        except _Invalid:
            raise _broken(schema, given) from None
        if of_whole and not schema.allows(_as_sent(schema, given)):
            raise _broken(schema, given)
        return body

    return encode


class _Invalid(Exception):
    """A value does not fit its column."""


@cache
def _schema_of(part: str) -> Schema:
    """Return the schema of a column. Making one takes 0.15 ms, and most columns have the same as others."""
    return Schema("column", json.loads(part))


class _Texts(dict[Any, str]):
    """The member of the JSON object for the values of one column, of which most rows have one that others have too.

    Values that are equal have the same JSON, whatever their types.
    """

    def __init__(self, column: str, part: Mapping[str, Any]) -> None:
        super().__init__()
        self._column, self._part = column, part
        self._dump = _WRITTEN.get(part.get("type", ""), _dump)
        self._form = f'"{column}":%s'
        self._is_text = part.get("type") == "string"
        self._numbers = _numbers(self._kept())

    def _kept(self) -> dict[str, Any]:
        """Return the keywords of the column that limit its values."""
        return {key: value for key, value in self._part.items() if key not in _OF_READERS and not key.startswith("x-")}

    @cached_property
    def _schema(self) -> Schema:
        return _schema_of(json.dumps(self._kept()))

    def __missing__(self, value: Any) -> str:
        sent = sent_text(value) if self._is_text else value
        # Asking the schema about each new number took 8 % of the load of 100,000 claims.
        if not (type(sent) is int and sent in self._numbers) and not self._schema.allows(sent):
            raise _Invalid
        text = self._form % self._dump(sent)
        if len(self) < _MAX_VALUES and len(text) <= _MAX_LENGTH:
            self[value] = text
        return text


def _numbers(part: Mapping[str, Any]) -> range:
    """Return the whole numbers that a column takes because of its bounds alone: none if it has other keywords."""
    if part.get("type") != "integer" or part.keys() != {"type", "minimum", "maximum"}:
        return range(0)
    return range(part["minimum"], part["maximum"] + 1)


def _broken(schema: Schema, given: Sequence[Any]) -> ContractBroken:
    texts = [f"{error.json_path} {violation_text(error)}" for error in schema.errors(_as_sent(schema, given))]
    return ContractBroken(f"{schema.name}: {'; '.join(texts)}")


def _as_sent(schema: Schema, given: Sequence[Any]) -> dict[str, Any]:
    return {column: _sent(value) for column, value in zip(schema.properties, given, strict=True)}


def _sent(value: Any) -> Any:
    return sent_text(value) if isinstance(value, str) else value


_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_WRITTEN: Mapping[str, Callable[[Any], str]] = {
    "integer": int.__repr__,
    "number": lambda value: repr(float(value) + 0.0),  # -0.0 is 0.0
}
"""How numbers are written. All else is written as JSON."""
