"""Tables of an office: one entry for each, made of the folder of its resource."""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from mockserver.office.rows import Claim, ClaimTracking, Definition, Preference
from mockserver.resources.column import TIMES, Column, Joined, Words
from mockserver.resources.folder import Folder, Folders, shipped_folders
from mockserver.resources.operations import FIXTURE, FilterSpec

ARRIVAL = ("arrival",)
"""The order in which rows were put."""

Compute = Callable[[Mapping[str, Any], Any], str]

_WRITTEN: Mapping[str, type[Any]] = {
    "definition": Definition, "claim": Claim, "claimtracking": ClaimTracking, "preference": Preference,
}  # fmt: skip
"""The rows that users type against, by table. Those of any other table are named tuples of its columns."""


class Reference(NamedTuple):
    """What a column names: a row of `table`, by its primary key, that has the values of `where`.

    `none` is the value that names no row; without one every value has to. `is_strict` says whether an office without
    any row of that table has none, rather than all those that its other rows name.
    """

    table: str
    where: Mapping[str, Any] = MappingProxyType({})
    none: int | None = None
    is_strict: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """A table of the vendor's database.

    `name` is the vendor's, `row` the class of its rows, `key` the column of the primary key, and `schema` the name of
    the schema by which a row leaves the API; `is_in_fixtures` says whether a fixture writes the rows.

    Rows are listed by the columns `order`, and then by their key, or in the order of their ARRIVAL; `newest_first`
    lists them backwards, except that `lower_first` lists rows that are equal in `order` by their key. Lists are
    narrowed fast by a column in `indexes`.

    `columns` are those that a row has itself, and `named` the same under their names in an answer too. `defaults` are
    the values of those that a fixture may leave out, and `times` the types of dates and times; `stamps` are those that
    the server sets, when a row is created or changed. `computed` are the
    columns of the schema that a row does not have, or not in the form of an answer: each is a function of the tables by
    name and a row. `references` are the columns that name a row, of another table or the same one, and `joins` those by
    which a computed column finds it.
    """

    name: str
    row: Callable[..., Any]
    key: str
    schema: str
    is_in_fixtures: bool = True
    order: tuple[str, ...] = ()
    newest_first: bool = False
    lower_first: bool = False
    indexes: tuple[str, ...] = ()
    columns: Mapping[str, Column] = field(default_factory=dict)
    named: Mapping[str, Column] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    times: Mapping[str, str] = field(default_factory=dict)
    stamps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    computed: Mapping[str, Compute] = field(default_factory=dict)
    references: Mapping[str, Reference] = field(default_factory=dict)
    joins: tuple[str, ...] = ()

    @property
    def by_arrival(self) -> bool:
        """Whether the rows are listed as they were put; a row that replaces another takes its place."""
        return self.order == ARRIVAL

    @property
    def entered(self) -> str:
        """The time by which the rows are listed, or "" if they are listed by something else."""
        return next((name for name in self.order if name in self.times), "")


class TableSpecs(dict[str, TableSpec]):
    """The tables by name. Each is made when it is first asked for; a table that no resource has is a KeyError."""

    def __init__(self, folders: Folders, orders: Mapping[str, Sequence[str]] = MappingProxyType({})) -> None:
        super().__init__()
        self.folders = folders
        self._orders = orders

    def __missing__(self, table: str) -> TableSpec:
        folder = self.folders.of_table(table)
        if folder is None:
            raise KeyError(table)
        order = self._orders.get(folder.name, folder.order)
        self[table] = spec = replace(_spec(folder, self.folders), **_order(order, folder.key))
        return spec

    def in_order_of(self, orders: Mapping[str, Sequence[str]]) -> "TableSpecs":
        """Return the tables with the rows of these resources in other orders, as an `operations.yaml` writes them."""
        return self if orders == self._orders else TableSpecs(self.folders, orders)


