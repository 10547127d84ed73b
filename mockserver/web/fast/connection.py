"""Connection on the fast path until the first request that is not plain, then on aiohttp's slow path."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiohttp import web

from mockserver.tenants.tenant import Lifetime
from mockserver.web.connection import CONTINUE, Connection
from mockserver.web.fast.batch import Batch
from mockserver.web.fast.fast_path import FastPath
from mockserver.web.fast.heads import Head
from mockserver.web.middleware import LIFETIME
from mockserver.web.mock import MOCK
from mockserver.web.pieces import END_OF_HEAD, MAX_HEAD_BYTES

_MAX_BODY_BYTES = 1_048_576
# The memory of a piece of data besides its bytes.
_PIECE_BYTES = 41


def fast_connections(app: web.Application, connect: partial[Connection]) -> Callable[[], Connection] | None:
    """Return `connect` with the fast path, or None if aiohttp must handle all requests of the app."""
    mock = app.get(MOCK)
    if mock is None or len(app.middlewares) > 1 or app.on_response_prepare:
        return None  # middlewares and signals of the user must see all requests
    fast_path = FastPath(mock.dispatcher, mock.hosts)
    batch = Batch(fast_path.respond)
    return partial(FastConnection, *connect.args, **connect.keywords, fast_path=fast_path, batch=batch)


@dataclass(slots=True)
class _Partial:
    """A message whose body is incomplete: the data received so far, and the number of missing bytes."""

    head: Head
    lifetime: Lifetime
    head_bytes: int
    pieces: list[bytes]
    missing: int

    @property
    def size(self) -> int:
        """Return its size in memory."""
        return self.head_bytes + self.head.length - self.missing + _PIECE_BYTES * len(self.pieces)


class FastConnection(Connection):
    """A connection that responds to plain API requests itself.

    aiohttp takes three iterations of the event loop, a task, and objects for request, response and writer. Data without
    a response yet is handed over to it unchanged, with the lifetime that its request belongs to.
    """

    __slots__ = ("_added", "_batch", "_fast_path", "_lifetime", "_partial")

    def __init__(self, manager: web.Server, *, fast_path: FastPath, batch: Batch, **common: Any) -> None:
        super().__init__(manager, **common)
        self._fast_path: FastPath | None = fast_path
        self._batch = batch
        self._added: list[bytes] = []  # the raw request that waits for the end of the batch
        self._lifetime: Lifetime | None = None  # that of the next request for aiohttp, or of the one in `_added`
        self._partial: _Partial | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.keep_alive(True)  # cancels aiohttp's timer, which takes a connection on the fast path for idle

    def data_received(self, data: bytes) -> None:
        if type(data) is not bytes:  # Windows' event loop has bytearrays
            data = bytes(data)
        if self._added:
            self._batch.flush()  # responses keep the order of their requests
            if self.transport is None or self.transport.is_closing():
                return
        if self._fast_path is None:
            super().data_received(data)
        elif self._partial is not None:
            self._continue(self._partial, data)
        elif self.writing_paused:
            self._hand_over([data])
        else:
            self._begin(self._fast_path, data)

    def _begin(self, fast_path: FastPath, data: bytes) -> None:
        """Begin with a message, of which at least the head has come."""
        head_bytes = data.find(END_OF_HEAD, 0, MAX_HEAD_BYTES) + len(END_OF_HEAD)
        head = fast_path.parse(data[:head_bytes]) if head_bytes >= len(END_OF_HEAD) else None
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
        self._uploads.note(self, len(data))
        if head.expects_continue and len(data) == head_bytes and self.transport is not None:
            self.transport.write(CONTINUE)

    def _continue(self, partial: _Partial, data: bytes) -> None:
        """Continue with a message whose head has come before."""
        partial.pieces.append(data)
        partial.missing -= len(data)
        if partial.missing > 0:
            self._uploads.note(self, partial.size)
            return
        self._partial = None
        self._uploads.forget(self)
        partial.lifetime.forget(self.abort)
        if partial.missing < 0:
            self._hand_over(partial.pieces, partial.lifetime)
        else:
            body = b"".join(partial.pieces)[partial.head_bytes :]
            self._add(partial.head, body, partial.lifetime, partial.pieces)

    def _add(self, head: Head, body: bytes, lifetime: Lifetime | None, pieces: list[bytes]) -> None:
        self._added, self._lifetime = pieces, lifetime
        self._batch.add(self, head, body, lifetime)

    def send(self, response: tuple[bytes, ...] | None) -> None:
        """Send the response to the request that was added to the batch. None: hand the connection over to aiohttp."""
        pieces, self._added = self._added, []
        lifetime, self._lifetime = self._lifetime, None
        if response is None:
            self._hand_over(pieces, lifetime)
        elif self.transport is not None:
            self.transport.writelines(response) if len(response) > 1 else self.transport.write(response[0])

    def abort(self) -> None:
        """Close the connection at once."""
        self._added = []
        super().abort()

    def refuse_upload(self, reason: str) -> None:
        partial, self._partial = self._partial, None
        if partial is not None:
            partial.lifetime.forget(self.abort)
            self._hand_over(partial.pieces, partial.lifetime)
        super().refuse_upload(reason)

    def _hand_over(self, pieces: Iterable[bytes], lifetime: Lifetime | None = None) -> None:
        """Leave the fast path for good, with all data that has no response yet. `lifetime` is its first request's."""
        self._fast_path, self._lifetime = None, lifetime
        for piece in pieces:
            super().data_received(piece)

    def begin_handling(self, request: web.BaseRequest) -> None:
        super().begin_handling(request)
        if self._lifetime is not None:
            request[LIFETIME], self._lifetime = self._lifetime, None

    def eof_received(self) -> bool | None:  # type: ignore[override]  # asyncio's own type, which aiohttp narrows
        if self._added:
            self._batch.flush()
        return super().eof_received()

    def connection_lost(self, exc: BaseException | None) -> None:
        partial, self._partial = self._partial, None
        if partial is not None and self._fast_path is not None:
            partial.lifetime.forget(self.abort)
            self._fast_path.record_incomplete(partial.head, partial.lifetime)
        super().connection_lost(exc)
