"""Strict YAML reader: plain data only, without tags, duplicate keys, implicit conversions or unbounded aliases.

It is built on PyYAML's events instead of its loaders. The loaders turn `no` into False and a DateTime into an object,
keep the last of two equal keys without an error, and crash the process on deep nesting. One pass over the events is
also four times faster than the C loader. Scalars follow the core schema of YAML 1.2. Numbers are decimal, and a key is
always text.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NoReturn

import yaml

MAX_DEPTH = 64
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CONSTANTS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INTEGER = re.compile(r"[-+]?[0-9]{1,100}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?")
_MAX_ALIASED_VALUES = 1_000_000
# Compiled only when it is used: that takes 5 ms.
_UNREADABLE = r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_COLON_MESSAGE = (
    "': ' cannot stand here; put text that holds one in quotes, and begin the keys of a mapping in one column"
)


class YamlError(Exception):
    """A text cannot be read; `line` and `column` are counted from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


_NO_KEY: Any = object()
_MERGE: Any = object()


class _Collection:
    """A mapping or list that is still being read, with the number of its values (`size`)

    and of its levels (`height`).
    """

    __slots__ = ("event", "height", "key", "key_event", "merged", "node", "size")

    def __init__(self, node: Any, event: Any) -> None:
        self.node = node
        self.event = self.key_event = event
        self.key: Any = _NO_KEY
        self.merged: set[str] | None = None
        self.size = self.height = 1


def load(text: str) -> Any:
    """Return the one document in `text`: dict, list, str, int, float, bool or None. Raises YamlError."""
    value, duplicate_keys = read(text)
    for error in duplicate_keys:
        raise error
    return value


def read(text: str) -> tuple[Any, list[YamlError]]:
    """Return the document and its duplicate keys.

    Like `load`, but a duplicate key is not raised; see `merge_values`.
    """
    reader = _Reader(text)
    return reader.read(), reader.duplicate_keys


def merge_values(before: Any, value: Any) -> Any:
    """Return the value of a duplicate key: the last one, or the rows of both lists, so that all are validated."""
    return before + value if isinstance(before, list) and isinstance(value, list) else value


def duplicate_key_error(name: str, line: int, column: int) -> YamlError:
    """Return the error for a duplicate key, at the position of the second one."""
    return YamlError(f"the key {name} is here twice; remove one", line, column)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._stack: list[_Collection] = []
        self._anchors: dict[str, tuple[Any, int, int]] = {}
        self._aliased = 0
        self._result: Any = None
        self.duplicate_keys: list[YamlError] = []

    def read(self) -> Any:
        documents = 0
        for event in events(self._text):
            if isinstance(event, yaml.ScalarEvent):
                value = scalar(event)
                if event.anchor:
                    self._anchors[event.anchor] = (value, 1, 0)
                self._add(value, event, 1, 0)
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self._open(event)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self._close()
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
        if len(self._stack) >= MAX_DEPTH:
            fail(event, f"nested deeper than {MAX_DEPTH} levels")
        self._stack.append(_Collection({} if isinstance(event, yaml.MappingStartEvent) else [], event))

    def _close(self) -> None:
        done = self._stack.pop()
        if done.event.anchor:
            self._anchors[done.event.anchor] = (done.node, done.size, done.height)
        self._add(done.node, done.event, done.size, done.height)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            fail(event, f"the alias *{event.anchor} has no anchor; put &{event.anchor} before it")
        value, size, height = self._anchors[event.anchor]
        self._aliased += size
        if self._aliased > _MAX_ALIASED_VALUES:
            fail(event, f"aliases repeat more than {_MAX_ALIASED_VALUES} values")
        if len(self._stack) + height > MAX_DEPTH:
            fail(event, f"nested deeper than {MAX_DEPTH} levels")
        self._add(value, event, size, height)

    def _add(self, value: Any, event: Any, size: int, height: int) -> None:
        if not self._stack:
            self._result = value
            return
        top = self._stack[-1]
        top.size += size
        top.height = max(top.height, height + 1)
        if isinstance(top.node, list):
            top.node.append(value)
        elif top.key is _NO_KEY:
            if not isinstance(event, yaml.ScalarEvent):
                fail(event, "a key must be a name, not a list, a mapping or an alias")
            top.key = _MERGE if event.value == "<<" and event.implicit[0] else event.value
            top.key_event = event
        else:
            self._put(top, value)
            top.key = _NO_KEY

    def _put(self, top: _Collection, value: Any) -> None:
        if top.key is _MERGE:
            self._merge(top, value)
        elif top.key not in top.node:
            top.node[top.key] = value
        elif top.merged and top.key in top.merged:
            top.merged.remove(top.key)
            top.node[top.key] = value
        else:
            self.duplicate_keys.append(duplicate_key_error(top.key, *position(top.key_event)))
            top.node[top.key] = merge_values(top.node[top.key], value)

    def _merge(self, top: _Collection, value: Any) -> None:
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, dict) for part in parts):
            fail(top.key_event, "<< takes a mapping or a list of mappings")
        if top.merged is not None:
            self.duplicate_keys.append(duplicate_key_error("<<", *position(top.key_event)))
        top.merged = top.merged or set()
        for part in parts:
            new = part.keys() - top.node.keys()
            top.merged |= new
            top.node.update((key, part[key]) for key in part if key in new)


