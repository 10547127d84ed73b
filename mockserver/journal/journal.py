"""Journal: the last exchanges on API paths, limited in number and size."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator

from mockserver.journal.exchange import MAX_BODY_BYTES, Exchange
from mockserver.journal.limits import MAX_BYTES, MAX_EXCHANGES
from mockserver.journal.redaction import shown_target
from mockserver.journal.trimming import trim

_MAX_LONG_BODY_BYTES = 1_000_000  # of a list that is kept as a whole until there is another one


class Journal:
    """The last exchanges, oldest first, limited in number and size. `dropped` counts those that were removed."""

    def __init__(self, max_exchanges: int = MAX_EXCHANGES, max_bytes: int = MAX_BYTES) -> None:
        self._exchanges: deque[tuple[Exchange, int]] = deque()
        self._max_exchanges = max_exchanges
        self._max_bytes = max_bytes
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
        size = trim(exchange)
        self._exchanges.append((exchange, size))
        self.bytes += size
        while len(self._exchanges) > self._max_exchanges or self.bytes > self._max_bytes:
            self.bytes -= self._exchanges.popleft()[1]
            self.dropped += 1
        for waiter in self._waiters:
            waiter.see(exchange)

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
