"""Connection of aiohttp, with the repairs that aiohttp itself needs."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import EMPTY_PAYLOAD, HttpVersion10, StreamReader, hdrs, web
from aiohttp.http import RawRequestMessage
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from mockserver.api.dispatcher import BROKEN
from mockserver.api.response import explain
from mockserver.web.added_code import explain_error
from mockserver.web.aiohttp_response import as_aiohttp
from mockserver.web.pieces import END_OF_HEAD, MAX_HEAD_BYTES, Pieces
from mockserver.web.unreadable import MAX_HEADERS, Refuse, explanation, first_line
from mockserver.web.uploads import Uploads

log = logging.getLogger("mockserver")

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
# The number of messages that may wait in aiohttp's queue. With as many, aiohttp stops reading.
_MAX_MESSAGES = 32
# What no parser takes, whatever it has got of a head.
_INVALID = b"\0" + END_OF_HEAD


class Connection(web.RequestHandler):
    """A connection whose requests aiohttp handles."""

    __slots__ = ("_handling", "_is_paused", "_payload", "_pieces", "_refuse", "_uploads", "is_half_closed")

    leaves_bodies_encoded = True  # so that the known encodings do not depend on other installed packages

    def __init__(
        self, manager: web.Server, *, loop: asyncio.AbstractEventLoop, refuse: Refuse, uploads: Uploads
    ) -> None:
        super().__init__(
            manager,
            loop=loop,
            access_log=None,  # type: ignore[arg-type]  # aiohttp's own code passes None for "no access log" too
            auto_decompress=False,
            max_line_size=MAX_HEAD_BYTES,
            max_field_size=MAX_HEAD_BYTES,
            max_headers=MAX_HEADERS,
        )
        self._pieces = Pieces()
        self._payload: StreamReader = EMPTY_PAYLOAD
        self._is_paused = False
        self._handling = False
        self._refuse = refuse
        self._uploads = uploads
        self.is_half_closed = False

    def data_received(self, data: bytes) -> None:
        """Pass data to aiohttp in pieces. aiohttp calls it without data after a pause."""
        if self.transport is None or self.transport.is_closing():
            return
        queue = self._queue()
        if queue is None or not data:
            self._receive(data, queue)
        if queue is not None:
            self._pieces.add(data)
            self._go_on(queue)
            self._note_progress()

    def _note_progress(self) -> None:
        size = self._pieces.unfinished_bytes
        if size is None:
            self._uploads.forget(self)
        else:
            self._uploads.note(self, size)

    @property
    def waits(self) -> bool:
        """Return whether an incomplete request waits for the client alone."""
        is_busy = self._handling and self._payload.is_eof()  # with the request before
        return not (self._is_paused or self._queue() or is_busy)

    def refuse_upload(self, reason: str) -> None:
        """Refuse an incomplete request, and drop the part that has arrived."""
        self._pieces.stop()
        if self._payload.is_eof():  # only a part of its head has arrived
            self.abort()
        else:
            self._payload.set_exception(web.RequestPayloadError(reason))

    def abort(self) -> None:
        """Close the connection at once."""
        if self.transport is not None:  # pragma: no branch  # the client may leave at this very moment
            self.transport.abort()

    def _go_on(self, queue: Sequence[Any]) -> None:
        """Pass on the available pieces while there is room."""
        pieces = self._pieces
        while pieces and not self._is_paused and len(queue) < _MAX_MESSAGES:
            piece = pieces.take()
            self._receive(piece if pieces.head_bytes <= MAX_HEAD_BYTES else _INVALID, queue)
        if self.is_half_closed and not pieces:
            self._end_payload()

    def _receive(self, data: bytes, queue: Sequence[Any] | None) -> None:
        waiting = len(queue or ())
        super().data_received(data)
        if queue is None or len(queue) == waiting:
            return
        message, payload = queue[-1]
        if isinstance(message, RawRequestMessage):
            self._payload = payload
            self._pieces.begin_body(_length(message, payload), payload.is_eof)
            return
        self._pieces.stop()  # aiohttp closes the connection after its response to invalid data
        if not self._payload.is_eof():
            # With aiohttp's C parser a handler would wait forever for the rest of a body with an invalid chunk.
            self._payload.set_exception(web.RequestPayloadError("the rest of the body does not match the headers"))

    def _end_payload(self) -> None:
        """End the body that is coming in, since its client has gone."""
        if not self._payload.is_eof():
            self._payload.set_exception(ConnectionResetError("the client disconnected before the end of its body"))

    def _queue(self) -> Sequence[Any] | None:
        """Return aiohttp's queue of messages, or None if this release has it under another name."""
        queue: Sequence[Any] | None = getattr(self, "_messages", None)
        return queue

    def pause_reading(self) -> None:
        """Note that the handler reads the incoming body too slowly."""
        self._is_paused = True
        super().pause_reading()

    def resume_reading(self, *args: Any, **kw: Any) -> None:
        """Note that there is room for more of the body."""
        self._is_paused = False
        super().resume_reading(*args, **kw)

    def begin_handling(self, _request: web.BaseRequest) -> None:
        """Note that aiohttp handles this request of its queue."""
        self._handling = True

    def eof_received(self) -> bool | None:  # type: ignore[override]  # asyncio's own type, which aiohttp narrows
        """Respond to the requests that came before the client closed its half of the connection.

        With TLS, the event loop closes the other half too, and the requests end like those of a client that has gone.
        """
        is_tls = self.transport is not None and self.transport.get_extra_info("sslcontext") is not None
        if is_tls or not (self._handling or self._queue()):
            return None
        self.is_half_closed = True
        if not self._pieces:
            self._end_payload()
        return True  # so that the event loop leaves the other half open

    def connection_lost(self, exc: BaseException | None) -> None:
        self._uploads.forget(self)
        super().connection_lost(exc)

    def log_exception(self, *args: Any, **kw: Any) -> None:
        # aiohttp reads on after the response. An invalid body or a client that disconnects is not the server's error.
        if not isinstance(kw.get("exc_info"), web.RequestPayloadError | ConnectionError):
            super().log_exception(*args, **kw)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        # Only one exception bypasses the app's middlewares: aiohttp's 417 to an unknown `Expect` without a route.
        if isinstance(resp, web.HTTPException):
            why = "The expectation in the Expect header is not supported."
            resp = self._refuse(request.method, request.raw_path, why)
        finished = await super().finish_response(request, resp, start_time)
        self._handling = False
        queue = self._queue()
        if queue is not None:
            self._go_on(queue)
            self._note_progress()
        if self.is_half_closed and not queue:
            self.close()
        return finished

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if isinstance(exc, ConnectionError) or request.writer.output_size > 0:
            raise ConnectionError("The client has disconnected, or a part of the response is sent.") from exc
        if status == 400:
            method, target = first_line(self._pieces)
            response = self._refuse(method, target, explanation(self._pieces, exc, message))
        else:
            text = explain_error(exc, BROKEN)
            log.error("%s", text, exc_info=exc)
            response = as_aiohttp(explain(500, text))
        response.force_close()
        return response


def _length(message: RawRequestMessage, payload: StreamReader) -> int | None:
    """Return the number of bytes of a message's body. None: only the parser knows where it ends."""
    if payload.is_eof():
        return 0
    length = message.headers.get(hdrs.CONTENT_LENGTH)
    return None if length is None or message.chunked else int(length)


def with_begin_handling(make: Callable[..., web.BaseRequest]) -> Callable[..., web.BaseRequest]:
    """Return a request factory that also calls the connection's `begin_handling`.

    It also makes a request of a target with an invalid host, to which aiohttp would not respond.
    """

    def request(message: RawRequestMessage, payload: Any, connection: Connection, *rest: Any) -> web.BaseRequest:
        try:
            made = make(message, payload, connection, *rest)
        except ValueError:
            made = make(_NO_TARGET, payload, connection, *rest)
        connection.begin_handling(made)
        return made

    return request


_NO_TARGET = RawRequestMessage(
    "UNKNOWN", "/", HttpVersion10, CIMultiDictProxy(CIMultiDict()), (), True, None, False, False, URL("/")
)
