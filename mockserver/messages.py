"""Messages: the wording of values, names and numbers in messages."""

import json
import re
from collections.abc import Callable, Collection, Iterable
from itertools import islice
from typing import Any

# The number of characters of a value or a name that a message quotes.
MAX_SHOWN_LENGTH = 60

_PLAIN_NAME = re.compile(r"[\w$]{1,60}")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)


def shown(value: object) -> str:
    """Return `value` as JSON, cut if it is long. A long value costs no more time than a short one."""
    text = ""
    if isinstance(value, str):
        value = value[: MAX_SHOWN_LENGTH + 1]
    for part in _ENCODER.iterencode(value):
        text += part
        if len(text) > MAX_SHOWN_LENGTH:
            break
    return brief(_NOT_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text[: MAX_SHOWN_LENGTH + 1]))


def brief(text: str) -> str:
    """Return `text`, cut if it is long."""
    return shortened(text, MAX_SHOWN_LENGTH)


def shortened(text: str, max_length: int) -> str:
    """Return `text`, or its beginning and "..." if it has more than `max_length` characters."""
    return text if len(text) <= max_length else text[: max_length - 3] + "..."


def path_text(path: Iterable[str | int]) -> str:
    """Return the path `("claimtracking", 2, "Note")` as `claimtracking[2].Note`."""
    text = ""
    for part in path:
        if isinstance(part, str) and _PLAIN_NAME.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{shown(part)}]"
    return text


def listed(names: Collection[Any], text: Callable[[Any], str] = str) -> str:
    """Return the first ten of `names`, each as `text` writes it, and the number of the others."""
    first = ", ".join(map(text, islice(names, 10)))
    return f"{first} and {len(names) - 10} more" if len(names) > 10 else first or "none"


def number_of(count: int, noun: str) -> str:
    """Return `count` with its noun in the singular or plural."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
