"""Response: a status, a JSON body and a few headers."""

import json
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus

SERVER = {"Server": "opendental-mock"}
# The real API allows pages of every origin (observed); the admin API does not.
OPEN_TO_PAGES = {"Access-Control-Allow-Origin": "*"}
# Lets a page of another origin read the mock's own headers of a response too.
EXPOSED = {
    "Access-Control-Expose-Headers": (
        "X-Mock-Request-Id, X-Mock-Rule, X-Mock-Standing, X-Mock-Hint, X-Mock-Warnings, X-Mock-Fault"
    )
}
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
EXPLANATION = "api.explanation"
"""The rule on the form of each refusal."""
PLAIN = "plain"
"""Its variant without JSON."""
API_HEADERS = {"Content-Type": JSON} | SERVER | OPEN_TO_PAGES


_LONG = 16_384  # bytes: sixteen responses of 100 KB each, copied before they are sent, take half as long again


@dataclass(slots=True)
class Response:
    """One response of the API. `headers` are those besides API_HEADERS, which all responses have.

    `content_type` is the Content-Type, in the place of the one of API_HEADERS. `is_exposed`: pages of other origins may
    read the mock's own headers.
    """

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = JSON
    is_exposed: bool = False

    def all_headers(self) -> dict[str, str]:
        """Return the headers, without those of the connection."""
        return _common_headers(self.content_type, self.is_exposed) | self.headers

    def wire(self) -> bytes:
        """Return the bytes for a persistent HTTP/1.1 connection (RFC 9112), the same as aiohttp would send."""
        return b"".join(self.pieces())

    def pieces(self) -> tuple[bytes, ...]:
        """Return the same bytes in pieces: a long body is one, which is not copied."""
        start = _start(self.status, self.content_type, self.is_exposed, int(time.time()))
        headers = "".join([f"{name}: {value}\r\n" for name, value in self.headers.items()])
        head = f"{start}{headers}Content-Length: {len(self.body)}\r\n\r\n".encode()
        return (head, self.body) if len(self.body) > _LONG else (head + self.body,)


def explain(status: int, explanation: str) -> Response:
    """Return a refusal of the API, whose body is one JSON string."""
    return Response(status, _JSON.encode(explanation).encode())


_JSON = json.JSONEncoder()


def explain_plainly(status: int, explanation: str) -> Response:
    """Return a refusal of an office that sends the explanation as it is, not as JSON."""
    return Response(status, explanation.encode(errors="replace"), content_type=TEXT)


def _common_headers(content_type: str, is_exposed: bool) -> dict[str, str]:
    return API_HEADERS | {"Content-Type": content_type} | (EXPOSED if is_exposed else {})


@lru_cache(maxsize=16)
def _start(status: int, content_type: str, is_exposed: bool, seconds: int) -> str:
    """Return the beginning of a response that is sent in that second, counted like `time.time()`."""
    headers = _common_headers(content_type, is_exposed) | {"Date": formatdate(seconds, usegmt=True)}
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{lines}"
