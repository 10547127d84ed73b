"""A connection of aiohttp's, that answers at once what it can, and in the API's form even what is not HTTP."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from aiohttp import HttpVersion11, web
from aiohttp.http import RawRequestMessage
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader
from aiohttp.web_protocol import _ErrInfo

from mockserver.api.dispatcher import BROKEN
from mockserver.api.response import explain
from mockserver.web.batch import Turn

log = logging.getLogger("mockserver")

_Message = tuple[RawRequestMessage, StreamReader]

# What answering at once knows of aiohttp's insides. A release without it is served aiohttp's own way, only slower.
INSIDES = {
    web.RequestHandler: (
        "_messages", "_next_keepalive_close_time", "_parser", "_paused", "_reading_paused", "_waiter",
    ),
    StreamReader: ("_buffer",),
}  # fmt: skip
_MOST_LEFT = 32  # as many as aiohttp keeps before it stops reading


class Connection(web.RequestHandler):
    """A connection whose plain requests `turn` takes; without a `turn` all go aiohttp's own way.

    That way takes three turns of the event loop, a task, and objects for request, response and writer. A request that
    is here to its last byte, on a connection that waits for nothing else, needs none of them.
    """

    __slots__ = ("_body", "_is_taken", "_turn")

    def __init__(self, manager: web.Server, turn: Turn | None, *, loop: asyncio.AbstractEventLoop) -> None:
        # None is for "no log of accesses", for which aiohttp's own code passes it as well.
        super().__init__(manager, loop=loop, access_log=None)  # type: ignore[arg-type]
        self._body: StreamReader = EMPTY_PAYLOAD
        if turn is not None:
            self._turn = turn
            self._is_taken = False  # a message is, and waits for the end of the turn
            self._parser: Any = _Parser(self._parser, self._take)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._messages:
            return
        message, body = self._messages[-1]
        if not isinstance(message, _ErrInfo):
            self._body = body
        elif not self._body.is_eof():
            # aiohttp's C parser leaves a handler waiting for the rest of a body whose chunks have turned out broken.
            self._body.set_exception(web.RequestPayloadError("the rest of the body is not what its headers say"))

    def _take(self, message: RawRequestMessage, body: StreamReader) -> bool:
        """Have a message answered at once, if nothing stands before it and it is as plain as most. Whether it is."""
        if self._is_taken:
            self._turn.end()  # answers keep the order of their requests
        waiter, transport = self._waiter, self.transport
        if waiter is None or waiter.done() or self._messages or self._paused or self._reading_paused:
            return False  # something stands before it, or the client reads no more
        if transport is None or transport.is_closing() or not body.is_eof() or body.exception() is not None:
            return False
        if message.version != HttpVersion11 or message.should_close or message.upgrade or message.compression:
            return False
        if not message.path.startswith("/"):
            return False
        self._is_taken = True
        self._turn.take(self, message, body)
        return True

    def send(self, answer: bytes) -> None:
        """Send the answer to the message that was taken, unless the client has gone."""
        self._is_taken = False
        if self.transport is not None:
            self._parser.message_consumed()
            self.transport.write(answer)
            self._next_keepalive_close_time = self._loop.time() + self.keepalive_timeout

    def pass_on(self, message: RawRequestMessage, body: StreamReader) -> None:
        """Let the message that was taken go aiohttp's own way."""
        self._is_taken = False
        self._messages.append((message, body))
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def log_exception(self, *args: Any, **kw: Any) -> None:
        # aiohttp reads on after the answer; that a body is broken is no fault of the server's, and was answered.
        if not isinstance(kw.get("exc_info"), web.RequestPayloadError):
            super().log_exception(*args, **kw)

    def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> Coroutine[Any, Any, tuple[web.StreamResponse, bool]]:
        # Only one kind gets past the app's middlewares: aiohttp's 417 to an unknown `Expect` on a path without a route.
        if isinstance(resp, web.HTTPException):
            resp = explain(400, "The Expect header is not one that can be met.").response()
        return super().finish_response(request, resp, start_time)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if isinstance(exc, ConnectionError) or request.writer.output_size > 0:
            raise ConnectionError("There is nobody to answer, or half an answer is sent.") from exc
        if status == 400:
            # aiohttp's message quotes the bytes, which may be those of a body that was longer than it claimed.
            tls = "; it looks like HTTPS, and this server speaks HTTP" if "HTTPS" in (message or "") else ""
            log.info("a request that could not be read: %s%s", type(exc).__name__, tls)
            answer = explain(400, "The request could not be read.").response()
        else:
            log.error("the server broke its own contract", exc_info=exc)
            answer = explain(500, BROKEN).response()
        answer.force_close()
        return answer


class _Parser:
    """aiohttp's parser, which passes on only the messages that `take` does not take."""

    def __init__(self, parser: Any, take: Callable[[RawRequestMessage, StreamReader], bool]) -> None:
        self._parser = parser
        self._take = take

    def __getattr__(self, name: str) -> Any:
        return getattr(self._parser, name)

    def feed_data(self, data: bytes) -> tuple[Sequence[_Message], bool, bytes]:
        """The messages in `data`, whether the protocol changes after them, and what comes after that."""
        left: list[_Message] = []
        while True:
            messages, upgraded, tail = self._parser.feed_data(data)
            for message in messages:
                if left or not self._take(*message):
                    left.append(message)
            if not messages or upgraded or len(left) >= _MOST_LEFT:
                return left, upgraded, tail
            data = b""  # the parser keeps back what comes after so many messages, until they are consumed
