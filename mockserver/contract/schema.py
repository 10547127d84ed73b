"""Schema: validation of a value, and the errors of an invalid one."""

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from mockserver.errors import ContractBroken, ContractUnusable, Refusal
from mockserver.violations import violation_text

if TYPE_CHECKING:
    from jsonschema import ValidationError

_DIALECT = "https://json-schema.org/draft/2020-12/schema"  # which is built into both validators


class Schema:
    """One schema. `x-rules` of a property names the rules that an invalid value breaks.

    `jsonschema` is the reference validator, and its errors make the messages. `jsonschema-rs` is the fast validator; it
    runs first, since it is fifty times as fast, and a property test compares it with the reference
    (tests/unit/contract/test_two_engines.py). The reference is imported and compiled only when there is an error to
    explain, which keeps the start of a server fast.
    """

    def __init__(self, name: str, contents: Mapping[str, Any]) -> None:
        self.name = name
        self.contents = contents
        try:
            fast = jsonschema_rs.Draft202012Validator({k: part for k, part in contents.items() if k != "$schema"})
        except (jsonschema_rs.ValidationError, ValueError) as error:
            raise ContractUnusable(f"{name}.json is not a valid schema: {error}") from None
        self.properties: Mapping[str, Any] = contents.get("properties", {})
        self.datetimes = tuple(key for key, part in self.properties.items() if part.get("x-type") == "DateTime")
        self.integers = frozenset(key for key, part in self.properties.items() if part.get("type") == "integer")
        self._numbers = frozenset(key for key, part in self.properties.items() if "number" in part.get("type", ()))
        self._is_number = contents.get("type") == "number"
        self._is_valid_fast = fast.is_valid

    def parts(self) -> Iterator[Mapping[str, Any]]:
        """Yield the schema itself, and that of each property."""
        yield self.contents
        yield from self.properties.values()

    def check_itself(self) -> None:
        """Raise ContractUnusable if the schema, or a part of it that no value has met yet, is not a valid one."""
        try:
            _metaschema().validate(dict(self.contents))
        except jsonschema_rs.ValidationError as error:
            raise ContractUnusable(f"{self.name}.json is not a valid schema: {error}") from None

    @cached_property
    def _reference(self) -> Any:
        from mockserver.contract.reference_validator import ReferenceValidator

        return ReferenceValidator(self.contents)

    @cached_property
    def with_free_datetimes(self) -> "Schema":
        """Return the same schema, except that a DateTime may be any text."""
        free = {name: {"type": "string"} for name in self.datetimes}
        return Schema(self.name, {**self.contents, "properties": {**self.properties, **free}})

    def errors(self, value: object) -> "Iterator[ValidationError]":
        """Return all errors of `value`."""
        return iter(self._reference.iter_errors(value))

    def invalid(self, value: Mapping[str, Any]) -> set[str]:
        """Return the names of the properties whose values are invalid."""
        return {str(error.absolute_path[0]) for error in self.errors(value) if error.absolute_path}

    def allows(self, value: Any) -> bool:
        """Whether nothing is wrong with `value`."""
        if _is_flat(value) or not self._has_fraction(value):  # which the two engines see differently
            try:
                return bool(self._is_valid_fast(value))
            except ValueError:  # a value that only Python has: a lone surrogate, a datetime
                pass
        return bool(self._reference.is_valid(value))

    def _has_fraction(self, value: Any) -> bool:
        """Return whether `value` contains a float, such as 15.0 as an integer, except finite ones as numbers."""
        if self._is_number and _is_finite(value):
            return False
        # Among them amounts, which may be texts too: asked of the reference, a fifth of the update of a claim's line.
        if self._numbers and type(value) is dict:
            value = {key: part for key, part in value.items() if not (key in self._numbers and _is_finite(part))}
        return not _is_flat(value) and _has_fraction(value)

    def check(self, value: Mapping[str, Any]) -> None:
        """Raise Refusal for the first error, in the order of the schema's properties."""
        if self.allows(value):
            return
        errors = list(self.errors(value))
        wrong = {error.absolute_path[0]: error for error in reversed(errors) if error.absolute_path}
        required = self.contents.get("required", ())
        for name, part in self.properties.items():
            rules = part.get("x-rules", {})
            if name in required and name not in value:
                hint = f"{name}: {part.get('description', '')}"
                raise Refusal(rules["required"], hint=hint)
            if name in wrong:
                raise Refusal(rules["invalid"], {"value": value[name]}, hint=violation_text(wrong[name]))
        raise ContractBroken(f"{self.name} refuses a value that it has no rule for: {value!r}")


@cache
def _metaschema() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({"$ref": _DIALECT}, validate_formats=True)


def _is_finite(value: object) -> bool:
    return type(value) is float and isfinite(value)


def _is_flat(value: Any) -> bool:
    """Return whether `value` is neither a float nor an array, nor an object with one, as most values and bodies."""
    return type(value) in _FLAT or (type(value) is dict and _FLAT.issuperset(map(type, value.values())))


def _has_fraction(value: Any) -> bool:
    """Return whether `value` contains a float."""
    open_: list[Any] = [value]
    while open_:
        one = open_.pop()
        parts = one.values() if isinstance(one, dict) else one if isinstance(one, list) else (one,)
        for part in parts:
            if type(part) is float:
                return True
            if type(part) is dict or type(part) is list:
                open_.append(part)
    return False


_FLAT = frozenset((int, str, bool, type(None)))
