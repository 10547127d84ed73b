"""Response of the API: a status, a JSON body and a few headers."""

import json
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus

SERVER = {"Server": "opendental-mock"}
# The real API was seen to be open to every page; nothing but the API is.
OPEN_TO_PAGES = {"Access-Control-Allow-Origin": "*"}
# With it a page of another origin can read the mock's own headers of an answer too.
EXPOSED = {
    "Access-Control-Expose-Headers": "X-Mock-Request-Id, X-Mock-Rule, X-Mock-Hint, X-Mock-Warnings, X-Mock-Fault"
}
API_HEADERS = {"Content-Type": "application/json"} | SERVER | OPEN_TO_PAGES


@dataclass(slots=True)
class Response:
    """One response of the API. `headers` are those besides API_HEADERS, which all of them have."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def wire(self) -> bytes:
        """As it goes over a connection of HTTP/1.1 that stays open (RFC 9112); the same as aiohttp would make of it."""
        headers = "".join([f"{name}: {value}\r\n" for name, value in self.headers.items()])
        date = _date(int(time.time()))
        head = f"{_start(self.status)}{headers}Content-Length: {len(self.body)}\r\nDate: {date}\r\n\r\n"
        return head.encode() + self.body


def explain(status: int, explanation: str) -> Response:
    """A refusal of the API: one JSON string, and nothing else."""
    return Response(status, json.dumps(explanation).encode())


@lru_cache
def _start(status: int) -> str:
    headers = [f"{name}: {value}\r\n" for name, value in API_HEADERS.items()]
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n" + "".join(headers)


@lru_cache(maxsize=1)
def _date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)
