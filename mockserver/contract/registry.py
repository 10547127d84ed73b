"""Schema registry: all schemas by name, and the two validators of each.

`jsonschema` is the reference validator, and its errors make the messages. `jsonschema-rs` is the fast validator; it
runs first, since it is fifty times as fast, and a property test compares it with the reference
(tests/contract/test_two_engines.py). The reference is imported and compiled only when there is an error to explain,
which keeps the start of a server fast.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin

import jsonschema_rs

from mockserver.errors import ContractUnusable

if TYPE_CHECKING:
    from referencing import Registry

# A base URI that cannot be fetched: the registries hold every schema, and retrieve none.
_BASE = "https://schemas.invalid/"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"  # which is built into both validators


class SchemaRegistry:
    """A registry of all schemas by name, which resolves each `$ref` to its file. Nothing is ever fetched."""

    def __init__(self, contents: Mapping[str, Mapping[str, Any]]) -> None:
        self.contents = contents
        # After a $ref to a schema with a `$schema`, jsonschema would use that dialect's own definition of integers.
        self._by_uri = {
            _uri(name): {key: part for key, part in schema.items() if key != "$schema"}
            for name, schema in contents.items()
        }

    @cached_property
    def _registry(self) -> "Registry[Any]":
        from mockserver.contract.reference_validator import registry

        return registry(self._by_uri)

    @cached_property
    def _fast_registry(self) -> jsonschema_rs.Registry:
        return jsonschema_rs.Registry(self._by_uri.items(), draft=jsonschema_rs.Draft202012)

    @cached_property
    def _metaschema(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator({"$ref": _DIALECT}, validate_formats=True)

    def check(self, name: str) -> None:
        """Raise ContractUnusable if the schema `name` is invalid, or has a reference that cannot be resolved."""
        try:
            self._metaschema.validate(self.contents[name])
        except jsonschema_rs.ValidationError as error:
            where = "".join(f"/{step}" for step in error.instance_path)
            raise ContractUnusable(f"{name}.json is not a valid schema: {where}: {error.message}") from None
        for reference in _references(self.contents[name]):
            try:
                self.look_up(name, reference)
            except LookupError:
                raise ContractUnusable(f"{name}.json refers to {reference!r}, which does not exist") from None

    def resolved(self, name: str, part: Mapping[str, Any]) -> dict[str, Any]:
        """Return a part of the schema `name` with the target of its own `$ref`. Keywords beside a `$ref` win."""
        if "$ref" not in part:
            return dict(part)
        return {**self.look_up(name, part["$ref"])[1], **{key: part[key] for key in part if key != "$ref"}}

    def look_up(self, name: str, reference: str) -> tuple[str, Any]:
        """Return the target of `reference` in the schema `name`, a file or a part of one, and the file's name.

        Raises LookupError.
        """
        uri, inside = urldefrag(urljoin(_uri(name), reference))
        found: Any = self._by_uri[uri]
        for step in inside.removeprefix("/").split("/") if inside else ():
            parts = found if isinstance(found, dict) else {}
            found = parts[step]
        return uri.removeprefix(_BASE).removesuffix(".json"), found

    def reference_validator(self, name: str, schema: Mapping[str, Any]) -> Any:
        """Return the validator that explains errors."""
        from mockserver.contract.reference_validator import ReferenceValidator

        return ReferenceValidator({**schema, "$id": _uri(name)}, registry=self._registry)

    def fast_validator(self, name: str, schema: Mapping[str, Any]) -> Any:
        """Return the validator that only tells valid values from invalid ones."""
        return jsonschema_rs.Draft202012Validator(
            dict(schema), registry=self._fast_registry, base_uri=_uri(name), offline=True
        )


def _uri(name: str) -> str:
    return f"{_BASE}{name}.json"


def _references(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from _references(part)
