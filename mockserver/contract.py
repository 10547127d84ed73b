"""The contract as data: schemas compiled once, and the rules; what they say of a value."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import jsonschema
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from mockserver.assets import shipped
from mockserver.errors import BadRequest, ContractBroken, ContractUnusable
from mockserver.plain_yaml import YamlError, load
from mockserver.rows import sent_text
from mockserver.wording import misfit

# A base that nothing can be fetched from: the registry holds every schema, and retrieves none.
BASE = "https://schemas.invalid/"
STANDINGS = ("documented", "observed", "assumed")


def _whole(_checker: object, value: object) -> bool:
    # JSON Schema counts 15.0 as an integer; a 64-bit column does not take it.
    return isinstance(value, int) and not isinstance(value, bool)


_Validator: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # its stubs leave it untyped
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", _whole),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One sentence of the contract. `operation` is `any` where it holds of every resource."""

    id: str
    operation: str
    status: int
    says: str
    page: str
    standing: str
    note: str = ""


class Schema:
    """One schema file, compiled. `x-rules` in a property names the rules that its misfits break."""

    def __init__(self, name: str, contents: Mapping[str, Any], registry: Registry[Any]) -> None:
        self.name = name
        self.contents = contents
        self._registry = registry
        self._validator = _Validator(_without_dialect(contents), registry=registry)
        resolver = registry.resolver(BASE + name + ".json")
        self.properties: dict[str, Any] = {
            key: resolver.lookup(part["$ref"]).contents | part if "$ref" in part else part
            for key, part in contents.get("properties", {}).items()
        }
        self.datetimes = tuple(key for key, part in self.properties.items() if part.get("x-type") == "DateTime")
        self.integers = frozenset(key for key, part in self.properties.items() if part.get("type") == "integer")

    def with_free_datetimes(self) -> "Schema":
        """The same schema, but a DateTime is any text."""
        free = {name: {"type": "string"} for name in self.datetimes}
        return Schema(self.name, {**self.contents, "properties": self.properties | free}, self._registry)

    def errors(self, value: object) -> Iterator[jsonschema.ValidationError]:
        """Everything that is wrong with `value`."""
        return iter(self._validator.iter_errors(value))

    def allows(self, value: object) -> bool:
        """Whether nothing is wrong with `value`."""
        return bool(self._validator.is_valid(value))

    def check(self, value: Mapping[str, Any]) -> None:
        """Raise BadRequest for the first misfit, in the order in which the schema names its properties."""
        errors = list(self.errors(value))
        if not errors:
            return
        wrong = {error.absolute_path[0]: error for error in reversed(errors) if error.absolute_path}
        required = self.contents.get("required", ())
        for name, part in self.properties.items():
            rules = part.get("x-rules", {})
            if name in required and name not in value:
                hint = f"{name}: {part.get('description', '')}"
                raise BadRequest(f"{name} is required.", rule=rules["required"], hint=hint)
            if name in wrong:
                raise BadRequest(f"{name} is invalid.", rule=rules["invalid"], hint=misfit(wrong[name]))
        raise ContractBroken(f"{self.name} refuses a value that it has no rule for: {errors[0].message}")


class Contract:
    """Every schema, under its path below `schemas/` without `.json`, and every rule, under its id."""

    def __init__(self, schemas: Mapping[str, Schema], rules: Mapping[str, Rule]) -> None:
        self.schemas = schemas
        self.rules = rules

    def encoder(self, name: str, *, free_datetimes: bool = False) -> "Encode":
        """A function from a row (a dataclass) to the JSON it leaves as, held to the schema `name`.

        It raises ContractBroken where the row does not fit. Columns may be given other values; with
        `free_datetimes` a DateTime may have any form.
        """
        schema = self.schemas[name]
        if free_datetimes:
            schema = schema.with_free_datetimes()

        def encode(row: Any, instead: dict[str, Any] | None = None, /) -> bytes:
            value = {
                column: sent_text(item) if isinstance(item, str) else item for column, item in asdict(row).items()
            } | (instead or {})
            for error in schema.errors(value):
                raise ContractBroken(f"{name}: {error.json_path} {misfit(error)}")
            return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

        return encode


class Encode(Protocol):
    """Turns a row into the bytes it leaves as."""

    def __call__(self, row: Any, instead: dict[str, Any] | None = None, /) -> bytes: ...


def load_contract(folder: Path) -> Contract:
    """Read and check every schema and rule below `folder`. Raises ContractUnusable, naming the file."""
    contents = {
        path.relative_to(folder).with_suffix("").as_posix(): _read_json(path) for path in sorted(folder.rglob("*.json"))
    }
    registry: Registry[Any] = Registry().with_resources(
        (BASE + name + ".json", DRAFT202012.create_resource(_without_dialect(schema)))
        for name, schema in contents.items()
    )
    schemas = {}
    for name, schema in contents.items():
        try:
            _Validator.check_schema(schema)
            for reference in _references(schema):
                registry.resolver(BASE + name + ".json").lookup(reference)
        except jsonschema.SchemaError as error:
            raise ContractUnusable(f"{name}.json is no schema: {error.json_path} {error.message}") from None
        except Unresolvable as error:
            raise ContractUnusable(f"{name}.json points to {error.ref!r}, which is not there") from None
        schemas[name] = Schema(name, {"$id": BASE + name + ".json"} | schema, registry)
    rules: dict[str, Rule] = {}
    for path in sorted(folder.rglob("rules.yaml")):
        for rule in _read_rules(path):
            if rule.id in rules:
                raise ContractUnusable(f"{path}: the rule {rule.id} is there twice")
            rules[rule.id] = rule
    return Contract(MappingProxyType(schemas), MappingProxyType(rules))


@cache
def shipped_contract() -> Contract:
    """The contract that came with this package, read once."""
    return load_contract(shipped("schemas"))


def _without_dialect(schema: Mapping[str, Any]) -> dict[str, Any]:
    # Behind a $ref to a schema that names its dialect, jsonschema goes on with that dialect's own idea of an integer.
    return {key: part for key, part in schema.items() if key != "$schema"}


def _read_json(path: Path) -> dict[str, Any]:
    try:
        contents = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ContractUnusable(f"{path}: not JSON: {error}") from None
    if not isinstance(contents, dict):
        raise ContractUnusable(f"{path}: a schema is an object")
    return contents


def _read_rules(path: Path) -> Iterator[Rule]:
    try:
        for entry in load(path.read_text(encoding="utf-8")):
            rule = Rule(**entry)
            if rule.standing not in STANDINGS:
                raise ContractUnusable(f"{path}: {rule.id}: standing is one of {', '.join(STANDINGS)}")
            yield rule
    except (YamlError, TypeError) as error:
        raise ContractUnusable(f"{path}: {error}") from None


def _references(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from _references(part)
