"""From fixture files to an office: read, checked, laid over each other; or everything that is wrong with them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mockserver.clock import Clock, parse_moment
from mockserver.contract import Contract, shipped_contract
from mockserver.fixture_layers import Complaint, FixtureError, Layer, read_layers
from mockserver.office import Office
from mockserver.rows import Claim, ClaimTracking, DefCategory, Definition, Preferences, stored_text
from mockserver.wording import meant, misfit
from mockserver.yaml_positions import Path

_KEYS = {"claim": "ClaimNum", "definition": "DefNum", "claimtracking": "ClaimTrackingNum"}
_CATEGORIES = {
    "TrackingDefNum": DefCategory.CLAIM_CUSTOM_TRACKING,
    "TrackingErrorDefNum": DefCategory.CLAIM_ERROR_CODE,
}


@dataclass(frozen=True, slots=True)
class _Placed:
    """A row, and where it stands."""

    row: dict[str, Any]
    layer: Layer
    path: Path


_Tables = dict[str, dict[int, _Placed]]


def load_office(*fixtures: str, now: str | None = None, contract: Contract | None = None) -> Office:
    """The office that `fixtures` describe: shipped names, files or folders, later ones over earlier ones.

    `now` (`yyyy-MM-dd HH:mm:ss`) is where its clock stands still; without it the clock runs.
    Raises FixtureError with everything that is wrong, FixtureNotFound where there is no such fixture,
    ValueError where `now` is in another form.
    """
    contract = contract or shipped_contract()
    layers, complaints = read_layers(fixtures or ("default",))
    tables: _Tables = {name: {} for name in _KEYS}
    preference: dict[str, Any] = {}
    for layer in layers:
        complaints += _misfits(layer, contract)
        complaints += _lay_over(tables, layer)
        if isinstance(layer.get("preference"), dict):
            preference |= layer.get("preference")
    complaints += _dangling(tables)
    if complaints:
        raise FixtureError(sorted(set(complaints), key=lambda one: (one.file, one.line, one.column)))
    return Office(
        encode=contract.encoder("claimtrackings/row"),
        claim=(Claim(**placed.row) for placed in tables["claim"].values()),
        definition=(Definition(**placed.row) for placed in tables["definition"].values()),
        claimtracking=(_tracking(placed.row) for placed in tables["claimtracking"].values()),
        preference=Preferences(**preference),
        clock=Clock(parse_moment(now) if now else None),
    )


def _tracking(row: dict[str, Any]) -> ClaimTracking:
    return ClaimTracking(**row | {"Note": stored_text(row.get("Note", ""))})


def _misfits(layer: Layer, contract: Contract) -> Iterator[Complaint]:
    """What the schema of fixtures says."""
    error: Any  # the stubs let each part be unset
    for error in contract.schemas["office"].errors(layer.data):
        path = tuple(error.absolute_path)
        where = _place(path)
        if error.validator == "additionalProperties":
            known = error.schema["properties"]
            for name in error.instance.keys() - known.keys():
                what = f"{where}{name} is not known{meant(name, known)}"
                yield layer.complaint((*path, name), what, key=True)
        elif error.validator == "required":
            name = next(name for name in error.validator_value if f"'{name}'" in error.message)
            yield layer.complaint(path, f"{where}{name} is missing; it {_right(error, name)}")
        else:
            yield layer.complaint(path, f"{where.removesuffix('.') or 'a fixture'} {misfit(error)}")


def _right(error: Any, name: str) -> str:
    part = error.schema["properties"].get(name, {})
    example = f", as in {part['examples'][0]}" if "examples" in part else ""
    return f"is required in every row{example}"


def _lay_over(tables: _Tables, layer: Layer) -> Iterator[Complaint]:
    """Put the rows of `layer` where they belong; a number may be there once in a layer."""
    for table, key in _KEYS.items():
        here: dict[int, int] = {}
        rows = layer.get(table)
        for index, row in enumerate(rows if isinstance(rows, list) else ()):
            number = row.get(key) if isinstance(row, dict) else None
            if not isinstance(number, int) or isinstance(number, bool):
                continue
            if number in here:
                what = f"{table}[{index}].{key} {number} is there already, in {table}[{here[number]}]; give it another"
                yield layer.complaint((table, index, key), what)
            here.setdefault(number, index)
            tables[table][number] = _Placed(row, layer, (table, index))


def _dangling(tables: _Tables) -> Iterator[Complaint]:
    """What rows name that is not there, and DateTimes that no calendar has."""
    for placed in tables["claimtracking"].values():
        for column, complain in _REFERENCES:
            value = placed.row.get(column)
            what = complain(tables, column, value) if value is not None else ""
            if what:
                path = (*placed.path, column)
                yield placed.layer.complaint(path, f"{_place(placed.path)}{column} {what}")


def _claim(tables: _Tables, _column: str, value: Any) -> str:
    if not isinstance(value, int) or value in tables["claim"]:
        return ""
    return f"{value} is no claim of this office; claims are {_listed(tables['claim'])}"


def _definition(tables: _Tables, column: str, value: Any) -> str:
    category = _CATEGORIES[column]
    definitions = {number: placed.row.get("Category") for number, placed in tables["definition"].items()}
    if not isinstance(value, int) or value == 0 or definitions.get(value) == category:
        return ""
    right = [number for number, other in definitions.items() if other == category]
    what = f"is of category {definitions[value]}" if value in definitions else "is no definition of this office"
    return f"{value} {what}; of category {category:d} are {_listed(right)}"


def _moment(_tables: _Tables, _column: str, value: Any) -> str:
    try:
        parse_moment(value)
    except (ValueError, TypeError) as error:
        return "" if "does not match" in str(error) else f"{value} is not a day of the calendar"
    return ""


_REFERENCES: tuple[tuple[str, Callable[[_Tables, str, Any], str]], ...] = (
    ("ClaimNum", _claim),
    ("DateTimeEntry", _moment),
    ("TrackingDefNum", _definition),
    ("TrackingErrorDefNum", _definition),
)


def _place(path: Path) -> str:
    """`("claimtracking", 2, "Note")` as `claimtracking[2].Note.`"""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)[1:] + ("." if path else "")


def _listed(names: Any) -> str:
    names = [str(name) for name in names]
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "") or "none"
