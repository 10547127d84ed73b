"""Client of an office: requests as data, and answers that can be compared."""

import http.client
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Ask:
    """A request: method and target (`GET /api/v1/claims`), and its body as a value or as bytes.

    `headers` are set over those that the office admits; None leaves one out.
    """

    call: str
    body: Any = None
    raw: bytes | None = None
    headers: Mapping[str, str | None] = field(default_factory=dict)

    def __str__(self) -> str:
        body = "" if self.body is None else json.dumps(self.body)
        raw = "" if self.raw is None else repr(self.raw)
        return f"{self.call} {body}{raw}{dict(self.headers) or ''}"[:120]


@dataclass(frozen=True)
class Told:
    """An answer: status, Content-Type, and the body as a value if it is JSON, otherwise as text."""

    status: int
    content_type: str
    value: Any


class Client:
    """A connection to the office at `address`, whose usual headers are `headers`."""

    def __init__(self, address: str, headers: Mapping[str, str], timeout: float = 10) -> None:
        self._connection = http.client.HTTPConnection(address, timeout=timeout)
        self._headers = headers

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()

    def ask(self, ask: Ask) -> Told:
        """Send a request, and return its answer."""
        return self.ask_with_headers(ask)[0]

    def ask_with_headers(self, ask: Ask) -> tuple[Told, dict[str, str]]:
        """Send a request, and return its answer and the headers of that, with their names in small letters."""
        method, _, target = ask.call.partition(" ")
        body = ask.raw if ask.body is None else json.dumps(ask.body).encode()
        headers = {name: value for name, value in {**self._headers, **ask.headers}.items() if value is not None}
        self._connection.request(method, target, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        kind = response.headers.get_content_type()
        value = json.loads(content) if kind == "application/json" else content.decode()
        return Told(response.status, kind, value), {name.lower(): text for name, text in response.headers.items()}

    def ask_all(self, asks: Iterable[Ask]) -> list[Told]:
        """Send requests one after another, and return their answers."""
        return [self.ask(ask) for ask in asks]
