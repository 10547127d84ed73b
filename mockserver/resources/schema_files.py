"""Schema files: the JSON files of the contract by name, with each `$ref` replaced by its target."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from posixpath import dirname, join, normpath
from types import MappingProxyType
from typing import Any

from mockserver.errors import ContractUnusable

_SCHEMAS = ("properties", "$defs", "patternProperties", "dependentSchemas")
"""Keywords whose names are not keywords: a column may be called `$ref` or `items`."""
_VALUES = ("examples", "default", "enum", "const")
"""Keywords that hold values, not schemas."""


class SchemaFiles(Mapping[str, Mapping[str, Any]]):
    """The schemas below `root`, by their path without `.json`, each read when it is asked for.

    `folders` are the folders of further resources, by the name of the resource. The schemas are whole: a `$ref` is
    replaced by its target, and the keywords beside it override those of the target. A `row` requires every column.
    Nothing is ever fetched.
    """

    def __init__(self, root: Path, folders: Mapping[str, Path] = MappingProxyType({})) -> None:
        self._root, self._folders = root, folders
        self._files: dict[str, dict[str, Any]] = {}
        self._whole: dict[str, Mapping[str, Any]] = {}
        self._targets: dict[tuple[str, str], Any] = {}

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        """Return a schema. Raises KeyError if there is no such file, ContractUnusable if it is not usable."""
        if name not in self._whole:
            self._whole[name] = self._inlined(self._read(name), name)
        return self._whole[name]

    def __iter__(self) -> Iterator[str]:
        for path in sorted(self._root.rglob("*.json")):
            yield path.relative_to(self._root).with_suffix("").as_posix()
        for resource, folder in self._folders.items():
            for path in sorted(folder.glob("*.json")):
                yield f"{resource}/{path.stem}"

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def path(self, name: str) -> Path:
        """Return the file of a schema, which need not exist."""
        resource, _, rest = name.rpartition("/")
        folder = self._folders.get(resource, self._root / resource)
        return folder / f"{rest}.json"

    def _read(self, name: str) -> dict[str, Any]:
        if name not in self._files:
            contents = self._files[name] = _read_json(self.path(name), name)
            if name.endswith("/row") and isinstance(contents.get("properties"), dict):
                contents["required"] = list(contents["properties"])
        return self._files[name]

    def _inlined(self, part: Any, home: str) -> Any:
        """Return `part` of the schema `home` with each `$ref` in it replaced."""
        if isinstance(part, list):
            return [self._inlined(inner, home) for inner in part]
        if not isinstance(part, dict):
            return part
        whole = {}
        for key, inner in part.items():
            if key in _SCHEMAS and isinstance(inner, dict):
                whole[key] = {name: self._inlined(schema, home) for name, schema in inner.items()}
            elif key != "$ref":
                whole[key] = inner if key in _VALUES else self._inlined(inner, home)
        return {**self._target(part["$ref"], home), **whole} if "$ref" in part else whole

    def _target(self, reference: object, home: str) -> Any:
        """Return the target of a `$ref` in the schema `home`: a file, or a part of one, whole itself."""
        try:
            file, _, inside = str(reference).partition("#")
            name = normpath(join(dirname(home), file.removesuffix(".json"))) if file else home
            if (name, inside) not in self._targets:  # hundreds of columns have the same few types
                target: Any = self._read(name)
                for step in inside.strip("/").split("/") if inside else ():
                    target = target[step]
                part = {key: inner for key, inner in target.items() if key not in ("$schema", "$id")}
                self._targets[name, inside] = self._inlined(part, name)
            return self._targets[name, inside]
        except (KeyError, TypeError, AttributeError):
            raise ContractUnusable(
                f"{self.path(home)} refers to {reference!r}, which does not exist", self.path(home)
            ) from None
        except RecursionError:
            raise ContractUnusable(
                f"{self.path(home)} refers to {reference!r}, which leads back to it", self.path(home)
            ) from None


def _read_json(path: Path, name: str) -> dict[str, Any]:
    try:
        contents = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise KeyError(name) from None
    except ValueError as error:
        raise ContractUnusable(f"{path}: not JSON: {error}", path) from None
    if not isinstance(contents, dict):
        raise ContractUnusable(f"{path}: a schema is an object", path)
    return contents
