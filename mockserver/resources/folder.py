"""Resource folders: a table and its operations as data."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mockserver.assets import shipped
from mockserver.errors import ContractUnusable, Misdeclared
from mockserver.resources.column import Column
from mockserver.resources.operation_files import operation_specs
from mockserver.resources.operations import OperationSpec
from mockserver.resources.schema_files import SchemaFiles
from mockserver.resources.yaml_files import read_yaml

_FIRST = "claimtrackings"
"""The resource that lists of resources begin with: the one that the mock is made for."""
ROW, OPERATIONS = "row", "operations.yaml"


class Folder:
    """The folder of one resource. Each of its files is read when it is asked for."""

    def __init__(self, name: str, files: SchemaFiles) -> None:
        self.name, self._files = name, files
        self.path = files.path(f"{name}/{ROW}").parent

    @cached_property
    def row(self) -> Mapping[str, Any]:
        """The schema of a row as it leaves the API, which has every column."""
        row = self._files[f"{self.name}/{ROW}"]
        table, columns = row.get("x-table"), row.get("properties")
        if not (isinstance(table, Mapping) and {"name", "key", "page"} <= table.keys()):
            what = "x-table has the name, the key and the page of the table"
            raise self._unusable(f"{ROW}.json", what, ("x-table",))
        if not (isinstance(columns, Mapping) and table["key"] in columns):
            what = f"properties has the columns, {table['key']} among them"
            raise self._unusable(f"{ROW}.json", what, ("properties",))
        return row

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """The columns by their name in an answer."""
        columns = self.row["properties"].items()
        try:
            return {name: Column(name, part, is_key=name == self.key) for name, part in columns}
        except Misdeclared as error:
            raise self._unusable(f"{ROW}.json", error, error.where) from None

    @cached_property
    def operations(self) -> Mapping[str, OperationSpec]:
        """The operations by name. Raises ContractUnusable, which names the file."""
        file = self.path / OPERATIONS
        try:
            specs = operation_specs(read_yaml(file), self.columns, self.key)
        except FileNotFoundError:
            return {}
        except Misdeclared as error:
            raise self._unusable(OPERATIONS, error, error.where) from None
        for column in self.columns.values():
            if not specs.keys() >= {*column.answered_by}:
                what = f"{column.name}: x-in has names of operations: {', '.join(specs)}"
                raise self._unusable(f"{ROW}.json", what, ("properties", column.name, "x-in"))
        return specs

    def columns_of(self, operation: OperationSpec) -> Mapping[str, Column]:
        """Return the columns of a row in the answer of an operation."""
        return {
            name: column for name, column in self.columns.items()
            if not column.answered_by or operation.name in column.answered_by
        }  # fmt: skip

    def row_of(self, operation: OperationSpec) -> Mapping[str, Any]:
        """Return the schema of a row in the answer of an operation: the whole row, or some of its columns."""
        columns = self.columns_of(operation)
        if len(columns) == len(self.columns):
            return self.row
        properties = {name: self.row["properties"][name] for name in columns}
        examples = [{name: row[name] for name in columns} for row in self.row["examples"]]
        return {
            **self.row, "title": f"{self.type_name}{operation.name.capitalize()}", "required": list(columns),
            "properties": properties, "examples": examples,
        }  # fmt: skip

    def _unusable(self, file: str, error: object, where: tuple[str | int, ...]) -> ContractUnusable:
        return ContractUnusable(f"{self.path / file}: {error}", self.path / file, where)

    def body(self, operation: OperationSpec) -> Mapping[str, Any]:
        """Return the schema of the body of an operation. Raises ContractUnusable if there is no such file."""
        name = f"{self.name}/{operation.name}.request"
        try:
            return self._files[name]
        except KeyError:
            what = f"{operation.name}: its body, {self._files.path(name).name}, is not in the folder"
            raise self._unusable(OPERATIONS, what, (operation.name,)) from None

    @property
    def order(self) -> Sequence[str]:
        """The columns by which the table is listed, each with a minus in front if downwards."""
        return next((spec.order for spec in self.operations.values() if spec.order), ())

    @property
    def table(self) -> str:
        """The vendor's name of the table."""
        return str(self.row["x-table"]["name"])

    @property
    def key(self) -> str:
        """The column of the primary key."""
        return str(self.row["x-table"]["key"])

    @property
    def page(self) -> str:
        """The vendor's page."""
        return str(self.row["x-table"]["page"])

    @property
    def type_name(self) -> str:
        """The vendor's name of a row, as in "Claim not found."."""
        return str(self.row["title"])

    @property
    def is_in_fixtures(self) -> bool:
        """Whether a fixture writes the rows of the table."""
        return bool(self.row["x-table"].get("fixture", True))

    @property
    def is_copied(self) -> bool:
        """Whether copies of an office have all rows of the table, not only those that name a copied one."""
        return bool(self.row["x-table"].get("copied"))

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The columns that a row of a fixture has to give."""
        named = self.row["x-table"].get("required", ())
        return tuple(column.attribute for column in self.columns.values() if column.is_required or column.name in named)

    @property
    def takes_numbers(self) -> bool:
        """Whether a fixture may write a row as its primary key alone."""
        return set(self.required) <= {self.key}


class Folders(Mapping[str, Folder]):
    """All resource folders by the name of the resource: those of the package, and those of a user."""

    def __init__(self, root: Path, own: Mapping[str, Path] = MappingProxyType({})) -> None:
        self.root, self.files = root, SchemaFiles(root, own)
        names = [path.parent.name for path in root.glob(f"*/{ROW}.json")]
        names.sort(key=lambda name: (name != _FIRST, name))
        self._folders = {name: Folder(name, self.files) for name in (*names, *own)}
        self._by_table: dict[str, Folder] = {}

    def __getitem__(self, name: str) -> Folder:
        return self._folders[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._folders)

    def __len__(self) -> int:
        return len(self._folders)

    def of_table(self, table: str) -> Folder | None:
        """Return the folder of a table, if there is one."""
        if table not in self._by_table:
            # Most resources are called as their table is, in the plural: the others need not be read to find it.
            likely = [self._folders[name] for name in (f"{table}s", f"{table}es") if name in self._folders]
            for folder in (*likely, *self._folders.values()):
                self._by_table[folder.table] = folder
                if folder.table == table:
                    break
        return self._by_table.get(table)

    def operation_names(self) -> list[str]:
        """Return the names of all operations: `claims/list`. Reads every operations.yaml."""
        return [f"{folder.name}/{operation}" for folder in self._folders.values() for operation in folder.operations]

    def tables(self) -> list[str]:
        """Return the names of the tables whose rows a fixture writes. Reads every row.json."""
        return [folder.table for folder in self._folders.values() if folder.is_in_fixtures]


@cache
def shipped_folders() -> Folders:
    """Return the resource folders of this package."""
    return Folders(shipped("schemas"))


def is_shipped(path: Path) -> bool:
    """Return whether this folder is one of this package."""
    folder = shipped_folders().get(path.resolve().name)
    return folder is not None and folder.path.resolve() == path.resolve()
