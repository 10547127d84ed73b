"""Cases of families: a request for each rule of a family, with the rows of the page's example."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from mockserver.contract.cases import BY_FAMILY
from mockserver.contract.example_offices import GHOST, example_office, named_folder, number_in, with_named_rows
from mockserver.contract.families import Member, filled, members
from mockserver.resources.column import Column
from mockserver.resources.folder import Folder, Folders
from mockserver.resources.operations import FIXTURE, OperationSpec

_NO_NAME = "Nothing has this name"


def case_entries(folder: Folder, folders: Folders, shown: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the case of each rule of a family that is not `shown` by a case of the resource's own."""
    shown = set(shown)
    for member in members(folder, folders) if folder.is_in_fixtures else ():
        rule = f"{folder.name}.{member.operation.name}{member.id}"
        if rule not in shown:
            yield {"id": f"{rule}{BY_FAMILY}", "rules": [rule], **_case(member, folder, folders)}


def _case(member: Member, folder: Folder, folders: Folders) -> dict[str, Any]:
    """Return the case of a member, with the values of the page's example."""
    operation, names = member.operation, member.names
    rows = _listed(folder, folders, operation)
    visible = [row for row in rows if not _is_hidden(row, operation)]
    key = rows[0][folder.key]
    path = f"{operation.method} " + (f"/{folder.name}/{key}{names['end']}" if operation.has_number else names["place"])
    schema = folder.body(operation) if operation.has_body else {"examples": [{}]}
    body, fields = dict(schema["examples"][0]), schema.get("properties", {})
    values: dict[str, Any] = {
        "rows": answered_examples(folder, folders, operation), "row": _answered(rows[0], folder, operation),
        "key": key, "keys": [row[folder.key] for row in visible], "ghost": GHOST,
        "written": operation.status, "PATH": path, "body": body, "last": rows[0] | {folder.key: 2**63 - 1},
        "time": rows[0].get(names.get("Column", "")), "listing": listing(folder, folders, operation),
    }  # fmt: skip
    name = names.get("Filter") or names.get("Field") or ""
    needed = needed_parameters(folder, folders, operation)
    values["first"] = "?" + "".join(f"{other}={value}&" for other, value in needed.items() if other != name)
    given = operation.filters.get(name)
    if any(hides.unless == name for hides in operation.hides):
        values["value"] = "true"
    column = folder.columns.get(given.column if given else name)
    if column is not None:
        named = [row[column.name] for row in rows if number_in(row, column) is not None]
        value = body.get(name, (named or [rows[0][column.name]])[0])
        value = next((word for word, meant in given.words.items() if meant == value), value) if given else value
        value = value[: len("yyyy-MM-dd")] if given and "Date" in given.forms else value
        sent, value = _sent(fields[name], column, value) if name in fields else (value, value)
        values |= {"value": value, "sent": sent, "wrong": wrong_value(column), "kept": rows[0][column.name]}
        values |= {"with_value": body | {name: sent}}
    if name in fields:
        part = fields[name]
        values |= {
            "with_wrong": body | {name: _wrong_field(part)}, "with_ghost": body | {name: _ghost(part)},
            "with_no_name": body | {name: _NO_NAME},
            "without": {field: value for field, value in body.items() if field != name},
        }  # fmt: skip
    case = filled(member.family["case"], {**names, **values})
    _leave_times_open(case["expect"], folder, operation)
    method, _, path = case["call"].partition(" ")
    case["call"] = f"{method} {quote(path, safe='/?&=')}"
    if not operation.has_body:
        case.pop("json", None)
    version = case.pop("version", "")
    office = case.pop("office", example_office(folder, folders, operation))
    office = with_named_rows(office, member, folder, folders)
    state = "an office with the rows of the page's example"
    return {
        "tier": "manual",
        "state": state,
        "office": office | ({"office": {"version": version}} if version else {}),
        **case,
    }


