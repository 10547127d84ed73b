"""Cases of families: a request for each rule of a family, with the rows of the page's example."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from mockserver.contract.cases import BY_FAMILY
from mockserver.contract.families import Member, filled, members
from mockserver.office.office import CURRENT_VERSION, is_older
from mockserver.resources.column import Column
from mockserver.resources.fields import body_fields
from mockserver.resources.folder import Folder, Folders
from mockserver.resources.operations import FIXTURE, OperationSpec

_GHOST = 999_999_999
"""A number that no example has."""
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
        "key": key, "keys": [row[folder.key] for row in visible], "ghost": _GHOST,
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
        named = [row[column.name] for row in rows if _number_in(row, column) is not None]
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
    office = _with_rows(office, schema.get("x-office", {}), folders)
    if member.family.get("each") in ("field-reference", "field-where"):
        office = _with_rows(office, _parents(name, folder, folders, operation), folders)
    if member.family.get("each") == "field-where":
        office = _with_rows(office, _of_another_kind(name, folder, folders, operation), folders)
    state = "an office with the rows of the page's example"
    return {
        "tier": "manual",
        "state": state,
        "office": office | ({"office": {"version": version}} if version else {}),
        **case,
    }


def example_office(folder: Folder, folders: Folders, operation: OperationSpec) -> dict[str, Any]:
    """Return an office with the rows of the page's example and those that they name, which is new enough to serve them.

    It has the version of the operation if that is newer than the version of other offices.
    """
    is_new = is_older(CURRENT_VERSION, operation.added)
    version = {"office": {"version": operation.added}} if is_new else {}
    return {**version, **_named_rows(folder, folders), folder.table: list(_examples(folder))}


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


def _examples(folder: Folder) -> Iterator[dict[str, Any]]:
    return (dict(row) for row in folder.row["examples"])


def _listed(folder: Folder, folders: Folders, operation: OperationSpec) -> list[dict[str, Any]]:
    """Return the rows of the example in the order of a list.

    A column that is joined from a table that nothing serves is empty.
    """
    empty = {
        column.name: "" for column in folder.columns.values()
        if column.joined and _named_folder(folder.columns[column.joined.by], folders) is None
    }  # fmt: skip
    rows = [row | empty for row in _examples(folder)]
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


def _named_folder(column: Column, folders: Folders) -> Folder | None:
    """Return the folder of the rows that a column names by their primary key, if there is one."""
    references = column.references
    return folders.get(references.resource) if references and not references.column else None


def _number_in(row: Mapping[str, Any], column: Column) -> Any:
    """Return the number of the row that a column of an example names, or None; of any other column its value."""
    if column.references is None:
        return row[column.name]
    number = column.stored(row[column.name])
    return None if number == column.references.none else number


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
    return [_GHOST] if kind == "array" else _NO_NAME if kind == "string" else _GHOST


def _parents(name: str, folder: Folder, folders: Folders, operation: OperationSpec) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the table that a field names, as far as other fields and the examples name them, and one more.

    An office that has rows of a table looks for those that are named.
    """
    fields, body = body_fields(operation, folder), folder.body(operation)["examples"][0]
    named = fields[name].references
    if named is None or fields[name].named:
        return {}
    pairs = [(one.references, body.get(field)) for field, one in fields.items() if not one.named]
    naming = [column for column in folder.columns.values() if column.references]
    pairs += [(column.references, column.stored(row[column.name])) for column in naming for row in _examples(folder)]
    pairs += [] if named.column else [(named, 1)]
    other, rows = folders[named.resource], dict[Any, dict[str, Any]]()
    for references, given in pairs:
        if references and references.resource == named.resource and references.column == named.column:
            for value in given if isinstance(given, list) else [given]:
                if value not in (None, references.none):
                    number = {other.key: len(rows) + 1} if named.column else {}
                    rows.setdefault(value, {named.column or other.key: value, **number, **references.where})
    return {other.table: list(rows.values())}


def _of_another_kind(name: str, folder: Folder, folders: Folders, operation: OperationSpec) -> dict[str, Any]:
    """Return a row that the field could name by its number, but not by its kind."""
    references = body_fields(operation, folder)[name].references
    assert references is not None, "a family of kinds is about references"
    other = folders[references.resource]
    where = {column: value + 1 for column, value in references.where.items()}
    return {other.table: [{other.key: _GHOST, **where}]}


def _sent(field: Mapping[str, Any], column: Column, value: Any) -> tuple[Any, Any]:
    """Return a value that a field of a body allows, and what an answer has then. It is this one if it is allowed."""
    words: Mapping[str, Any] = field.get("x-words", {})
    sent = next((word for word, meant in words.items() if meant == value), value)
    allowed = field.get("enum", [sent])
    sent = sent if sent in allowed else allowed[0]
    answered = words.get(sent, sent)
    return sent, next((word for word in column.truth.values() if word.lower() == str(answered).lower()), answered)


def _with_rows(office: Mapping[str, Any], rows: Mapping[str, Any], folders: Folders) -> dict[str, Any]:
    """Return an office with further rows, each in the place of the one with its number if there is one."""
    whole = dict(office)
    for table, more in rows.items():
        folder = folders.of_table(table)
        assert folder is not None, f"{table} is no table"
        numbers = {row[folder.key] for row in more}
        whole[table] = [*(row for row in office.get(table, ()) if row[folder.key] not in numbers), *more]
    return whole


def _named_rows(folder: Folder, folders: Folders) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of other tables that the examples name, as far as a fixture has to write them.

    These are the rows of tables that an office has to write, and of those that a column is joined from.
    """
    joined: dict[str, list[Column]] = {}
    for column in folder.columns.values():
        if column.joined:
            joined.setdefault(column.joined.by, []).append(column)
    naming = [
        (column, other) for column in folder.columns.values()
        if (other := _named_folder(column, folders)) is not None and other is not folder
    ]  # fmt: skip
    written = {other.table for column, other in naming if other.key in other.required or column.name in joined}
    named: dict[str, dict[Any, dict[str, Any]]] = {}
    for column, other in naming:
        for row in folder.row["examples"] if other.table in written else ():
            number = _number_in(row, column)
            if number is not None:
                where = column.references.where if column.references else {}
                record = named.setdefault(other.table, {}).setdefault(number, {other.key: number, **where})
                # Of a text of several columns the first one has all: it comes out the same.
                record |= {
                    one.joined.parts[0][1]: row[one.name] for one in joined.get(column.name, ()) if one.joined
                }  # fmt: skip
    return {table: list(rows.values()) for table, rows in named.items()}
