"""Single rows: one row that is put into an office or deleted from it, validated like a row of a fixture."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from mockserver.contract.contract import Contract
from mockserver.messages import listed
from mockserver.office.office import Office
from mockserver.office.row_values import columns_of
from mockserver.office.rows import Claim, ClaimTracking, Definition
from mockserver.office.table import MAX_NUMBER
from mockserver.office.tables import Reference, TableSpec
from mockserver.seeding.foreign_keys import time_problem
from mockserver.seeding.layers import Layer
from mockserver.seeding.mistakes import Mistakes, as_whole_number
from mockserver.seeding.references import dangling_text, fits, rows_that_name
from mockserver.seeding.rows import office_row
from mockserver.seeding.schema_errors import check_schema
from mockserver.suggestions import alternatives, closest_number
from mockserver.syntax.document import Findings
from mockserver.syntax.text import valid_value

Row = ClaimTracking | Claim | Definition


def put_row(office: Office, what: Row | str, columns: Mapping[str, Any], contract: Contract) -> Row:
    """Store a row, and replace the row with its primary key if there is one. Return the row as it is stored.

    `what` is the row, or the name of its table beside its `columns`. A tracking without a number gets the next one.
    Raises TypeError if it is neither, ValueError with all of the row's errors. On an error nothing is changed.
    """
    spec = _spec(office, what, "office.put")
    if not isinstance(what, str):
        if columns:
            raise TypeError(f"office.put takes a {type(what).__name__}, or the name of a table with columns, not both")
        columns = columns_of(what)
    given = {name: _plain(valid_value(value)) for name, value in columns.items()}
    wrong = list(_wrong(office, spec, given, contract))
    if wrong:
        raise ValueError("\n".join(wrong))
    given.setdefault(spec.key, office.tables[spec.name].next_number)
    row: Row = office.put(spec.name, office_row(spec, given, office.clock.now())).row
    return row


def delete_row(office: Office, what: Row | str, number: int | None = None) -> None:
    """Delete a row, given as itself or by the name of its table and its number.

    Raises TypeError if it is neither, ValueError if there is no such row, or if other rows name it.
    """
    spec = _spec(office, what, "office.delete")
    if isinstance(what, str) == (number is None):
        raise TypeError(
            f"office.delete takes a row, or the name of a table and a number: office.delete({spec.name!r}, 1)"
        )
    number = getattr(what, spec.key) if number is None else number
    table = office.tables[spec.name]
    if type(number) is not int or number not in table:
        close = closest_number(number, table.numbers()) if type(number) is int else None
        known = f"did you mean {close}?" if close else f"there are {listed(table.numbers())}."
        raise ValueError(f"{number!r} is not a {spec.name} of this office; {known}")
    naming = list(rows_that_name(office, spec.name, number))
    if naming:
        raise ValueError(f"{spec.name} {number} cannot be deleted; {'; '.join(naming)}")
    table.delete(number)


def _spec(office: Office, what: object, call: str) -> TableSpec:
    """Return the table of a row, or the table of that name. Raises TypeError, ValueError."""
    specs = office.tables.specs
    if isinstance(what, str):
        folder = specs.folders.of_table(what)
        if folder is None or not folder.is_in_fixtures:
            raise ValueError(f"{what!r} is not a table of rows; {alternatives(what, specs.folders.tables())}")
        return specs[what]
    spec = next((table.spec for table in office.tables.values() if type(what) is table.spec.row), None)
    if spec is None:
        raise TypeError(
            f"{call} takes a ClaimTracking, Claim or Definition (mockserver.office.rows), or the name of a table, and"
            f" not a value of type {type(what).__name__}"
        )
    return spec


def _wrong(office: Office, spec: TableSpec, given: Mapping[str, Any], contract: Contract) -> Iterator[str]:
    # A layer with this row alone, since the other rows of the office were validated before.
    layer = Layer("office.json", "{}")
    layer.data = {spec.name: [given]}
    findings = Findings()
    check_schema(layer, contract, Mistakes(), findings)
    wrong = [diagnostic.message for diagnostic in findings.placed()]
    yield from wrong
    if wrong:
        return
    row, rows = f"{spec.name}[0]", _OfficeRows(office)
    for column, reference in spec.references.items():
        value = as_whole_number(given.get(column, reference.none))
        is_checked = reference.is_strict or office.tables[reference.table].is_used
        if is_checked and value is not None and value != reference.none:
            is_itself = reference.table == spec.name and value == given.get(spec.key)
            named = given if is_itself else rows.get(reference.table, value)
            if named is None or not fits(named, reference):
                yield f"{row}.{column} {dangling_text(spec, column, value, given, rows)}"
    for column in spec.times:
        problem = time_problem(given[column], office.clock.now()) if column in given else ""
        if problem:
            yield f"{row}.{column} {problem}"
    if spec.key not in given and office.tables[spec.name].next_number > MAX_NUMBER:
        yield f"{row} has no {spec.key} left: {MAX_NUMBER} was given already"
    number = given.get(spec.key, 0)
    for column, value in (rows.get(spec.name, number) or {}).items():
        if given.get(column, value) != value:  # the value by which other rows may name this one stays
            for naming in rows_that_name(office, spec.name, number, column):
                yield f"{row}.{column} must be {value}, and is {given[column]}; {naming}"


class _OfficeRows:
    """The rows of an office that a column may name."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def get(self, table: str, number: int) -> Mapping[str, Any] | None:
        """Return the columns of the row with that number, if there is one."""
        record = self._office.tables[table].get(number)
        return None if record is None else {name: _plain(value) for name, value in columns_of(record.row).items()}

    def fitting(self, reference: Reference) -> Collection[int]:
        """Return the numbers of the rows that a column with this reference may name."""
        table = self._office.tables[reference.table]
        return {getattr(row, table.spec.key): None for row in table if fits(columns_of(row), reference)}


def _plain(value: object) -> object:
    """Return `value` as in JSON: a member of an IntEnum, such as a DefCategory, as its number."""
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value
