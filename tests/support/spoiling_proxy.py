"""Spoiling proxy: forwards requests to a server of a test, counts what arrived, and spoils answers by a function."""

import http.client
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

HOST = "127.0.0.1"
MAX_WAIT = 60
"""Seconds for an answer of the server, less than those of `verify`, which sends a GET again that is not answered."""
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_OF_ONE_HOP = ("connection", "transfer-encoding", "content-length", "date", "server")


@dataclass(frozen=True)
class Request:
    """A request as it arrived. The names of `headers` are in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_create(self) -> bool:
        """Whether it asks for a new tracking."""
        return self.method == "POST" and self.path.partition("?")[0] == "/api/v1/claimtrackings"


@dataclass(frozen=True)
class Reply:
    """An answer. `sent` is the number of bytes of its body that are sent before the connection is closed."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    sent: int | None = None

    @property
    def value(self) -> Any:
        """Return the JSON of the body."""
        return json.loads(self.body)

    def with_value(self, value: Any, status: int = 0) -> "Reply":
        """Return this answer with another body and, if it is given, status."""
        return replace(self, body=json.dumps(value).encode(), status=status or self.status)


Spoiled = Reply | Iterable[bytes] | None
"""An answer; or bytes that are sent as they are, until the client has gone; or None, a connection that is reset."""
Forward = Callable[..., Reply]
"""Lets the server carry out the request that arrived, or another one, and returns its answer."""
Spoil = Callable[[Request, Forward], Spoiled]
"""Answers a request."""


class SpoilingProxy:
    """A proxy before the server at a port of this machine. `received` has the requests, and `forwarded` the answers."""

    def __init__(self, port: int, spoil: Spoil | None = None) -> None:
        self._port = port
        self.spoil: Spoil = spoil or (lambda _, forward: forward())
        self.received: list[Request] = []
        self.forwarded: list[tuple[Request, Reply]] = []
        self.is_closing = threading.Event()
        self._server = _Server((HOST, 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        """Return the port on which it listens."""
        return int(self._server.server_address[1])

    def __enter__(self) -> "SpoilingProxy":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.is_closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def respond(self, request: Request) -> Spoiled:
        """Return what is sent for a request."""
        self.received.append(request)
        return self.spoil(request, lambda other=request: self._forward(other))

    def _forward(self, request: Request) -> Reply:
        with closing(http.client.HTTPConnection(HOST, self._port, timeout=MAX_WAIT)) as connection:
            connection.putrequest(request.method, request.path, skip_host=True, skip_accept_encoding=True)
            length = {"content-length": str(len(request.body))} if "content-length" in request.headers else {}
            for name, value in (dict(request.headers) | length).items():
                if name != "connection":
                    connection.putheader(name, value)
            connection.endheaders(request.body or None)
            response = connection.getresponse()
            headers = {name: value for name, value in response.getheaders() if name.lower() not in _OF_ONE_HOP}
            reply = Reply(response.status, response.read(), headers)
        self.forwarded.append((request, reply))
        return reply


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    proxy: SpoilingProxy


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def __getattr__(self, name: str) -> Any:
        # The base class calls do_GET and so on; every method is answered in the same way.
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        spoiled = self.server.proxy.respond(Request(self.command, self.path, headers, body))
        with suppress(OSError):  # the client has gone
            if spoiled is None:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            else:
                for part in _wire(spoiled) if isinstance(spoiled, Reply) else spoiled:
                    self.connection.sendall(part)
                    if self.server.proxy.is_closing.is_set():
                        break


def _wire(reply: Reply) -> Iterator[bytes]:
    lines = [f"HTTP/1.1 {reply.status} X", f"Content-Length: {len(reply.body)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    yield ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + reply.body[: reply.sent]


KINDS: Mapping[str, Reply] = {
    "401": Reply(401, b'"The Customer Key is disabled."'),
    "429": Reply(429, b'"Too many requests."', {"Content-Type": "application/json", "Retry-After": "7"}),
    "500": Reply(500, b'"Oops."'),
    "504": Reply(504, b'"Timeout."'),
    "html": Reply(502, b"<html>Bad gateway</html>", {"Content-Type": "text/html"}),
    "redirect": Reply(302, b"", {"Location": "http://127.0.0.1:1/elsewhere"}),
    "wrong-json": Reply(200, b'{"unexpected": true}'),
}
"""Answers in place of the server's own."""


def fault(when: Callable[[Request], bool], kind: str, *, times: int = 1, after: bool = False) -> Spoil:
    """Return a function that spoils the first `times` requests for which `when` is true.

    `kind` is one of KINDS, or "reset" or "truncate". With `after` the server first carries the request out.
    """
    left = times

    def spoil(request: Request, forward: Forward) -> Spoiled:
        nonlocal left
        if left == 0 or not when(request):
            return forward()
        left -= 1
        own = forward() if after or kind == "truncate" else Reply(0)
        return replace(own, sent=len(own.body) // 2) if kind == "truncate" else KINDS.get(kind)

    return spoil
