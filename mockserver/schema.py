"""One schema, compiled twice: by an engine that says yes or no at once, and by the one that says why.

`jsonschema` is the reference and words every explanation. `jsonschema-rs` is asked first, since it is fifty times
as fast; it is held to the reference by a property test (tests/test_two_engines.py).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import jsonschema
import jsonschema_rs
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from mockserver.errors import BadRequest, ContractBroken
from mockserver.wording import misfit

# A base that nothing can be fetched from: the registry holds every schema, and retrieves none.
BASE = "https://schemas.invalid/"


def _whole(_checker: object, value: object) -> bool:
    # JSON Schema counts 15.0 as an integer; a 64-bit column does not take it.
    return isinstance(value, int) and not isinstance(value, bool)


def _pattern(_validator: object, pattern: str, value: object, _schema: object) -> Iterator[jsonschema.ValidationError]:
    # Python's $ lets a line break stand at the end; that of JSON Schema's regular expressions does not.
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


Reference: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # its stubs leave it untyped
    jsonschema.Draft202012Validator,
    validators={"pattern": _pattern},
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", _whole),
)


class Shelf:
    """Every schema under its name, so that a `$ref` finds its file; nothing is ever fetched."""

    def __init__(self, contents: Mapping[str, Mapping[str, Any]]) -> None:
        self.contents = contents
        # Behind a $ref to a schema that names its dialect, jsonschema goes on with that dialect's own integers.
        self._plain = {
            name: {key: part for key, part in schema.items() if key != "$schema"} for name, schema in contents.items()
        }
        uris = [(BASE + name + ".json", schema) for name, schema in self._plain.items()]
        self._registry: Registry[Any] = Registry().with_resources(
            (uri, DRAFT202012.create_resource(schema)) for uri, schema in uris
        )
        self._uris = uris

    @cached_property
    def _quick_registry(self) -> jsonschema_rs.Registry:
        return jsonschema_rs.Registry(self._uris, draft=jsonschema_rs.Draft202012)

    def look_up(self, name: str, reference: str) -> Any:
        """What `reference` in the schema `name` points to. Raises referencing's Unresolvable."""
        return self._registry.resolver(BASE + name + ".json").lookup(reference).contents

    def reference(self, name: str, schema: Mapping[str, Any]) -> Any:
        """The validator that says why."""
        return Reference({**schema, "$id": BASE + name + ".json"}, registry=self._registry)

    def quick(self, name: str, schema: Mapping[str, Any]) -> Any:
        """The validator that says yes or no."""
        return jsonschema_rs.Draft202012Validator(
            dict(schema), registry=self._quick_registry, base_uri=BASE + name + ".json", offline=True
        )


class Schema:
    """One schema of a shelf. `x-rules` in a property names the rules that its misfits break."""

    def __init__(self, name: str, shelf: Shelf, contents: Mapping[str, Any] | None = None) -> None:
        self.name = name
        self.contents = contents or shelf.contents[name]
        self._shelf = shelf
        plain = {key: part for key, part in self.contents.items() if key != "$schema"}
        self._reference = shelf.reference(name, plain)
        self._is_quickly_right = shelf.quick(name, plain).is_valid
        self.properties: dict[str, Any] = {
            key: _resolved(part, name, shelf) for key, part in self.contents.get("properties", {}).items()
        }
        self.datetimes = tuple(key for key, part in self.properties.items() if part.get("x-type") == "DateTime")
        self.integers = frozenset(key for key, part in self.properties.items() if part.get("type") == "integer")

    def with_free_datetimes(self) -> "Schema":
        """The same schema, but a DateTime is any text."""
        free = {name: {"type": "string"} for name in self.datetimes}
        return Schema(self.name, self._shelf, {**self.contents, "properties": self.properties | free})

    def errors(self, value: object) -> Iterator[jsonschema.ValidationError]:
        """Everything that is wrong with `value`."""
        return iter(self._reference.iter_errors(value))

    def allows(self, value: Any) -> bool:
        """Whether nothing is wrong with `value`, which is JSON as Python holds it."""
        if not _has_fraction(value):  # which the two engines see differently: 15.0 as an integer
            try:
                return bool(self._is_quickly_right(value))
            except UnicodeEncodeError:  # half a surrogate pair, which only Python's text can hold
                pass
        return bool(self._reference.is_valid(value))

    def check(self, value: Mapping[str, Any]) -> None:
        """Raise BadRequest for the first misfit, in the order in which the schema names its properties."""
        if self.allows(value):
            return
        errors = list(self.errors(value))
        wrong = {error.absolute_path[0]: error for error in reversed(errors) if error.absolute_path}
        required = self.contents.get("required", ())
        for name, part in self.properties.items():
            rules = part.get("x-rules", {})
            if name in required and name not in value:
                hint = f"{name}: {part.get('description', '')}"
                raise BadRequest(f"{name} is required.", rule=rules["required"], hint=hint)
            if name in wrong:
                raise BadRequest(f"{name} is invalid.", rule=rules["invalid"], hint=misfit(wrong[name]))
        raise ContractBroken(f"{self.name} refuses a value that it has no rule for: {value!r}")


def _resolved(part: Mapping[str, Any], name: str, shelf: Shelf) -> dict[str, Any]:
    if "$ref" not in part:
        return dict(part)
    found: dict[str, Any] = shelf.look_up(name, part["$ref"])
    return found | {key: inner for key, inner in part.items() if key != "$ref"}


def _has_fraction(value: Any) -> bool:
    """Whether a float is anywhere in `value`."""
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
