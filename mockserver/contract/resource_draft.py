"""Drafts of resource folders: the files of a resource, guessed from a response of an office."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.assets import shipped
from mockserver.contract.vendor import NUMBER, VendorResource, vendor_resources
from mockserver.errors import Misdeclared
from mockserver.resources.folder import OPERATIONS, ROW
from mockserver.resources.operations import is_version
from mockserver.syntax.yaml_writer import flow

_TYPES = "../api/types.json#/$defs"
_TEXTS = ("Bool", "DateTime", "Date", "MoneyText", "IdText", "Text")
"""The types of text, the narrowest first."""
_KINDS = {bool: "truth value", int: "number", float: "number with a fraction", str: "text"}
_EARLIEST = "21.1"
"""The version that is written if no page gives one."""


def draft(resource: str, response: Any) -> dict[str, str]:
    """Return the text of each file of a resource's folder, by its name, guessed from a list of rows or from one row.

    The columns and their types come from the response, operations and their versions from the list of the vendor's
    operations. No value of the response is written. Raises Misdeclared, with the place in the response.
    """
    rows = response if isinstance(response, list) else [response]
    if not rows:
        raise Misdeclared("the list is empty; save a response with at least one row")
    for index, row in enumerate(rows):
        if not isinstance(row, dict) or not row:
            what = "this is not a row; a response is one object with columns, or a list of them"
            raise Misdeclared(what, *([index] if rows is response else []))
    vendor = vendor_resources().get(resource) or VendorResource(())
    columns = _columns(rows)
    key = _key(vendor, columns, len(rows))
    return {f"{ROW}.json": _row(resource, vendor, key, columns), OPERATIONS: _operations(resource, vendor, key)}


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return the values of each column, without null, in the order of the first row that has it."""
    columns: dict[str, list[Any]] = {}
    for index, row in enumerate(rows):
        for name, value in row.items():
            if isinstance(value, dict | list):
                raise Misdeclared(f"{name}: a column is a text, a number or a truth value", index, name)
            columns.setdefault(name, []).extend([] if value is None else [value])
    return columns


def _key(vendor: VendorResource, columns: Mapping[str, Sequence[Any]], count: int) -> str:
    """Return the column of the primary key: that of the vendor's paths, or else the first that can be one."""
    named = [part[1:-1] for one in vendor.operations for part in one.path.split("/")[2:] if part.startswith("{")]
    for name in (*named, *columns):
        values = columns.get(name, ())
        is_numbers = all(type(value) is int and value > 0 for value in values)
        if name.isidentifier() and is_numbers and len(set(values)) == count:
            return name
    raise Misdeclared("no column can be the primary key: none has another whole number above zero in each row")


def _row(resource: str, vendor: VendorResource, key: str, columns: Mapping[str, Sequence[Any]]) -> str:
    types = json.loads(shipped("schemas").joinpath("api", "types.json").read_text(encoding="utf-8"))["$defs"]
    parts, example = [], {}
    for name, values in columns.items():
        kind, part = _column(name, values, types, is_key=name == key)
        parts.append(f"    {json.dumps(name)}: {json.dumps(part)}")
        example[name] = types[kind]["examples"][0] if kind else True
    title = vendor.type or key.removesuffix("Num")
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Guessed: the types, the key, x-table. Open: descriptions, examples, default, x-phi, x-set.",
        "title": title,
        "description": f"A row of {resource}.",
        "x-table": {"name": vendor.table or resource.removesuffix("s"), "key": key, "page": f"api{resource}"},
        "type": "object",
        "additionalProperties": False,
    }
    lines = [*(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in head.items())]
    properties = ",\n".join(parts)
    lines += [f'  "properties": {{\n{properties}\n  }}', f'  "examples": [\n    {json.dumps(example)}\n  ]']
    body = ",\n".join(lines)
    return f"{{\n{body}\n}}\n"


def _column(
    name: str, values: Sequence[Any], types: Mapping[str, Any], *, is_key: bool
) -> tuple[str, Mapping[str, Any]]:
    """Return the type of a column, "" for a boolean of JSON, and its schema."""
    if values and all(isinstance(value, bool) for value in values):
        return "", {"type": "boolean", "default": False, "examples": [True], "description": "True or false."}
    kind = _type(name, values, types)
    part = {"$ref": f"{_TYPES}/{kind}"}
    if is_key:
        return kind, {**part, "minimum": 1, "description": "Primary key."}
    if not values:
        return kind, {**part, "description": "Not known.", "$comment": "null in each row of the response"}
    resource = _of_key(name) if kind in ("Id", "IdText") else ""
    if resource:
        comment = f'if it names a row: "x-references": {{"resource": "{resource}", "none": 0}}'
        return kind, {**part, "description": f"FK to {resource}.", "$comment": comment}
    return kind, {**part, "description": f"{name}."}


def _type(name: str, values: Sequence[Any], types: Mapping[str, Any]) -> str:
    if not values:
        return "Text"
    kinds = {type(value) for value in values}
    if kinds == {int}:
        return "Id" if name.endswith("Num") and min(values) >= 0 else "Int"
    if kinds <= {int, float}:
        return "Money"
    if kinds != {str}:
        names = ", ".join(sorted(_KINDS[kind] for kind in kinds))
        raise Misdeclared(f"{name} is of several types: {names}; give rows in which it is of one")
    return next(kind for kind in _TEXTS if kind == "Text" or _is_of(kind, name, values, types[kind]))


def _is_of(kind: str, name: str, values: Sequence[str], part: Mapping[str, Any]) -> bool:
    if kind == "IdText" and not name.endswith("Num"):
        return False
    if kind == "MoneyText" and not any("." in value for value in values):
        return False  # a number of some other kind
    return all(value in part["enum"] if "enum" in part else re.search(part["pattern"], value) for value in values)


def _of_key(name: str) -> str:
    """Return the vendor's resource whose rows this column would name, or nothing."""
    end = f"/{{{name}}}"
    return next(
        (resource for resource, vendor in vendor_resources().items()
         if any(one.method == "GET" and one.path == f"/{resource}{end}" for one in vendor.operations)), "",
    )  # fmt: skip


def _operations(resource: str, vendor: VendorResource, key: str) -> str:
    versions = {tuple(one.segments): one.added for one in vendor.operations if one.method == "GET"}
    lines = [
        f"# The operations of {resource}. docs/adding-a-resource.md describes the keys.",
        "# Left open: order (assumed: the lowest key first), filters, hidden rows, and what writes.",
    ]
    for name, segments in (("list", ()), ("get", (NUMBER,))):
        if versions and segments not in versions:
            continue
        version = versions.get(segments, "")
        added = f'"{version}"' if is_version(version) else f'"{_EARLIEST}"  # not known'
        lines += ["", f"{name}:", f"  added: {added}"]
        lines += [f"  order: {flow([key])}"] if name == "list" else []
    return "\n".join(lines) + "\n"
