"""Strict JSON reader: plain data, with the same limits as YAML and with all duplicate keys reported."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

import yaml

from mockserver.syntax.diagnostics import Path, Positions
from mockserver.syntax.strict_yaml import MAX_DEPTH, MAX_VALUES, Read, Reader, positions_in
from mockserver.syntax.text import valid_json
from mockserver.syntax.yaml_events import YamlError, fail
from mockserver.work import checkpoint

_SEPARATORS = ",: \t\r\n"
_NO_VALUE = frozenset(_SEPARATORS + "]}")
# Separators, a bracket, a string (whose end may be missing), a number as `json` reads it, or other text. Each character
# belongs to a token, so that it is read once.
_TOKEN = re.compile(
    r'[,: \t\r\n]+|[][{}]|"[^"\\]*+(?:\\.[^"\\]*+)*+"?'
    r'|-?(?:NaN|Infinity|[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)|[^][{}",: \t\r\n]+',
    re.DOTALL,
)


def read(text: str, max_values: int = MAX_VALUES) -> Read:
    """Return the data and the duplicate keys, like `strict_yaml.read`. Raises YamlError."""
    try:
        refuse_many_values(text, max_values)
        data = decode(text)
        if not has_duplicate_key(data):
            return Read(data, [])
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at") if text.strip() else "the file is empty; {} is an empty office"
        raise YamlError(f"not JSON: {what}", error.lineno, error.colno) from None
    except ValueError:
        pass  # raised again by the reader, with its position
    return Reader(_events(text), max_values).read()


def positions(text: str, paths: Iterable[Path] | None = None) -> Positions:
    """Return the positions of these values and their keys in a text that `read` accepts, like `strict_yaml`."""
    return positions_in(_events(text), paths)


def refuse_many_values(text: str, maximum: int) -> None:
    """Raise ValueError for more names and values in a JSON text, before they take memory and time."""
    # Each name and each value follows one of these characters, or begins the text. Some may stand in strings.
    if sum(map(text.count, ",:[{")) < maximum:
        return
    values = 0
    for count, token in enumerate(_TOKEN.finditer(text)):
        if not count % 1000:
            checkpoint()
        values += text[token.start()] not in _NO_VALUE
        if values > maximum:
            raise ValueError(f"more than {maximum:,} names and values")


class ObjectWithDuplicateKey(dict[str, Any]):
    """An object that has a duplicate key, of which the last one counts. In `first` the first one does."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.first = dict(pairs[::-1])


def decode(text: str) -> Any:
    """Return the value of a JSON text, in valid text. An object with a duplicate key is an `ObjectWithDuplicateKey`.

    Raises JSONDecodeError, and ValueError for NaN, for an integer of thousands of digits, and beyond MAX_DEPTH levels.
    """
    text = valid_json(text)
    try:
        # Most texts have no white space around the object; without the search for it this takes two thirds of the time.
        value, end = _DECODER.raw_decode(text) if text.startswith("{") and text.endswith("}") else (None, -1)
        if end != len(text):
            value = _DECODER.decode(text)
    except RecursionError:  # at a depth that depends on that of the call stack
        raise ValueError(_TOO_DEEP) from None
    if text.count("{") + text.count("[") > MAX_DEPTH and len(_levels(value)) > MAX_DEPTH:
        raise ValueError(_TOO_DEEP)
    return value


def decode_body(body: bytes) -> Any:
    """Return the value of the JSON in the bytes of a body, like `decode`. Raises ValueError."""
    return decode(body.decode(json.detect_encoding(body)))


def has_duplicate_key(value: Any) -> bool:
    """Return whether an object in a value that `decode` returned has a duplicate key."""
    return any(type(part) is ObjectWithDuplicateKey for level in _levels(value) for part in level)


def _levels(value: Any) -> list[list[Any]]:
    """Return the objects and arrays in `value`, by their depth. Those that are nested deeper than MAX_DEPTH are one."""
    levels: list[list[Any]] = []
    level = [value] if isinstance(value, dict | list) else []
    while level and len(levels) <= MAX_DEPTH:
        levels.append(level)
        inner = (part.values() if isinstance(part, dict) else part for part in level)
        level = [part for parts in inner for part in parts if isinstance(part, dict | list)]
    return levels


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    return value if len(value) == len(pairs) else ObjectWithDuplicateKey(pairs)


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"
_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


def _events(text: str) -> Iterator[Any]:
    """Yield the events that PyYAML would yield, since not all JSON is YAML. Raises YamlError for a number.

    The text must be one that `json` accepts, or rejects for another reason than its syntax.
    """
    text = valid_json(text)
    line, line_start = 0, 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token[0] in _SEPARATORS:
            breaks = token.count("\n")
            if breaks:
                line += breaks
                line_start = match.start() + token.rindex("\n") + 1
            continue
        mark = yaml.Mark("", match.start(), line, match.start() - line_start, None, 0)
        if token in "{[":
            yield (yaml.MappingStartEvent if token == "{" else yaml.SequenceStartEvent)(None, None, True, mark)
        elif token in "}]":
            yield (yaml.MappingEndEvent if token == "}" else yaml.SequenceEndEvent)(mark)
        elif token[0] == '"':
            yield yaml.ScalarEvent(None, None, (False, True), json.loads(token), mark)
        else:
            event = yaml.ScalarEvent(None, None, (True, False), token, mark)
            _check_number(event)
            yield event


def _check_number(event: Any) -> None:
    digits = event.value.lstrip("-")
    if digits in ("NaN", "Infinity"):
        fail(event, f"not JSON: {event.value} is not a number; put it in quotes or leave it out")
    if digits.isdecimal():
        try:
            int(digits)
        except ValueError:
            fail(event, f"a number of {len(event.value)} digits is too long")
