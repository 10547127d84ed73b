"""Access log: a log line for each exchange.

Lines are written in groups, since single writes cost more than responses.
"""

import asyncio
import logging

from mockserver.journal.exchange import Exchange
from mockserver.journal.exchange_forms import line

# How long a line may wait for others, and for how many: writing a thousand lines at once would delay clients.
_SECONDS = 0.05
_MAX_WAITING = 100
# For how many exchanges lines are made at once: for all that wait, they held up every hundredth response.
_GROUP = 10


class ExchangeLog:
    """A log of exchanges, written to `log` at its level INFO, shortly after each response."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._waiting: list[Exchange] = []
        self._lines: list[str] = []
        self._timer: asyncio.TimerHandle | None = None

    def add(self, exchange: Exchange) -> None:
        """Log an exchange soon. Does almost nothing if the level is not enabled."""
        if not self._waiting:
            if not self._log.isEnabledFor(logging.INFO):
                return
            self._timer = asyncio.get_running_loop().call_later(_SECONDS, self.flush)
        self._waiting.append(exchange)
        if len(self._waiting) - len(self._lines) >= _GROUP:
            self._make_lines()
            if len(self._waiting) >= _MAX_WAITING:
                self.flush()

    def flush(self) -> None:
        """Log the exchanges that are waiting."""
        if self._timer is not None:
            self._timer.cancel()
        self._make_lines()
        exchanges, self._waiting = self._waiting, []
        lines, self._lines = self._lines, []
        if exchanges:
            both = list(zip(exchanges, lines, strict=True))
            self._log.info("%s", "\n".join(lines), extra={"exchanges": both})

    def _make_lines(self) -> None:
        self._lines += map(line, self._waiting[len(self._lines) :])
