"""Fields of bodies: what the schema of a body declares of each field of a write."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from mockserver.resources.column import Column, Reference
from mockserver.resources.folder import Folder
from mockserver.resources.operations import OperationSpec


class Field(NamedTuple):
    """A field of a body: the column that it sets, if it sets one, and the row that it names.

    An office whose version is below `since` ignores it. `words` are words that stand for a value of the column. A field
    with a name for what the column has as a number says in `named` which column of the answer has the name, and in
    `defaults` the names of which the first that the office has is taken if a request gives neither.
    """

    column: Column | None
    references: Reference | None = None
    since: str = ""
    words: Mapping[str, Any] = MappingProxyType({})
    is_required: bool = False
    named: Column | None = None
    defaults: Sequence[str] = ()


def body_fields(spec: OperationSpec, folder: Folder) -> dict[str, Field]:
    """Return the fields of the body of an operation that set a column or name a row, by name.

    A field with a name comes after the one that has the number, and wins.
    """
    body, fields = folder.body(spec), {}
    for name, part in body["properties"].items():
        column = None if part.get("x-ignored") else folder.columns.get(name)
        by = column and (column.joined or column.words)
        named = column if by else None
        column = folder.columns[by.by] if by else column
        references = column.references if column else None
        if "x-references" in part:
            references = Reference(**part["x-references"])
        if column or references:
            fields[name] = Field(
                column, references, part.get("x-since", ""), part.get("x-words", {}), name in body.get("required", ()),
                named, part.get("x-default", ()),
            )  # fmt: skip
    return dict(sorted(fields.items(), key=lambda field: bool(field[1].named)))
