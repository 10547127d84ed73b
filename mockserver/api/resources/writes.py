"""Writes as data declares them: a row that is created or changed by the fields of a body, or deleted."""

from collections.abc import Callable, Mapping
from typing import Any

from mockserver.api.covered_rules import Condition
from mockserver.api.listing import is_given, is_served
from mockserver.api.operation import Call, Predicate
from mockserver.api.resources.hints import there
from mockserver.api.resources.names import default_of, number_of
from mockserver.api.resources.rows import change, insert
from mockserver.api.text_rules import store_text, text_rules
from mockserver.office.clock import is_moment
from mockserver.office.office import Office
from mockserver.office.pages import Record
from mockserver.office.table import Table
from mockserver.resources.column import TIMES, Column, Reference
from mockserver.resources.fields import Field, body_fields
from mockserver.resources.folder import Folder, Folders
from mockserver.resources.operations import OperationSpec

_TEXTS = ("Text",)

More = Callable[[Office, Call, dict[str, Any]], Mapping[str, Any]]
"""Returns the values of further columns of a row that is written, beside those that the body gives.

Raises Refusal if the row must not be written. `call.before` is the row that is changed or deleted.
"""
Follow = Callable[[Office, Call, Record[Any]], Record[Any]]
"""Writes the rows that change with the written one, and returns the latter as it is then. A row is deleted after it."""
Run = Callable[[Office, Call], Record[Any]]


def nothing_more(_office: Office, _call: Call, _values: dict[str, Any]) -> Mapping[str, Any]:
    """Return no further value."""
    return {}


def nothing_follows(_office: Office, _call: Call, record: Record[Any]) -> Record[Any]:
    """Return the written row."""
    return record


def create(spec: OperationSpec, folder: Folder, folders: Folders, more: More, follow: Follow) -> Run:
    """Return the function that creates a row: the fields of the body, and defaults."""
    fields = body_fields(spec, folder)

    def run(office: Office, call: Call) -> Record[Any]:
        values = _values(office, call, fields, folders)
        whole = {**_defaults(office, fields, values, folders), **values, **more(office, call, values)}
        record = follow(office, call, insert(office, call, folder.table, whole))
        if spec.row_since and office.is_older_than(spec.row_since):
            call.rules.append(call.absolute(".row.since"))
            return record._replace(body=b"")
        return record

    return run


def update(spec: OperationSpec, folder: Folder, folders: Folders, more: More, follow: Follow) -> Run:
    """Return the function that changes the given columns of a row, and no others."""
    fields, find_row = body_fields(spec, folder), find(folder)
    sets = {folder.columns[name].attribute: folder.columns[name].stored(value) for name, value in spec.sets.items()}

    def run(office: Office, call: Call) -> Record[Any]:
        record = call.before = find_row(office, call)
        values = {**_values(office, call, fields, folders), **sets}
        written = change(office, folder.table, record, {**values, **more(office, call, values)})
        return record if written is record else follow(office, call, written)

    return run


def delete(folder: Folder, more: More, follow: Follow) -> Run:
    """Return the function that deletes a row, and answers without a body."""
    find_row = find(folder)

    def run(office: Office, call: Call) -> Record[Any]:
        record = call.before = find_row(office, call)
        more(office, call, {})
        follow(office, call, record)
        office.delete(folder.table, record.number)
        return record._replace(body=b"")

    return run


def find(folder: Folder) -> Run:
    """Return the function that finds the row with the number in the URL. It raises Refusal if there is none."""

    def run(office: Office, call: Call) -> Record[Any]:
        record: Record[Any] | None = office.tables[folder.table].get(call.number)
        if record is None:
            hint = there(office, folder.name, folder.table)
            raise call.refusal(f".{folder.key}.unknown", hint=hint, value=call.number)
        return record

    return run


