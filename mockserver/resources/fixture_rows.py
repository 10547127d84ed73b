"""Fixture rows: the schemas of a table in a fixture, and of its entry under `generate`."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from mockserver.resources.column import TIMES
from mockserver.resources.folder import Folder


@lru_cache(maxsize=128)  # of each table once, and that of a dropped contract not for ever
def fixture_rows(folder: Folder) -> Mapping[str, Any]:
    """Return the schema of the table in a fixture: an array of rows."""
    says = {"title": folder.type_name, "description": folder.row["description"]}
    examples = [_as_fixture(row, folder) for row in folder.row["examples"]]
    row = {
        **says, "type": "object", "required": list(folder.required), "additionalProperties": False,
        "properties": dict(_written(folder)), "examples": examples[:1],
    }  # fmt: skip
    items: Mapping[str, Any] = row
    if folder.takes_numbers:
        number = row["properties"][folder.key]
        items = {"type": ["integer", "object"], "if": {"type": "integer"}, "then": number, "else": row}
    return {**says, "type": "array", "items": items, "examples": [examples]}


def generated_rows(folder: Folder) -> Mapping[str, Any]:
    """Return the schema of the table's entry under `generate` in a fixture."""
    row = fixture_rows(folder)["items"]
    written = row.get("else", row)["properties"]
    columns = {
        column.attribute: _spread(part) if column.type in TIMES else _repeated(part)
        for column in folder.columns.values()
        if column.is_stored and not column.is_key and column.type != "Ids"  # which is a list itself
        for part in [written[column.attribute]]
    }
    rows = {
        "title": "Rows", "description": "The number of rows.", "type": "integer", "minimum": 1,
        "maximum": 1_000_000, "examples": [5000],
    }  # fmt: skip
    # A column that has to name a row can be left out: then it names all of them in turn.
    required = [column.attribute for column in folder.columns.values()
                if column.attribute in folder.required and not (column.is_key or column.references)]  # fmt: skip
    example = {"rows": 5000, **{name: columns[name]["examples"][0] for name in required}}
    return {
        "title": f"Generated {folder.type_name}",
        "description": f"Rows of {folder.table}, numbered after the highest given {folder.key}.",
        "type": "object", "required": ["rows", *required], "additionalProperties": False,
        "properties": {"rows": rows, **columns}, "examples": [example],
    }  # fmt: skip


def _written(folder: Folder) -> Iterator[tuple[str, Mapping[str, Any]]]:
    first = folder.row["examples"][0]
    for column in folder.columns.values():
        example = first[column.name] if column.type not in TIMES and not column.truth else None
        written = column.written if example is None else {**column.written, "examples": [example]}
        yield column.attribute, written
        if column.attribute != column.name:
            yield column.name, {**written, "title": column.name}


def _as_fixture(row: Mapping[str, Any], folder: Folder) -> dict[str, Any]:
    return {column.attribute: row[column.name] for column in folder.columns.values() if column.is_stored}


def _repeated(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of a column of which each row has the same value, or the next one of a list."""
    value = {key: inner for key, inner in part.items() if key not in ("title", "default", "description", "type")}
    kinds = part.get("type", "string")
    whole = {key: part[key] for key in ("title", "default") if key in part}
    return {
        **whole, "description": f"One value, or values that repeat. {part['description']}",
        "type": [*([kinds] if isinstance(kinds, str) else kinds), "array"], "minItems": 1,
        "if": {"type": "array"}, "then": {"items": {"type": kinds, **value}}, "else": value,
        "examples": [part["examples"]],
    }  # fmt: skip


def _spread(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of a time that is spread evenly over the rows."""
    end = {key: inner for key, inner in part.items() if key != "default"}
    return {
        "title": part["title"], "description": "The rows are spread evenly from the first of these times to the last.",
        "type": "object", "required": ["from", "to"], "additionalProperties": False,
        "properties": {
            "from": {**end, "title": "From", "description": "The time of the first row.", "examples": ["now-365d"]},
            "to": {**end, "title": "To", "description": "The time of the last row.", "examples": ["now-1d"]},
        },
        "examples": [{"from": "now-365d", "to": "now-1d"}],
    }  # fmt: skip