def answered_examples(folder: Folder, folders: Folders, operation: OperationSpec) -> list[dict[str, Any]]:
    """Return the rows of the page's example as an operation answers them, in the order of a list."""
    rows = _listed(folder, folders, operation)
    return [_answered(row, folder, operation) for row in rows if not _is_hidden(row, operation)]


def needed_parameters(folder: Folder, folders: Folders, operation: OperationSpec) -> dict[str, Any]:
    """Return the parameters that a list needs, with the values of the first row of the example."""
    first = _listed(folder, folders, operation)[0]
    return {name: first[operation.filters[name].column] for name in operation.required}


def listing(folder: Folder, folders: Folders, operation: OperationSpec) -> str:
    """Return the path of a list, with the parameters that it needs."""
    query = urlencode(needed_parameters(folder, folders, operation))
    return f"/{folder.name}/{operation.path}".removesuffix("/") + (f"?{query}" if query else "")


def _listed(folder: Folder, folders: Folders, operation: OperationSpec) -> list[dict[str, Any]]:
    """Return the rows of the example in the order of a list.

    A column that is joined from a table that nothing serves is empty.
    """
    empty = {
        column.name: "" for column in folder.columns.values()
        if column.joined and named_folder(folder.columns[column.joined.by], folders) is None
    }  # fmt: skip
    rows = [{**row, **empty} for row in folder.row["examples"]]
    order = list(operation.order or folder.order)
    if order != [FIXTURE] and folder.key not in (name.removeprefix("-") for name in order):
        order.append(f"-{folder.key}" if order and order[0].startswith("-") else folder.key)
    for name in reversed([] if order == [FIXTURE] else order):
        rows.sort(key=lambda row: row[name.removeprefix("-")], reverse=name.startswith("-"))
    return rows


def _answered(row: Mapping[str, Any], folder: Folder, operation: OperationSpec) -> dict[str, Any]:
    """Return the columns of a row that an operation answers."""
    return {name: row[name] for name in folder.columns_of(operation)}


def _leave_times_open(expect: dict[str, Any], folder: Folder, operation: OperationSpec) -> None:
    """Expect each column of a body, except those that have the time at which the rows leave."""
    times = [column.name for column in folder.columns_of(operation).values() if column.set_on == "answer"]
    if not times or not expect.get("body"):
        return
    body = expect.pop("body")
    rows = body if isinstance(body, list) else [body]
    columns = {name: [row[name] for row in rows] for name in rows[0] if name not in times}
    expect |= {"columns": columns} if body is rows else {"row": {name: column[0] for name, column in columns.items()}}


def _is_hidden(row: Mapping[str, Any], operation: OperationSpec) -> bool:
    return any(hides.has(row[hides.column]) or row[hides.column] in hides.always for hides in operation.hides)


def wrong_value(column: Column) -> str:
    """Return a text that is not a value of a parameter."""
    is_text = column.sent.get("type") == "string" and column.type != "IdText"
    return "x" * (column.sent.get("maxLength", 0) + 1) if is_text else "x"


def _wrong_field(part: Mapping[str, Any]) -> Any:
    """Return a value that the schema of a field does not allow."""
    kinds = part.get("type", ())
    return (
        []
        if "enum" in part
        else "x"
        if {"integer", "number"} & {*([kinds] if isinstance(kinds, str) else kinds)}
        else 5
    )


def _ghost(part: Mapping[str, Any]) -> Any:
    """Return a value of a field that names no row."""
    kind = part.get("type")
    return [GHOST] if kind == "array" else _NO_NAME if kind == "string" else GHOST


def _sent(field: Mapping[str, Any], column: Column, value: Any) -> tuple[Any, Any]:
    """Return a value that a field of a body allows, and what an answer has then. It is this one if it is allowed."""
    words: Mapping[str, Any] = field.get("x-words", {})
    sent = next((word for word, meant in words.items() if meant == value), value)
    allowed = field.get("enum", [sent])
    sent = sent if sent in allowed else allowed[0]
    answered = words.get(sent, sent)
    return sent, next((word for word in column.truth.values() if word.lower() == str(answered).lower()), answered)
