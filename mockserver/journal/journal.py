"""Journal: the last exchanges on API paths, limited in number and size."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from sys import getsizeof
from typing import Any

from multidict import CIMultiDict

from mockserver.journal.limits import MAX_BYTES, MAX_EXCHANGES
from mockserver.journal.redaction import shown_target, shown_text
from mockserver.messages import shortened
from mockserver.syntax.strict_json import decode_body

MAX_BODY_BYTES = 65_536
MAX_HEADER_BYTES = 16_384
MAX_WARNINGS = 100
MAX_TEXT_LENGTH = 300
"""The number of characters that are kept of a warning, an explanation or a hint, which may quote the request."""

# The part of a response that reaches the client: all, half, or nothing, because a fault or the client has ended the
# connection.
OUTCOMES = COMPLETE, TRUNCATED, RESET, LOST = "complete", "truncated", "connection reset", "connection lost"
# The memory in bytes of an exchange besides its texts and bodies, of each header besides the characters of its two
# texts, and of each warning besides its text: a pair in a list.
_OVERHEAD = 800
_EACH_HEADER = 200
_EACH_WARNING = 80
_MAX_LONG_BODY_BYTES = 1_000_000  # of a list that is kept as a whole until there is another one


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request with its response. `operation` is empty if the request named none.

    `path` is the request's target without its credentials. `status` is the status that the client got: 0 if the
    `outcome` is not COMPLETE. `kept` is the status of the operation itself if its changes are kept although the client
    got another response, or none. The headers are those of the request as it came, credentials included: they must be
    shown only through `redaction.shown_headers`. Once the exchange is closed, bodies are kept up to MAX_BODY_BYTES,
    headers up to MAX_HEADER_BYTES together; `cut` says that there was more. `rules` are those that the exchange covers,
    `refused_by` the one that refuses it, and `hint` says what would have been right. `is_refused_warning` says that
    strict has refused a request that would otherwise be served with a warning. `unserved` is the operation of the
    vendor's API that the request was for, as `GET /patients/{PatNum}`, if the mock does not serve it. `fault_fields`
    set the fault again.
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
    is_refused_warning: bool = False
    unserved: str = ""
    hint: str = ""
    warnings: list[tuple[str, str]] = field(default_factory=list)
    fault: str = ""
    fault_fields: Mapping[str, Any] = field(default_factory=dict)
    milliseconds: float = 0.0

    def sent_json(self) -> Any:
        """Return the JSON of the request's body. Raises ValueError if it is empty, cut or not JSON."""
        return self._json(self.sent, "request")

    def answer_json(self) -> Any:
        """Return the JSON of the response's body, as the client got it. Raises ValueError like `sent_json`."""
        return self._json(self.answer, "response")

    def _json(self, body: bytes, what: str) -> Any:
        try:
            return decode_body(body)
        except ValueError as error:
            why = "is empty" if not body else "was cut" if len(body) == MAX_BODY_BYTES else f"is not JSON: {error}"
            raise ValueError(f"exchange {self.id}: the body of the {what} {why}") from None