@cache
def shipped_specs() -> TableSpecs:
    """Return the tables of this package."""
    return TableSpecs(shipped_folders())


def _spec(folder: Folder, folders: Folders) -> TableSpec:
    columns = {column.attribute: column for column in folder.columns.values() if column.is_stored}
    row = _WRITTEN.get(folder.table) or namedtuple(folder.type_name, columns)  # its columns are data
    references = {name: reference for name, column in columns.items() if (reference := _reference(column, folders))}
    computed: dict[str, Compute] = {}
    for column in folder.columns.values():
        if column.set_on == "answer":
            computed[column.name] = _no_time(column)
        elif column.words:
            computed[column.name] = _word(column.words)
        elif column.is_number_as_text:
            computed[column.name] = _as_text(column)
        elif column.joined:
            by = references.get(column.joined.by)
            computed[column.name] = _join(column.joined, by.table if by else "")
    return TableSpec(
        name=folder.table, row=row, key=folder.key, schema=f"{folder.name}/row", columns=columns,
        is_in_fixtures=folder.is_in_fixtures,
        named={**{column.name: column for column in columns.values()}, **columns},
        defaults={name: column.default for name, column in columns.items() if column.default is not None},
        times={name: column.type for name, column in columns.items() if column.type in TIMES},
        stamps={when: {name: column.type for name, column in columns.items() if column.set_on in on}
                for when, on in (("create", ("create", "change")), ("change", ("change",)))},
        computed=computed, references=references,
        joins=tuple(column.joined.by for column in folder.columns.values() if column.joined),
        indexes=tuple(dict.fromkeys(filter_.column for filter_ in _filters(folder) if filter_.match == "equal")),
    )  # fmt: skip


def _filters(folder: Folder) -> Iterator[FilterSpec]:
    for operation in folder.operations.values():
        yield from operation.filters.values()


def _reference(column: Column, folders: Folders) -> Reference | None:
    """Return what a column names, unless no resource has the table, or a fixture does not write its rows."""
    references = column.references
    other = folders.get(references.resource) if references and not references.column else None
    if references is None or other is None or not other.is_in_fixtures:
        return None
    return Reference(other.table, references.where, references.none, is_strict=other.key in other.required)


def _join(join: Joined, table: str) -> Compute:
    """Return a function that looks up a joined column: "" if the row names none, or one that is not there."""

    parts = join.parts

    def look_up(tables: Mapping[str, Any], row: Any) -> str:
        record = tables[table].get(getattr(row, join.by)) if table else None
        if record is None:
            return ""
        text = ""
        for before, column in parts:
            value = str(getattr(record.row, column))
            text += before + value if text and value else value
        return text

    return look_up


def _as_text(column: Column) -> Compute:
    """Return a function that writes a number as text."""
    return lambda _tables, row: str(getattr(row, column.attribute))


def _no_time(column: Column) -> Compute:
    """Return a function that returns a placeholder for the time at which a response is sent."""
    return lambda _tables, _row: str(column.sent["default"])


def _word(column: Words) -> Compute:
    """Return a function that names a number, or writes it as text if it has no name."""

    def look_up(_tables: Mapping[str, Any], row: Any) -> str:
        number = f"{getattr(row, column.by):d}"
        return column.words.get(number, number)

    return look_up


def _order(columns: Sequence[str], key: str) -> dict[str, Any]:
    """Return the order of a table's rows, as its fields have it.

    The columns before the key have one direction. The key has the same one, unless it is named with the other.
    """
    if list(columns) == [FIXTURE]:
        return {"order": ARRIVAL}
    names = [name.removeprefix("-") for name in columns]
    newest_first = columns[0].startswith("-") if columns else False
    by_key = columns[-1].startswith("-") if key in names else newest_first
    return {
        "order": tuple(name for name in names if name != key), "newest_first": newest_first,
        "lower_first": newest_first and not by_key,
    }  # fmt: skip
