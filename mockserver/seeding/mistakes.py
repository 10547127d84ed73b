"""Mistakes: values that the schema refuses and misspelt names, for the checks that come after the schema."""

import re
from collections.abc import Mapping
from typing import Any

from mockserver.seeding.layers import Layer
from mockserver.syntax.diagnostics import Path

_NUMERAL = re.compile("-?[0-9]{1,19}")


class Mistakes:
    """The schema's errors in all layers, by the path of each value.

    One mistake must not hide another, nor cause a diagnostic that disappears when it is corrected. So a misspelt name
    is read as the known one, unless its value must be valid, and an invalid value is not validated again.
    """

    def __init__(self) -> None:
        self._invalid: set[tuple[Layer, Path]] = set()
        self._corrected_names: dict[tuple[Layer, Path], str] = {}

    def note_invalid(self, layer: Layer, path: Path) -> None:
        """Note that the schema refuses the value at `path`."""
        self._invalid.add((layer, path))

    def note_misspelling(self, layer: Layer, path: Path, name: str) -> None:
        """Note that the last step of `path` is not known, and that `name` was meant."""
        self._corrected_names[layer, path] = name

    def is_invalid(self, layer: Layer, path: Path) -> bool:
        """Return whether the schema refuses the value at `path`."""
        return (layer, path) in self._invalid

    def corrected_name(self, layer: Layer, path: Path) -> Any:
        """Return the last step of `path`, or the known name that it is a misspelling of."""
        return self._corrected_names.get((layer, path), path[-1])

    def read(self, layer: Layer, path: Path, given: dict[str, Any]) -> dict[str, Any]:
        """Return the mapping at `path` with corrected names."""
        if not self._corrected_names:
            return given
        return {self.corrected_name(layer, (*path, name)): value for name, value in given.items()}

    def readable(self, layer: Layer, path: Path, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the valid part of the mapping at `path`, and of the mappings in it."""
        return {
            name: self.readable(layer, (*path, name), value) if isinstance(value, dict) else value
            for name, value in given.items()
            if (layer, (*path, name)) not in self._invalid and (layer, (*path, name)) not in self._corrected_names
        }


def as_whole_number(value: object) -> int | None:
    """Return the whole number that `value` is or was meant to be (7, "7" or 7.0), or None."""
    if type(value) is int:
        return value
    if isinstance(value, str) and _NUMERAL.fullmatch(value):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None
