"""Rules: the sentences of the contract, each with the variants that an office could have instead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mockserver.errors import ContractUnusable
from mockserver.syntax.strict_yaml import load
from mockserver.syntax.yaml_events import YamlError

STANDINGS = DOCUMENTED, OBSERVED, ASSUMED = "documented", "observed", "assumed"
_SET_BY_OBSERVATIONS = ("basis", "played", "observed", "text")
_VARIANT_KEYS = frozenset(("status", "says", "text"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One behaviour that an office could have under a rule.

    `says` is a sentence of its own, and `status` the status of the response. `text` is the explanation of a variant
    that refuses, if its rule does not have one, because it serves otherwise.
    """

    name: str
    says: str
    status: int
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One sentence of the contract. `operation` is `any` if the rule applies to every resource.

    `only` names the setting that a server needs to cover the rule: throttle, remote or local. `variants` are empty if
    nothing else is known to be possible; otherwise the first one is the rule as it stands. `played` names the one that
    the mock plays; `status` and `says` are those of that one.

    An observation sets `observed`, the office's version and the date (`25.4.48, 2026-11-24`), and `text`, the
    explanation of the refusal as the office wrote it. Both are empty without one. `basis` is the standing without
    observations.
    """

    id: str
    operation: str
    status: int
    says: str
    page: str
    standing: str
    note: str = ""
    only: str = ""
    variants: Mapping[str, Variant] = field(default_factory=dict)
    basis: str = ""
    played: str = ""
    observed: str = ""
    text: str = ""

    @property
    def default(self) -> str:
        """Return the name of the variant that is played without an observation, or "" if there are no variants."""
        return next(iter(self.variants), "")

    @property
    def shown_standing(self) -> str:
        """Return the standing for users: `assumed`, or `observed 25.4.48, 2026-11-24`."""
        return f"{self.standing} {self.observed}" if self.observed else self.standing


def read_rules(path: Path) -> Iterator[Rule]:
    """Yield the rules of a file. Raises ContractUnusable, which names the file and the rule."""
    try:
        for entry in load(path.read_text(encoding="utf-8")):
            yield _rule(entry)
    except (YamlError, TypeError, ValueError) as error:
        raise ContractUnusable(f"{path}: {error}") from None


def _rule(entry: Mapping[str, Any]) -> Rule:
    """Return the rule of an entry. Raises TypeError, ValueError."""
    rule = Rule(**entry)
    for name in _SET_BY_OBSERVATIONS:
        if name in entry:
            raise ValueError(f"{rule.id}: only an observation has {name}")
    if rule.standing not in STANDINGS:
        raise ValueError(f"{rule.id}: standing is one of {', '.join(STANDINGS)}")
    given: Any = rule.variants
    if not isinstance(given, dict) or len(given) == 1:
        raise ValueError(f"{rule.id}: variants is a mapping of two or more names to sentences")
    variants = {name: _variant(rule, name, value) for name, value in given.items()}
    first = next(iter(variants.values()), None)
    if first is not None and first.status != rule.status:
        raise ValueError(f"{rule.id}: the first variant is the rule itself, with its status {rule.status}")
    values = {**entry, "variants": variants, "basis": rule.standing, "played": first.name if first else ""}
    return Rule(**values)


def _variant(rule: Rule, name: str, value: object) -> Variant:
    given = {"says": value} if isinstance(value, str) else {} if value is None else value
    if not isinstance(given, dict) or given.keys() - _VARIANT_KEYS:
        raise ValueError(f"{rule.id}: the variant {name} is a sentence, or has status, says and text")
    status, says, text = given.get("status", rule.status), given.get("says", rule.says), given.get("text", "")
    if type(status) is not int or not isinstance(says, str) or not isinstance(text, str):
        raise ValueError(f"{rule.id}: the variant {name} has a whole number as its status, and texts")
    return Variant(name=name, says=says, status=status, text=text)
