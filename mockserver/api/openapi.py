"""OpenAPI document: the contract as OpenAPI 3.1, made from the schemas, the operations and the rules."""

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from mockserver.api.openapi_components import Components
from mockserver.api.openapi_examples import body_examples, parameter_examples, refusal_examples
from mockserver.api.operation import Operation
from mockserver.api.response import EXPLANATION, JSON, PLAIN, TEXT
from mockserver.assets import version
from mockserver.contract.contract import Contract
from mockserver.contract.rules import Rule

_PAGE = "https://www.opendental.com/site/{}.html"
_HEADERS = {
    "X-Mock-Request-Id": "The id of this exchange in the journal.",
    "X-Mock-Warnings": "The number of warnings: parts of the request that the contract does not cover.",
    "X-Mock-Fault": "The fault that changed this response.",
}
_REFUSAL_HEADERS = {
    "X-Mock-Rule": "The rule that the request breaks.",
    "X-Mock-Standing": "The standing of that rule: documented, observed, assumed, or mock (a rule of the mock's own).",
    "X-Mock-Hint": "What a valid request would be.",
}
# Statuses that no rule of an operation has. Any operation may have them; the text says which server sends them.
_SENT_BY = {
    410: "The vendor sends it for a deprecated method, opendental-mock only when the fault `deprecated` is set.",
    429: "The vendor sends it to a customer key that sends requests too fast, opendental-mock with `--throttle` or when"
    " the fault `throttled` is set.",
    500: "Only opendental-mock sends it, when it breaks its own contract: please report it.",
    504: "The vendor sends it after 60 seconds, opendental-mock only when the fault `gateway-timeout` or one of kind"
    " `timeout` is set.",
}


_OF_MOCK = ("500", "501")
"""The statuses that the vendor never sends."""


def openapi(
    contract: Contract, operations: Iterable[Operation], *, server: str | None = None, for_clients: bool = False
) -> dict[str, Any]:
    """Return the document, for `GET /__admin/openapi.json` and the command `openapi`.

    `server` is the base URL in the document; without one it is /api/v1 of the server that sends the document. If it is
    `for_clients`, it leaves out what only the mock sends.
    """
    operations = tuple(operations)
    components = Components(contract, operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        described = paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(
            contract, components, operation
        )
        if operation.status == 201:
            described["responses"]["201"]["links"] = _links(operation, operations)
        if for_clients:
            described["responses"] = dict(_of_vendor(described["responses"]))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Open Dental API",  # generators name the client's package after it
            "version": version(),
            "description": "As opendental-mock serves it: made of its schemas and rules, which are derived from the"
            " vendor's pages.",
            "contact": {"name": "The maintainers of opendental-mock, not the vendor"},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "externalDocs": {"description": "The vendor's specification", "url": _PAGE.format("apispecification")},
        "servers": [{"url": server or "/api/v1"}],
        "security": [{"odfhir": []}, {}],
        "tags": [_tag(contract, resource) for resource in dict.fromkeys(one.resource for one in operations)],
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
                for name, says in ({} if for_clients else {**_HEADERS, **_REFUSAL_HEADERS}).items()
            }
            | {
                "Retry-After": {
                    "description": "Seconds to wait.",
                    "schema": {"type": "integer", "minimum": 0, "format": "int32"},
                },
                "Location": {
                    "description": "The URL of the created row.",
                    "schema": {"type": "string", "format": "uri-reference"},
                },
            },
            "schemas": components.as_json(),
        },
    }


def _tag(contract: Contract, resource: str) -> dict[str, Any]:
    page = next(rule.page for rule in contract.rules.values() if rule.operation.startswith(resource + "/"))
    row = contract.schemas[f"{resource}/row"].contents
    return {
        "name": resource,
        "description": f"{row['title']}: {row['description']}",
        "externalDocs": {"description": "The vendor's page", "url": _PAGE.format(page)},
    }


