"""Rows of an office, made of checked rows of a fixture."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mockserver.office.clock import LENGTHS
from mockserver.office.rows import stored_text
from mockserver.office.tables import TableSpec
from mockserver.seeding.relative_times import resolve


def office_row(spec: TableSpec, given: Mapping[str, Any], now: datetime) -> Any:
    """Return the row of `spec` that a checked row of a fixture describes at that time.

    Times and dates may be relative to `now`. A value takes the type of its column, as 250 becomes 250.0. A column that
    is left out has its default, and one that the answer takes from elsewhere is not stored.
    """
    row = dict(spec.defaults)
    for name, value in given.items():
        column = spec.named.get(name)
        if column is not None:
            stored = column.stored(value)
            row[column.attribute] = stored_text(stored) if type(stored) is str else stored
    for name, kind in spec.times.items():
        if row[name].startswith("now"):
            row[name] = resolve(row[name], now)[: LENGTHS[kind]]
    return spec.row(**row)
