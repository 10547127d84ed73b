"""Schemas of requests and responses that an `operations.yaml` implies."""

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.resources.column import TIMES, Column
from mockserver.resources.folder import Folder, Folders
from mockserver.resources.operations import FilterSpec, OperationSpec

DIALECT = "https://json-schema.org/draft/2020-12/schema"
INT64 = {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1}
FORMS = {"Date": "yyyy-MM-dd", "DateTime": "yyyy-MM-dd HH:mm:ss"}
"""The form of a date or a time in a request."""

_TIMES = {"Date": "2023-07-20", "DateTime": "2023-07-20 14:05:45"}
_NUMBERS = ("Id", "IdText", "Int")
_LONGEST = 65_535  # characters of a text, which no shorter column narrows


def is_typed(column: Column, given: FilterSpec) -> bool:
    """Return whether some value of a parameter that is compared with this column is of another type."""
    if given.hides or given.words or column.type in _NUMBERS or "enum" in column.sent:
        return True
    return bool(column.sent.get("maxLength", _LONGEST) < _LONGEST)


def forms_of(column: Column, given: FilterSpec) -> tuple[str, ...]:
    """Return the forms of a time that a parameter takes, which are none if it is not one."""
    return (tuple(given.forms) or (column.type,)) if column.type in TIMES else ()


def query_schema(folder: Folder, spec: OperationSpec, files: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the schema of the query string of an operation."""
    properties = dict(_parameters(folder, spec))
    if spec.kind == "list":
        properties |= files["api/list.query"]["properties"]
    if spec.has_answer and any(column.type == "DateTime" for column in folder.columns.values()):
        properties |= files["api/query"]["properties"]
    schema = {"$schema": DIALECT, "title": f"{title(folder, spec)}: parameters", "type": "object"}
    if not spec.required:
        return {**schema, "properties": properties, "examples": [{}]}
    row = folder.row["examples"][0]
    example = {name: row[spec.filters[name].column] for name in spec.required}
    return {**schema, "required": spec.required, "properties": properties, "examples": [example]}


def fault_schema(folders: Folders) -> dict[str, Any]:
    """Return the schema of a fault, with every operation and every value that a call can have."""
    schema = folders.files["fixtures/fault"]
    operation, match = schema["properties"]["operation"], schema["properties"]["match"]
    names = {"operation": {**operation, "enum": [*operation["enum"], *folders.operation_names()]}}
    values = {**match["properties"], **{name: part for folder in folders.values() for name, part in _values(folder)}}
    for shared in ("api/list.query", "api/query"):
        values |= {
            name: _value(name, part.get("examples", [100]))
            for name, part in folders.files[shared]["properties"].items()
        }
    return {**schema, "properties": {**schema["properties"], **names, "match": {**match, "properties": values}}}


def response_schema(folder: Folder, spec: OperationSpec) -> dict[str, Any]:
    """Return the schema of the response of an operation: a row, or an array of rows."""
    says = f"{title(folder, spec)}: {'201 Created' if spec.kind == 'create' else '200 OK'}"
    if not spec.has_answer:
        return {"$schema": DIALECT, "title": says, "description": "No body.", "const": "", "examples": [""]}
    whole = folder.row_of(spec)
    examples = whole["examples"]
    if spec.kind != "list":
        return {**whole, "title": says, "examples": examples[:1]}
    row = {key: part for key, part in whole.items() if key != "$schema"}
    return {"$schema": DIALECT, "title": says, "type": "array", "items": row, "examples": [examples]}


def title(folder: Folder, spec: OperationSpec) -> str:
    """Return the title of an operation: "Claims GET (multiple)"."""
    kinds = [operation.kind for operation in folder.operations.values()]
    several = {"list": " (multiple)", "get": " (single)"} if "list" in kinds and "get" in kinds else {}
    word = f" {spec.path}" if spec.path else several.get(spec.kind, "")
    return f"{folder.type_name}s {spec.method}{word}"


def _values(folder: Folder) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what a call of a resource can have: the number in its path, parameters, and fields of its body."""
    example = folder.row["examples"][0]
    for spec in folder.operations.values():
        names = [folder.key] if spec.has_number else []
        names += [*spec.filters, *(folder.body(spec)["properties"] if spec.has_body else ())]
        for name in names:
            column = spec.filters[name].column if name in spec.filters else name
            yield name, _value(name, [example[column]] if column in example else [""])
        for hides in spec.hides:
            if hides.unless:
                yield hides.unless, _value(hides.unless, ["true"])


def _value(name: str, examples: list[Any]) -> dict[str, Any]:
    says = "The number in the path, a parameter, or a field of the body."
    return {"title": name, "description": says, "examples": examples}


def _parameters(folder: Folder, spec: OperationSpec) -> Iterator[tuple[str, dict[str, Any]]]:
    rules = f"{folder.name}.{spec.name}"
    for name, given in spec.filters.items():
        column = folder.columns[given.column]
        need = "Required" if given.required else "Optional"
        part: dict[str, Any] = {"description": f"{need}. {column.sent['description']}"}
        if given.hides:
            hidden = ", ".join(map(str, given.hides))
            says = f"Optional. Whether rows whose {given.column} is {hidden} are left out. Default false."
            part = {"description": says, "enum": ["true", "false"]}
        elif given.words:
            others = (value for value in column.sent.get("enum", ()) if value not in given.words.values())
            part["enum"] = [*given.words, *others]
        elif column.type in _NUMBERS:
            part |= INT64
        elif "enum" in column.sent:
            part["enum"] = column.sent["enum"]
        else:
            part["type"] = "string"
            if is_typed(column, given):
                part["maxLength"] = column.sent["maxLength"]
        forms = forms_of(column, given)
        if forms:
            part["examples"] = [_TIMES[form] for form in forms]
        if is_typed(column, given) or forms:
            part["x-rules"] = {"invalid": f"{rules}.{name}.invalid"}
        if given.required:
            part["x-rules"] = {**part.get("x-rules", {}), "required": f"{rules}.{name}.required"}
        yield name, part
    for hides in spec.hides:
        if name := hides.unless:
            says = f"Optional. Whether rows whose {hides.column} is {hides.which} are listed too. Default false."
            invalid = {"invalid": f"{rules}.{name}.invalid"}
            yield name, {"description": says, "enum": ["true", "false"], "x-rules": invalid}
