"""Writes as data declares them: a row that is created or changed by the fields of a body, or deleted."""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from mockserver.api.covered_rules import Condition
from mockserver.api.listing import is_given, is_served
from mockserver.api.operation import Call, Predicate
from mockserver.api.resources.hints import MAX_LISTED, there
from mockserver.api.resources.rows import change, insert
from mockserver.api.text_rules import store_text, text_rules
from mockserver.office.office import Office
from mockserver.office.pages import Record
from mockserver.office.table import Table
from mockserver.resources.column import Reference
from mockserver.resources.fields import Field, body_fields
from mockserver.resources.folder import Folder, Folders
from mockserver.resources.operations import OperationSpec

_TEXTS = ("Text",)

More = Callable[[Office, Call, dict[str, Any]], Mapping[str, Any]]
"""Returns the values of further columns of a row that is written, beside those that the body gives.

Raises Refusal if the row must not be written. `call.before` is the row that is changed or deleted.
"""
Follow = Callable[[Office, Call, Record[Any]], Record[Any]]
"""Writes the rows that change with the written one, and returns the latter as it is then."""
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
        return follow(office, call, insert(office, call, folder.table, {**values, **more(office, call, values)}))

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
        office.delete(folder.table, record.number)
        return follow(office, call, record)._replace(body=b"")

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
    fields = body_fields(spec, folder)
    required = folder.body(spec).get("required", ())
    covered: dict[str, Predicate] = {
        ".row": is_served,
        **{f".{name}": is_given(name) for name in fields if name not in required},
    }
    if spec.kind == "update":
        names = tuple(folder.body(spec)["properties"])
        covered[".absent"] = Condition(lambda given: any(name not in given for name in names))
        for column in folder.columns.values():
            if column.set_on == "change":
                covered[f".{column.name}"] = lambda call, record: record is not call.before
                covered[f".{column.name}.unchanged"] = lambda call, record: record is call.before
    for name, field in fields.items():
        if field.column and field.column.type in _TEXTS and not field.by:
            covered |= text_rules(name)
    return covered


def _values(office: Office, call: Call, fields: Mapping[str, Field], folders: Folders) -> dict[str, Any]:
    """Return the values that the body gives, as the row stores them. Raises Refusal if one names no row."""
    values = {}
    for name, field in fields.items():
        if name in call.given and field.since and office.is_older_than(field.since):
            call.ignore(name, f".{name}.since")
        if name in call.given:
            column, value = field.column, call.given[name]
            if field.by:
                value = _number_of(office, call, name, field, folders)
            else:
                _check_reference(office, call, name, field, folders)
            if column:
                stored = store_text(call, name) if column.type in _TEXTS else value
                values[column.attribute] = column.stored(field.words.get(stored, stored))
    return values


def _check_reference(office: Office, call: Call, name: str, field: Field, folders: Folders) -> None:
    """Raise Refusal if the office has rows of the table that a field names, and not this one."""
    references = field.references
    other = folders.get(references.resource) if references else None
    if references is None or other is None or not other.is_in_fixtures:
        return
    table, given = office.tables[other.table], call.given[name]
    if not table.is_used and other.key not in other.required:
        return
    for value in given if isinstance(given, list) else [given]:
        if value != references.none and not _is_there(table, value, references):
            raise call.refusal(f".{name}.unknown", hint=there(office, other.name, other.table), value=value)


def _number_of(office: Office, call: Call, name: str, field: Field, folders: Folders) -> int:
    """Return the number of the row that a field names in words. Raises Refusal if there is none."""
    references, text = field.references, call.given[name]
    assert references is not None, "a column that is joined is so by one that refers to a row"
    other = folders[references.resource]
    table = office.tables[other.table]
    # As the vendor's database compares texts: upper and lower case are the same.
    for row in table:
        if str(getattr(row, field.by)).lower() == text.lower() and _fits(row, references.where):
            return int(getattr(row, other.key))
    names = (str(getattr(row, field.by)) for row in table if _fits(row, references.where))
    raise call.refusal(f".{name}.unknown", hint=f"in this office: {', '.join(islice(names, MAX_LISTED)) or 'none'}")


def _is_there(table: Table[Any], value: Any, references: Reference) -> bool:
    """Return whether a table has a row that a value names."""
    if references.column:
        return any(getattr(row, references.column) == value and _fits(row, references.where) for row in table)
    record = table.get(value)
    return record is not None and _fits(record.row, references.where)


def _fits(row: Any, where: Mapping[str, Any]) -> bool:
    return all(getattr(row, column) == value for column, value in where.items())
