"""Columns that name a definition: what they may name, and what is said of anything else."""

from collections.abc import Iterable
from dataclasses import dataclass

from mockserver.api.operation import Call
from mockserver.errors import BadRequest
from mockserver.office.office import Office
from mockserver.office.rows import DefCategory

# How many numbers a hint lists.
FEW = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionColumn:
    """A column that names a definition, and the rules on what it may name."""

    name: str
    category: DefCategory
    names_one: str
    wrong_category: str


def check_definition(office: Office, call: Call, column: DefinitionColumn) -> None:
    """Raise BadRequest where the column is given and names no definition of its category; 0 names none."""
    def_num = call.given.get(column.name, 0)
    if def_num == 0:
        return
    definition = office.definition.get(def_num)
    if definition is None or definition.Category != column.category:
        fit = [row.DefNum for row in office.definition.values() if row.Category == column.category]
        # Assumed: 400. The page allows 404 as well.
        raise BadRequest(
            f"{column.name} is invalid.",
            rule=column.wrong_category,
            hint=f"definitions of category {column.category:d} in this office: {few(fit[:FEW], len(fit))}",
        )
    if definition.IsHidden:
        call.warn(f"{column.name} names a hidden definition.", rule="warning.hidden-definition")
    call.meets(column.names_one)


def few(first: Iterable[int], count: int) -> str:
    """The first numbers of so many."""
    more = f" and {count - FEW} more" if count > FEW else ""
    return ", ".join(map(str, first)) + more or "none"
