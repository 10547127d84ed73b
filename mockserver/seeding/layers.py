"""Layers: the fixture files of an office, in the order in which they are merged, with positions for diagnostics."""

from collections.abc import Iterable
from pathlib import Path as File
from typing import Any

from mockserver.seeding.diagnostics import FixtureNotFound, FixtureUnreadable
from mockserver.seeding.locate import find, find_base, is_json
from mockserver.syntax.document import MAX_BYTES, Document, Findings, Unreadable, read_file

MAX_RUN = 250_000
"""The number of names and values in a row in an office that is sent, since more would keep others waiting."""


class Layer(Document):
    """One fixture file."""

    def get(self, table: str) -> Any:
        """Return the value that the file has for a table, or None."""
        return self.data.get(table) if isinstance(self.data, dict) else None


def read_layers(fixtures: Iterable[str]) -> tuple[list[Layer], Findings]:
    """Return the files of `fixtures`, each once and after the file that it extends, and the errors of those that
    failed.

    Raises FixtureNotFound.
    """
    stack = _LayerStack()
    for fixture in fixtures:
        for file in find(fixture):
            stack.add(file)
    return stack.layers, stack.findings


def read_text(text: str) -> tuple[list[Layer], Findings]:
    """Return the one layer of a JSON text without a file, and its errors. It cannot extend a file."""
    layer = Layer("office.json", text, is_json=True, max_run=MAX_RUN)
    try:
        findings = layer.read()
    except Unreadable as error:
        return [], Findings([error.finding])
    extends = layer.get("extends")
    if isinstance(extends, str) and extends:  # the schema reports any other value
        findings.add([layer.finding(("extends",), "extends: only a file can extend another; send the whole office")])
    if layer.get("observed") is not None:
        findings.add([layer.finding(("observed",), "observed: only a file can name others; leave it out")])
        del layer.data["observed"]  # no text from outside opens a file
    return [layer], findings


class _LayerStack:
    """A list of layers with each file once, so that a shared base is not merged over a fixture that extends it."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.findings = Findings()
        self._seen: set[File] = set()
        self._bytes_left = MAX_BYTES

    def add(self, file: File) -> None:
        """Add `file`, after the file that it extends, and the file that that one extends in turn."""
        layers: list[Layer] = []
        chain: dict[File, File] = {}
        last: File | None = file
        while last is not None and last.resolve() not in self._seen:
            self._seen.add(last.resolve())
            layer = self._read(last)
            if layer is None:
                break
            layers.append(layer)
            chain[last.resolve()] = last
            last = self._base(last, layer, chain)
        self.layers += reversed(layers)

    def _base(self, file: File, layer: Layer, chain: dict[File, File]) -> File | None:
        """Return the file that `file` extends. None if there is none, or if it is in the `chain` that leads to it."""
        extends = layer.get("extends")
        if not (isinstance(extends, str) and extends):
            return None
        try:
            base = find_base(file, extends)
            _refuse_cycle(base, chain)
        except FixtureNotFound as error:
            self.findings.add([layer.finding(("extends",), f"extends: {error}")])
            return None
        return base

    def _read(self, file: File) -> Layer | None:
        try:
            text = read_file(file, self._bytes_left)
            layer = Layer(str(file), text, is_json=is_json(file, text))
            self.findings.merge(layer.read())
        except PermissionError as error:
            raise FixtureUnreadable(f"{file}: {error.strerror}") from None
        except OSError as error:
            raise FixtureNotFound(f"{file}: {error.strerror}") from None
        except Unreadable as error:
            self.findings.add([error.finding])
            return None
        self._bytes_left -= min(len(text), self._bytes_left)
        if layer.data is None and not layer.is_json:
            layer.data = {}
        return layer


def _refuse_cycle(base: File, chain: dict[File, File]) -> None:
    """Raise FixtureNotFound if `base` is in the `chain` that leads to it. Files are compared by their real paths."""
    if base.resolve() not in chain:
        return
    names = [file.name for file in chain.values()][list(chain).index(base.resolve()) :]
    raise FixtureNotFound(f"{' extends '.join([*names, base.name])}, in a circle; remove one of them")
