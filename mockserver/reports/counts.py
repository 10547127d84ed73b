"""Counts of contract coverage: of a rule, a refusal, a warning, and an operation that is not served.

Their fields are the keys of the entries in `GET /__admin/contract`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from mockserver.contract.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    @classmethod
    def of_json(cls, entries: Iterable[Mapping[str, Any]]) -> list[Self]:
        """Return the counts in a list of the JSON. Keys of another version are left out."""
        names = [one.name for one in fields(cls)]
        return [cls(**{name: entry[name] for name in names if name in entry}) for entry in entries]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount(_Entry):
    """The number of exchanges that covered a rule (`met`), and the id of the `last`. The other fields are the rule's.

    `variant` is the one that is played; `variants` are the sentences of all. `needs` is empty if the office of the
    server lets a client meet the rule, and otherwise says which office does.
    """

    id: str
    operation: str
    status: int
    standing: str
    basis: str = ""
    observed: str = ""
    cause: str = ""
    needs: str = ""
    variant: str = ""
    variants: Mapping[str, str] = field(default_factory=dict)
    says: str
    met: int
    last: int | None = None

    @classmethod
    def of(cls, rule: Rule, met: int, last: int | None, needs: str = "") -> Self:
        """Return the count of a rule."""
        variants = {name: variant.says for name, variant in rule.variants.items()}
        return cls(
            id=rule.id, operation=rule.operation, status=rule.status, standing=rule.standing, basis=rule.basis,
            observed=rule.observed, cause=rule.cause, needs=needs, variant=rule.played, variants=variants,
            says=rule.says, met=met, last=last,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return the count for programs."""
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def shown_standing(self) -> str:
        """Return the standing for users: `assumed`, or `observed 25.4.48, 2026-11-24`."""
        return f"{self.standing} {self.observed}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalCount(_Entry):
    """How often a rule has refused a request with that hint, and the first such `request`, of the exchange `id`."""

    rule: str
    operation: str
    status: int
    standing: str = ""
    cause: str = ""
    says: str
    hint: str
    count: int
    request: str
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningCount(_Entry):
    """How often a warning came, and the first request. `refused`: --strict has refused the request."""

    rule: str
    text: str
    refused: bool
    count: int
    request: str
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnservedCount(_Entry):
    """How often an operation was requested that the mock does not serve. `allowed`: it may be missing."""

    operation: str
    resource: str
    count: int
    request: str
    id: int
    allowed: bool = False
