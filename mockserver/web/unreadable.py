"""Unreadable requests: why aiohttp could not read one, and the response to it."""

import re
from collections.abc import Callable

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMethod, BadStatusLine, InvalidURLError

from mockserver.api.response import explain
from mockserver.web.aiohttp_response import as_aiohttp
from mockserver.web.pieces import MAX_HEAD_BYTES, Pieces

MAX_HEADERS = 128

Refuse = Callable[[str, str, str], web.Response]
"""Returns the response to an unreadable request, given its method and its target (`-`: not known), and the reason."""

_UNKNOWN = "-"
_FIRST_LINE = re.compile(rb"(?:\r\n)*([A-Z]+) (/[!-~]*) HTTP/[0-9]\.[0-9]\r\n")
# The beginnings of aiohttp's messages. The rest may quote the data, which may be confidential.
_REASONS = {
    "Received HTTPS": "it looks like HTTPS, and this server speaks HTTP",
    "Pause on PRI": "it looks like HTTP/2, and this server speaks HTTP/1.1",
    "Missing 'Host'": "it has no Host header",
    "Too many headers": f"it has more than {MAX_HEADERS} headers",
}
_REASONS_BY_TYPE: dict[type, str] = {
    BadHttpMethod: "it does not begin with a method of HTTP",
    BadStatusLine: "its first line is not that of an HTTP/1.1 request",
    InvalidURLError: "its target is not a URL",
}


def refuse(_method: str, _target: str, explanation: str) -> web.Response:
    """Return the response to an unreadable request."""
    return as_aiohttp(explain(400, explanation))


def first_line(pieces: Pieces) -> tuple[str, str]:
    """Return the method and the target of the head that could not be read."""
    match = _FIRST_LINE.match(pieces.beginning)
    return (match[1].decode(), match[2].decode()) if match else (_UNKNOWN, _UNKNOWN)


def explanation(pieces: Pieces, error: BaseException | None, message: str | None) -> str:
    """Return why the head could not be read, given aiohttp's error and message."""
    if pieces.head_bytes > MAX_HEAD_BYTES:
        why = f"its first line and headers are larger than {MAX_HEAD_BYTES:,} bytes"
    else:
        reasons = [reason for begin, reason in _REASONS.items() if (message or "").startswith(begin)]
        why = reasons[0] if reasons else _REASONS_BY_TYPE.get(type(error), "its headers are invalid")
    return f"The request could not be read: {why}."
