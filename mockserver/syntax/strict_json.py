"""Strict JSON reader: plain data, with the same limits as YAML and with all duplicate keys reported."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple, NoReturn

import yaml

from mockserver.syntax.diagnostics import MAX_DIAGNOSTICS, Path, Positions
from mockserver.syntax.reader import MAX_DEPTH, MAX_VALUES, Read, Reader, positions_in
from mockserver.syntax.yaml_events import YamlError, fail
from mockserver.work import checkpoint

_SEPARATORS = ",: \t\r\n"
_SEPARATOR_FORM = r"[,: \t\r\n]"
_NO_VALUE = frozenset(_SEPARATORS + "]}")
# Separators, a bracket, a string (whose end may be missing), a number as `json` reads it, or other text. Each character
# belongs to a token, so that it is read once.
_TOKEN_FORM = (
    r'[][{}]|"[^"\\]*+(?:\\.[^"\\]*+)*+"?'
    r'|-?(?:NaN|Infinity|[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)|[^][{}",: \t\r\n]+'
)
_TOKEN = re.compile(f"{_SEPARATOR_FORM}+|{_TOKEN_FORM}", re.DOTALL)
_NEXT_TOKEN = re.compile(f"{_SEPARATOR_FORM}*+({_TOKEN_FORM})", re.DOTALL)


def read(text: str, max_values: int = MAX_VALUES, max_run: int | None = None) -> Read:
    """Return the data and the duplicate keys, like `strict_yaml.read`. Raises YamlError.

    `max_run` is for `refuse_long_runs`.
    """
    try:
        if max_run is not None:
            refuse_long_runs(text, max_run)
        refuse_many_values(text, max_values)
        data = decode(text)
        duplicates = count_duplicate_keys(data)
        if not duplicates:
            return Read(data, [])
        if duplicates > MAX_DIAGNOSTICS:  # so many that nothing else is shown: the first ones are enough
            found = Reader(_events(text), max_values, max_duplicates=MAX_DIAGNOSTICS).read().duplicate_keys
            return Read(data, found, duplicates - len(found))
    except TooManyValues as error:
        before = text[: error.offset]
        raise YamlError(str(error), before.count("\n") + 1, error.offset - before.rfind("\n")) from None
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at") if text.strip() else "the file is empty; {} is an empty office"
        raise YamlError(f"not JSON: {what}", error.lineno, error.colno) from None
    except ValueError:
        pass  # raised again by the reader, with its position
    return Reader(_events(text), max_values).read()


def positions(text: str, paths: Iterable[Path] | None = None) -> Positions:
    """Return the positions of these values and their keys in a text that `read` accepts, like `strict_yaml`."""
    reader = Reader(())
    reader.events = _events(text, lambda: paths is None or reader.is_wanted())
    return positions_in(reader, paths)


def refuse_many_values(text: str, maximum: int) -> None:
    """Raise TooManyValues if a JSON text has more names and values, before they take memory and time."""
    # Each name and each value follows one of these characters, or begins the text. Some may stand in strings.
    if sum(map(text.count, ",:[{")) < maximum:
        return
    values = 0
    for count, token in enumerate(_TOKEN.finditer(text)):
        if not count % 1000:
            checkpoint()
        values += text[token.start()] not in _NO_VALUE
        if values > maximum:
            raise TooManyValues(f"more than {maximum:,} names and values", token.start())


def refuse_long_runs(text: str, maximum: int) -> None:
    """Raise TooManyValues if a JSON text has more names and values between two objects.

    `json` decodes them in one go, in which no other thread runs.
    """
    offset = 0
    for piece in text.split("{"):
        checkpoint()
        if sum(map(piece.count, ",:[")) > maximum:
            raise TooManyValues(f"more than {maximum:,} names and values without a mapping among them", offset)
        offset += len(piece) + 1


class TooManyValues(ValueError):
    """A text has more names and values than are read. `offset` is the place of the first ones too many."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class ObjectWithDuplicateKey(dict[str, Any]):
    """An object with duplicate keys, of which the last one counts. In `first` the first one does.

    `duplicates` is their number.
    """

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.first = dict(pairs[::-1])
        self.duplicates = len(pairs) - len(self)


