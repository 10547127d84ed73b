"""Trimming: the part of an exchange that is kept, and its size."""

from collections.abc import Mapping
from sys import getsizeof

from multidict import CIMultiDict

from mockserver.journal.exchange import MAX_BODY_BYTES, Exchange
from mockserver.journal.redaction import shown_text
from mockserver.messages import shortened

MAX_HEADER_BYTES = 16_384
MAX_WARNINGS = 100
MAX_TEXT_LENGTH = 300
"""The number of characters that are kept of a warning, an explanation or a hint, which may quote the request."""

# The memory in bytes of an exchange besides its texts and bodies, of each header besides the characters of its two
# texts, and of each warning besides its text: a pair in a list.
_OVERHEAD = 800
_EACH_HEADER = 200
_EACH_WARNING = 80


def size_of_headers(headers: Mapping[str, str]) -> int:
    """Return the approximate size of headers in bytes of memory."""
    # Joined, which takes a third of the time of single calls.
    return getsizeof("".join([*headers.keys(), *headers.values()])) + _EACH_HEADER * len(headers)


def trim(exchange: Exchange) -> int:
    """Trim an exchange to the part that is kept. Return its approximate size in bytes of memory."""
    if len(exchange.sent) > MAX_BODY_BYTES:
        exchange.cut = True
        exchange.sent = exchange.sent[:MAX_BODY_BYTES]
    if exchange.header_bytes is None:
        exchange.header_bytes = size_of_headers(exchange.headers)
    if exchange.header_bytes > MAX_HEADER_BYTES:
        exchange.cut = True
        exchange.headers, exchange.header_bytes = _headers_that_fit(exchange.headers)
    size = _OVERHEAD + exchange.header_bytes + len(exchange.sent) + len(exchange.answer)
    size += getsizeof(exchange.method) + getsizeof(exchange.path)
    if exchange.explanation:
        exchange.explanation = _quoted(exchange.explanation)
        size += getsizeof(exchange.explanation)
    if exchange.fault_fields:
        size += getsizeof(str(exchange.fault_fields))
    if exchange.hint:
        exchange.hint = _quoted(exchange.hint)
        size += getsizeof(exchange.hint)
    if exchange.warnings:
        exchange.cut = exchange.cut or len(exchange.warnings) > MAX_WARNINGS
        exchange.warnings = [(rule, _quoted(text)) for rule, text in exchange.warnings[:MAX_WARNINGS]]
        size += sum(_EACH_WARNING + getsizeof(text) for _, text in exchange.warnings)
    if len(exchange.rules) > MAX_WARNINGS:
        exchange.rules = list(dict.fromkeys(reversed(exchange.rules)))[::-1]  # the last one stays the last
    return size + 8 * len(exchange.rules)


def _headers_that_fit(headers: Mapping[str, str]) -> tuple[Mapping[str, str], int]:
    """Return the headers that fit into MAX_HEADER_BYTES, in their order, and their size in bytes."""
    kept: CIMultiDict[str] = CIMultiDict()
    bytes_ = 0
    for name, value in headers.items():
        size = getsizeof(name + value) + _EACH_HEADER
        if bytes_ + size <= MAX_HEADER_BYTES:
            bytes_ += size
            kept.add(name, value)
    return kept, bytes_


def _quoted(text: str) -> str:
    return shown_text(shortened(text, MAX_TEXT_LENGTH))
