"""What was asked and answered: the last exchanges on API paths, as many as fit."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from sys import getsizeof

from multidict import CIMultiDict

from mockserver.messages import shortened
from mockserver.recording.redaction import shown_target, shown_text

MAX_EXCHANGES = 1_000
MAX_BYTES = 16_000_000
MAX_BODY_BYTES = 65_536
MAX_HEADER_BYTES = 16_384
MAX_WARNINGS = 100
MAX_TEXT_LENGTH = 300
"""How many characters are kept of a warning or an explanation, which may quote what the client sent."""

# How the id of each rule begins that is about what the contract does not cover.
WARNING = "warning."
# What reaches the client of a response: all of it, half, or nothing, since a fault or the client has ended the
# connection.
OUTCOMES = COMPLETE, TRUNCATED, RESET, LOST = "complete", "truncated", "connection reset", "connection lost"
# What an exchange takes in memory besides its texts and bodies, and each of its headers and warnings besides its texts.
_OVERHEAD = 800
_EACH = 200


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request with its response. `operation` is empty where the request named none.

    `path` is the request's target without its credentials. `status` is what the client got: 0 if the `outcome` is not
    COMPLETE. `kept` is the status of the operation itself if what it wrote is kept although the client was told
    something else, or nothing. The headers are those of the request as it came, credentials included: nothing may show
    them but through `redaction.shown_headers`. Once it is closed, bodies are kept up to MOST_BODY_BYTES, headers up to
    MOST_HEADER_BYTES together; `cut` says that there was more. `rules`
    are those that the exchange covers, `refused_by` the one that refuses it.
    """

    id: int
    method: str
    path: str
    at: datetime = datetime.min
    operation: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    sent: bytes = field(default=b"", repr=False)
    status: int = 0
    outcome: str = COMPLETE
    kept: int = 0
    answer: bytes = field(default=b"", repr=False)
    cut: bool = False
    explanation: str = ""
    rules: list[str] = field(default_factory=list)
    refused_by: str = ""
    warnings: list[tuple[str, str]] = field(default_factory=list)
    fault: str = ""
    milliseconds: float = 0.0

    @property
    def is_refused_warning(self) -> bool:
        """Whether strict has refused what would otherwise be served with a warning."""
        return self.refused_by.startswith(WARNING)


class Journal:
    """The last exchanges, oldest first, within a number and a size; `dropped` counts those that had to go."""

    def __init__(self, max_exchanges: int = MAX_EXCHANGES, max_bytes: int = MAX_BYTES) -> None:
        self._exchanges: deque[tuple[Exchange, int]] = deque()
        self._max_exchanges = max_exchanges
        self._max_bytes = max_bytes
        self._opened = 0
        self._waiters: dict[_Waiter, None] = {}
        self.bytes = 0
        """How much memory the exchanges take, about."""
        self.dropped = 0

    def __iter__(self) -> Iterator[Exchange]:
        return (exchange for exchange, _ in self._exchanges)

    def __len__(self) -> int:
        return len(self._exchanges)

    @property
    def waiting(self) -> int:
        """How many wait for exchanges."""
        return len(self._waiters)

    def new_empty(self) -> "Journal":
        """An empty one within the same number and size."""
        return Journal(self._max_exchanges, self._max_bytes)

    def open(self, method: str, target: str) -> Exchange:
        """A new exchange; it is kept once it is closed."""
        self._opened += 1
        return Exchange(id=self._opened, method=method, path=shown_target(target))

    def close(self, exchange: Exchange) -> None:
        """Keep an exchange that has been answered, and let go of the oldest where there is no room."""
        size = _trim(exchange)
        self._exchanges.append((exchange, size))
        self.bytes += size
        while len(self._exchanges) > self._max_exchanges or self.bytes > self._max_bytes:
            self.bytes -= self._exchanges.popleft()[1]
            self.dropped += 1
        for waiter in self._waiters:
            waiter.see(exchange)

    def clear(self) -> None:
        """Forget every exchange. Their numbers are not used again."""
        self._exchanges.clear()
        self.bytes = 0
        self.dropped = 0
        for waiter in self._waiters:
            waiter.missing = waiter.count

    def release(self) -> None:
        """Let everybody who waits go on."""
        for waiter in self._waiters:
            waiter.release()

    async def wait(self, matches: Callable[[Exchange], bool], count: int, seconds: float) -> bool:
        """Return once there are `count` exchanges that match, on `release`, or after that time; whether there are.


        Those that are kept count, and each that is closed from now on, whether or not it is still kept at the end.
        """
        waiter = _Waiter(matches, count, asyncio.get_running_loop().create_future())
        for exchange in self:
            waiter.see(exchange)
        self._waiters[waiter] = None
        try:
            await asyncio.wait((waiter.released,), timeout=seconds)
        finally:
            del self._waiters[waiter]
        return waiter.missing <= 0


