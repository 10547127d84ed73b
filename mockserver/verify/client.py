"""Office client: one request at a time to an office, without redirects, proxies and second attempts."""

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

from mockserver.assets import version
from mockserver.contract.cases import BASE_PATH, CaseRequest
from mockserver.office.rows import ApiKey
from mockserver.syntax.text import valid_json
from mockserver.verify.address import check_address, is_loopback

# The vendor answers 504 after 60 s of processing (API Implementation).
SECONDS = 70.0
MAX_BYTES = 64_000_000
_MAX_STATUS = 599
_PIECE = 65_536

_LATE = "no response in time"

NOT_JSON: Any = object()
"""The value of a body that is not JSON."""


class LostError(Exception):
    """A request without a whole response. `is_sent` says that the office may have got it."""

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
    def explanation(self) -> str | None:
        """Return the explanation of a refusal: a JSON string, or plain text."""
        if isinstance(self.value, str):
            return self.value
        if self.value is NOT_JSON and self.body and not self.is_page:
            return self.body.decode("utf-8", "replace")
        return None


class OfficeClient:
    """A client of the office at `url`, which ends with /api/v1.

    The time of one exchange as a whole is limited to `seconds`, however the bytes arrive.
    """

    def __init__(self, url: str, key: ApiKey | None, *, seconds: float = SECONDS) -> None:
        self._url = check_address(url)
        self._prefix = self._url.path.rstrip("/").removesuffix(BASE_PATH)
        self._seconds = seconds
        self._headers: dict[str, str | None] = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": f"opendental-mock/{version()} verify",
            "Connection": "close",
        }
        if key is not None:
            self._headers["Authorization"] = f"ODFHIR {key.DeveloperKey}/{key.CustomerKey}"

    @property
    def is_local(self) -> bool:
        """Whether the office is on this machine."""
        return is_loopback(self._url)

    def send(self, request: CaseRequest) -> Answer:
        """Send a request once. Raises LostError."""
        until = time.monotonic() + self._seconds
        connection = self._connection()
        # http.client limits the time of each read alone, and reads heads and trailers without end.
        limit = threading.Timer(self._seconds, _shut, (connection,))
        limit.daemon = True
        limit.start()
        is_sent = False
        try:
            connection.connect()
            is_sent = True
            self._send(connection, request)
            response = connection.getresponse()
            if response.status > _MAX_STATUS:
                raise http.client.BadStatusLine("")
            return Answer(
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                self._body(connection, response, until),
            )
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            is_late = isinstance(error, TimeoutError) or time.monotonic() >= until
            raise LostError(_LATE if is_late else reason_of(error), is_sent=is_sent) from None
        finally:
            limit.cancel()
            connection.close()

    def _send(self, connection: http.client.HTTPConnection, request: CaseRequest) -> None:
        # http.client would add a Content-Length of its own only if it knows the body; and no other header.
        connection.putrequest(request.method, self._prefix + request.path, skip_accept_encoding=True)
        for name, value in (self._headers | dict(request.headers)).items():
            if value is not None:
                connection.putheader(name, value)
        if request.body is not None:
            connection.putheader("Content-Length", str(len(request.body)))
        elif request.method in ("POST", "PUT"):
            connection.putheader("Content-Length", "0")
        connection.endheaders(request.body)

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=self._seconds, context=ssl.create_default_context())
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
            if size > MAX_BYTES:
                raise http.client.HTTPException("the response is too long")
        if time.monotonic() >= until:  # http.client takes trailers that break off for their end
            raise TimeoutError
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        return b"".join(parts)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _shut(connection: http.client.HTTPConnection) -> None:
    """Let the thread that waits for a connection meet its end."""
    if connection.sock is not None:
        with suppress(OSError):
            # The method of a TLS socket would change what the other thread uses.
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)


def reason_of(error: Exception) -> str:
    """Return why a request has no response, without names of hosts or parts of the response."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "the certificate of the server is not valid"
    if isinstance(error, ssl.SSLError):
        return "no TLS connection"
    if isinstance(error, http.client.IncompleteRead):
        return "the response broke off"
    if isinstance(error, ConnectionRefusedError):
        return "no server listens there"
    if isinstance(error, ConnectionError | http.client.RemoteDisconnected):
        return "the connection broke off"
    if isinstance(error, http.client.HTTPException):
        return "the response is not valid HTTP"
    return "no connection"
