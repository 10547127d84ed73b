"""Contract coverage: the number of times that each rule was covered, and the warnings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mockserver.contract.contract import Rule
from mockserver.messages import shortened
from mockserver.recording.journal import WARNING, Exchange

_MAX_WARNINGS = 1_000
_MAX_REQUEST_LENGTH = 500  # characters


class Coverage:
    """Counters of covered rules. A response that a fault has replaced, or that breaks the contract, covers no rule."""

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
        """Reset all counters."""
        self.__init__()  # type: ignore[misc]  # one place for the initial state

    def as_json(self, rules: Iterable[Rule], *, strict: bool, switches: Iterable[str]) -> dict[str, Any]:
        """Return all rules that a server with these `switches` can cover, and all warnings, with their counters."""
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
                # A copy: the thread that ends a busy process reads the warnings while the server adds to them.
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
    """The number of times that a warning came, and the first request that it came for."""

    request: str
    id: int
    count: int = 1
