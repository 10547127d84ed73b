"""Access log: a log line for each exchange.

Lines are written in groups, since single writes cost more than responses.
"""

import asyncio
import logging

from mockserver.messages import shortened
from mockserver.recording.journal import Exchange

# How long a line may wait for others, and for how many: writing a thousand lines at once would delay clients.
_SECONDS = 0.05
_MAX_WAITING = 100

# How much of an exchange a line quotes; the journal has already cut the texts of warnings.
_MAX_REQUEST_LENGTH = 500  # characters
_MAX_WARNINGS = 10


class ExchangeLog:
    """A log of exchanges, written to `log` at its level INFO, shortly after each response."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._waiting: list[Exchange] = []
        self._timer: asyncio.TimerHandle | None = None

    def add(self, exchange: Exchange) -> None:
        """Log an exchange soon. Does almost nothing if the level is not enabled."""
        if not self._log.isEnabledFor(logging.INFO):
            return
        if not self._waiting:
            self._timer = asyncio.get_running_loop().call_later(_SECONDS, self.flush)
        self._waiting.append(exchange)
        if len(self._waiting) >= _MAX_WAITING:
            self.flush()

    def flush(self) -> None:
        """Log the exchanges that are waiting."""
        if self._timer is not None:
            self._timer.cancel()
        exchanges, self._waiting = self._waiting, []
        if exchanges:
            self._log.info("%s", _Lines(exchanges), extra={"exchanges": exchanges})


class _Lines:
    """The lines of some exchanges, formatted only for handlers that write text."""

    def __init__(self, exchanges: list[Exchange]) -> None:
        self._exchanges = exchanges

    def __str__(self) -> str:
        return "\n".join(map(line, self._exchanges))


def line(exchange: Exchange) -> str:
    """Return an exchange as one line for people: without bodies and headers, and with long texts cut."""
    got = exchange.status or exchange.outcome
    text = f"{_request(exchange)} {got} {exchange.milliseconds:.1f} ms"
    if exchange.fault:
        text += f"  fault {exchange.fault}"
    if exchange.kept:
        text += f"  kept: {exchange.kept}"
    if exchange.explanation:
        text += f"  {exchange.explanation}"
    if exchange.warnings:
        text += "".join(f"  {warning}" for warning in _warnings(exchange))
    return text


def event(exchange: Exchange) -> dict[str, object]:
    """Return an exchange as a JSON object for programs."""
    return {
        "id": exchange.id,
        "method": shortened(exchange.method, _MAX_REQUEST_LENGTH),
        "path": shortened(exchange.path, _MAX_REQUEST_LENGTH),
        "status": exchange.status,
        "outcome": exchange.outcome,
        "kept": exchange.kept or None,
        "ms": round(exchange.milliseconds, 2),
        "operation": exchange.operation,
        "explanation": exchange.explanation,
        "warnings": _warnings(exchange),
        "fault": exchange.fault,
    }


def _request(exchange: Exchange) -> str:
    return shortened(f"{exchange.method} {exchange.path}", _MAX_REQUEST_LENGTH)


def _warnings(exchange: Exchange) -> list[str]:
    texts = [text for _, text in exchange.warnings[:_MAX_WARNINGS]]
    more = len(exchange.warnings) - len(texts)
    return [*texts, f"and {more} more warnings"] if more else texts
