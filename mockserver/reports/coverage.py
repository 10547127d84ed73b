"""Contract coverage: counters of covered rules, refusals, warnings, and operations that are not served."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from mockserver.contract.rules import Rule
from mockserver.journal.exchange import Exchange
from mockserver.messages import shortened

_MAX_COMBINATIONS = 1_000
_MAX_REFUSALS = 1_000
_MAX_WARNINGS = 1_000
_MAX_UNSERVED = 1_000  # more than the vendor has operations
_MAX_REQUEST_LENGTH = 500  # characters

_Kind = TypeVar("_Kind")


HOST, UNREADABLE = "host", "unreadable"
"""Why a request was refused before it reached the API: its Host header, or that it could not be read."""


class Coverage:
    """Counters of covered rules. A response that a fault has replaced, or that breaks the contract, covers no rule.

    `requests` is the number of requests that have reached the API since the server started. `refused_early` counts
    those that were refused before, by HOST and UNREADABLE. `on_exchange` is called with each exchange that is counted,
    and `on_clear` when the counters are reset.
    """

    def __init__(
        self, on_exchange: Callable[[Exchange], None] | None = None, on_clear: Callable[[], None] | None = None
    ) -> None:
        self.requests = 0
        self.refused_early: Counter[str] = Counter()
        self._on_exchange, self._on_clear = on_exchange, on_clear
        self.clear()

    def add(self, exchange: Exchange) -> None:
        """Count one exchange."""
        number = self.requests = self.requests + 1
        if self._on_exchange is not None:
            self._on_exchange(exchange)
        rules = tuple(exchange.rules)
        has_room = rules in self._combinations or len(self._combinations) < _MAX_COMBINATIONS
        for combination in (rules,) if has_room else [(rule,) for rule in rules]:
            counted = self._combinations[combination]
            counted.count += 1
            counted.order = number
            counted.last = exchange.id
        for rule, text in exchange.warnings:
            _count(self._warnings, (rule, text, False), exchange, _MAX_WARNINGS)
        if exchange.is_refused_warning:
            _count(self._warnings, (exchange.refused_by, exchange.explanation, True), exchange, _MAX_WARNINGS)
        elif exchange.unserved:
            _count(self._unserved, exchange.unserved, exchange, _MAX_UNSERVED)
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
        """Reset all counters but those of requests."""
        self._combinations: defaultdict[tuple[str, ...], _Combination] = defaultdict(_Combination)
        self._refusals: dict[tuple[str, str], _Count] = {}
        self._unserved: dict[str, _Count] = {}
        self._warnings: dict[tuple[str, str, bool], _Count] = {}
        self._broken = 0
        if self._on_clear is not None:
            self._on_clear()

    def as_json(
        self,
        rules: Iterable[Rule],
        *,
        strict: bool,
        switches: Iterable[str],
        needs: Mapping[str, str] = MappingProxyType({}),
    ) -> dict[str, Any]:
        """Return all rules that a server with these `switches` can cover, refusals and warnings, with their counters.

        `needs` says which office lets a client meet a rule, by its id, if that of the server does not.
        A warning that strict refused is not among the refusals, nor is an operation that the mock does not serve.
        """
        from mockserver.reports.counts import RuleCount  # five dataclasses, which no server needs at its start

        on = set(switches)
        by_id = {rule.id: rule for rule in rules}
        met, last = self._by_rule()
        return {
            "strict": strict,
            "requests": self.requests,
            "refused_early": {reason: self.refused_early[reason] for reason in (HOST, UNREADABLE)},
            "broken": self._broken,
            "rules": [
                RuleCount.of(rule, met.get(rule.id, 0), last.get(rule.id), needs.get(rule.id, "")).as_json()
                for rule in by_id.values()
                if rule.is_counted and (not rule.only or rule.only in on)
            ],
            "refusals": [
                {"rule": rule, **{name: getattr(by_id[rule], name) for name in _RULE}, "hint": hint, **asdict(one)}
                for (rule, hint), one in list(self._refusals.items())
            ],
            "warnings": [
                {"rule": rule, "text": text, "refused": refused, **asdict(one)}
                for (rule, text, refused), one in list(self._warnings.items())
            ],
            "unserved": [
                {"operation": operation, "resource": operation.split("/")[1].partition("?")[0], **asdict(one)}
                for operation, one in list(self._unserved.items())
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

    count: int
    request: str
    id: int


def _count(counts: dict[_Kind, _Count], kind: _Kind, exchange: Exchange, maximum: int) -> None:
    """Count an exchange under its kind, unless that would be one more than `maximum` kinds."""
    one = counts.get(kind)
    if one is not None:
        one.count += 1
    elif len(counts) < maximum:
        counts[kind] = _Count(1, shortened(f"{exchange.method} {exchange.path}", _MAX_REQUEST_LENGTH), exchange.id)


_REQUESTS = {"count": int, "request": str, "id": int}
_RULE = {"operation": str, "status": int, "standing": str, "cause": str, "says": str}
_FORM = {
    "strict": bool,
    "requests": int,
    "refused_early": {HOST: int, UNREADABLE: int},
    "broken": int,
    "rules": [
        {
            "id": str, "needs": str, "basis": str, "observed": str, "variant": str, "variants": dict, "met": int,
            **_RULE,
        }
    ],
    "refusals": [{"rule": str, "hint": str, **_RULE, **_REQUESTS}],
    "warnings": [{"rule": str, "text": str, "refused": bool, **_REQUESTS}],
    "unserved": [{"operation": str, "resource": str, **_REQUESTS}],
}  # fmt: skip


def is_coverage(value: object, form: object = _FORM) -> bool:
    """Return whether a value that another program sent has the form of `Coverage.as_json`."""
    if isinstance(form, dict):
        return isinstance(value, dict) and all(
            name in value and is_coverage(value[name], kind) for name, kind in form.items()
        )
    if isinstance(form, list):
        return isinstance(value, list) and all(is_coverage(one, form[0]) for one in value)
    return type(value) is form
