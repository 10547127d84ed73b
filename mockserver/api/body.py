"""Body reader: the JSON object in the bytes of a request's body, or a refusal."""

import codecs
import json
import re
from functools import lru_cache
from typing import Any

from mockserver.api.request import UnreadableBody
from mockserver.errors import Refusal
from mockserver.messages import shown
from mockserver.syntax.strict_json import decode, refuse_many_values

# The vendor's limit is in characters (API Implementation); one character is at most four bytes.
MAX_CHARACTERS = 16_800_000
MAX_BYTES = 4 * MAX_CHARACTERS
_AT_MOST = f"at most {MAX_CHARACTERS} characters"

# A body of an operation has about ten. Millions of them take seconds to read, during which no request is served.
MAX_VALUES = 100_000

_MAX_REMEMBERED_LENGTH = 256  # characters of a header

# Python knows these too, but they are not charsets of documents, and some take a minute for a long body.
_NO_CHARSETS = frozenset(
    ("idna", "mbcs", "oem", "palmos", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7")
)


def read_object(body: bytes | UnreadableBody, content_type: str) -> dict[str, Any]:
    """Return the JSON object in the body. Raises Refusal for any other body."""
    if isinstance(body, UnreadableBody):
        if body.is_too_large:
            raise Refusal("api.body.size", hint=_AT_MOST)
        raise Refusal("api.body.broken", hint=body.reason)
    text = _text(body, content_type)
    if len(text) > MAX_CHARACTERS:
        raise Refusal("api.body.size", hint=_AT_MOST)
    value = _parse(text)
    if not isinstance(value, dict):
        raise Refusal("api.body.object", hint=f"it is {shown(value)}")
    return value


def _text(raw: bytes, content_type: str) -> str:
    try:
        # .NET clients often send a byte order mark; the vendor's .NET server drops it.
        return raw.decode(_codec(content_type)).removeprefix("\ufeff")
    except (LookupError, ValueError):
        raise Refusal("api.body.charset", hint=f"sent as {shown(_charset(content_type))}; send UTF-8") from None


def _codec(content_type: str) -> str:
    """Return Python's name of the charset. Raises LookupError if it is unknown, ValueError if it cannot be a name."""
    return _found_once(content_type) if len(content_type) <= _MAX_REMEMBERED_LENGTH else _found(content_type)


def _found(content_type: str) -> str:
    # Only text encodings pass: `bytes.decode` itself refuses hex, zip and the like with LookupError.
    name = codecs.lookup(_charset(content_type)).name
    if name.replace("_", "-") in _NO_CHARSETS:
        raise LookupError(f"{name} is not a charset of documents")
    return name


_found_once = lru_cache(_found)


def _charset(content_type: str) -> str:
    """Return the charset that a Content-Type names (RFC 9110, 8.3.1)."""
    for name, quoted, plain in _PARAMETER.findall(content_type):
        if name.lower() == "charset":
            return re.sub(r"\\(.)", r"\1", quoted) or plain.strip() or "utf-8"
    return "utf-8"


def _parse(text: str) -> Any:
    try:
        if len(text) > MAX_VALUES:
            refuse_many_values(text, MAX_VALUES)
        return decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}: {error.msg}"
    except ValueError as error:  # NaN, an integer of thousands of digits, or too much
        where = str(error).partition(":")[0]
    raise Refusal("api.body.json", hint=where if text.strip() else "the body is empty; send a JSON object") from None


# One parameter of a media type: its name, and its value in quotes or plain.
_PARAMETER = re.compile(r';\s*([^\s;="]*)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*+)"|([^;]*)))?')
