"""Schema: validation of a value, and the errors of an invalid one."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any

from mockserver.contract.registry import SchemaRegistry
from mockserver.errors import ContractBroken, Refusal
from mockserver.messages import violation_text

if TYPE_CHECKING:
    from jsonschema import ValidationError


class Schema:
    """One schema of the registry. `x-rules` of a property names the rules that an invalid value breaks."""

    def __init__(self, name: str, registry: SchemaRegistry, contents: Mapping[str, Any] | None = None) -> None:
        self.name = name
        self.contents = contents or registry.contents[name]
        self.registry = registry
        self._plain = {key: part for key, part in self.contents.items() if key != "$schema"}
        self._is_valid_fast = registry.fast_validator(name, self._plain).is_valid
        properties = registry.resolved(name, self.contents).get("properties", {})
        self.properties = {key: registry.resolved(name, part) for key, part in properties.items()}
        self.datetimes = tuple(key for key, part in self.properties.items() if part.get("x-type") == "DateTime")
        self.integers = frozenset(key for key, part in self.properties.items() if part.get("type") == "integer")
        self._numbers = frozenset(key for key, part in self.properties.items() if part.get("type") == "number")

    @cached_property
    def _reference(self) -> Any:
        return self.registry.reference_validator(self.name, self._plain)

    @cached_property
    def with_free_datetimes(self) -> "Schema":
        """Return the same schema, except that a DateTime may be any text."""
        free = {name: {"type": "string"} for name in self.datetimes}
        return Schema(self.name, self.registry, {**self.contents, "properties": self.properties | free})

    def errors(self, value: object) -> "Iterator[ValidationError]":
        """Return all errors of `value`."""
        return iter(self._reference.iter_errors(value))

    def invalid(self, value: Mapping[str, Any]) -> set[str]:
        """Return the names of the properties whose values are invalid."""
        return {str(error.absolute_path[0]) for error in self.errors(value) if error.absolute_path}

    def allows(self, value: Any) -> bool:
        """Whether nothing is wrong with `value`."""
        looked_at = value
        if self._numbers and type(value) is dict:
            looked_at = {key: part for key, part in value.items() if not (key in self._numbers and _is_finite(part))}
        if not _has_fraction(looked_at):  # which the two engines see differently: 15.0 as an integer
            try:
                return bool(self._is_valid_fast(value))
            except ValueError:  # a value that only Python has: a lone surrogate, a datetime
                pass
        return bool(self._reference.is_valid(value))

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
                raise Refusal(rules["invalid"], hint=violation_text(wrong[name]))
        raise ContractBroken(f"{self.name} refuses a value that it has no rule for: {value!r}")


def _is_finite(value: object) -> bool:
    return type(value) is float and isfinite(value)


def _has_fraction(value: Any) -> bool:
    """Return whether `value` contains a float."""
    if type(value) is dict and _FLAT.issuperset(map(type, value.values())):
        return False
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