def covered_by_write(spec: OperationSpec, folder: Folder) -> dict[str, Predicate]:
    """Return the rules of families that a write covers when it is served."""
    if not spec.has_body:
        return {".row": is_served}
    fields, body = body_fields(spec, folder), folder.body(spec)
    required = body.get("required", ())
    ignored = [name for name, part in body["properties"].items() if part.get("x-ignored")]
    covered: dict[str, Predicate] = {
        ".row": (lambda _, record: bool(record.body)) if spec.row_since else is_served,
        **{f".{name}": is_given(name) for name in (*fields, *ignored) if name not in required},
    }
    if spec.kind == "update":
        names = tuple(body["properties"])
        covered[".absent"] = Condition(lambda given: any(name not in given for name in names))
        for column in folder.columns.values():
            if column.set_on == "change":
                covered[f".{column.name}"] = lambda call, record: record is not call.before
                covered[f".{column.name}.unchanged"] = lambda call, record: record is call.before
    for name, field in fields.items():
        if field.column and field.column.type in _TEXTS and not field.named:
            covered |= text_rules(name)
    return covered


def _values(office: Office, call: Call, fields: Mapping[str, Field], folders: Folders) -> dict[str, Any]:
    """Return the values that the body gives, as the row stores them. Raises Refusal if one names no row."""
    values = {}
    given = [(name, field) for name, field in fields.items() if name in call.given]
    by_name = {field.column for _, field in given if field.named}
    for name, field in given:
        column = field.column
        if field.since and office.is_older_than(field.since):
            call.ignore(name, f".{name}.since")
            continue
        if column in by_name and not field.named:
            continue
        if field.named and column:
            values[column.attribute] = column.stored(number_of(office, call, name, field, folders))
            continue
        _check_reference(office, call, name, field, folders)
        if column:
            _check_moment(call, name, column)
            value = call.given[name]
            stored = store_text(call, name) if column.type in _TEXTS else value
            values[column.attribute] = column.stored(field.words.get(stored, stored))
    return values


def _defaults(
    office: Office, fields: Mapping[str, Field], values: Mapping[str, Any], folders: Folders
) -> dict[str, Any]:
    """Return the values of columns that a body can give by name, and does not give."""
    defaults: dict[str, Any] = {}
    for field in fields.values():
        if field.column and field.column.attribute not in values:
            defaults |= default_of(office, field, folders)
    return defaults


def _check_moment(call: Call, name: str, column: Column) -> None:
    """Raise Refusal if a time is not one of the calendar, such as the 30th of February."""
    if column.type in TIMES and not is_moment(call.given[name], column.type):
        raise call.refusal(f".{name}.invalid", hint="it is not a day of the calendar", value=call.given[name])


def _check_reference(office: Office, call: Call, name: str, field: Field, folders: Folders) -> None:
    """Raise Refusal if the office has rows of the table that a field names, and not this one, or of another kind."""
    references, column, given = field.references, field.column, call.given[name]
    other = folders.get(references.resource) if references else None
    if references is None or other is None or not other.is_in_fixtures:
        return
    table = office.tables[other.table]
    for part in given if isinstance(given, list) else [given]:
        value = column.stored(part) if column else part
        if value == references.none and not field.is_required:
            continue
        row = _row_named(table, value, references)
        if row is None and (table.is_used or other.key in other.required or value == references.none):
            raise call.refusal(f".{name}.unknown", hint=there(office, other.name, other.table), value=part)
        for by, wanted in references.where.items() if row is not None else ():
            if getattr(row, by) != wanted:
                hint = f"{value} is of {by} {getattr(row, by)}, not {wanted}"
                raise call.refusal(f".{name}.category", hint=hint, value=part)


def _row_named(table: Table[Any], value: Any, references: Reference) -> Any:
    """Return the row of a table that a value names, or None."""
    if references.column:
        return next((row for row in table if getattr(row, references.column) == value), None)
    record = table.get(value)
    return record.row if record is not None else None
