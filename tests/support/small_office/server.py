"""Server: HTTP on a free port of this machine, one thread for each connection."""

import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock
from typing import Any

from support.small_office.wire import Response

# Method, target, headers with names in small letters, and body.
Respond = Callable[[str, str, dict[str, str], bytes], "Reply"]
Reply = tuple[Response | None, float]
"""A response (None: the connection is reset), and the seconds for which it is held back."""

_HOST = "127.0.0.1"
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Server(ThreadingHTTPServer):
    """A server that answers each request with `respond`."""

    daemon_threads = False  # so that `server_close` waits for them

    def __init__(self, respond: Respond) -> None:
        super().__init__((_HOST, 0), _Handler)
        self.respond = respond
        self.closing = Event()
        self._connections: set[socket.socket] = set()
        self._lock = Lock()

    @property
    def address(self) -> str:
        """Return host and port."""
        return f"{_HOST}:{self.server_address[1]}"

    def stop(self) -> None:
        """End the server and all connections, and wait for their threads."""
        self.closing.set()
        self.shutdown()
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):  # the client has gone already
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Note the connection, and serve it in a thread of its own."""
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)


class _Handler(BaseHTTPRequestHandler):
    """The requests of one connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # so that a response leaves in one piece
    timeout = 30

    def __getattr__(self, name: str) -> Any:
        # The base class calls do_GET and so on; every other method is answered in the same way.
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def version_string(self) -> str:
        """Return the header Server."""
        return "Microsoft-HTTPAPI/2.0"

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""

    def handle(self) -> None:
        """Serve the connection until either side ends it."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def finish(self) -> None:
        """Send what is left, unless the client has gone."""
        try:
            super().finish()
        except OSError:
            self.close_connection = True

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        response, seconds = self.server.respond(self.command, self.path, headers, body)
        if seconds:
            self.server.closing.wait(seconds)
        if response is None:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            self.close_connection = True
            return
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body[: response.sent])
        self.wfile.flush()
        if response.sent is not None:
            self.close_connection = True
