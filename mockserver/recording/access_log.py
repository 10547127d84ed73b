"""A line in the log for each exchange, written a few at a time: one by one they cost more than the answers."""

import asyncio
import logging

from mockserver.messages import shortened
from mockserver.recording.journal import Exchange

# How long a line may wait for others, and for how many: written together, a thousand lines would keep clients waiting.
_SECONDS = 0.05
_MAX_WAITING = 100

# How much of an exchange a line quotes; texts of warnings are cut where the journal keeps them.
_MAX_REQUEST_LENGTH = 500  # characters
_MAX_WARNINGS = 10


class ExchangeLog:
    """Passes exchanges on to `log`, at its level INFO, shortly after they were answered."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._waiting: list[Exchange] = []
        self._timer: asyncio.TimerHandle | None = None

    def add(self, exchange: Exchange) -> None:
        """Log an exchange soon. Costs next to nothing where nobody reads the log."""
        if not self._log.isEnabledFor(logging.INFO):
            return
        if not self._waiting:
            self._timer = asyncio.get_running_loop().call_later(_SECONDS, self.flush)
        self._waiting.append(exchange)
        if len(self._waiting) >= _MAX_WAITING:
            self.flush()

    def flush(self) -> None:
        """Log what is waiting."""
        if self._timer is not None:
            self._timer.cancel()
        exchanges, self._waiting = self._waiting, []
        if exchanges:
            self._log.info("%s", _Lines(exchanges), extra={"exchanges": exchanges})


class _Lines:
    """The lines of some exchanges, for whoever writes the log as text."""

    def __init__(self, exchanges: list[Exchange]) -> None:
        self._exchanges = exchanges

    def __str__(self) -> str:
        return "\n".join(map(line, self._exchanges))


def line(exchange: Exchange) -> str:
    """An exchange in one line for people: no bodies, no headers, and of long texts the beginning."""
    got = exchange.status or exchange.outcome
    text = f"{_request(exchange)} {got} {exchange.milliseconds:.1f} ms"
    if exchange.fault:
        text += f"  fault {exchange.fault}"
    if exchange.kept:
        text += f"  kept: {exchange.kept}"
    if exchange.explanation:
        text += f"  {exchange.explanation}"
    for warning in _warnings(exchange):
        text += f"  {warning}"
    return text


def event(exchange: Exchange) -> dict[str, object]:
    """The same for machines."""
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
