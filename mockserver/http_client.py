"""HTTP client: one exchange with a server, without redirects, proxies and second attempts, limited in time and size."""

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult

from mockserver.syntax.text import valid_json

_MAX_STATUS = 599
_PIECE = 65_536
_LATE = "no response in time"
NOT_TRUSTED = "the certificate of the server is not valid"
NO_TLS = "no TLS connection"

NOT_JSON: Any = object()
"""The value of a body that is not JSON."""


class LostError(Exception):
    """A request without a whole response. `is_sent` says that the office may have received it."""

    def __init__(self, reason: str, *, is_sent: bool) -> None:
        super().__init__(reason)
        self.is_sent = is_sent


@dataclass(frozen=True)
class Answer:
    """A response. The names of `headers` are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def value(self) -> Any:
        """Return the JSON of the body, in which a lone surrogate is U+FFFD, or NOT_JSON."""
        try:
            value = json.loads(valid_json(self.body.decode("utf-8-sig")), parse_constant=_refuse)
        except (ValueError, RecursionError):
            return NOT_JSON
        return value

    @property
    def is_page(self) -> bool:
        """Whether it is a page for browsers, as proxies send it."""
        return "html" in self.headers.get("content-type", "") or self.body.lstrip()[:1] == b"<"

    @property
    def form(self) -> str:
        """Return the form of the body: `json` for a JSON string, plain, page, nothing, object, array, or value."""
        if isinstance(self.value, str):
            return "json"
        if self.value is NOT_JSON:
            return "nothing" if not self.body.strip() else "page" if self.is_page else "plain"
        return "object" if isinstance(self.value, dict) else "array" if isinstance(self.value, list) else "value"

    @property
    def explanation(self) -> str | None:
        """Return the explanation of a refusal: a JSON string, or plain text."""
        if self.form == "plain":
            return self.body.decode("utf-8", "replace")
        return self.value if self.form == "json" else None


class HttpClient:
    """A client of the server at `url`, of which host and port count.

    An exchange as a whole takes at most `seconds`, however the bytes arrive, and its response has at most `max_bytes`.
    `context` has the certificates that are trusted, if not those of the system alone.
    """

    def __init__(
        self, url: SplitResult, *, seconds: float, max_bytes: int, context: ssl.SSLContext | None = None
    ) -> None:
        self._url = url
        self._context = context
        self._seconds = seconds
        self._max_bytes = max_bytes

    def send(self, method: str, target: str, headers: Mapping[str, str | None], body: bytes | None = None) -> Answer:
        """Send a request once, with these headers besides Host; one that is None is left out. Raises LostError."""
        connection = self._connection()
        limit = _Limit(connection, self._seconds)
        is_sent = False
        try:
            connection.connect()
            is_sent = True
            self._send(connection, method, target, headers, body)
            response = connection.getresponse()
            if response.status > _MAX_STATUS:
                raise http.client.BadStatusLine("")
            return Answer(
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                self._body(connection, response, limit.until),
            )
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            is_late = isinstance(error, TimeoutError) or time.monotonic() >= limit.until
            raise LostError(_LATE if is_late else reason_of(error), is_sent=is_sent) from None
        finally:
            limit.cancel()
            connection.close()

    @staticmethod
    def _send(
        connection: http.client.HTTPConnection,
        method: str,
        target: str,
        headers: Mapping[str, str | None],
        body: bytes | None,
    ) -> None:
        # http.client would add a Content-Length of its own only if it knows the body; and no other header.
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers.items():
            if value is not None:
                connection.putheader(name, value.encode())
        if body is not None or method in ("POST", "PUT"):
            connection.putheader("Content-Length", str(len(body or b"")))
        connection.endheaders(body)

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "https":
            context = self._context or ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=self._seconds, context=context)
        return http.client.HTTPConnection(host, port, timeout=self._seconds)

    def _body(self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse, until: float) -> bytes:
        """Return the whole body. Raises TimeoutError, HTTPException."""
        parts, size = [], 0
        while True:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            if connection.sock is not None:
                connection.sock.settimeout(left)
            part = response.read1(_PIECE)
            if not part:
                break
            parts.append(part)
            size += len(part)
            if size > self._max_bytes:
                raise LostError("the response is too long", is_sent=True)
        if time.monotonic() >= until:  # http.client takes truncated trailers for complete ones
            raise TimeoutError
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        return b"".join(parts)


class _Limit(threading.Timer):
    """A limit of time on a connection, since http.client limits each read alone, and reads heads without end."""

    def __init__(self, connection: http.client.HTTPConnection, seconds: float) -> None:
        super().__init__(seconds, _shut, (connection,))
        self.until = time.monotonic() + seconds
        self.daemon = True
        self.start()


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _shut(connection: http.client.HTTPConnection) -> None:
    """Unblock the thread that waits for a connection."""
    if connection.sock is not None:
        with suppress(OSError):
            # The method of a TLS socket would change what the other thread uses.
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)


def reason_of(error: Exception) -> str:
    """Return why a request has no response, without names of hosts or parts of the response."""
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), "no connection")


_REASONS = (
    (ssl.SSLCertVerificationError, NOT_TRUSTED),
    (ssl.SSLError, NO_TLS),
    (http.client.IncompleteRead, "the response broke off"),
    (ConnectionRefusedError, "no server listens there"),
    (ConnectionError, "the connection broke off"),  # RemoteDisconnected, too
    (http.client.HTTPException, "the response is not valid HTTP"),
)
"""Why a request has no response, by the error: of several kinds that fit, the first one."""
