"""Example offices: the rows of the page's example, and those that they and the body of a case name."""

from collections.abc import Mapping
from typing import Any

from mockserver.contract.families import Member
from mockserver.office.office import CURRENT_VERSION, is_older
from mockserver.resources.column import Column
from mockserver.resources.fields import body_fields
from mockserver.resources.folder import Folder, Folders
from mockserver.resources.operations import OperationSpec

GHOST = 999_999_999
"""A number that no example has."""


def example_office(folder: Folder, folders: Folders, operation: OperationSpec) -> dict[str, Any]:
    """Return an office with the rows of the page's example and those that they name, which is new enough to serve them.

    It has the version of the operation if that is newer than the version of other offices.
    """
    is_new = is_older(CURRENT_VERSION, operation.added)
    version = {"office": {"version": operation.added}} if is_new else {}
    return {**version, **_named_rows(folder, folders), folder.table: list(map(dict, folder.row["examples"]))}


def with_named_rows(office: Mapping[str, Any], member: Member, folder: Folder, folders: Folders) -> dict[str, Any]:
    """Return an office with the rows that the body of a case needs: those of `x-office` and of references."""
    operation, sort = member.operation, member.family.get("each")
    body = folder.body(operation) if operation.has_body else {}
    office = _with_rows(office, body.get("x-office", {}), folders)
    if sort in ("field-reference", "field-where"):
        office = _with_rows(office, _parents(member.names["Field"], folder, folders, operation), folders)
    if sort == "field-where":
        office = _with_rows(office, _of_another_kind(member.names["Field"], folder, folders, operation), folders)
    return office


def named_folder(column: Column, folders: Folders) -> Folder | None:
    """Return the folder of the rows that a column names by their primary key, if there is one."""
    references = column.references
    return folders.get(references.resource) if references and not references.column else None


def number_in(row: Mapping[str, Any], column: Column) -> Any:
    """Return the number of the row that a column of an example names, or None; of any other column its value."""
    if column.references is None:
        return row[column.name]
    number = column.stored(row[column.name])
    return None if number == column.references.none else number


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
    pairs += [
        (column.references, column.stored(row[column.name])) for column in naming for row in folder.row["examples"]
    ]
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
    return {other.table: [{other.key: GHOST, **where}]}


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
        if (other := named_folder(column, folders)) is not None and other is not folder
    ]  # fmt: skip
    written = {other.table for column, other in naming if other.key in other.required or column.name in joined}
    named: dict[str, dict[Any, dict[str, Any]]] = {}
    for column, other in naming:
        for row in folder.row["examples"] if other.table in written else ():
            number = number_in(row, column)
            if number is not None:
                where = column.references.where if column.references else {}
                record = named.setdefault(other.table, {}).setdefault(number, {other.key: number, **where})
                # Of a text of several columns the first one has all: it comes out the same.
                record |= {
                    one.joined.parts[0][1]: row[one.name] for one in joined.get(column.name, ()) if one.joined
                }  # fmt: skip
    return {table: list(rows.values()) for table, rows in named.items()}
