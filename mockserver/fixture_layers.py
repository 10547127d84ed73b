"""Fixture files as they lie over each other: found, read, and able to say where in them a thing stands."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path as File
from typing import Any, NoReturn

from mockserver import plain_yaml, yaml_positions
from mockserver.assets import shipped
from mockserver.wording import listed, nearly, shown

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
    doubled: list[plain_yaml.YamlError] = field(default_factory=list)

    def get(self, table: str) -> Any:
        """What the file says under that name, if anything."""
        return self.data.get(table) if isinstance(self.data, dict) else None

    def complaint(self, path: yaml_positions.Path, message: str, *, key: bool = False) -> Complaint:
        """`message` with the place of the value at `path`, or of its key."""
        return Complaint(self.file, *yaml_positions.nearest(self._positions, path, key=key), message)

    @cached_property
    def _positions(self) -> dict[yaml_positions.Path, yaml_positions.Position]:
        if _is_json(File(self.file)):
            return yaml_positions.json_positions(self.text)[0]
        return yaml_positions.positions(self.text)


def read_layers(fixtures: Iterable[str]) -> tuple[list[Layer], list[Complaint]]:
    """The files that `fixtures` name, each after what it extends and once, and why others are not among them.

    Raises FixtureNotFound.
    """
    pile = _Pile()
    for fixture in fixtures:
        for file in find(fixture):
            pile.add(file)
    return pile.layers, pile.complaints


def read_text(text: str) -> tuple[list[Layer], list[Complaint]]:
    """The same of a JSON text that is no file; it cannot extend one, since no text may name files."""
    name = "office.json"
    try:
        layer = Layer(name, text, *_read_json(text))
    except plain_yaml.YamlError as error:
        return [], [Complaint(name, error.line, error.column, error.message)]
    if layer.get("extends") is None:
        return [layer], []
    return [layer], [layer.complaint(("extends",), "extends: only a file can extend another; send the whole office")]


def find(fixture: str) -> list[File]:
    """The files that a shipped name, a file or a folder stands for. Raises FixtureNotFound."""
    path = File(fixture)
    try:
        if fixture and path.is_dir():
            files = sorted(_files(path))
            if not files:
                raise FixtureNotFound(f"{fixture}: no {', '.join(_SUFFIXES)} file in this folder")
            return files
        if path.is_file():
            return [path]
        names = _shipped()
        if fixture in names:
            return [names[fixture]]
        close = _nearly(fixture, path.parent)
    except OSError as error:
        raise FixtureNotFound(f"{fixture}: {error.strerror}") from None
    raise FixtureNotFound(f"{fixture or repr(fixture)}: no such file or folder, and no shipped office{close}")


def _files(folder: File) -> Iterator[File]:
    return (one for one in folder.iterdir() if one.suffix.lower() in _SUFFIXES and one.is_file())


def _shipped() -> dict[str, File]:
    return {one.stem: one for one in sorted(shipped("fixtures").glob("*.yaml"))}


def _nearly(name: str, folder: File, *, but: str = "") -> str:
    names = {name: name for name in _shipped()}
    if folder.is_dir():
        names |= {one.stem: str(File(name).parent / one.name) for one in _files(folder) if one.name != but}
    close = nearly(File(name).stem, names)
    return f"; did you mean {names[close]}?" if close else f"; shipped are {listed(_shipped())}"


class _Pile:
    """Layers, each file among them once, so that a base that two of them share does not cover the first again."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.complaints: list[Complaint] = []
        self._seen: set[File] = set()

    def add(self, file: File, above: tuple[File, ...] = ()) -> None:
        """Put `file` on top, after what it extends. `above` are the files that extend it."""
        if file.resolve() in self._seen:
            return
        self._seen.add(file.resolve())
        try:
            layer = _read(file)
        except plain_yaml.YamlError as error:
            self.complaints.append(Complaint(str(file), error.line, error.column, error.message))
            return
        extends = layer.get("extends")
        if isinstance(extends, str) and extends:
            try:
                self._extend(file, extends, (*above, file))
            except FixtureNotFound as error:
                self.complaints.append(layer.complaint(("extends",), f"extends: {error}"))
        self.layers.append(layer)

    def _extend(self, file: File, extends: str, above: tuple[File, ...]) -> None:
        base = _base(file, extends)
        circle = [one.resolve() for one in above]
        if base.resolve() in circle:
            names = [one.name for one in (*above[circle.index(base.resolve()) :], base)]
            raise FixtureNotFound(f"{' extends '.join(names)}, in a circle; remove one of them")
        self.add(base, above)


def _base(file: File, extends: str) -> File:
    beside = file.parent / extends
    names = _shipped()
    try:
        if beside.is_file():
            return beside
        if extends in names:
            return names[extends]
        close = _nearly(extends, beside.parent, but=file.name)
    except OSError as error:
        raise FixtureNotFound(f"{shown(extends)}: {error.strerror}") from None
    raise FixtureNotFound(f"{extends} is no file beside this one and no shipped office{close}")


def _read(file: File) -> Layer:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise FixtureNotFound(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise plain_yaml.YamlError("not UTF-8; save the file as UTF-8", line, column) from None
    data, doubled = _read_json(text) if _is_json(file) else plain_yaml.read(text)
    return Layer(str(file), text, {} if data is None and not _is_json(file) else data, doubled)


def _is_json(file: File) -> bool:
    return file.suffix.lower() == ".json"


def _read_json(text: str) -> tuple[Any, list[plain_yaml.YamlError]]:
    try:
        data, odd = json.loads(text, object_pairs_hook=_object, parse_constant=_constant), False
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at") if text.strip() else "the file is empty; {} is an empty office"
        raise plain_yaml.YamlError(f"not JSON: {what}", error.lineno, error.colno) from None
    except (RecursionError, ValueError):
        data, odd = None, True
    if odd or _is_odd(data):
        _, doubled = yaml_positions.json_positions(text)
        return data, doubled
    return data, []


class _Doubled(dict[str, Any]):
    """An object in which a key stood twice."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        found = _Doubled()
        for name, value in pairs:
            found[name] = plain_yaml.joined(found.get(name), value)
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _is_odd(data: Any) -> bool:
    """Whether `data` is deeper than YAML may be, or has a doubled key; then it is worth a slow look."""
    level = [data]
    for _ in range(plain_yaml.DEEPEST + 1):
        if any(type(one) is _Doubled for one in level):
            return True
        inner = (one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list))
        level = [part for parts in inner for part in parts if isinstance(part, dict | list)]
        if not level:
            return False
    return True
