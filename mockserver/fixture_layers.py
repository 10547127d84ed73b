"""Fixture files as they lie over each other: read, and able to say where in them a thing stands."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path as File
from typing import Any

from mockserver import plain_json, plain_yaml, yaml_positions
from mockserver.complaints import Complaint, FixtureNotFound, Source
from mockserver.fixture_find import find, find_base, is_json


class Layer:
    """One file. Positions are looked up only once there is something to complain of.

    `doubled` are keys that stand twice in it.
    """

    def __init__(self, source: Source, data: Any, doubled: Iterable[plain_yaml.YamlError] = ()) -> None:
        self.data = data
        self.doubled = [source.complaint(one.line, one.column, one.message) for one in doubled]
        self._source = source

    @property
    def file(self) -> str:
        """What the file is called."""
        return self._source.file

    def get(self, table: str) -> Any:
        """What the file says under that name, if anything."""
        return self.data.get(table) if isinstance(self.data, dict) else None

    def complaint(
        self, path: yaml_positions.Path, message: str, *, key: bool = False, is_warning: bool = False
    ) -> Complaint:
        """`message` with the place of the value at `path`, or of its key."""
        line, column = yaml_positions.nearest(self._positions, path, key=key)
        return self._source.complaint(line, column, message, is_warning=is_warning)

    def where(self, path: yaml_positions.Path) -> str:
        """The place of the value at `path` as another file's complaint names it."""
        line, column = yaml_positions.nearest(self._positions, path)
        return f"{self.file}:{line}:{column}"

    @cached_property
    def _positions(self) -> dict[yaml_positions.Path, yaml_positions.Position]:
        if is_json(self.file):
            return yaml_positions.json_positions(self._source.text)[0]
        return yaml_positions.positions(self._source.text)


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
    source = Source("office.json", text)
    try:
        layer = Layer(source, *plain_json.read(text))
    except plain_yaml.YamlError as error:
        return [], [source.complaint(error.line, error.column, error.message)]
    if layer.get("extends") is None:
        return [layer], []
    return [layer], [layer.complaint(("extends",), "extends: only a file can extend another; send the whole office")]


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
        layer = self._read(file)
        if layer is None:
            return
        extends = layer.get("extends")
        if isinstance(extends, str) and extends:
            try:
                self._extend(file, extends, (*above, file))
            except FixtureNotFound as error:
                self.complaints.append(layer.complaint(("extends",), f"extends: {error}"))
        self.layers.append(layer)

    def _extend(self, file: File, extends: str, above: tuple[File, ...]) -> None:
        base = find_base(file, extends)
        circle = [one.resolve() for one in above]
        if base.resolve() in circle:
            names = [one.name for one in (*above[circle.index(base.resolve()) :], base)]
            raise FixtureNotFound(f"{' extends '.join(names)}, in a circle; remove one of them")
        self.add(base, above)

    def _read(self, file: File) -> Layer | None:
        try:
            raw = file.read_bytes()
        except OSError as error:  # pragma: no cover  # gone, or closed to us, since it was found
            raise FixtureNotFound(f"{file}: {error.strerror}") from None
        source = Source(str(file), raw.decode("utf-8-sig", errors="replace"))
        try:
            text = raw.decode("utf-8-sig")
            data, doubled = plain_json.read(text) if is_json(file) else plain_yaml.read(text)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode()
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            self.complaints.append(source.complaint(line, column, "not UTF-8; save the file as UTF-8"))
        except plain_yaml.YamlError as error:
            self.complaints.append(source.complaint(error.line, error.column, error.message))
        else:
            return Layer(source, {} if data is None and not is_json(file) else data, doubled)
        return None
