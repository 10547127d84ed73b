"""Tables of an office: each made when it is first asked for, and how their rows refer to each other."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from weakref import proxy

from mockserver.office.table import Table
from mockserver.office.tables import TableSpec, TableSpecs

EncoderOf = Callable[[TableSpec], Callable[..., bytes]]
"""Returns the function that validates a row of a table, with its joined columns, and returns its bytes."""


class Tables(dict[str, Table[Any]]):
    """The tables of an office by name, each made when it is first asked for. KeyError: no resource has that table."""

    def __init__(self, specs: TableSpecs, encoder_of: EncoderOf) -> None:
        super().__init__()
        self.specs, self.encoder_of = specs, encoder_of
        self._joining: dict[str, tuple[tuple[Table[Any], str], ...]] = {}

    def __missing__(self, name: str) -> Table[Any]:
        spec = self.specs[name]
        self[name] = table = Table(spec, self._encoder(spec))
        self._joining.clear()
        return table

    def joining(self, name: str) -> tuple[tuple[Table[Any], str], ...]:
        """Return the tables that take columns of their answers from a table, each with the column that names a row."""
        if name not in self._joining:
            self._joining[name] = tuple(
                (other, column) for other in self.values() for column in other.spec.joins
                if column in other.spec.references and other.spec.references[column].table == name
            )  # fmt: skip
        return self._joining[name]

    def fill(self, rows: Mapping[str, Iterable[Any]]) -> None:
        """Fill these tables, each after those that it joins."""
        waiting = dict(rows)
        for name in rows:
            self._fill(name, waiting)

    def _fill(self, name: str, waiting: dict[str, Iterable[Any]]) -> None:
        rows, spec = waiting.pop(name, None), self.specs[name]
        if rows is not None:
            for column in spec.joins:
                if column in spec.references:
                    self._fill(spec.references[column].table, waiting)
            self[name].fill(rows)

    def list_as(self, orders: Mapping[str, Sequence[str]]) -> None:
        """List the rows of these resources in other orders, as an `operations.yaml` writes them."""
        self.specs = self.specs.in_order_of(orders)
        for name, table in self.items():
            table.list_as(self.specs[name])

    def _encoder(self, spec: TableSpec) -> Callable[[Any], bytes]:
        encode = self.encoder_of(spec)
        if not spec.computed:
            return encode
        # Not `self`: a table that refers to its office would make the office wait for the garbage collector.
        tables, computes = proxy(self), tuple(spec.computed.values())
        return lambda row: encode(row, [compute(tables, row) for compute in computes])

    def is_named(self, table: str, number: int) -> bool:
        """Return whether a row of any table names a row."""
        return any(other.having(column, number) for other, column in self._naming(table))

    def lacks_named(self, table: str) -> bool:
        """Return whether rows of any table name rows of a table that are not there."""
        rows = self[table]
        return any(
            value not in rows and value != other.spec.references[column].none
            for other, column in self._naming(table) for value in other.values(column)
        )  # fmt: skip

    def _naming(self, table: str) -> Iterator[tuple[Table[Any], str]]:
        """Yield the tables with rows that may name those of a table, each with the column that does."""
        for other in self.values():
            for column, reference in other.spec.references.items():
                if reference.table == table:
                    yield other, column
