"""Families: the rules and cases that hold of every operation of a kind, filled in for the resources that have one."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote

from mockserver.assets import shipped
from mockserver.contract.vendor import vendor_resources
from mockserver.office.office import CURRENT_VERSION, is_older
from mockserver.resources.column import TIMES, Column
from mockserver.resources.folder import Folder, Folders
from mockserver.resources.operations import FIXTURE, OperationSpec
from mockserver.resources.requests import FORMS, is_typed
from mockserver.syntax.strict_yaml import load

_GHOST = 999_999_999
"""A number that no example has."""

_NAME = re.compile(r"\{([A-Za-z_]+)\}")
_ENTRY = ("says", "text", "cause", "note", "variants")


class Member(NamedTuple):
    """A family, filled in for one operation, and for one of its parameters or fields if the family is about those."""

    family: Mapping[str, Any]
    operation: OperationSpec
    names: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The end of the id of the rule, after the operation."""
        return str(filled(self.family["id"], self.names))


def rule_entries(folder: Folder, folders: Folders) -> dict[str, dict[str, Any]]:
    """Return the entry of each rule that a resource has by a family, as its rules.yaml would write it."""
    entries = {}
    for member in members(folder, folders):
        name = f"{folder.name}.{member.operation.name}{member.id}"
        status = member.family["status"]
        entries[name] = {
            "id": name, "operation": f"{folder.name}/{member.operation.name}", "page": folder.page,
            "standing": "assumed", "status": member.operation.status if status == "written" else status,
            **{key: filled(member.family[key], member.names) for key in _ENTRY if key in member.family},
        }  # fmt: skip
    return entries


