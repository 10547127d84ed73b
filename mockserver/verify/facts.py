"""Facts: the numbers and states of an office that cases refer to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

Row = Mapping[str, Any]

_MAX_NUMBER = 2**63 - 1


@dataclass(slots=True)
class Facts:
    """What was looked up in an office.

    `values` has the value of each fact by its name, True for a fact without a value. `reasons` says of facts that are
    not there why.
    """

    values: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def missing(self, names: frozenset[str]) -> str:
        """Return why the first missing one of these facts is missing, or nothing."""
        for name in sorted(names):
            if name not in self.values:
                return self.reasons.get(name) or f"the office has no {name.replace('_', ' ')}"
        return ""

    def set(self, name: str, value: Any, otherwise: str) -> None:
        """Add a fact, or the reason why it is missing if the value is None or False."""
        if value is None or value is False:
            self.reasons[name] = otherwise
        else:
            self.values[name] = value


def is_number(value: object) -> TypeGuard[int]:
    """Whether a value of a response can be the number of a row: 64 bits, above zero."""
    return type(value) is int and 0 < value <= _MAX_NUMBER
