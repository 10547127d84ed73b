"""Contract coverage: the number of times that each rule was covered, the refusals and the warnings."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from mockserver.contract.rules import Rule
from mockserver.messages import shortened
from mockserver.recording.journal import Exchange

_MAX_COMBINATIONS = 1_000
_MAX_REFUSALS = 1_000
_MAX_WARNINGS = 1_000
_MAX_REQUEST_LENGTH = 500  # characters

_Kind = TypeVar("_Kind")


class Coverage:
    """Counters of covered rules. A response that a fault has replaced, or that breaks the contract, covers no rule."""

    def __init__(self) -> None:
        self._combinations: defaultdict[tuple[str, ...], _Combination] = defaultdict(_Combination)
        self._exchanges = 0
        self._refusals: dict[tuple[str, str], _Count] = {}
        self._warnings: dict[tuple[str, str, bool], _Count] = {}
        self._broken = 0

    def add(self, exchange: Exchange) -> None:
        """Count one exchange."""
        self._exchanges += 1
        rules = tuple(exchange.rules)
        has_room = rules in self._combinations or len(self._combinations) < _MAX_COMBINATIONS
        for combination in (rules,) if has_room else [(rule,) for rule in rules]:
            counted = self._combinations[combination]
            counted.count += 1
            counted.order = self._exchanges
            counted.last = exchange.id
        for rule, text in exchange.warnings:
            _count(self._warnings, (rule, text, False), exchange, _MAX_WARNINGS)
        if exchange.is_refused_warning:
            _count(self._warnings, (exchange.refused_by, exchange.explanation, True), exchange, _MAX_WARNINGS)
        elif exchange.refused_by:
            _count(self._refusals, (exchange.refused_by, exchange.hint), exchange, _MAX_REFUSALS)
        if exchange.status == 500 and not exchange.fault:
            self._broken += 1

    def _by_rule(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return the number of exchanges that covered each rule, and the id of the last one."""
        met: dict[str, int] = {}
        last: dict[str, int] = {}
        # A copy: the thread that ends a busy process reads them while the server adds to them.
        for rules, counted in sorted(self._combinations.copy().items(), key=lambda one: one[1].order):
            for rule in rules:
                met[rule] = met.get(rule, 0) + counted.count
                last[rule] = counted.last
        return met, last

    def clear(self) -> None:
        """Reset all counters."""
        self.__init__()  # type: ignore[misc]  # one place for the initial state

    def as_json(self, rules: Iterable[Rule], *, strict: bool, switches: Iterable[str]) -> dict[str, Any]:
        """Return all rules that a server with these `switches` can cover, refusals and warnings, with their counters.

        A warning that strict refused is not among the refusals.
        """
        on = set(switches)
        by_id = {rule.id: rule for rule in rules}
        met, last = self._by_rule()
        return {
            "strict": strict,
            "broken": self._broken,
            "rules": [
                {
                    "id": rule.id,
                    "operation": rule.operation,
                    "status": rule.status,
                    "standing": rule.standing,
                    "basis": rule.basis,
                    "observed": rule.observed,
                    "variant": rule.played,
                    "variants": {name: one.says for name, one in rule.variants.items()},
                    "says": rule.says,
                    "met": met.get(rule.id, 0),
                    "last": last.get(rule.id),
                }
                for rule in by_id.values()
                if rule.is_counted and (not rule.only or rule.only in on)
            ],
            "refusals": [
                {
                    "rule": rule,
                    "operation": by_id[rule].operation,
                    "status": by_id[rule].status,
                    "standing": by_id[rule].standing,
                    "cause": by_id[rule].cause,
                    "says": by_id[rule].says,
                    "hint": hint,
                    "count": one.count,
                    "request": one.request,
                    "id": one.id,
                }
                for (rule, hint), one in list(self._refusals.items())
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
                for (rule, text, refused), one in list(self._warnings.items())
            ],
        }


@dataclass(slots=True)
class _Combination:
    """The number of exchanges that covered the same rules, and the id of the last. `order` tells which was later."""

    count: int = 0
    order: int = 0
    last: int = 0


@dataclass(slots=True)
class _Count:
    """The number of times that a refusal or a warning came, and the first request that it came for."""

    request: str
    id: int
    count: int = 1


def _count(counts: dict[_Kind, _Count], kind: _Kind, exchange: Exchange, maximum: int) -> None:
    """Count an exchange under its kind, unless that would be one more than `maximum` kinds."""
    one = counts.get(kind)
    if one is not None:
        one.count += 1
    elif len(counts) < maximum:
        counts[kind] = _Count(shortened(f"{exchange.method} {exchange.path}", _MAX_REQUEST_LENGTH), exchange.id)
