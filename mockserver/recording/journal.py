"""What was asked and answered: the last exchanges on API paths, as many as fit."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

MOST_EXCHANGES = 1_000
MOST_BYTES = 16_000_000
MOST_BODY_BYTES = 65_536
# How the id of each rule begins that is about what the contract does not cover.
WARNING = "warning."
# What reaches the client of a response: all of it, half, or nothing, since a fault or the client has ended the
# connection.
OUTCOMES = COMPLETE, TRUNCATED, RESET, LOST = "complete", "truncated", "connection reset", "connection lost"
# What an exchange takes besides its bodies: headers, rules, the objects themselves.
_OVERHEAD = 2_000


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request with its response. `operation` is empty where the request named none.

    `status` is what the client got: 0 if the `outcome` is not COMPLETE. `kept` is the status of the operation itself if
    what it wrote is kept although the client was told something else, or nothing.
    Bodies are kept up to MOST_BODY_BYTES; `cut` says that one was longer. The headers are those of the
    request as it came, credentials included: nothing may show them but through `shown_headers`.
    """

    id: int
    method: str
    path: str
    at: datetime = datetime.min
    operation: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: bytes = b""
    status: int = 0
    outcome: str = COMPLETE
    kept: int = 0
    answer: bytes = b""
    cut: bool = False
    explanation: str = ""
    rules: list[str] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    fault: str = ""
    milliseconds: float = 0.0

    @property
    def is_refused_warning(self) -> bool:
        """Whether strict has refused what would otherwise be served with a warning."""
        return self.status >= 400 and bool(self.rules) and self.rules[-1].startswith(WARNING)

    def shown_headers(self) -> dict[str, str]:
        """The request's headers without its secrets: of credentials only the scheme is left."""
        return {
            name: f"{value.split()[0] if ' ' in value else ''} [redacted]".strip() if name.lower() in _SECRET else value
            for name, value in self.headers.items()
        }


_SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "x-mock-admin-token"})


class Journal:
    """The last exchanges, oldest first, within a number and a size; `dropped` counts those that had to go."""

    def __init__(self, most: int = MOST_EXCHANGES, most_bytes: int = MOST_BYTES) -> None:
        self._exchanges: deque[tuple[Exchange, int]] = deque()
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self._opened = 0
        self._releases = 0
        self._waiting: list[asyncio.Future[None]] = []
        self.dropped = 0

    def __iter__(self) -> Iterator[Exchange]:
        return (exchange for exchange, _ in self._exchanges)

    def __len__(self) -> int:
        return len(self._exchanges)

    def another(self) -> "Journal":
        """An empty one within the same number and size."""
        return Journal(self._most, self._most_bytes)

    def open(self, method: str, path: str) -> Exchange:
        """A new exchange; it is kept once it is closed."""
        self._opened += 1
        return Exchange(id=self._opened, method=method, path=path)

    def close(self, exchange: Exchange) -> None:
        """Keep an exchange that has been answered, and let go of the oldest where there is no room."""
        if len(exchange.sent) > MOST_BODY_BYTES or len(exchange.answer) > MOST_BODY_BYTES:
            exchange.cut = True
            exchange.sent = exchange.sent[:MOST_BODY_BYTES]
            exchange.answer = exchange.answer[:MOST_BODY_BYTES]
        size = _OVERHEAD + len(exchange.sent) + len(exchange.answer) + len(exchange.path)
        self._exchanges.append((exchange, size))
        self._bytes += size
        while len(self._exchanges) > self._most or self._bytes > self._most_bytes:
            self._bytes -= self._exchanges.popleft()[1]
            self.dropped += 1
        if self._waiting:
            self._wake()

    def clear(self) -> None:
        """Forget every exchange. Their numbers are not used again."""
        self._exchanges.clear()
        self._bytes = 0
        self.dropped = 0

    async def wait(self, enough: Callable[[], bool], seconds: float) -> None:
        """Return once `enough()`, asked again after each exchange, on `release`, or after that time."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        releases = self._releases
        while not enough() and self._releases == releases:
            left = end - loop.time()
            if left <= 0:
                return
            closed: asyncio.Future[None] = loop.create_future()
            self._waiting.append(closed)
            try:
                await asyncio.wait((closed,), timeout=left)
            finally:
                if closed in self._waiting:
                    self._waiting.remove(closed)

    def release(self) -> None:
        """Let everybody who waits go on."""
        self._releases += 1
        self._wake()

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for closed in waiting:
            closed.set_result(None)
