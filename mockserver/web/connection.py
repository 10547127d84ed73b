"""Connection of aiohttp, with the repairs that aiohttp itself needs."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from aiohttp import EMPTY_PAYLOAD, HttpVersion10, StreamReader, web
from aiohttp.http import RawRequestMessage
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from mockserver.api.dispatcher import BROKEN
from mockserver.api.response import explain
from mockserver.recording.coverage import UNREADABLE
from mockserver.web.aiohttp_response import as_aiohttp

log = logging.getLogger("mockserver")

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
END_OF_HEAD = b"\r\n\r\n"
# The number of messages in one piece of data that are separated; aiohttp itself stops reading at 32.
_MAX_MESSAGES = 64


class Connection(web.RequestHandler):
    """A connection whose requests aiohttp handles."""

    __slots__ = ("_handling", "_payload", "_refuse_early", "is_half_closed")

    leaves_bodies_encoded = True  # so that the known encodings do not depend on other installed packages

    def __init__(
        self, manager: web.Server, *, loop: asyncio.AbstractEventLoop, refuse_early: Callable[[str], None]
    ) -> None:
        # None means "no access log"; aiohttp's own code passes it too.
        super().__init__(manager, loop=loop, access_log=None, auto_decompress=False)  # type: ignore[arg-type]
        self._payload: StreamReader = EMPTY_PAYLOAD
        self._handling = False
        self._refuse_early = refuse_early
        self.is_half_closed = False

    def data_received(self, data: bytes) -> None:
        """Pass data to aiohttp, head by head: an invalid message would discard those before it in the same data."""
        if self.transport is None or self.transport.is_closing():
            return
        *heads, rest = data.split(END_OF_HEAD, _MAX_MESSAGES)
        for head in heads:
            self._receive(head + END_OF_HEAD)
        if rest or not heads:
            self._receive(rest)

    def _receive(self, data: bytes) -> None:
        super().data_received(data)
        if not (messages := self._queue()):
            return
        message, payload = messages[-1]
        if isinstance(message, RawRequestMessage):
            self._payload = payload
        elif not self._payload.is_eof():
            # With aiohttp's C parser a handler would wait forever for the rest of a body with an invalid chunk.
            self._payload.set_exception(web.RequestPayloadError("the rest of the body is not what its headers say"))

    def _queue(self) -> Any:
        """Return aiohttp's queue of messages, or an empty one if this release has it under another name."""
        return getattr(self, "_messages", ())

    def begin_handling(self, _request: web.BaseRequest) -> None:
        """Note that aiohttp handles this request of its queue."""
        self._handling = True

    def eof_received(self) -> bool | None:  # type: ignore[override]  # asyncio's own type, which aiohttp narrows
        """Respond to the requests that came before the client closed its half of the connection."""
        if not (self._handling or self._queue()):
            return None
        if not self._payload.is_eof():
            self._payload.set_exception(ConnectionResetError("the client has gone before the end of its body"))
        self.is_half_closed = True
        return True  # so that the event loop leaves the other half open

    def log_exception(self, *args: Any, **kw: Any) -> None:
        # aiohttp reads on after the response. An invalid body or a client that disconnects is not the server's error.
        if not isinstance(kw.get("exc_info"), web.RequestPayloadError | ConnectionError):
            super().log_exception(*args, **kw)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        # Only one exception bypasses the app's middlewares: aiohttp's 417 to an unknown `Expect` without a route.
        if isinstance(resp, web.HTTPException):
            resp = as_aiohttp(explain(400, "The expectation in the Expect header is not supported."))
        finished = await super().finish_response(request, resp, start_time)
        self._handling = False
        if self.is_half_closed and not self._queue():
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
            # aiohttp's message quotes the data, which may be part of a body that was longer than its Content-Length.
            tls = "; it looks like HTTPS, and this server speaks HTTP" if "HTTPS" in (message or "") else ""
            log.info("a request that could not be read: %s%s", type(exc).__name__, tls)
            self._refuse_early(UNREADABLE)
            response = as_aiohttp(explain(400, "The request could not be read."))
        else:
            log.error("the server broke its own contract", exc_info=exc)
            response = as_aiohttp(explain(500, BROKEN))
        response.force_close()
        return response


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
