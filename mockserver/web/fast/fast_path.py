"""Handler of the fast path: a parser of heads, and responses to plain API requests."""

import asyncio
from functools import lru_cache
from typing import Any, NamedTuple

from aiohttp import HttpVersion11, hdrs
from aiohttp.http import HttpRequestParser, RawRequestMessage

from mockserver.api.dispatcher import Dispatcher
from mockserver.api.request import Request
from mockserver.api.router import Found
from mockserver.tenants.tenant import Lifetime
from mockserver.web.guards import HostGuard
from mockserver.web.pieces import MAX_HEAD_BYTES
from mockserver.web.problem import Problem

_BUFFER_BYTES = 65_536
# A client sends few different heads, and parsing one takes longer than a list of rows.
_MAX_REMEMBERED = 512
_MAX_REMEMBERED_LENGTH = 2_048


class Head(NamedTuple):
    """The head of a plain request for the API: its message, its endpoint, and the length of the body after it."""

    message: RawRequestMessage
    found: Found
    length: int
    expects_continue: bool


class FastPath:
    """A parser of heads, and a handler of plain requests. For other requests it returns None and does nothing."""

    def __init__(self, dispatcher: Dispatcher, hosts: HostGuard) -> None:
        self._dispatcher = dispatcher
        self._hosts = hosts
        self._parser = _new_parser()
        self._parse_once = lru_cache(_MAX_REMEMBERED)(self._parse)

    def parse(self, data: bytes) -> Head | None:
        """Return the head in `data`, if it is plain HTTP/1.1 without a body or with its length, and for the API."""
        return self._parse_once(data) if len(data) <= _MAX_REMEMBERED_LENGTH else self._parse(data)

    def _parse(self, data: bytes) -> Head | None:
        message = self._plain_message(data)
        found = None if message is None else self._dispatcher.find(message.method, message.url.path_safe)
        if message is None or found is None:
            return None
        headers = message.headers
        try:
            self._hosts.check(headers)
        except Problem:
            return None
        expects_continue = headers.get(hdrs.EXPECT, "").lower() == "100-continue"
        return Head(message, found, int(headers.get(hdrs.CONTENT_LENGTH, 0)), expects_continue)

    def _plain_message(self, data: bytes) -> RawRequestMessage | None:
        try:
            data.decode()
            messages, upgraded, _ = self._parser.feed_data(data)
        except Exception:  # the slow path reports the error, or replaces the bytes that are not UTF-8
            messages, upgraded = (), False
        if len(messages) != 1 or upgraded:
            self._parser = _new_parser()  # this one may be in the middle of a message
            return None
        message: RawRequestMessage = messages[0][0]
        if (
            message.version != HttpVersion11
            or message.should_close
            or message.chunked
            or not message.path.startswith("/")
            or hdrs.CONTENT_ENCODING in message.headers
        ):
            return None
        return message

    def lifetime_of(self, head: Head) -> Lifetime:
        """Return the current lifetime of the office of a request."""
        return self._dispatcher.lifetime_of(head.message.headers)

    def respond(self, head: Head, body: bytes, lifetime: Lifetime | None) -> tuple[bytes, ...] | None:
        """Return the response to a request with all its body, as pieces of bytes for the connection.

        `lifetime` is that of a request whose body came after its head. None: a fault may delay the response. Raises
        LifetimeEnded.
        """
        lifetime = lifetime or self.lifetime_of(head)
        if lifetime.tenant.faults:
            return None
        prepared = self._dispatcher.prepare(_request(head.message, body, lifetime), head.found)
        response = self._dispatcher.finish(prepared).pieces()
        if lifetime.tenant.hooks.due:
            lifetime.tenant.hooks.run()
        return response

    def record_incomplete(self, head: Head, lifetime: Lifetime) -> None:
        """Record a request whose client disconnected before the end of its body."""
        self._dispatcher.record_incomplete(_request(head.message, b"", lifetime))
        lifetime.tenant.hooks.run()


def _request(message: RawRequestMessage, body: bytes, lifetime: Lifetime) -> Request:
    return Request(message.method, message.path, message.url, message.headers, body, lifetime)


def _new_parser() -> Any:
    # Without bodies it has no state between two heads, so that all connections may share it.
    flow: Any = _NoFlow()
    return HttpRequestParser(
        flow, asyncio.get_running_loop(), _BUFFER_BYTES,
        max_line_size=MAX_HEAD_BYTES, max_field_size=MAX_HEAD_BYTES, response_with_body=False,
    )  # fmt: skip


class _NoFlow:
    """A placeholder for a connection: a parser that reads no bodies never pauses reading."""

    def resume_reading(self, resume_parser: bool = True) -> None:
        """Do nothing."""
