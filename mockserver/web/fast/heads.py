"""Heads: the parser of the heads of plain API requests."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

from aiohttp import HttpVersion11, hdrs
from aiohttp.http import HttpRequestParser, RawRequestMessage
from yarl import URL

from mockserver.api.dispatcher import Dispatcher
from mockserver.api.router import Found
from mockserver.journal.trimming import size_of_headers
from mockserver.web.guards import HostGuard
from mockserver.web.pieces import MAX_HEAD_BYTES
from mockserver.web.problem import Problem

_BUFFER_BYTES = 65_536

DECISIVE = {"host", "expect", "connection", "upgrade", "transfer-encoding", "content-encoding"}
"""The headers that decide whether a request is plain, and how it is read, besides Content-Length; in lower case."""


class Head(NamedTuple):
    """The head of a plain request for the API: its endpoint, and the length of the body after it.

    `header_bytes` is the approximate size of the headers in memory.
    """

    method: str
    target: str
    url: URL
    headers: Mapping[str, str]
    header_bytes: int
    found: Found
    length: int
    expects_continue: bool


class HeadParser:
    """A parser of heads for all connections, which keeps no state between them."""

    def __init__(self, dispatcher: Dispatcher, hosts: HostGuard) -> None:
        self._dispatcher = dispatcher
        self._hosts = hosts
        self._parser = _new_parser()

    def parse(self, data: bytes) -> Head | None:
        """Return the head in `data`, if it is plain HTTP/1.1 without a body or with its length, and for the API."""
        message = self._plain_message(data)
        found = None if message is None else self._dispatcher.find(message.method, message.url.path_safe)
        if message is None or found is None:
            return None
        headers = message.headers
        try:
            self._hosts.check(headers)
        except Problem:
            return None
        return Head(
            message.method, message.path, message.url, headers, size_of_headers(headers), found,
            length=int(headers.get(hdrs.CONTENT_LENGTH, 0)),
            expects_continue=headers.get(hdrs.EXPECT, "").lower() == "100-continue",
        )  # fmt: skip

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
