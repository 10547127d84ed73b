"""YAML writer: plain data on one line, which `strict_yaml` reads as the same data."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.syntax.yaml_events import CONSTANTS

# Texts that never need quotes: words, and the vendor's DateTimes.
_PLAIN = re.compile(r"[A-Za-z](?:[\w .()/+-]*[\w.()/+-])?|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.A)
# Characters that JSON does not escape, but that YAML forbids or takes for a line break.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_MAX_SIMPLE_KEY_LENGTH = 100


def flow(value: Any) -> str:
    """Return `value` in flow style: `{ClaimNum: 15, Note: "a: b"}`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(_pair(key, inner) for key, inner in value.items()) + "}"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(flow, value)) + "]"
    return json.dumps(value)


def _pair(key: str, value: Any) -> str:
    name = _text(key)
    return f"{'? ' if len(name) > _MAX_SIMPLE_KEY_LENGTH else ''}{name}: {flow(value)}"


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text not in CONSTANTS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
