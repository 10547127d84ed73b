"""Fixture files as they lie over each other: found, read, and able to say where in them a thing stands."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path as File
from typing import Any, NoReturn

from mockserver import plain_yaml, yaml_positions
from mockserver.assets import shipped
from mockserver.wording import meant

_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True, order=True)
class Complaint:
    """One thing that is wrong, and where. `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class FixtureError(Exception):
    """Fixtures that cannot be an office, with everything that is wrong with them."""

    def __init__(self, complaints: list[Complaint]) -> None:
        super().__init__("\n".join(map(str, complaints)))
        self.complaints = complaints


class FixtureNotFound(Exception):
    """There is no such fixture, or it cannot be read."""


@dataclass
class Layer:
    """One file. Positions are looked up only once there is something to complain of."""

    file: str
    text: str
    data: Any = field(repr=False)

    def get(self, table: str) -> Any:
        """What the file says under that name, if anything."""
        return self.data.get(table) if isinstance(self.data, dict) else None

    def complaint(self, path: yaml_positions.Path, message: str, *, key: bool = False) -> Complaint:
        """`message` with the place of the value at `path`, or of its key."""
        return Complaint(self.file, *yaml_positions.nearest(self._positions, path, key=key), message)

    @cached_property
    def _positions(self) -> dict[yaml_positions.Path, yaml_positions.Position]:
        return yaml_positions.positions(self.text)


def read_layers(fixtures: Iterable[str]) -> tuple[list[Layer], list[Complaint]]:
    """The files that `fixtures` name, each after what it extends, and what cannot be read in them.

    Raises FixtureNotFound.
    """
    layers: list[Layer] = []
    complaints: list[Complaint] = []
    for fixture in fixtures:
        for file in find(fixture):
            _add(file, layers, complaints, ())
    return layers, complaints


def find(fixture: str) -> list[File]:
    """The files that a shipped name, a file or a folder stands for. Raises FixtureNotFound."""
    path = File(fixture)
    if path.is_dir():
        files = sorted(one for one in path.iterdir() if one.suffix in _SUFFIXES)
        if not files:
            raise FixtureNotFound(f"{fixture}: no {', '.join(_SUFFIXES)} file in this folder")
        return files
    if path.is_file():
        return [path]
    names = {one.stem: one for one in sorted(shipped("fixtures").glob("*.yaml"))}
    if fixture in names:
        return [names[fixture]]
    raise FixtureNotFound(
        f"{fixture}: no such file or folder, and no shipped office{meant(fixture, names)} (shipped: {', '.join(names)})"
    )


def _add(file: File, layers: list[Layer], complaints: list[Complaint], above: tuple[File, ...]) -> None:
    try:
        text = _text(file)
        layer, doubled = _read(file, text)
    except plain_yaml.YamlError as error:
        complaints.append(Complaint(str(file), error.line, error.column, error.message))
        return
    complaints += [Complaint(str(file), one.line, one.column, one.message) for one in doubled]
    extends = layer.get("extends")
    if isinstance(extends, str):
        beside = file.parent / extends
        try:
            for base in find(str(beside) if beside.is_file() else extends):
                if base.resolve() in (*above, file.resolve()):
                    complaints.append(layer.complaint(("extends",), f"extends: {extends} stands on this file itself"))
                else:
                    _add(base, layers, complaints, (*above, file.resolve()))
        except FixtureNotFound as error:
            complaints.append(layer.complaint(("extends",), f"extends: {error}"))
    layers.append(layer)


def _text(file: File) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise FixtureNotFound(f"{file}: {error.strerror}") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise plain_yaml.YamlError("not UTF-8; save the file as UTF-8", line, column) from None


def _read(file: File, text: str) -> tuple[Layer, list[plain_yaml.YamlError]]:
    if file.suffix != ".json":
        data, doubled = plain_yaml.read(text)
        return Layer(str(file), text, data if data is not None else {}), doubled
    # A JSON text is YAML as well, but for tabs; that is how its positions are found.
    as_yaml = text.replace("\t", " ")
    try:
        return Layer(str(file), as_yaml, json.loads(text, object_pairs_hook=_object, parse_constant=_constant)), []
    except json.JSONDecodeError as error:
        raise plain_yaml.YamlError(f"not JSON: {error.msg}", error.lineno, error.colno) from None
    except RecursionError:
        raise plain_yaml.YamlError("nested too deeply", 1, 1) from None
    except ValueError:
        data, doubled = plain_yaml.read(as_yaml)
        return Layer(str(file), as_yaml, data), doubled


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a doubled key, which is looked for with its position")
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
