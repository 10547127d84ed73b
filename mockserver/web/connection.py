"""Connection: HTTP/1.1 on the fast path until the first request that is not plain, then on aiohttp's slow path."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from aiohttp import EMPTY_PAYLOAD, StreamReader, web
from aiohttp.http import RawRequestMessage

from mockserver.api.dispatcher import BROKEN
from mockserver.api.response import explain
from mockserver.tenants.tenant import Lifetime
from mockserver.web.aiohttp_response import as_aiohttp
from mockserver.web.batch import Batch
from mockserver.web.fast_path import FastPath, Head

log = logging.getLogger("mockserver")

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_END_OF_HEAD = b"\r\n\r\n"
_MAX_HEAD_BYTES = 65_536
_MAX_BODY_BYTES = 1_048_576
# The number of messages in one piece of data that are separated; aiohttp itself stops reading at 32.
_MAX_MESSAGES = 64


@dataclass(slots=True)
class _Partial:
    """A message whose body is incomplete: the data received so far, and the number of missing bytes."""

    head: Head
    lifetime: Lifetime
    head_bytes: int
    pieces: list[bytes]
    missing: int


class Connection(web.RequestHandler):
    """A connection that responds to plain API requests itself. Without a `fast_path` aiohttp handles all requests.

    aiohttp takes three iterations of the event loop, a task, and objects for request, response and writer. Data without
    a response yet is handed over to it unchanged.
    """

    __slots__ = ("_added", "_batch", "_fast_path", "_handling", "_partial", "_payload", "is_half_closed")

    leaves_bodies_encoded = True  # so that the known encodings do not depend on other installed packages

    def __init__(
        self, manager: web.Server, fast_path: FastPath | None, batch: Batch | None, *, loop: asyncio.AbstractEventLoop
    ) -> None:
        # None means "no access log"; aiohttp's own code passes it too.
        super().__init__(manager, loop=loop, access_log=None, auto_decompress=False)  # type: ignore[arg-type]
        self._fast_path = fast_path
        self._batch = batch
        self._added: list[bytes] = []  # the raw request that waits for the end of the batch
        self._partial: _Partial | None = None
        self._payload: StreamReader = EMPTY_PAYLOAD
        self._handling = False
        self.is_half_closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._fast_path is not None:
            self.keep_alive(True)  # cancels aiohttp's timer, which takes a connection on the fast path for idle

    def data_received(self, data: bytes) -> None:
        if type(data) is not bytes:  # Windows' event loop has bytearrays
            data = bytes(data)
        if self._added and self._batch is not None:
            self._batch.flush()  # responses keep the order of their requests
        if self._fast_path is None:
            self._to_aiohttp(data)
        elif self.writing_paused:
            self._hand_over([data])
        elif self._partial is None:
            self._begin(self._fast_path, data)
        else:
            self._continue(self._partial, data)

    def _begin(self, fast_path: FastPath, data: bytes) -> None:
        """Begin with a message, of which at least the head has come."""
        head_bytes = data.find(_END_OF_HEAD, 0, _MAX_HEAD_BYTES) + len(_END_OF_HEAD)
        head = fast_path.parse(data[:head_bytes]) if head_bytes >= len(_END_OF_HEAD) else None
        if head is None:
            self._hand_over([data])
            return
        missing = head_bytes + head.length - len(data)
        if missing == 0:
            self._add(head, data[head_bytes:], None, [data])
        elif missing < 0 or head.length > _MAX_BODY_BYTES:
            self._hand_over([data])
        else:
            self._wait_for_body(fast_path, head, head_bytes, data, missing)

    def _wait_for_body(self, fast_path: FastPath, head: Head, head_bytes: int, data: bytes, missing: int) -> None:
        lifetime = fast_path.lifetime_of(head)
        self._partial = _Partial(head, lifetime, head_bytes, [data], missing)
        lifetime.at_end(self.abort)
        if head.expects_continue and self.transport is not None:
            self.transport.write(_CONTINUE)

    def _continue(self, partial: _Partial, data: bytes) -> None:
        """Continue with a message whose head has come before."""
        partial.pieces.append(data)
        partial.missing -= len(data)
        if partial.missing > 0:
            return
        self._partial = None
        partial.lifetime.forget(self.abort)
        if partial.missing < 0:
            self._hand_over(partial.pieces)
        else:
            body = b"".join(partial.pieces)[partial.head_bytes :]
            self._add(partial.head, body, partial.lifetime, partial.pieces)

    def _add(self, head: Head, body: bytes, lifetime: Lifetime | None, pieces: list[bytes]) -> None:
        assert self._batch is not None
        self._added = pieces
        self._batch.add(self, head, body, lifetime)

    def send(self, response: bytes | None) -> None:
        """Send the response to the request that was added to the batch. None: hand the connection over to aiohttp."""
        pieces, self._added = self._added, []
        if response is None:
            self._hand_over(pieces)
        elif self.transport is not None:
            self.transport.write(response)

    def abort(self) -> None:
        """Close the connection at once."""
        self._added = []
        if self.transport is not None:  # pragma: no branch  # the client may leave at this very moment
            self.transport.abort()

    def _hand_over(self, pieces: Iterable[bytes]) -> None:
        """Leave the fast path for good, with all data that has no response yet."""
        self._fast_path = None
        for piece in pieces:
            self._to_aiohttp(piece)

    def _to_aiohttp(self, data: bytes) -> None:
        """Pass data to aiohttp, head by head: an invalid message would discard those before it in the same data."""
        if self.transport is None or self.transport.is_closing():
            return
        *heads, rest = data.split(_END_OF_HEAD, _MAX_MESSAGES)
        for head in heads:
            self._one_to_aiohttp(head + _END_OF_HEAD)
        if rest or not heads:
            self._one_to_aiohttp(rest)

    def _one_to_aiohttp(self, data: bytes) -> None:
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

    def begin_handling(self) -> None:
        """Note that aiohttp handles a message of its queue."""
        self._handling = True

    def eof_received(self) -> bool | None:  # type: ignore[override]  # asyncio's own type, which aiohttp narrows
        """Respond to the requests that came before the client closed its half of the connection."""
        if self._added and self._batch is not None:
            self._batch.flush()
        if self._fast_path is not None or not (self._handling or self._queue()):
            return None
        if not self._payload.is_eof():
            self._payload.set_exception(ConnectionResetError("the client has gone before the end of its body"))
        self.is_half_closed = True
        return True  # so that the event loop leaves the other half open

    def connection_lost(self, exc: BaseException | None) -> None:
        partial, self._partial = self._partial, None
        if partial is not None and self._fast_path is not None:
            partial.lifetime.forget(self.abort)
            self._fast_path.record_incomplete(partial.head, partial.lifetime)
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
            response = as_aiohttp(explain(400, "The request could not be read."))
        else:
            log.error("the server broke its own contract", exc_info=exc)
            response = as_aiohttp(explain(500, BROKEN))
        response.force_close()
        return response
