"""From fixture files to an office: read, checked, laid over each other; or everything that is wrong with them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.clock import Clock, parse_moment
from mockserver.contract import Contract, shipped_contract
from mockserver.fixture_layers import Complaint, FixtureError, Layer, read_layers, read_text
from mockserver.office import CURRENT_VERSION, Office
from mockserver.rows import ApiKey, Claim, ClaimTracking, DefCategory, Definition, Preferences, stored_text
from mockserver.wording import listed, misfit, nearly, place, shown, wanted
from mockserver.yaml_positions import Path

_KEYS = {
    "claim": "ClaimNum",
    "definition": "DefNum",
    "claimtracking": "ClaimTrackingNum",
    "apikey": "CustomerKey",
}
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


@dataclass(frozen=True, slots=True)
class _Tables:
    """The rows of all layers by primary key. A table in `doubtful` lacks rows that could not be understood."""

    rows: dict[str, dict[int | str, _Placed]] = field(default_factory=lambda: {table: {} for table in _KEYS})
    doubtful: set[str] = field(default_factory=set)


def load_office(*fixtures: str, now: str | None = None, contract: Contract | None = None) -> Office:
    """The office that `fixtures` describe: shipped names, files or folders, later ones over earlier ones.

    `now` (`yyyy-MM-dd HH:mm:ss`) is where its clock stands still; without it the clock runs.
    Raises FixtureError with everything that is wrong, FixtureNotFound where there is no such fixture,
    ValueError where `now` is in another form.
    """
    clock = Clock(parse_moment(now) if now else None)
    contract = contract or shipped_contract()
    return _office(*read_layers(fixtures or ("default",)), contract, clock)


def office_from_text(text: str, *, contract: Contract) -> Office:
    """The office that a fixture in JSON describes, with a clock that runs. Raises FixtureError."""
    return _office(*read_text(text), contract, Clock())


def _office(layers: list[Layer], complaints: list[Complaint], contract: Contract, clock: Clock) -> Office:
    tables = _Tables(doubtful=set(_KEYS) if complaints else set())
    single: dict[str, dict[str, Any]] = {"preference": {}, "office": {}}
    for layer in layers:
        complaints += (Complaint(layer.file, one.line, one.column, one.message) for one in layer.doubled)
        complaints += _misfits(layer, contract, tables)
        complaints += _lay_over(tables, layer)
        for name, values in single.items():
            values |= layer.get(name) if isinstance(layer.get(name), dict) else {}
    said = {(one.file, one.line, one.column) for one in complaints}
    complaints += (one for one in _dangling(tables) if (one.file, one.line, one.column) not in said)
    if complaints:
        raise FixtureError(sorted(set(complaints)))
    return Office(
        encode=contract.encoder("claimtrackings/row"),
        claim=(Claim(**placed.row) for placed in tables.rows["claim"].values()),
        definition=(Definition(**placed.row) for placed in tables.rows["definition"].values()),
        claimtracking=(_tracking(placed.row) for placed in tables.rows["claimtracking"].values()),
        apikey=(_apikey(placed.row) for placed in tables.rows["apikey"].values()),
        preference=Preferences(**single["preference"]),
        fault=(given for layer in layers for given in layer.get("fault") or ()),
        version=single["office"].get("version", CURRENT_VERSION),
        clock=clock,
    )


def _tracking(row: dict[str, Any]) -> ClaimTracking:
    return ClaimTracking(**row | {"Note": stored_text(row.get("Note", ""))})


def _apikey(row: dict[str, Any]) -> ApiKey:
    return ApiKey(**row | ({"Permissions": tuple(row["Permissions"])} if "Permissions" in row else {}))


def _misfits(layer: Layer, contract: Contract, tables: _Tables) -> Iterator[Complaint]:
    """What the schema of fixtures says."""
    errors: list[Any] = list(contract.schemas["office"].errors(layer.data))  # the stubs let each part be unset
    of_wrong_type = {tuple(error.absolute_path) for error in errors if error.validator == "type"}
    for error in errors:
        path = tuple(error.absolute_path)
        if path in of_wrong_type and error.validator != "type":
            continue
        if len(path) < 2:
            tables.doubtful.update(path[:1] or _KEYS)
        if error.validator == "additionalProperties":
            known = error.schema["properties"]
            for name in error.instance.keys() - known.keys():
                close = nearly(name, known)
                right = f"did you mean {close}?" if close else f"known are {listed(known)}"
                yield layer.complaint((*path, name), f"{place((*path, name))} is not known; {right}", key=True)
        elif error.validator == "required":
            for name in error.validator_value:
                if name not in error.instance:
                    column = wanted(_resolved(error.schema["properties"][name], contract))
                    yield layer.complaint(path, f"{place((*path, name))} is missing; every row has it: {column}")
        else:
            yield layer.complaint(path, f"{place(path) or 'a fixture'} {misfit(error)}")


def _resolved(part: Mapping[str, Any], contract: Contract) -> Mapping[str, Any]:
    if "$ref" not in part:
        return part
    name, _, column = part["$ref"].partition(".json#/properties/")
    resolved: dict[str, Any] = contract.schemas[name].contents["properties"][column]
    return {**resolved, **part}


def _lay_over(tables: _Tables, layer: Layer) -> Iterator[Complaint]:
    """Put the rows of `layer` where they belong; a primary key may be there once in a layer."""
    for table, key in _KEYS.items():
        kind = str if table == "apikey" else int
        here: dict[int | str, int] = {}
        rows = layer.get(table)
        for index, row in enumerate(rows if isinstance(rows, list) else ()):
            number = row.get(key) if isinstance(row, dict) else None
            if not isinstance(number, kind) or isinstance(number, bool):
                tables.doubtful.add(table)
                continue
            if number in here:
                # Not the keys of an apikey themselves: they may be somebody's own.
                what = f"{table}[{index}].{key}{f' {number}' if kind is int else ''}"
                what += f" is there already, in {table}[{here[number]}]; give one of the two another"
                yield layer.complaint((table, index, key), what)
                tables.doubtful.add(table)
            here.setdefault(number, index)
            tables.rows[table][number] = _Placed(row, layer, (table, index))


def _dangling(tables: _Tables) -> Iterator[Complaint]:
    """What rows name that is not there, and DateTimes that no calendar has."""
    for placed in tables.rows["claimtracking"].values():
        for column, complain in _REFERENCES:
            value = placed.row.get(column)
            what = complain(tables, column, value) if value is not None else ""
            if what:
                path = (*placed.path, column)
                yield placed.layer.complaint(path, f"{place(path)} {what}")


def _claim(tables: _Tables, _column: str, value: Any) -> str:
    claims = tables.rows["claim"]
    if not isinstance(value, int) or value in claims or "claim" in tables.doubtful:
        return ""
    return f"{value} is no claim of this office; claims are {listed(claims)}"


def _definition(tables: _Tables, column: str, value: Any) -> str:
    if not isinstance(value, int) or value == 0 or "definition" in tables.doubtful:
        return ""
    category = _CATEGORIES[column]
    definitions = tables.rows["definition"]
    its = definitions[value].row.get("Category") if value in definitions else None
    if its == category or (value in definitions and not isinstance(its, int)):
        return ""
    what = f"is of category {its}" if value in definitions else "is no definition of this office"
    right = (number for number, placed in definitions.items() if placed.row.get("Category") == category)
    return f"{value} {what}; of category {category:d} are {listed(right)}"


def _moment(_tables: _Tables, _column: str, value: Any) -> str:
    try:
        parse_moment(value)
    except (ValueError, TypeError):
        return f"must be a day of the calendar in the form 2023-07-20 14:05:45, and is {shown(value)}"
    return ""


_REFERENCES: tuple[tuple[str, Callable[[_Tables, str, Any], str]], ...] = (
    ("ClaimNum", _claim),
    ("DateTimeEntry", _moment),
    ("TrackingDefNum", _definition),
    ("TrackingErrorDefNum", _definition),
)
