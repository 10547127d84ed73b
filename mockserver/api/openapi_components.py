"""OpenAPI components: the contract's schemas in a form that client generators can use."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.api.operation import Operation
from mockserver.contract.contract import Contract

_PREFIX = "#/components/schemas/"
_ERROR = "error"


class Components:
    """The schemas that the operations name: rows, request bodies, and the body of a refusal."""

    def __init__(self, contract: Contract, operations: Iterable[Operation]) -> None:
        self._contract = contract
        self._names = {_ERROR: "Explanation"}
        for operation in operations:
            self._names[operation.row] = contract.schemas[operation.row].contents["title"]
            if operation.body is not None:
                title = contract.folders[operation.resource].type_name
                self._names[operation.body] = title + operation.name.rpartition("/")[2].capitalize()

    def as_json(self) -> dict[str, Any]:
        """Return every component by name, which is its title too: some generators name their classes after titles."""
        return {name: self._schema(schema) | {"title": name} for schema, name in sorted(self._names.items())}

    def explanation(self) -> dict[str, Any]:
        """Return a reference to the body of a refusal."""
        return self._reference(_ERROR)

    def request(self, operation: Operation) -> dict[str, Any]:
        """Return the content of a request with a body."""
        assert operation.body is not None
        return {"schema": self._reference(operation.body)}

    def response(self, operation: Operation) -> dict[str, Any]:
        """Return the content of a response: a row, or an array of rows, with its example."""
        row = self._reference(operation.row)
        example = self._contract.schemas[operation.response].contents["examples"][-1]
        return {"schema": {"type": "array", "items": row} if operation.is_list else row, "example": example}

    def plain(self, part: Any) -> Any:
        """Return `part` of a schema without the mock's own keywords."""
        if isinstance(part, list):
            return [self.plain(inner) for inner in part]
        if not isinstance(part, dict):
            return part
        return {key: self.plain(inner) for key, inner in part.items() if _is_kept(key, part)} | _for_generators(part)

    def _schema(self, name: str) -> dict[str, Any]:
        plain: dict[str, Any] = self.plain(self._contract.schemas[name].contents)
        return plain

    def _reference(self, name: str) -> dict[str, Any]:
        return {"$ref": _PREFIX + self._names[name]}


def _is_kept(key: str, part: Mapping[str, Any]) -> bool:
    if part.get("x-type") == "DateTime" and key == "pattern":
        return False  # DateTimeFormatString sets its form
    return not key.startswith("x-") and key not in ("$schema", "default")


def _for_generators(part: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords that generators need and JSON Schema does not.

    Without `format` an integer is one of 32 bits in Go, Java and C#. With `default` openapi-typescript takes a field
    for required, so the default is in the description instead.
    """
    added: dict[str, Any] = {}
    if part.get("type") == "integer":
        is_long = max(part.get("maximum", 2**63), -part.get("minimum", 0)) >= 2**31
        added["format"] = "int64" if is_long else "int32"
    if "type" not in part and part.get("enum") and all(isinstance(one, str) for one in part["enum"]):
        added["type"] = "string"
    if "default" in part:
        added["description"] = f"{part.get('description', '')} Default {json.dumps(part['default'])}.".lstrip()
    return added
