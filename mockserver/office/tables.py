"""Tables of an office: one entry for each, from which everything that handles rows is derived."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from mockserver.office.rows import Claim, ClaimTracking, DefCategory, Definition, Preference

ARRIVAL = "arrival"
"""The order in which rows were put; a row that replaces another takes its place."""


class Reference(NamedTuple):
    """What a column names: a row of `table`, by its primary key, that has the values of `where`.

    `none` is the value that names no row; without one every value has to.
    """

    table: str
    where: Mapping[str, Any] = MappingProxyType({})
    none: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """A table of the vendor's database.

    `name` is the vendor's, `row` the class of its rows, `key` the column of the primary key, and `schema` the name of
    the schema by which a row leaves the API. Rows are listed by the column `order`, if there is one, and then by their
    key, or in the order of their ARRIVAL; `newest_first` lists them backwards, except that `lower_first` lists rows
    with one `order` by their key. `variants` are other orders: fields of this class by the id of a rule of the contract
    and the name of its variant. Lists are narrowed fast by a column in `indexes`.

    `references` are the columns that name a row of another table. `joined` are columns of the schema that come from
    another table: each is a function of the tables by name and a row. `joins` are the references by which they find it.
    Of the columns of a fixture, those in `times` and `dates` may be relative to the start, and a time that is left out
    is the start itself.
    """

    name: str
    row: type[Any]
    key: str
    schema: str
    order: str = ""
    newest_first: bool = False
    lower_first: bool = False
    variants: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    indexes: tuple[str, ...] = ()
    references: Mapping[str, Reference] = field(default_factory=dict)
    joins: tuple[str, ...] = ()
    joined: Mapping[str, Callable[[Mapping[str, Any], Any], str]] = field(default_factory=dict)
    times: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()

    def in_order_of(self, variants: Mapping[str, str]) -> "TableSpec":
        """Return the table with its rows in the order of these variants, by the id of the rule."""
        changes = {name: value for rule, fields in self.variants.items() if variants.get(rule[0]) == rule[1]
                   for name, value in fields.items()}  # fmt: skip
        return replace(self, **changes) if changes else self


def _custom_tracking(tables: Mapping[str, Any], claim: Claim) -> str:
    """Return the name of a claim's status (vendor: API Claims, customTracking)."""
    definition = tables["definition"].get(claim.CustomTracking)
    return definition.row.ItemName if definition is not None else ""


_STATUS = Reference("definition", {"Category": DefCategory.CLAIM_CUSTOM_TRACKING.value}, none=0)
_ERROR_CODE = Reference("definition", {"Category": DefCategory.CLAIM_ERROR_CODE.value}, none=0)

DEFINITION = TableSpec(
    name="definition", row=Definition, key="DefNum", schema="definitions/row", order=ARRIVAL, indexes=("Category",),
    variants={("definitions.list.order", "lowest-number-first"): {"order": ""}},
)  # fmt: skip
CLAIM = TableSpec(
    name="claim", row=Claim, key="ClaimNum", schema="claims/row", indexes=("PatNum", "ClaimStatus"),
    references={"CustomTracking": _STATUS}, joins=("CustomTracking",), joined={"customTracking": _custom_tracking},
    times=("SecDateTEdit",),
    dates=("DateService", "DateSent", "DateReceived", "PriorDate", "AccidentDate", "OrthoDate"),
)  # fmt: skip
CLAIMTRACKING = TableSpec(
    name="claimtracking", row=ClaimTracking, key="ClaimTrackingNum", schema="claimtrackings/row",
    order="DateTimeEntry", newest_first=True, indexes=("ClaimNum",), times=("DateTimeEntry",),
    references={
        "ClaimNum": Reference("claim"), "TrackingDefNum": _STATUS, "TrackingErrorDefNum": _ERROR_CODE,
    },
    variants={
        ("claimtrackings.list.order.ties", "lower-number-first"): {"lower_first": True},
        ("claimtrackings.list.order", "lowest-number-first"): {
            "order": "", "newest_first": False, "lower_first": False,
        },
    },
)  # fmt: skip
TABLES = (DEFINITION, CLAIM, CLAIMTRACKING)
"""The tables whose rows a fixture writes, each after those that it joins."""

PREFERENCE = TableSpec(
    name="preference", row=Preference, key="PrefNum", schema="preferences/row", indexes=("PrefName",)
)
"""A table whose rows are made of the office's preferences and version."""