def events(text: str) -> Iterator[Any]:
    """Yield PyYAML's events. Raises YamlError in the place of PyYAML's own errors."""
    seen = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            yield event
            seen += 1
    except yaml.MarkedYAMLError as error:
        if "maximum nesting depth" not in (error.problem or ""):
            raise _parse_error(text, error) from None
        # libyaml reads ahead, since 0.2.6 up to its own limit of 1,000 levels. PyYAML's parser reaches our limit first.
        yield from islice(yaml.parse(text, Loader=yaml.SafeLoader), seen, None)
    except (yaml.reader.ReaderError, ValueError) as error:  # ValueError: a lone surrogate, which UTF-8 cannot encode
        found = re.search(_UNREADABLE, text)
        if found is None:  # pragma: no cover  # for later releases of PyYAML, whose reader may reject more
            raise YamlError(f"not YAML: {error}", 1, 1) from None
        before = text[: found.start()]
        what = f"the character U+{ord(found[0]):04X} cannot stand in YAML; remove it"
        raise YamlError(what, before.count("\n") + 1, len(before) - before.rfind("\n")) from None


def _parse_error(text: str, error: Any) -> YamlError:
    mark = error.problem_mark or error.context_mark
    problem = error.problem or ""
    what = "not YAML: " + ", ".join(part for part in (error.context, problem) if part)
    if "cannot start any token" in problem:
        begins = text[mark.index : mark.index + 1]
        tab = begins == "\t"
        what = "a tab cannot stand here; indent with spaces" if tab else f"text that begins with {begins} needs quotes"
    elif "mapping values are not allowed" in problem:
        what = _COLON_MESSAGE
    elif "unexpected end of stream" in problem and error.context_mark:
        mark, what = error.context_mark, "the text in quotes that begins here has no end"
    return YamlError(what, mark.line + 1, mark.column + 1) if mark else YamlError(what, 1, 1)


def scalar(event: Any) -> Any:
    """Return the value of a scalar event."""
    text: str = event.value
    if event.tag not in (None, "!"):
        fail(event, f"the tag {event.tag} is not used here; leave it out")
    if event.tag == "!" or not event.implicit[0]:
        return text
    if text in CONSTANTS:
        return CONSTANTS[text]
    if text[0] in "0123456789-+.":
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
    return text


def position(event: Any) -> tuple[int, int]:
    """Return the line and column, counted from 1, at which an event begins."""
    return event.start_mark.line + 1, event.start_mark.column + 1


def fail(event: Any, message: str) -> NoReturn:
    """Raise a YamlError at the position of `event`."""
    line, column = position(event)
    raise YamlError(message, line, column)