class Journal:
    """The last exchanges, oldest first, limited in number and size. `dropped` counts those that were removed."""

    def __init__(self, max_exchanges: int = MAX_EXCHANGES, max_bytes: int = MAX_BYTES) -> None:
        self._exchanges: deque[tuple[Exchange, int]] = deque()
        self._max_exchanges = max_exchanges
        self._max_bytes = max_bytes
        self._headers: tuple[Mapping[str, str], int] = ({}, 0)
        self._long_body = b"", b""
        self._opened = 0
        self._waiters: dict[_Waiter, None] = {}
        self.bytes = 0
        """The approximate memory of the exchanges."""
        self.dropped = 0

    def __iter__(self) -> Iterator[Exchange]:
        return (exchange for exchange, _ in self._exchanges)

    def __len__(self) -> int:
        return len(self._exchanges)

    @property
    def exchanges(self) -> list[Exchange]:
        """Return all exchanges. Another thread may read them while the server adds to the journal."""
        return [exchange for exchange, _ in self._exchanges.copy()]

    @property
    def waiting(self) -> int:
        """Return the number of tasks that wait for exchanges."""
        return len(self._waiters)

    def new_empty(self) -> "Journal":
        """Return an empty journal with the same limits."""
        return Journal(self._max_exchanges, self._max_bytes)

    def open(self, method: str, target: str) -> Exchange:
        """Return a new exchange. It is kept once it is closed."""
        self._opened += 1
        return Exchange(id=self._opened, method=method, path=shown_target(target))

    def close(self, exchange: Exchange) -> None:
        """Keep an exchange that has its response, and remove the oldest if there is no room."""
        if len(exchange.answer) > MAX_BODY_BYTES:
            exchange.cut = True
            exchange.answer = self._beginning(exchange.answer)
        size = _trim(exchange, self._header_bytes(exchange.headers))
        self._exchanges.append((exchange, size))
        self.bytes += size
        while len(self._exchanges) > self._max_exchanges or self.bytes > self._max_bytes:
            self.bytes -= self._exchanges.popleft()[1]
            self.dropped += 1
        for waiter in self._waiters:
            waiter.see(exchange)

    def _header_bytes(self, headers: Mapping[str, str]) -> int:
        """Return the size of headers in memory. Requests with equal heads on the fast path share them."""
        remembered, size = self._headers
        if headers is not remembered:
            # Joined, which takes a third of the time of single calls.
            size = getsizeof("".join([*headers.keys(), *headers.values()])) + _EACH_HEADER * len(headers)
            if size <= MAX_HEADER_BYTES:  # longer ones are not kept
                self._headers = headers, size
        return size

    def _beginning(self, body: bytes) -> bytes:
        """Return the part of a long body that is kept. Lists that have not changed share it.

        Copying it for each took 16 % of the time of a list of 100 KB.
        """
        if body is not self._long_body[0]:
            beginning = body[:MAX_BODY_BYTES]
            if len(body) > _MAX_LONG_BODY_BYTES:  # not kept as a whole
                return beginning
            self._long_body = body, beginning
        return self._long_body[1]

    def clear(self) -> None:
        """Remove every exchange. Their ids are not used again."""
        self._exchanges.clear()
        self.bytes = 0
        self.dropped = 0
        for waiter in self._waiters:
            waiter.missing = waiter.count

    def release(self) -> None:
        """Wake all waiting tasks."""
        for waiter in self._waiters:
            waiter.release()

    async def wait(self, matches: Callable[[Exchange], bool], count: int, seconds: float) -> bool:
        """Wait until `count` exchanges match, until `release`, or for that time. Return whether they do.

        The exchanges in the journal count, and each one that is closed from now on, even if it is removed before the
        end.
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
    """A task that waits for exchanges that match. Other exchanges do not wake it."""

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
        """Wake the task."""
        if not self.released.done():
            self.released.set_result(None)


def _trim(exchange: Exchange, header_bytes: int) -> int:
    """Trim an exchange to the part that is kept. Return its approximate size in bytes of memory."""
    if len(exchange.sent) > MAX_BODY_BYTES:
        exchange.cut = True
        exchange.sent = exchange.sent[:MAX_BODY_BYTES]
    if header_bytes > MAX_HEADER_BYTES:
        exchange.cut = True
        exchange.headers, header_bytes = _headers_that_fit(exchange.headers)
    size = _OVERHEAD + header_bytes + len(exchange.sent) + len(exchange.answer)
    size += getsizeof(exchange.method) + getsizeof(exchange.path)
    if exchange.explanation:
        exchange.explanation = _quoted(exchange.explanation)
        size += getsizeof(exchange.explanation)
    if exchange.fault_fields:
        size += getsizeof(str(exchange.fault_fields))
    if exchange.hint:
        exchange.hint = _quoted(exchange.hint)
        size += getsizeof(exchange.hint)
    if exchange.warnings:
        exchange.cut = exchange.cut or len(exchange.warnings) > MAX_WARNINGS
        exchange.warnings = [(rule, _quoted(text)) for rule, text in exchange.warnings[:MAX_WARNINGS]]
        size += sum(_EACH_WARNING + getsizeof(text) for _, text in exchange.warnings)
    if len(exchange.rules) > MAX_WARNINGS:
        exchange.rules = list(dict.fromkeys(reversed(exchange.rules)))[::-1]  # the last one stays the last
    return size + 8 * len(exchange.rules)


def _headers_that_fit(headers: Mapping[str, str]) -> tuple[Mapping[str, str], int]:
    """Return the headers that fit into MAX_HEADER_BYTES, in their order, and their size in bytes."""
    kept: CIMultiDict[str] = CIMultiDict()
    bytes_ = 0
    for name, value in headers.items():
        size = getsizeof(name + value) + _EACH_HEADER
        if bytes_ + size <= MAX_HEADER_BYTES:
            bytes_ += size
            kept.add(name, value)
    return kept, bytes_


def _quoted(text: str) -> str:
    return shown_text(shortened(text, MAX_TEXT_LENGTH))
