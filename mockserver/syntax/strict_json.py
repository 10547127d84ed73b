"""Strict JSON reader: plain data, with the same limits as YAML and with all duplicate keys reported."""

import json
from typing import Any, NoReturn

from mockserver.syntax import positions, strict_yaml


def read(text: str) -> tuple[Any, list[strict_yaml.YamlError]]:
    """Return the data and the duplicate keys, like `strict_yaml.read`. Raises YamlError."""
    try:
        data, needs_scan = json.loads(text, object_pairs_hook=_object, parse_constant=_constant), False
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at") if text.strip() else "the file is empty; {} is an empty office"
        raise strict_yaml.YamlError(f"not JSON: {what}", error.lineno, error.colno) from None
    except (RecursionError, ValueError):
        data, needs_scan = None, True
    if needs_scan or _needs_scan(data):
        _, duplicate_keys = positions.json_positions(text)
        return data, duplicate_keys
    return data, []


class _ObjectWithDuplicateKey(dict[str, Any]):
    """An object that has a duplicate key."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        found = _ObjectWithDuplicateKey()
        for name, value in pairs:
            found[name] = strict_yaml.merge_values(found.get(name), value)
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _needs_scan(data: Any) -> bool:
    """Return whether `data` is nested too deeply or has a duplicate key, so that the text must be scanned."""
    level = [data]
    for _ in range(strict_yaml.MAX_DEPTH + 1):
        if any(type(one) is _ObjectWithDuplicateKey for one in level):
            return True
        inner = (one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list))
        level = [part for parts in inner for part in parts if isinstance(part, dict | list)]
        if not level:
            return False
    return True
