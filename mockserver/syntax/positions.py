"""Position finder: lines and columns of the values in YAML and JSON texts, looked up only for error messages."""

import json
import re
from collections.abc import Iterator

import yaml

from mockserver.syntax.strict_yaml import MAX_DEPTH, YamlError, duplicate_key_error, events, position

Path = tuple[str | int, ...]
Position = tuple[int, int]

KEY = "\0key"
# Exact, because `json` stops at NaN, and any text may follow.
_JSON_TOKEN = re.compile(
    r'"[^"\\]*(?:\\.[^"\\]*)*"|[][{}:,]|true|false|null'
    r"|-?(?:NaN|Infinity|[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)"
)


class _PositionTracker:
    """Positions of the values of a text, collected while the text is read from start to end.

    For a duplicate key the last value counts. Rows of a second list are numbered after those of the first.
    """

    def __init__(self) -> None:
        self.found: dict[Path, Position] = {}
        self._path: list[str | int] = []
        self._at_key: list[bool | None] = []  # None: a list, which has no keys
        self._lengths: dict[Path, int] = {}

    @property
    def at_key(self) -> bool:
        """Return whether the next token is the key of a mapping."""
        return bool(self._at_key and self._at_key[-1])

    def key(self, name: str, where: Position) -> None:
        self._path[-1], self._at_key[-1] = name, False
        self.found[*self._path, KEY] = where

    def value(self, where: Position) -> None:
        if self._at_key:
            last = self._path[-1]
            if isinstance(last, int):
                self._path[-1] = last + 1
            else:
                self._at_key[-1] = True
        self.found[tuple(self._path)] = where

    def open(self, where: Position, *, mapping: bool) -> None:
        self.value(where)
        self._path.append("" if mapping else self._lengths.get(tuple(self._path), 0) - 1)
        self._at_key.append(True if mapping else None)

    def close(self) -> None:
        self._at_key.pop()
        last = self._path.pop()
        if isinstance(last, int):
            self._lengths[tuple(self._path)] = last + 1


def positions(text: str) -> dict[Path, Position]:
    """Return the position of each value of a YAML text, and of each key under its path and `KEY`.

    The text must be one that `strict_yaml.read` accepts.
    """
    tracker = _PositionTracker()
    for event in events(text):
        if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            tracker.close()
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            tracker.open(position(event), mapping=isinstance(event, yaml.MappingStartEvent))
        elif isinstance(event, yaml.ScalarEvent) and tracker.at_key:
            tracker.key(event.value, position(event))
        elif isinstance(event, yaml.ScalarEvent | yaml.AliasEvent):
            tracker.value(position(event))
    return tracker.found


def json_positions(text: str) -> tuple[dict[Path, Position], list[YamlError]]:
    """Return the position of each value and key of a JSON text, and its duplicate keys.

    The text must be one that `json` accepts, or rejects for another reason than its syntax. Raises YamlError if it is
    nested too deeply or contains an invalid number.
    """
    tracker = _PositionTracker()
    names: list[set[str]] = []
    duplicate_keys: list[YamlError] = []
    for token, where in _json_tokens(text):
        if token in "{[":
            if len(names) >= MAX_DEPTH:
                raise YamlError(f"nested deeper than {MAX_DEPTH} levels", *where)
            tracker.open(where, mapping=token == "{")
            names.append(set())
        elif token in "}]":
            tracker.close()
            names.pop()
        elif tracker.at_key:
            name = json.loads(token)
            if name in names[-1]:
                duplicate_keys.append(duplicate_key_error(name, *where))
            names[-1].add(name)
            tracker.key(name, where)
        else:
            _check_number(token, where)
            tracker.value(where)
    return tracker.found, duplicate_keys


def _json_tokens(text: str) -> Iterator[tuple[str, Position]]:
    line, line_start, end = 1, 0, 0
    for match in _JSON_TOKEN.finditer(text):
        breaks = text.count("\n", end, match.start())
        if breaks:
            line += breaks
            line_start = text.rindex("\n", end, match.start()) + 1
        end = match.end()
        if match[0] not in ":,":
            yield match[0], (line, match.start() - line_start + 1)


def _check_number(token: str, where: Position) -> None:
    if token.lstrip("-") in ("NaN", "Infinity"):
        raise YamlError(f"not JSON: {token} is not a number; put it in quotes or leave it out", *where)
    if token.lstrip("-").isdecimal():
        try:
            int(token)
        except ValueError:
            raise YamlError(f"a number of {len(token)} digits is too long", *where) from None


def nearest(found: dict[Path, Position], path: Path, *, key: bool = False) -> Position:
    """Return the position of `path` (of its key if `key`), or of the nearest value that contains it."""
    if key and (*path, KEY) in found:
        return found[*path, KEY]
    while path and path not in found:
        path = path[:-1]
    return found.get(path, (1, 1))
