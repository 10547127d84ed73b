"""Reader: plain data and positions from the events of a document, YAML or JSON, within limits."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

import yaml

from mockserver.syntax.diagnostics import KEY, MAX_DIAGNOSTICS, Path, Positions
from mockserver.syntax.yaml_events import YamlError, fail, position, scalar
from mockserver.work import checkpoint

MAX_DEPTH = 64
MAX_VALUES = 4_000_000
"""The number of names and values in a document."""
_MAX_ALIASED_VALUES = 1_000_000
_MAX_ALIASED_CHARACTERS = 32_000_000

_NO_KEY: Any = object()
_MERGE: Any = object()


class Read(NamedTuple):
    """A document: its data, its first duplicate keys, and the number of the others (`more`)."""

    data: Any
    duplicate_keys: list[YamlError]
    more: int = 0


def positions_in(reader: "Reader", paths: Iterable[Path] | None) -> Positions:
    """Return the positions of what `reader` reads: of a duplicate key, those of the values that it returns."""
    reader.positions = {}
    if paths is not None:
        reader.wanted = {
            part for path in paths for part in ((*path, KEY), *(path[:end] for end in range(len(path) + 1)))
        }
    reader.read()
    return reader.positions


class _Collection:
    """A mapping or list that is still being read, with the number of its values (`size`) and levels (`height`).

    `length` is the number of characters in it. `joined` are the keys under which it has the rows of several lists.
    `first` is the index of the first row of a list: the second list under a duplicate key continues the first one.
    """

    __slots__ = ("event", "first", "height", "joined", "key", "key_event", "length", "merged", "node", "size")

    def __init__(self, node: Any, event: Any, first: int = 0) -> None:
        self.node = node
        self.first = first
        self.event = self.key_event = event
        self.key: Any = _NO_KEY
        self.merged: set[str] | None = None
        self.joined: set[str] | None = None
        self.size = self.height = 1
        self.length = 0

    @property
    def step(self) -> str | int:
        """Return the last step of the path to the value that is read next."""
        name: str = self.key_event.value if isinstance(self.node, dict) else ""
        return name if isinstance(self.node, dict) else self.first + len(self.node)


class Reader:
    """A reader of YAML events. It collects the `positions` of `wanted` paths if it is asked for them.

    It ends at `max_duplicates` duplicate keys, if that is given.
    """

    def __init__(
        self, events: Iterable[Any], max_values: int = MAX_VALUES, *, max_duplicates: int | None = None
    ) -> None:
        self.events = events
        self._max_duplicates = max_duplicates
        self._max_values = max_values
        self._stack: list[_Collection] = []
        self._anchors: dict[str, tuple[Any, int, int, int]] = {}
        self._values = self._aliased = self._aliased_length = 0
        self._result: Any = None
        self._duplicate_keys: list[YamlError] = []
        self._more = 0
        self.positions: Positions | None = None
        self.wanted: Collection[Path] | None = None

    def read(self) -> Read:
        """Return the data and the duplicate keys. Raises YamlError."""
        documents = 0
        for count, event in enumerate(self.events):
            if not count % 1000:
                checkpoint()
            if len(self._duplicate_keys) == self._max_duplicates:
                break
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
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
        return Read(self._result, self._duplicate_keys, self._more)

    def _scalar(self, event: Any) -> None:
        value = scalar(event)
        if event.anchor:
            self._anchors[event.anchor] = (value, 1, len(event.value), 0)
        top = self._stack[-1] if self._stack else None
        if top is not None and top.key is _NO_KEY and isinstance(top.node, dict):
            top.key = _MERGE if event.value == "<<" and event.implicit[0] else event.value
            top.key_event = event
            self._note(event, KEY)
        else:
            self._note(event)
            self._add(value, 1, len(event.value), 0)

    def _open(self, event: Any) -> None:
        if event.tag is not None:
            fail(event, f"the tag {event.tag} is not used here; leave it out")
        if len(self._stack) >= MAX_DEPTH:
            fail(event, f"nested deeper than {MAX_DEPTH} levels")
        self._refuse_as_key(event)
        self._note(event)
        if isinstance(event, yaml.MappingStartEvent):
            self._stack.append(_Collection({}, event))
        else:
            before = self._value_before()
            self._stack.append(_Collection([], event, len(before) if isinstance(before, list) else 0))

    def _close(self) -> None:
        done = self._stack.pop()
        if done.event.anchor:
            self._anchors[done.event.anchor] = (done.node, done.size, done.length, done.height)
        self._add(done.node, done.size, done.length, done.height)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            fail(event, f"the alias *{event.anchor} has no anchor; put &{event.anchor} before it")
        value, size, length, height = self._anchors[event.anchor]
        self._aliased += size
        self._aliased_length += length
        if self._aliased > _MAX_ALIASED_VALUES:
            fail(event, f"aliases repeat more than {_MAX_ALIASED_VALUES} values")
        if self._aliased_length > _MAX_ALIASED_CHARACTERS:
            fail(event, f"aliases repeat more than {_MAX_ALIASED_CHARACTERS:,} characters")
        if len(self._stack) + height > MAX_DEPTH:
            fail(event, f"nested deeper than {MAX_DEPTH} levels")
        self._refuse_as_key(event)
        self._note(event)
        self._add(value, size, length, height)

    def is_wanted(self) -> bool:
        """Return whether the position of the next value is wanted, or one in it."""
        return self.wanted is None or tuple(part.step for part in self._stack) in self.wanted

    def _refuse_as_key(self, event: Any) -> None:
        if self._stack and self._stack[-1].key is _NO_KEY and isinstance(self._stack[-1].node, dict):
            fail(event, "a key must be a name, not a list, a mapping or an alias")

    def _note(self, event: Any, *last: str) -> None:
        """Count a name or a value, and note its position."""
        self._values += 1
        if self._values > self._max_values:
            fail(event, f"more than {self._max_values:,} names and values")
        if self.positions is not None:
            path = (*(part.step for part in self._stack), *last)
            if self.wanted is None or path in self.wanted:
                self.positions[path] = position(event)

    def _add(self, value: Any, size: int, length: int, height: int) -> None:
        if not self._stack:
            self._result = value
            return
        top = self._stack[-1]
        top.size += size
        top.length += length
        top.height = max(top.height, height + 1)
        if isinstance(top.node, list):
            top.node.append(value)
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
            self._note_duplicate(top.key_event)
            self._put_again(top, value)

    def _put_again(self, top: _Collection, value: Any) -> None:
        before = top.node[top.key]
        if not (isinstance(before, list) and isinstance(value, list)):
            top.node[top.key] = value
        elif top.joined and top.key in top.joined:
            before += value
        else:  # a new list, since an alias may stand for either of the two
            top.node[top.key] = before + value
            top.joined = {*(top.joined or ()), top.key}

    def _note_duplicate(self, event: Any) -> None:
        """Note a duplicate key at the position of the second one."""
        if len(self._duplicate_keys) < MAX_DIAGNOSTICS:
            what = f"the key {event.value} is here twice; remove one"
            self._duplicate_keys.append(YamlError(what, *position(event)))
        else:
            self._more += 1

    def _value_before(self) -> Any:
        """Return the value that the present key has already, if it is a duplicate."""
        top = self._stack[-1] if self._stack else None
        if top is None or isinstance(top.node, list) or top.key in (top.merged or ()):
            return None
        return top.node.get(top.key)

    def _merge(self, top: _Collection, value: Any) -> None:
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, dict) for part in parts):
            fail(top.key_event, "<< takes a mapping or a list of mappings")
        if top.merged is not None:
            self._note_duplicate(top.key_event)
        top.merged = top.merged or set()
        for part in parts:
            new = part.keys() - top.node.keys()
            top.merged |= new
            top.node.update((key, part[key]) for key in part if key in new)
