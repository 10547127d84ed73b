"""Where in a YAML (or JSON) text each value stands; asked only once something is wrong with it."""

import yaml

from mockserver.plain_yaml import events, position, scalar

Path = tuple[str | int, ...]
Position = tuple[int, int]

KEY = "\0key"


def positions(text: str) -> dict[Path, Position]:
    """Where each value of `text` begins, and, under its path and `KEY`, each key.

    Only to be called on a text that `load` has read.
    """
    found: dict[Path, Position] = {}
    path: list[str | int] = []
    kinds: list[bool] = []  # True: a mapping
    keys: list[str | None] = []
    for event in events(text):
        start = isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent)
        if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            kinds.pop()
            keys.pop()
            path.pop()
        elif start or isinstance(event, yaml.ScalarEvent | yaml.AliasEvent):
            if kinds and kinds[-1] and keys[-1] is None:
                name = "<<" if isinstance(event, yaml.AliasEvent) else str(scalar(event))
                keys[-1], path[-1] = name, name
                found.setdefault((*path, KEY), position(event))
                continue
            if kinds and not kinds[-1]:
                path[-1] = int(path[-1]) + 1
            elif kinds:
                keys[-1] = None
            found.setdefault(tuple(path), position(event))
            if start:
                kinds.append(isinstance(event, yaml.MappingStartEvent))
                keys.append(None)
                path.append(-1)
    return found


def nearest(found: dict[Path, Position], path: Path, *, key: bool = False) -> Position:
    """The position of `path` (of its key, where asked), or of what holds it where it has none of its own."""
    if key and (*path, KEY) in found:
        return found[*path, KEY]
    while path and path not in found:
        path = path[:-1]
    return found.get(path, (1, 1))
