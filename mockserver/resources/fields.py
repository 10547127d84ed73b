"""Fields of bodies: what the schema of a body declares of each field of a write."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from mockserver.resources.column import Column, Reference
from mockserver.resources.folder import Folder
from mockserver.resources.operations import OperationSpec


class Field(NamedTuple):
    """A field of a body: the column that it sets, if it sets one, and the row that it names.

    An office whose version is below `since` ignores it. `words` are words that stand for a value of the column. A field
    that names a row by another column than its key has that column in `by`.
    """

    column: Column | None
    references: Reference | None = None
    since: str = ""
    words: Mapping[str, Any] = MappingProxyType({})
    by: str = ""


def body_fields(spec: OperationSpec, folder: Folder) -> dict[str, Field]:
    """Return the fields of the body of an operation that set a column or name a row, by name.

    A field that names a row in words comes after the one that has its number, and wins.
    """
    fields = {}
    for name, part in folder.body(spec)["properties"].items():
        column, named_by = folder.columns.get(name), ""
        if column and column.joined:
            column, named_by = folder.columns[column.joined.by], column.joined.column
        references = column.references if column else None
        if "x-references" in part:
            references = Reference(**part["x-references"])
        if column or references:
            since, words = part.get("x-since", ""), part.get("x-words", {})
            fields[name] = Field(column, references, since, words, named_by)
    return dict(sorted(fields.items(), key=lambda field: bool(field[1].by)))
