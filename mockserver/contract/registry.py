"""Every schema under its name, and what compiles one: an engine that says yes or no at once, and one that says why.

`jsonschema` is the reference and words every explanation. `jsonschema-rs` is asked first, since it is fifty times
as fast; it is held to the reference by a property test (tests/contract/test_two_engines.py). The reference is imported
and compiled where there is something to explain, so that no start waits for it.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin

import jsonschema_rs

from mockserver.errors import ContractUnusable

if TYPE_CHECKING:
    from referencing import Registry

# A base that nothing can be fetched from: the registries hold every schema, and retrieve none.
_BASE = "https://schemas.invalid/"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"  # which the engines know by heart


class SchemaRegistry:
    """Every schema under its name, so that a `$ref` finds its file; nothing is ever fetched."""

    def __init__(self, contents: Mapping[str, Mapping[str, Any]]) -> None:
        self.contents = contents
        # Behind a $ref to a schema that names its dialect, jsonschema goes on with that dialect's own integers.
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
        """Raise ContractUnusable where `name` is no schema, or points to what is not there."""
        try:
            self._metaschema.validate(self.contents[name])
        except jsonschema_rs.ValidationError as error:
            where = "".join(f"/{step}" for step in error.instance_path)
            raise ContractUnusable(f"{name}.json is no schema: {where}: {error.message}") from None
        for reference in _references(self.contents[name]):
            try:
                self.look_up(name, reference)
            except LookupError:
                raise ContractUnusable(f"{name}.json points to {reference!r}, which is not there") from None

    def look_up(self, name: str, reference: str) -> Any:
        """What `reference` in the schema `name` points to: a file, or a place in one. Raises LookupError."""
        uri, inside = urldefrag(urljoin(_uri(name), reference))
        found: Any = self._by_uri[uri]
        for step in inside.removeprefix("/").split("/") if inside else ():
            parts = found if isinstance(found, dict) else {}
            found = parts[step]
        return found

    def reference_validator(self, name: str, schema: Mapping[str, Any]) -> Any:
        """The validator that says why."""
        from mockserver.contract.reference_validator import ReferenceValidator

        return ReferenceValidator({**schema, "$id": _uri(name)}, registry=self._registry)

    def fast_validator(self, name: str, schema: Mapping[str, Any]) -> Any:
        """The validator that says yes or no."""
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
