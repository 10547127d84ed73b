"""Schema errors: the errors that the schema finds in a fixture file, as diagnostics."""

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Any

from mockserver.contract.contract import Contract
from mockserver.resources.column import TIMES
from mockserver.seeding.layers import Layer
from mockserver.seeding.mistakes import Mistakes
from mockserver.seeding.relative_times import guess_time
from mockserver.suggestions import closest
from mockserver.syntax.diagnostics import MAX_DIAGNOSTICS, Path
from mockserver.syntax.document import Finding, Findings
from mockserver.violations import error_texts, expected_text
from mockserver.work import checkpoint

_DATE = 10  # characters of yyyy-MM-dd
_MAX_ERRORS = 2 * MAX_DIAGNOSTICS  # of one value, of which some say the same


def check_schema(layer: Layer, contract: Contract, mistakes: Mistakes, findings: Findings) -> None:
    """Add a finding for each error of the layer by the schema, and note it in `mistakes`.

    Each row is checked on its own, so that a wrong one does not cost the others. Once the findings are full, wrong rows
    are only counted.
    """
    data = layer.data if isinstance(layer.data, dict) else {}
    # With so many names some are unknown, and the others need not be kept with their schema.
    names = data if len(data) <= MAX_DIAGNOSTICS else data.keys() & contract.schemas["office"].properties.keys()
    office = contract.schemas.office_of(names)
    spelt: Mapping[str, str] = (
        {} if data.keys() <= office.properties.keys() else _misspelt(data, contract.schemas["office"].properties)
    )
    rows = {name: schema for name in data if isinstance(data[name], list)
            for schema in [contract.schemas.row_in_fixture(spelt.get(name, name))] if schema is not None}  # fmt: skip
    rest = {**data, **{name: [] for name in rows}} if rows else layer.data
    if not office.allows(rest):
        right = rest | {known: rest[name] for name, known in spelt.items()} if spelt else rest
        errors = islice(contract.schemas["office"].errors(right), _MAX_ERRORS)
        findings.add(_findings(layer, list(errors), mistakes, {known: name for name, known in spelt.items()}))
        for name, known in spelt.items():
            mistakes.note_misspelling(layer, (name,), known)
    for name, schema in rows.items():
        table = spelt.get(name, name)
        for index, row in enumerate(data[name]):
            checkpoint()
            if schema.allows(row):
                continue
            if findings.is_full:
                findings.add((), more=1)
            else:
                findings.add(_findings(layer, list(schema.errors(row)), mistakes, {table: name}, (table, index)))


def _findings(
    layer: Layer, errors: list[Any], mistakes: Mistakes, written: Mapping[str, str], above: Path = ()
) -> Iterator[Finding]:
    """Yield the findings of errors in the value at `above`. `written` has the misspelt names by the known ones."""
    # A value of the wrong type gets one diagnostic, on its type.
    of_wrong_type = {tuple(error.absolute_path): error for error in reversed(errors) if error.validator == "type"}
    for error in errors:
        path = tuple(error.absolute_path)
        if of_wrong_type.get(path, error) is not error:
            continue
        _record_mistake(mistakes, layer, _original_path((*above, *path), written), error)
        is_name = error.validator == "additionalProperties"
        for where, sentence in islice(error_texts(error, "a fixture", above), _MAX_ERRORS):
            yield layer.finding(_original_path(where, written), f"{sentence}{_hint(where, error)}", key=is_name)


def _misspelt(data: Mapping[str, Any], known: Collection[str]) -> dict[str, str]:
    """Return the misspelt names of tables, each with the known name that it means."""
    names = islice((name for name in data if name not in known), MAX_DIAGNOSTICS)
    meant: dict[str, str] = {}
    for name in names:
        right = closest(name, known)
        if right and right not in data:
            meant[right] = name
    return {name: right for right, name in meant.items()}


def _original_path(path: Path, names: Mapping[str, str]) -> Path:
    return (names.get(str(path[0]), path[0]), *path[1:]) if path else path


def _record_mistake(mistakes: Mistakes, layer: Layer, path: Path, error: Any) -> None:
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        for name in islice((name for name in error.instance if name not in known), MAX_DIAGNOSTICS):
            close = closest(name, known)
            if close and close not in error.instance:
                mistakes.note_misspelling(layer, (*path, name), close)
    elif error.validator != "required":
        mistakes.note_invalid(layer, path)


def _hint(where: Path, error: Any) -> str:
    """Return a description of valid values, if the message of the schema does not have one."""
    if error.validator == "required":
        if "type" not in error.schema:  # required only beside other columns
            return ""
        every = "every row has it: " if isinstance(where[1], int) and where[0] != "fault" else ""
        return f"; {every}{expected_text(error.schema['properties'][where[-1]])}"
    if error.validator == "pattern" and error.schema.get("x-type") in TIMES:
        meant = guess_time(error.instance)
        if meant and not meant.startswith("now") and error.schema["x-type"] == "Date":
            meant = meant[:_DATE]
        return f"; did you mean {meant}?" if meant else ""
    return ""
