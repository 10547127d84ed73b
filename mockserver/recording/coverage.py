"""How much of the contract has been exercised: each rule, how often it was met, and what earned a warning."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mockserver.contract.contract import Rule
from mockserver.messages import shortened
from mockserver.recording.journal import WARNING, Exchange

_MAX_WARNINGS = 1_000
_MAX_REQUEST_LENGTH = 500  # characters


class Coverage:
    """Counts what exchanges meet. An answer that a fault has spoilt, or that the server broke, meets nothing."""

    def __init__(self) -> None:
        self._met: dict[str, int] = {}
        self._last: dict[str, int] = {}
        self._warnings: dict[tuple[str, str, bool], _WarningCount] = {}
        self._broken = 0

    def add(self, exchange: Exchange) -> None:
        """Count one exchange."""
        met, last = self._met, self._last
        for rule in exchange.rules:
            met[rule] = met.get(rule, 0) + 1
            last[rule] = exchange.id
        for rule, text in exchange.warnings:
            self._warn((rule, text, False), exchange)
        if exchange.is_refused_warning:
            self._warn((exchange.refused_by, exchange.explanation, True), exchange)
        if exchange.status == 500 and not exchange.fault:
            self._broken += 1

    def clear(self) -> None:
        """Count from nothing again."""
        self.__init__()  # type: ignore[misc]  # said once, in one place

    def as_json(self, rules: Iterable[Rule], *, strict: bool, switches: Iterable[str]) -> dict[str, Any]:
        """Every rule that a server with these `switches` can meet, and every warning."""
        on = set(switches)
        return {
            "strict": strict,
            "broken": self._broken,
            "rules": [
                {
                    "id": rule.id,
                    "operation": rule.operation,
                    "status": rule.status,
                    "standing": rule.standing,
                    "says": rule.says,
                    "met": self._met.get(rule.id, 0),
                    "last": self._last.get(rule.id),
                }
                for rule in rules
                if not rule.id.startswith(WARNING) and (not rule.only or rule.only in on)
            ],
            "warnings": [
                {
                    "rule": rule,
                    "text": text,
                    "refused": refused,
                    "count": one.count,
                    "request": one.request,
                    "id": one.id,
                }
                # A copy: the thread that ends a busy process reads it while the server writes.
                for (rule, text, refused), one in list(self._warnings.items())
            ],
        }

    def _warn(self, warning: tuple[str, str, bool], exchange: Exchange) -> None:
        one = self._warnings.get(warning)
        if one is not None:
            one.count += 1
        elif len(self._warnings) < _MAX_WARNINGS:
            request = shortened(f"{exchange.method} {exchange.path}", _MAX_REQUEST_LENGTH)
            self._warnings[warning] = _WarningCount(request, exchange.id)


@dataclass(slots=True)
class _WarningCount:
    """How often a warning came, and the first request that it came for."""

    request: str
    id: int
    count: int = 1
