"""Writes as data declares them: a row that is created or changed by the fields of a body."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from mockserver.api.covered_rules import Condition
from mockserver.api.listing import is_given
from mockserver.api.operation import Call, Predicate
from mockserver.api.resources.hints import there
from mockserver.api.resources.names import Name, name_of
from mockserver.api.text_rules import store_text, text_rules
from mockserver.office.clock import is_moment
from mockserver.office.office import Office
from mockserver.office.pages import Record
from mockserver.office.table import MAX_NUMBER
from mockserver.office.tables import changed
from mockserver.resources.column import TIMES, Column
from mockserver.resources.folder import Folder, Folders
from mockserver.resources.operations import OperationSpec

_TEXTS = ("Text",)


class Field(NamedTuple):
    """A field of a body that sets a column. An office whose version is below `since` ignores it.

    `words` are words that stand for a value of the column. A field that gives the `name` of what the column has as a
    number wins over the one that gives the number.
    """

    column: Column
    since: str = ""
    words: Mapping[str, Any] = MappingProxyType({})
    is_required: bool = False
    name: Name | None = None


def create(spec: OperationSpec, folder: Folder, folders: Folders) -> Callable[[Office, Call], Record[Any]]:
    """Return the function that creates a row: the fields of the body, and defaults."""
    fields = _body_fields(spec, folder)

    def run(office: Office, call: Call) -> Record[Any]:
        table = office.tables[folder.table]
        values = {**table.spec.defaults, **_times(office, folder, ("create", "change"))}
        for name, field in fields.items():
            if field.name and not {name, field.column.name} & call.given.keys():
                values |= field.name.default(office, folders)
        values |= _values(office, call, fields, folders)
        if table.next_number > MAX_NUMBER:
            hint = f"the fixture has used the highest number of 64 bits, {MAX_NUMBER}; give it lower ones"
            raise call.refusal(f".{folder.key}.exhausted", hint=hint)
        values[folder.key] = table.next_number
        record = office.put(folder.table, table.spec.row(**values))
        if spec.row_since and office.is_older_than(spec.row_since):
            call.rules.append(call.absolute(".row.since"))
            return record._replace(body=b"")
        return record

    return run


def update(spec: OperationSpec, folder: Folder, folders: Folders) -> Callable[[Office, Call], Record[Any]]:
    """Return the function that changes the given columns of a row, and no others."""
    fields, find_row = _body_fields(spec, folder), find(folder)
    sets = {folder.columns[name].attribute: folder.columns[name].stored(value) for name, value in spec.sets.items()}

    def run(office: Office, call: Call) -> Record[Any]:
        record = call.before = find_row(office, call)
        values = {**_values(office, call, fields, folders), **sets}
        changes = {name: value for name, value in values.items() if getattr(record.row, name) != value}
        if not changes:
            return record
        return office.put(folder.table, changed(record.row, {**changes, **_times(office, folder, ("change",))}))

    return run


def find(folder: Folder) -> Callable[[Office, Call], Record[Any]]:
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
    fields = _body_fields(spec, folder)
    body = folder.body(spec)
    required = body.get("required", ())
    ignored = [name for name, part in body["properties"].items() if part.get("x-ignored")]
    covered: dict[str, Predicate] = {
        ".row": lambda _, record: bool(record.body),
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
        if field.column.type in _TEXTS:
            covered |= text_rules(name)
    return covered


def _body_fields(spec: OperationSpec, folder: Folder) -> dict[str, Field]:
    """Return the fields of the body of an operation that set a column, by name."""
    body = folder.body(spec)
    fields = {}
    for name, part in body["properties"].items():
        if name in folder.columns and not part.get("x-ignored"):
            column, is_required = folder.columns[name], name in body.get("required", ())
            named = name_of(column, folder.columns, part)
            by = named.by if named else column
            fields[name] = Field(by, part.get("x-since", ""), part.get("x-words", {}), is_required, named)
    return fields


def _values(office: Office, call: Call, fields: Mapping[str, Field], folders: Folders) -> dict[str, Any]:
    """Return the values that the body gives, as the row stores them. Raises Refusal if one names no row."""
    values = {}
    for name, field in fields.items():
        if name in call.given and field.since and office.is_older_than(field.since):
            call.ignore(name, f".{name}.since")
    by_name = {field.column.name for name, field in fields.items() if field.name and name in call.given}
    for name, field in fields.items():
        if name in by_name:
            continue
        if name in call.given and field.name:
            values[field.column.attribute] = field.name.number(office, call, folders)
        elif name in call.given:
            column, value = field.column, call.given[name]
            _check_moment(call, name, column)
            _check_reference(office, call, name, field, folders)
            stored = store_text(call, name) if column.type in _TEXTS else value
            values[column.attribute] = column.stored(field.words.get(stored, stored))
    return values


def _check_moment(call: Call, name: str, column: Column) -> None:
    """Raise Refusal if a time is not one of the calendar, such as the 30th of February."""
    if column.type in TIMES and not is_moment(call.given[name], column.type):
        raise call.refusal(f".{name}.invalid", hint="it is not a day of the calendar", value=call.given[name])


def _check_reference(office: Office, call: Call, name: str, field: Field, folders: Folders) -> None:
    """Raise Refusal if the office has rows of the table that a field names, and not this one, or of another kind."""
    references = field.column.references
    other = folders.get(references.resource) if references and not references.column else None
    if references is None or other is None or not other.is_in_fixtures:
        return
    value = field.column.stored(call.given[name])
    if value == references.none and not field.is_required:
        return
    table = office.tables[other.table]
    record = table.get(value)
    if record is None and (len(table) > 0 or other.key in other.required or value == references.none):
        raise call.refusal(f".{name}.unknown", hint=there(office, other.name, other.table))
    if record is None:
        return
    for column, wanted in references.where.items():
        kind = getattr(record.row, column)
        if kind != wanted:
            raise call.refusal(f".{name}.category", hint=f"{value} is of {column} {kind}, not {wanted}")


def _times(office: Office, folder: Folder, when: tuple[str, ...]) -> dict[str, str]:
    """Return the times that the server sets."""
    now, lengths = office.clock.text(), {"Date": 10, "DateTime": 19}  # yyyy-MM-dd, yyyy-MM-dd HH:mm:ss
    columns = folder.columns.values()
    return {column.attribute: now[: lengths[column.type]] for column in columns if column.set_on in when}