def _operation(contract: Contract, components: Components, operation: Operation) -> dict[str, Any]:
    rules = [rule for rule in contract.rules.values() if rule.operation == operation.name]
    headers = (*_HEADERS, "Location") if operation.located else _HEADERS
    served: dict[str, Any] = {"description": HTTPStatus(operation.status).phrase, "headers": _headers(headers)}
    if operation.has_answer:
        served["content"] = {"application/json": components.response(operation)}
    described: dict[str, Any] = {
        "operationId": operation.name.replace("/", "_"),
        "summary": contract.schemas[operation.response].contents["title"].partition(":")[0],
        "description": "\n".join(f"- {rule.says} ({rule.shown_standing}: `{rule.id}`)" for rule in rules),
        "tags": [operation.resource],
        "parameters": _parameters(contract, components, operation),
        "responses": {str(operation.status): served},
    }
    if operation.body is not None:
        content = {**components.request(operation), **body_examples(operation)}
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    form = (TEXT if contract.rules[EXPLANATION].played == PLAIN else JSON).partition(";")[0]
    vendors = [rule for rule in contract.rules.values() if not rule.is_of_mock]
    everywhere = {rule.status for rule in vendors if rule.operation in (operation.name, "any")}
    for status in sorted({status for status in everywhere if status >= 400} | _SENT_BY.keys()):
        refusal = _refusal(components, status, rules, form)
        refusal["content"][form] |= refusal_examples(contract, operation, status)
        described["responses"][str(status)] = refusal
    return described


def _of_vendor(responses: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the responses that the vendor sends too, without the mock's own headers."""
    for status, response in responses.items():
        if status not in _OF_MOCK:
            headers = {name: part for name, part in response["headers"].items() if not name.startswith("X-Mock-")}
            kept = {key: part for key, part in response.items() if key != "headers"}
            yield status, kept | ({"headers": headers} if headers else {})


def names_to_tell_apart(document: Mapping[str, Any]) -> dict[str, str]:
    """Return other names for columns that differ by capital letters alone: a number, and the name of what it names.

    Generated classes of Java, C# and Python would have two members of one name.
    """
    alike = set[str]()
    for part in document["components"]["schemas"].values():
        names = list(part.get("properties", {}))
        folded = [name.lower() for name in names]
        alike |= {name for name in names if folded.count(name.lower()) > 1}
    return {name: f"{name[0].lower()}{name[1:]}{'Name' if name[0].islower() else 'Num'}" for name in sorted(alike)}


def _links(created_by: Operation, operations: Iterable[Operation]) -> dict[str, Any]:
    """Return the links from a created row to the operations on it."""
    return {
        other.name.replace("/", "_"): {
            "operationId": other.name.replace("/", "_"),
            "parameters": {other.number: f"$response.body#/{other.number}"},
        }
        for other in operations
        if other.number is not None and other.resource == created_by.resource
    }


def _parameters(contract: Contract, components: Components, operation: Operation) -> list[dict[str, Any]]:
    parameters = []
    if operation.number is not None:
        row, column = contract.schemas[f"{operation.resource}/row"], operation.number
        schema = components.plain(row.properties[column])
        description = f"{schema.pop('description').rstrip('.')} of the {row.contents['title']}."
        parameters.append(
            {"name": column, "in": "path", "required": True, "description": description, "schema": schema}
            | parameter_examples(operation, column)
        )
    query = contract.schemas[operation.query]
    for name, part in query.properties.items():
        schema = components.plain(part)
        needed = {"required": True} if name in query.contents.get("required", ()) else {}
        parameters.append(
            {"name": name, "in": "query", **needed, "description": schema.pop("description"), "schema": schema}
            | parameter_examples(operation, name)
        )
    return parameters


def _refusal(components: Components, status: int, rules: Iterable[Rule], form: str) -> dict[str, Any]:
    says = [f"- {rule.says}" for rule in rules if rule.status == status]
    headers = {**_HEADERS, **_REFUSAL_HEADERS} | ({"Retry-After": ""} if status == 429 else {})
    return {
        "description": "\n".join([f"{HTTPStatus(status).phrase}. {_SENT_BY.get(status, '')}".strip(), *says]),
        "headers": _headers(headers),
        "content": {form: {"schema": components.explanation()}},
    }


def _headers(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
