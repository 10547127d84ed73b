"""Request body: read to its end and decoded, or the reason why it cannot be read."""

import asyncio
import zlib

from aiohttp import hdrs, web
from aiohttp.http import HttpProcessingError

from mockserver.api.body import MAX_BYTES
from mockserver.api.request import UnreadableBody

_TOO_LARGE = UnreadableBody("the body is too large", is_too_large=True)
_CHUNK = 262_144


async def read_body(request: web.Request) -> bytes | UnreadableBody:
    """Return the body of an API request. Raises ConnectionError if the client disconnects before its end."""
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        return _TOO_LARGE
    except (web.RequestPayloadError, HttpProcessingError) as error:
        _forget_data(error)
        # aiohttp's message, without the status and the line break before it.
        return UnreadableBody(str(error).rpartition("\n")[2].strip())
    except ConnectionError as error:
        _forget_data(error)
        raise ConnectionResetError("the client disconnected before the end of its body") from None
    encoding = request.headers.get(hdrs.CONTENT_ENCODING, "").strip().lower()
    if not encoding or not request.body_exists:
        return body
    if encoding not in ("gzip", "deflate"):
        return UnreadableBody(f"the Content-Encoding {encoding!r} is not known; send gzip, deflate, or none")
    if not getattr(request.protocol, "leaves_bodies_encoded", False):
        return body  # on another server aiohttp has decoded it
    return await asyncio.to_thread(_decoded, body, encoding)


def _forget_data(error: BaseException) -> None:
    """Free the data that was read. aiohttp keeps the error, and its traceback the data."""
    error.__traceback__ = None


def _decoded(body: bytes, encoding: str) -> bytes | UnreadableBody:
    decoder = zlib.decompressobj(_window_bits(body, encoding))
    parts: list[bytes] = []
    try:
        while not decoder.eof and (part := decoder.decompress(body, _CHUNK)):
            parts.append(part)
            if len(parts) * _CHUNK > MAX_BYTES:
                return _TOO_LARGE
            body = decoder.unconsumed_tail
    except zlib.error:
        return UnreadableBody(f"the body does not match its Content-Encoding, {encoding}")
    if not decoder.eof or decoder.unused_data:
        return UnreadableBody(f"the body is incomplete, or continues after the end of its Content-Encoding, {encoding}")
    return b"".join(parts)


def _window_bits(body: bytes, encoding: str) -> int:
    if encoding == "gzip":
        return 16 + zlib.MAX_WBITS
    # In RFC 9110 deflate is the zlib format (RFC 1950); some clients send raw deflate data (RFC 1951).
    return zlib.MAX_WBITS if body[:1] and body[0] & 0x0F == 8 else -zlib.MAX_WBITS
