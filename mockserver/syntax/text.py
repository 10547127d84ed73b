"""Text of others: valid text, which every parser can read, and printable text for people.

Text is made valid where it comes in. Python and JSON can hold lone surrogates, which no encoding of Unicode has: a log
or report that quotes one breaks the programs that read it.
"""

import re
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")
_HIGH, _LOW = r"\\u[dD][89abAB][0-9a-fA-F]{2}", r"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_LONE_ESCAPE = re.compile(f"{_HIGH}(?!{_LOW})|(?<!{_HIGH}){_LOW}")


def valid_text(text: str) -> str:
    """Return `text` with U+FFFD for each lone surrogate."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def valid_json(text: str) -> str:
    r"""Return a JSON text with the escape \ufffd for each escape of a lone surrogate, at the same positions.

    An invalid text is returned as one that is invalid for the same reason.
    """
    if "\\u" not in text or "\0" in text:  # no JSON has U+0000
        return text
    # Without escaped backslashes, each backslash begins an escape.
    return _LONE_ESCAPE.sub(r"\\ufffd", text.replace("\\\\", "\0\0")).replace("\0\0", "\\\\")


def valid_value(value: Any) -> Any:
    """Return a value of Python as in JSON, with valid texts and keys."""
    if isinstance(value, str):
        return valid_text(value)
    if isinstance(value, dict):
        return {valid_value(name): valid_value(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [valid_value(inner) for inner in value]
    return value


def printable(text: str) -> str:
    r"""Return `text` on one line, with escapes such as \x1b for all characters that are not printable.

    Text of others must not begin a line of a terminal, move its cursor, or change the direction of the text.
    """
    return text if text.isprintable() else "".join([c if c.isprintable() else _escaped(c) for c in text])


def printable_lines(text: str) -> str:
    """Return `text` with each of its lines printable."""
    return "\n".join(map(printable, text.split("\n")))


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
