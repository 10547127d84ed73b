"""Schemas of the contract, each made when it is first asked for."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from mockserver.contract.schema import Schema
from mockserver.resources.fixture_rows import fixture_rows, generated_rows
from mockserver.resources.folder import Folder, Folders
from mockserver.resources.requests import fault_schema, query_schema, response_schema

_NO_OBJECT = {"invalid": "api.body.object"}

OFFICE, FAULT, TYPES = "office", "fixtures/fault", "api/types"


class Schemas(Mapping[str, Schema]):
    """The schemas by their path below `schemas/` without `.json`.

    Those of rows and of the office are completed with what the folders of the resources declare.
    """

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._made: dict[str, Schema] = {}
        self._office_of = lru_cache(maxsize=64)(self._make_office)
        self._row_of = lru_cache(maxsize=64)(self._make_row_of)

    def __getitem__(self, name: str) -> Schema:
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        written = [name for name in self._folders.files if name != TYPES]
        derived = [f"{folder.name}/{operation}.{part}" for folder in self._folders.values()
                   for operation in folder.operations for part in ("query", "response")]  # fmt: skip
        return iter(dict.fromkeys([*written, *derived]))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def row_in_fixture(self, name: str) -> Schema | None:
        """Return the schema of one row of a table in a fixture, or None if the fixture has no such table."""
        return self._row_of(name)

    def of_resource(self, resource: str) -> list[str]:
        """Return the names of the schemas of a resource."""
        return [name for name in self if name.partition("/")[0] == resource]

    def office_of(self, names: Iterable[str]) -> Schema:
        """Return the schema `office` with these names alone, which says the same of a fixture that has no others."""
        return self._office_of(frozenset(names))

    def _make(self, name: str) -> Schema:
        if name == OFFICE:
            return self._make_office(None)
        if name == FAULT:
            return Schema(name, fault_schema(self._folders))
        resource, _, part = name.rpartition("/")
        folder = self._folders.get(resource)
        if folder is not None and part == "row":
            return Schema(name, folder.row)
        if folder is not None and not self._folders.files.path(name).is_file():
            return Schema(name, self._derived(folder, *part.split(".")))
        if folder is not None and part.endswith(".request"):
            return Schema(name, _body(folder, part.removesuffix(".request"), self._folders.files[name]))
        return Schema(name, self._folders.files[name])

    def _derived(self, folder: Folder, operation: str, part: str = "") -> Mapping[str, Any]:
        """Return a schema that the operations of a resource imply. Raises KeyError if they do not."""
        spec = folder.operations[operation]
        if part == "query":
            return query_schema(folder, spec, self._folders.files)
        if part == "response":
            return response_schema(folder, spec)
        if part == "row":
            return folder.row_of(spec)
        raise KeyError(f"{folder.name}/{operation}.{part}")

    def _make_office(self, names: frozenset[str] | None) -> Schema:
        contents = self._folders.files[OFFICE]
        properties: Mapping[str, Any] = contents["properties"]
        kept = {name: part for name, part in properties.items() if names is None or name in names}
        generate = kept.pop("generate", None)
        kept |= {folder.table: fixture_rows(folder) for folder in self._in_fixtures(names)}
        if "fault" in kept:
            kept["fault"] = {**kept["fault"], "items": self[FAULT].contents}
        if generate is not None:
            generated = {folder.table: generated_rows(folder) for folder in self._in_fixtures(None)}
            kept["generate"] = {**generate, "properties": {**generated, **generate["properties"]}}
        return Schema(OFFICE, {**contents, "properties": kept})

    def _make_row_of(self, name: str) -> Schema | None:
        table = self.office_of([name]).properties.get(name, {})
        is_table = "items" in table and "maxItems" not in table
        return Schema(f"{OFFICE} {name}", table["items"]) if is_table else None

    def _in_fixtures(self, names: frozenset[str] | None) -> Iterator[Folder]:
        folders = self._folders.values() if names is None else map(self._folders.of_table, sorted(names))
        return (folder for folder in folders if folder is not None and folder.is_in_fixtures)


def _body(folder: Folder, operation: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of a body, with the rules of families that refuse it, unless it names others.

    The fields of an update have no defaults: what is left out stays.
    """
    spec, fields = folder.operations.get(operation), body.get("properties")
    if spec is None or not isinstance(fields, Mapping):
        return body
    dropped, required = ("default",) if spec.kind == "update" else (), body.get("required", ())

    def field(name: str, part: Any) -> Any:
        if not isinstance(part, Mapping) or part.get("x-ignored"):
            return part
        refusals = ("invalid", "required") if name in required else ("invalid",)
        rules = {refusal: f"{folder.name}.{operation}.{name}.{refusal}" for refusal in refusals}
        return {"x-rules": rules, **{key: value for key, value in part.items() if key not in dropped}}

    return {"x-rules": _NO_OBJECT, **body, "properties": {name: field(name, part) for name, part in fields.items()}}