def case_entries(folder: Folder, folders: Folders, shown: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the case of each rule of a family that is not `shown` by a case of the resource's own."""
    shown = set(shown)
    for member in members(folder, folders) if folder.is_in_fixtures else ():
        rule = f"{folder.name}.{member.operation.name}{member.id}"
        if rule not in shown:
            yield {"id": f"{rule} by its family", "rules": [rule], **_case(member, folder, folders)}


def members(folder: Folder, folders: Folders) -> Iterator[Member]:
    """Yield each family with each operation, parameter and field of a resource that it is about."""
    for operation in folder.operations.values():
        common = {
            "resource": folder.name, "Type": folder.type_name, "Key": folder.key, "added": operation.added,
            "METHOD": operation.method, "order": _order_text(folder, operation), "table": folder.table,
            "place": f"/{folder.name}/{operation.path}".removesuffix("/"),
            "end": f"/{operation.path}".removesuffix("/"),
        }  # fmt: skip
        for family in _families():
            if operation.kind in family["kinds"]:
                for names in _each(family.get("each", ""), folder, folders, operation):
                    yield Member(family, operation, {**common, **names})


def parent_type(resource: str, folders: Folders) -> str:
    """Return the vendor's name of a row of a resource, as in "Patient not found."."""
    folder = folders.get(resource)
    if folder is not None:
        return folder.type_name
    vendors = vendor_resources().get(resource)
    return (vendors.type if vendors else "") or resource.removesuffix("s").capitalize()


def filled(template: Any, names: Mapping[str, Any]) -> Any:
    """Return a template with the names in braces replaced. Other braces stay as they are."""
    if isinstance(template, str):
        whole = _NAME.fullmatch(template)
        if whole and whole[1] in names:
            return names[whole[1]]
        return _NAME.sub(lambda match: str(names.get(match[1], match[0])), template)
    if isinstance(template, dict):
        return {filled(key, names): filled(part, names) for key, part in template.items()}
    return [filled(part, names) for part in template] if isinstance(template, list) else template


@cache
def _families() -> tuple[Mapping[str, Any], ...]:
    entries = load((shipped("schemas") / "api/families.yaml").read_text(encoding="utf-8"))
    return tuple(
        entry | {"kinds": [entry["kind"]] if isinstance(entry["kind"], str) else entry["kind"]} for entry in entries
    )


def _each(sort: str, folder: Folder, folders: Folders, operation: OperationSpec) -> Iterator[dict[str, Any]]:
    """Yield the names with which a family of this sort is filled in for an operation."""
    if sort == "":
        yield {}
    elif sort == "bare":
        yield from [{}] if not operation.path else []
    elif sort == "unknown":
        yield from [{}] if operation.unknown else []
    elif sort == "empty":
        yield from [{}] if not operation.empty else []
    elif sort in ("hides", "unhides"):
        hides = operation.hides
        if hides and (hides.unless or sort == "hides"):
            unless = f" unless {hides.unless} is true" if hides.unless else ""
            values = " or ".join(map(str, hides.values))
            yield {"Column": hides.column, "values": values, "unless": unless, "Filter": hides.unless}
    elif sort == "stamp":
        yield from ({"Column": column.name} for column in folder.columns.values() if column.set_on == "change")
    elif sort.startswith("field"):
        yield from _each_field(sort, folder, folders, operation)
    else:
        for name, given in operation.filters.items():
            column = folder.columns[given.column]
            applies = {
                "filter": True, "reference": column.references is not None and given.match == "equal",
                "typed": is_typed(column, given), "moment": column.type in TIMES, "since": bool(given.since),
                "required-before": bool(given.required_before),
            }  # fmt: skip
            if applies[sort]:
                parent = parent_type(column.references.resource, folders) if column.references else ""
                yield {
                    "Filter": name, "Parent": parent, "form": FORMS.get(column.type, ""),
                    "version": given.required_before if sort == "required-before" else given.since,
                }  # fmt: skip


def _each_field(sort: str, folder: Folder, folders: Folders, operation: OperationSpec) -> Iterator[dict[str, Any]]:
    body = folder.body(operation)
    for name, part in body["properties"].items():
        column = folder.columns.get(name)
        references = column.references if column else None
        is_required = name in body.get("required", ())
        applies = {
            "field": True, "field-optional": not is_required, "field-required": is_required,
            "field-reference": references is not None, "field-since": "x-since" in part,
        }  # fmt: skip
        if applies[sort]:
            parent = parent_type(references.resource, folders) if references else ""
            yield {"Field": name, "Parent": parent, "version": part.get("x-since", "")}


def _order_text(folder: Folder, operation: OperationSpec) -> str:
    order = operation.order or folder.order or [folder.key]
    if list(order) == [FIXTURE]:
        return "the order in which the office has them"
    return " and ".join(
        f"{name.removeprefix('-')}{', highest first' if name.startswith('-') else ''}" for name in order
    )


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
        "time": rows[0].get(names.get("Column", "")),
    }  # fmt: skip
    name = names.get("Filter") or names.get("Field") or ""
    given = operation.filters.get(name)
    column = folder.columns.get(given.column if given else name)
    if column is not None:
        none = column.references.none if column.references else None
        named = [row[column.name] for row in rows if row[column.name] != none]
        value = body.get(name, (named or [rows[0][column.name]])[0])
        value = next((word for word, meant in given.words.items() if meant == value), value) if given else value
        values |= {"value": value, "wrong": _wrong_value(column)}
        values |= {
            "with_wrong": body | {name: _wrong_field(fields.get(name, {}))}, "with_ghost": body | {name: _GHOST},
            "kept": rows[0][column.name], "without": {field: value for field, value in body.items() if field != name},
        }  # fmt: skip
    case = filled(member.family["case"], {**names, **values})
    _leave_times_open(case["expect"], folder, operation)
    method, _, path = case["call"].partition(" ")
    case["call"] = f"{method} {quote(path, safe='/?&=')}"
    if not operation.has_body:
        case.pop("json", None)
    version = case.pop("version", "")
    office = case.pop("office", example_office(folder, folders, operation))
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
    order = operation.order or folder.order
    for name in reversed([] if list(order) == [FIXTURE] else order or [folder.key]):
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


def _is_hidden(row: Mapping[str, Any], operation: OperationSpec) -> bool:
    hides = operation.hides
    return hides is not None and row[hides.column] in (*hides.values, *hides.always)


def _wrong_value(column: Column) -> str:
    """Return a text that is not a value of a parameter."""
    is_text = column.sent.get("type") == "string" and column.type != "IdText"
    return "x" * (column.sent.get("maxLength", 0) + 1) if is_text else "x"


def _wrong_field(part: Mapping[str, Any]) -> Any:
    """Return a value that the schema of a field does not allow."""
    return [] if "enum" in part else "x" if part.get("type") in ("integer", "number") else 5


def _named_rows(folder: Folder, folders: Folders) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of other tables that the examples name, as far as a fixture has to write them.

    These are the rows of tables that an office has to write, and those that a column is joined from.
    """
    named: dict[str, dict[Any, dict[str, Any]]] = {}
    for column in folder.columns.values():
        references, other = column.references, _named_folder(column, folders)
        joined = [one for one in folder.columns.values() if one.joined and one.joined.by == column.name]
        if references is None or other is None or other is folder:
            continue
        if other.key not in other.required and not joined:
            continue
        for row in folder.row["examples"]:
            if row[column.name] != references.none:
                rows = named.setdefault(other.table, {})
                record = rows.setdefault(row[column.name], {other.key: row[column.name], **references.where})
                record |= {one.joined.column: row[one.name] for one in joined if one.joined}
    return {table: list(rows.values()) for table, rows in named.items()}