def decode(text: str) -> Any:
    """Return the value of a JSON text, in valid text. An object with a duplicate key is an `ObjectWithDuplicateKey`.

    Raises JSONDecodeError, and ValueError for NaN, for an integer of thousands of digits, and beyond MAX_DEPTH levels.
    """
    try:
        # Most texts have no white space around the object; without the search for it this takes two thirds of the time.
        value, end = _DECODER.raw_decode(text) if text.startswith("{") and text.endswith("}") else (None, -1)
        if end != len(text):
            value = _DECODER.decode(text)
    except RecursionError:  # at a depth that depends on that of the call stack
        raise ValueError(_TOO_DEEP) from None
    if text.count("{") + text.count("[") > MAX_DEPTH and len(_levels(value)) > MAX_DEPTH:
        raise ValueError(_TOO_DEEP)
    if "\\u" in text and _SURROGATE_ESCAPE.search(text):
        value = _valid(value)
        for part in chain.from_iterable(_levels(value)):
            _make_valid(part)
    return value


def decode_body(body: bytes) -> Any:
    """Return the value of the JSON in the bytes of a body, like `decode`. Raises ValueError."""
    return decode(body.decode(json.detect_encoding(body)))


def _make_valid(part: dict[str, Any] | list[Any]) -> None:
    """Replace the texts and names with lone surrogates in an object or array by valid ones."""
    if isinstance(part, list):
        part[:] = map(_valid, part)
        return
    pairs = [(_valid(name), _valid(value)) for name, value in part.items()]
    part.clear()
    part.update(pairs)
    if isinstance(part, ObjectWithDuplicateKey):
        part.first = {_valid(name): _valid(value) for name, value in part.first.items()}


def _valid(value: Any) -> Any:
    if isinstance(value, str) and not value.isascii():
        return _SURROGATES.sub(lambda match: "\ufffd" * len(match[0]), value)
    return value


def count_duplicate_keys(value: Any) -> int:
    """Return the number of duplicate keys of all objects in a value that `decode` returned."""
    return sum(part.duplicates for level in _levels(value) for part in level if type(part) is ObjectWithDuplicateKey)


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


_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATES = re.compile("[\ud800-\udfff]+")
_TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"
_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


class _Mark(NamedTuple):
    """The place of an event, counted from 0 as in PyYAML."""

    line: int
    column: int


def _events(text: str, is_wanted: Callable[[], bool] = lambda: True) -> Iterator[Any]:
    """Yield the events that PyYAML would yield, since not all JSON is YAML. Raises YamlError for a number.

    The text must be one that `json` accepts, or rejects for another reason than its syntax. An object or array that is
    not wanted is skipped: one event stands for all of it.
    """
    line = line_start = counted = end = 0
    while match := _NEXT_TOKEN.match(text, end):
        start, end, token = match.start(1), match.end(), match[1]
        breaks = text.count("\n", counted, start)
        if breaks:
            line += breaks
            line_start = text.rindex("\n", counted, start) + 1
        counted = start
        mark: Any = _Mark(line, start - line_start)
        if token in "}]":
            yield (yaml.MappingEndEvent if token == "}" else yaml.SequenceEndEvent)(mark)
        elif token not in "{[":
            is_text = token[0] == '"'
            name = token if not is_text else token[1:-1] if "\\" not in token else _valid(json.loads(token))
            event = yaml.ScalarEvent(None, None, (not is_text, is_text), name, mark)
            if not is_text:
                _check_number(event)
            yield event
        elif is_wanted():
            yield (yaml.MappingStartEvent if token == "{" else yaml.SequenceStartEvent)(None, None, True, mark)
        else:
            end = _DECODER.raw_decode(text, start)[1]
            yield yaml.ScalarEvent(None, None, (False, True), "", mark)


def _check_number(event: Any) -> None:
    digits = event.value.lstrip("-")
    if digits in ("NaN", "Infinity"):
        fail(event, f"not JSON: {event.value} is not a number; put it in quotes or leave it out")
    if digits.isdecimal():
        try:
            int(digits)
        except ValueError:
            fail(event, f"a number of {len(event.value)} digits is too long")
