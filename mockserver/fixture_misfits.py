"""What the schema of fixtures says of one file, in words."""

from collections.abc import Iterator, Mapping
from posixpath import join, normpath
from typing import Any

from mockserver.complaints import Complaint
from mockserver.contract import Contract
from mockserver.fixture_layers import Layer
from mockserver.fixture_tables import KEYS, Tables
from mockserver.fixture_times import nearly_time
from mockserver.wording import listed, misfit, nearly, place, wanted
from mockserver.yaml_positions import Path


def misfits(layer: Layer, contract: Contract, tables: Tables) -> Iterator[Complaint]:
    """Everything that does not fit, and, in `tables.doubtful`, what must be doubted for it."""
    schema = contract.schemas["office"]
    if schema.allows(layer.data):
        return
    errors: list[Any] = list(schema.errors(layer.data))  # the stubs let each part be unset
    # Of a value of the wrong type nothing else is said, and that once.
    of_wrong_type = {tuple(error.absolute_path): error for error in reversed(errors) if error.validator == "type"}
    for error in errors:
        path = tuple(error.absolute_path)
        if of_wrong_type.get(path, error) is not error:
            continue
        tables.doubtful |= _doubted(path)
        if error.validator == "additionalProperties" and not isinstance(error.validator_value, dict):
            known = error.schema["properties"]
            for name in error.instance.keys() - known.keys():
                close = nearly(name, known)
                names = (one for one in known if not one.startswith("$"))
                right = f"did you mean {close}?" if close else f"known are {listed(names)}"
                yield layer.complaint((*path, name), f"{place((*path, name))} is not known; {right}", key=True)
        elif error.validator == "required":
            for name in error.validator_value:
                if name not in error.instance:
                    right = _every(path, error.schema.get("properties", {}).get(name), contract)
                    yield layer.complaint(path, f"{place((*path, name))} is missing{right}")
        else:
            yield layer.complaint(path, f"{place(path) or 'a fixture'} {misfit(error)}{_meant(path, error)}")


def _doubted(path: Path) -> set[str]:
    if path[:1] == ("generate",):
        return {"generate", *KEYS}
    return set() if len(path) > 1 else {str(name) for name in path} or {*KEYS, "generate"}


def _every(path: Path, part: Mapping[str, Any] | None, contract: Contract) -> str:
    if part is None:  # required only beside other columns
        return ""
    every = "every row has it: " if path[0] in KEYS else ""
    return f"; {every}{wanted(_resolved(part, contract))}"


def _meant(path: Path, error: Any) -> str:
    if error.validator == "pattern" and "DateTimeEntry" in path:
        meant = nearly_time(error.instance)
        return f"; did you mean {meant}?" if meant else ""
    return ""


def _resolved(part: Mapping[str, Any], contract: Contract) -> Mapping[str, Any]:
    if "$ref" not in part:
        return part
    name, _, column = part["$ref"].partition(".json#/properties/")
    home = contract.schemas[normpath(join("fixtures", name))]  # where every column stands that points elsewhere
    return {**home.contents["properties"][column], **part}
