"""Written rows: a row that an operation creates, changes or deletes, with the columns that the server sets."""

from collections.abc import Mapping
from typing import Any

from mockserver.api.operation import Call
from mockserver.office.clock import LENGTHS
from mockserver.office.office import Office
from mockserver.office.pages import Record
from mockserver.office.row_values import changed
from mockserver.office.table import MAX_NUMBER
from mockserver.office.tables import TableSpec


def today(office: Office) -> str:
    """Return the date of the office's clock, yyyy-MM-dd."""
    return office.clock.text()[: LENGTHS["Date"]]


def check_room(office: Office, call: Call, table: str, rows: int = 1) -> None:
    """Raise Refusal if fewer numbers are left for new rows of a table."""
    if office.tables[table].next_number > MAX_NUMBER + 1 - rows:
        hint = f"the fixture has used the highest number of 64 bits, {MAX_NUMBER}; give it lower ones"
        raise call.refusal(f".{office.tables[table].spec.key}.exhausted", hint=hint)


def insert(office: Office, call: Call, table: str, values: Mapping[str, Any]) -> Record[Any]:
    """Create a row with the next number, these values, and the defaults of the other columns.

    Raises Refusal if no number is left.
    """
    check_room(office, call, table)
    rows = office.tables[table]
    times = _times(office, rows.spec, "create")
    row = rows.spec.row(**{**rows.spec.defaults, **times, **values, rows.spec.key: rows.next_number})
    return office.put(table, row)


def change(office: Office, table: str, record: Record[Any], values: Mapping[str, Any]) -> Record[Any]:
    """Change columns of a row, and return it. A row that has these values already stays as it is."""
    changes = {name: value for name, value in values.items() if getattr(record.row, name) != value}
    if not changes:
        return record
    times = _times(office, office.tables[table].spec, "change")
    return office.put(table, changed(record.row, {**changes, **times}))


def _times(office: Office, spec: TableSpec, when: str) -> dict[str, str]:
    """Return the times that the server sets when a row is created or changed."""
    now = office.clock.text()
    return {name: now[: LENGTHS[kind]] for name, kind in spec.stamps[when].items()}
