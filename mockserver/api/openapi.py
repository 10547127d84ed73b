"""The contract as an OpenAPI 3.1 document, made of the schemas, the operations and the rules."""

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.api.operation import Operation
from mockserver.assets import version
from mockserver.contract.contract import Contract

_REASONS = {
    200: "OK",
    201: "Created",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    429: "Too Many Requests",
    500: "The mock broke its own contract",
}
_HEADERS = {
    "X-Mock-Request-Id": "Which exchange of the journal this was.",
    "X-Mock-Warnings": "How much of the request the contract does not cover.",
    "X-Mock-Fault": "The fault that spoilt this answer.",
}
_REFUSAL_HEADERS = {
    "X-Mock-Rule": "The rule that the request breaks.",
    "X-Mock-Hint": "What would have been right.",
}


def openapi(contract: Contract, operations: Iterable[Operation]) -> dict[str, Any]:
    """The document, for `GET /__admin/openapi.json` and the command `openapi`."""
    operations = tuple(operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        path = f"/{operation.resource}"
        if operation.number is not None:
            path += f"/{{{operation.number.column}}}"
        described = paths.setdefault(path, {})[operation.method.lower()] = _operation(contract, operation)
        if operation.status == 201:
            described["responses"]["201"]["links"] = _links(operation, operations)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Open Dental API, as opendental-mock serves it",
            "version": version(),
            "description": "Made of the schemas and rules of opendental-mock, derived from the vendor's pages.",
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": "/api/v1"}],
        "security": [{"odfhir": []}, {}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "odfhir": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "ODFHIR {DeveloperKey}/{CustomerKey}",
                }
            },
            "headers": {
                name: {"description": says, "schema": {"type": "string"}}
                for name, says in {**_HEADERS, **_REFUSAL_HEADERS}.items()
            }
            | {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}},
            "schemas": _schemas(contract, {operation.resource for operation in operations}),
        },
    }


def _operation(contract: Contract, operation: Operation) -> dict[str, Any]:
    rules = [rule for rule in contract.rules.values() if rule.operation == operation.name]
    shown = contract.schemas[operation.response].contents
    described: dict[str, Any] = {
        "operationId": operation.name.replace("/", "_"),
        "summary": shown["title"].partition(":")[0],
        "description": "\n".join(f"- {rule.says} ({rule.standing}: `{rule.id}`)" for rule in rules),
        "tags": [operation.resource],
        "parameters": _parameters(contract, operation),
        "responses": {
            str(operation.status): {
                "description": _REASONS[operation.status],
                "headers": _headers(_HEADERS),
                "content": _content(operation.response, shown),
            }
        },
    }
    if operation.body is not None:
        asked = contract.schemas[operation.body].contents
        described["requestBody"] = {"required": True, "content": _content(operation.body, asked)}
    everywhere = {rule.status for rule in contract.rules.values() if rule.operation in (operation.name, "any")}
    for status in sorted({status for status in everywhere if status >= 400} | {500}):
        described["responses"][str(status)] = _refusal(status, [rule.says for rule in rules if rule.status == status])
    return described


def _links(created_by: Operation, operations: Iterable[Operation]) -> dict[str, Any]:
    """What can be done with a row once it is created."""
    return {
        other.name.replace("/", "_"): {
            "operationId": other.name.replace("/", "_"),
            "parameters": {other.number.column: f"$response.body#/{other.number.column}"},
        }
        for other in operations
        if other.number is not None and other.resource == created_by.resource
    }


def _parameters(contract: Contract, operation: Operation) -> list[dict[str, Any]]:
    parameters = []
    if operation.number is not None:
        row = contract.schemas[f"{operation.resource}/row"].properties[operation.number.column]
        parameters.append(
            {"name": operation.number.column, "in": "path", "required": True, "schema": _plain(row, operation.resource)}
        )
    for name, part in contract.schemas[operation.query].properties.items():
        schema = _plain(part, operation.resource)
        parameters.append({"name": name, "in": "query", "description": schema.pop("description", ""), "schema": schema})
    return parameters


def _refusal(status: int, says: list[str]) -> dict[str, Any]:
    headers = {**_HEADERS, **_REFUSAL_HEADERS} | ({"Retry-After": ""} if status == 429 else {})
    return {
        "description": "\n".join([_REASONS[status], *(f"- {one}" for one in says)]),
        "headers": _headers(headers),
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/error"}}},
    }


def _headers(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _content(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    # What is a row, or an array of them, is said as just that: generators of clients would make it a class of its own.
    is_rows = "$ref" in schema or schema.get("type") == "array"
    kept = {key: part for key, part in schema.items() if key in ("$ref", "type", "items")}
    place = _plain(kept, name.rpartition("/")[0]) if is_rows else {"$ref": f"#/components/schemas/{_component(name)}"}
    return {"application/json": {"schema": place, "example": schema["examples"][-1]}}


def _schemas(contract: Contract, resources: set[str]) -> dict[str, Any]:
    """What is sent, and the rows that are answered. Parameters stand where they are used."""
    return {
        _component(name): _plain(schema.contents, name.rpartition("/")[0])
        for name, schema in contract.schemas.items()
        if name == "error" or name.endswith(".request") or name.removesuffix("/row") in resources
    }


def _component(name: str) -> str:
    return name.replace("/", ".")


def _plain(part: Any, folder: str) -> Any:
    """`part` of a schema in `folder` with its references turned to components, and without what is ours alone."""
    if isinstance(part, list):
        return [_plain(inner, folder) for inner in part]
    if not isinstance(part, dict):
        return part
    if part.get("x-type") == "DateTime":  # its form is the one that DateTimeFormatString asks for
        part = {key: inner for key, inner in part.items() if key != "pattern"}
    plain = {key: _plain(inner, folder) for key, inner in part.items() if not key.startswith("x-") and key != "$schema"}
    if isinstance(plain.get("$ref"), str):
        target = f"{folder}/{plain['$ref']}".removesuffix(".json")
        plain["$ref"] = f"#/components/schemas/{_component(target)}"
    return plain
