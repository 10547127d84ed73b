"""Covered rules: the rules that a served call of an operation covers."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mockserver.api.operation import Call, Predicate

_MAX_REMEMBERED = 512  # combinations of names


@dataclass(frozen=True, slots=True)
class Condition:
    """A predicate on the names of a call's parameters or fields, and on more if `holds` is given."""

    allows: Callable[[Collection[str]], bool]
    holds: Predicate | None = None

    def __call__(self, call: Call, result: Any) -> bool:
        """Return whether a call meets the condition."""
        return self.allows(call.given) and (self.holds is None or self.holds(call, result))


class CoveredRules:
    """The rules of an operation with their predicates. Conditions on names are decided once for equal names."""

    def __init__(self, covered: Mapping[str, Predicate]) -> None:
        self._covered = covered
        self._open_once = lru_cache(_MAX_REMEMBERED)(lambda names: tuple(self._open(names)))

    def of(self, call: Call, result: Any) -> list[str]:
        """Return the ids of the rules that a call with this result covers."""
        names = tuple(call.given)
        return [rule for rule, holds in self._open_once(names) if holds is None or holds(call, result)]

    def _open(self, names: Collection[str]) -> Iterator[tuple[str, Predicate | None]]:
        """Yield the rules that a call with these names may cover. Those without a predicate it covers."""
        for rule, holds in self._covered.items():
            if not isinstance(holds, Condition):
                yield rule, holds
            elif holds.allows(names):
                yield rule, holds.holds