class _Waiter:
    """Somebody who waits for exchanges that match. Others do not wake it."""

    def __init__(self, matches: Callable[[Exchange], bool], count: int, released: asyncio.Future[None]) -> None:
        self.count = self.missing = count
        self.released = released
        self._matches = matches
        if count <= 0:
            self.release()

    def see(self, exchange: Exchange) -> None:
        """Count an exchange if it matches."""
        if self.missing > 0 and self._matches(exchange):
            self.missing -= 1
            if self.missing == 0:
                self.release()

    def release(self) -> None:
        """Wake it."""
        if not self.released.done():
            self.released.set_result(None)


def _trim(exchange: Exchange) -> int:
    """Cut an exchange to what is kept of it; how many bytes of memory that takes, about."""
    if len(exchange.sent) > MAX_BODY_BYTES or len(exchange.answer) > MAX_BODY_BYTES:
        exchange.cut = True
        exchange.sent = exchange.sent[:MAX_BODY_BYTES]
        exchange.answer = exchange.answer[:MAX_BODY_BYTES]
    headers = exchange.headers
    # Together, which takes a third of the time that one by one takes.
    header_bytes = getsizeof("".join([*headers.keys(), *headers.values()])) + _EACH * len(headers)
    if header_bytes > MAX_HEADER_BYTES:
        exchange.cut = True
        exchange.headers, header_bytes = _headers_that_fit(headers)
    size = _OVERHEAD + header_bytes + len(exchange.sent) + len(exchange.answer)
    size += getsizeof(exchange.method) + getsizeof(exchange.path)
    if exchange.explanation:
        exchange.explanation = _quoted(exchange.explanation)
        size += getsizeof(exchange.explanation)
    if exchange.warnings:
        exchange.cut = exchange.cut or len(exchange.warnings) > MAX_WARNINGS
        exchange.warnings = [(rule, _quoted(text)) for rule, text in exchange.warnings[:MAX_WARNINGS]]
        size += sum(_EACH + getsizeof(text) for _, text in exchange.warnings)
    if len(exchange.rules) > MAX_WARNINGS:
        exchange.rules = list(dict.fromkeys(reversed(exchange.rules)))[::-1]  # the last one stays the last
    return size + 8 * len(exchange.rules)


def _headers_that_fit(headers: Mapping[str, str]) -> tuple[Mapping[str, str], int]:
    """Those headers that fit into MOST_HEADER_BYTES, in their order, and how many bytes they take."""
    kept: CIMultiDict[str] = CIMultiDict()
    bytes_ = 0
    for name, value in headers.items():
        size = getsizeof(name + value) + _EACH
        if bytes_ + size <= MAX_HEADER_BYTES:
            bytes_ += size
            kept.add(name, value)
    return kept, bytes_


def _quoted(text: str) -> str:
    return shown_text(shortened(text, MAX_TEXT_LENGTH))
