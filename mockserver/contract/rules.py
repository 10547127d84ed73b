"""Rules: the sentences of the contract, each with the variants that an office could have instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mockserver.contract.standings import MOCK, STANDINGS
from mockserver.messages import brief
from mockserver.office.states import STATES

CAUSES = ("office", "request")
_SET_BY_OBSERVATIONS = ("basis", "played", "observed", "own_text")
_KINDS = {str: "a text", int: "a whole number"}
_VARIANT_KEYS = frozenset(("status", "says", "text", "consequence", "order"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One behaviour that an office could have under a rule.

    `says` is a sentence of its own, and `status` the status of the response. `text` and `consequence` are those of the
    rule, unless the variant has its own. `order` is the order of the resource's rows, as an `operations.yaml` writes
    it, if the variant lists them in another one.
    """

    name: str
    says: str
    status: int
    text: str = ""
    consequence: str = ""
    order: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One sentence of the contract. `operation` is `any` if the rule applies to every resource.

    `only` names the setting that a server needs to cover the rule: throttle, remote or local. `needs` are states of an
    office without which no client can meet the rule there, as `mockserver/office/states.py` names them. `variants` are
    empty if nothing else is known to be possible; otherwise the first one is the rule as it stands. `played` names the
    one that the mock plays; `status` and `says` are those of that one.

    `covers` is the condition on a served call under which it covers the rule, where no code has it: `rows: true`, that
    the response has a row, or `has: {PrefName: ProgramVersion}`, that one has these values, or `lacks: {CustomTracking:
    0}`, that one has others. `without: [CommType]` are fields that the request leaves out.

    `text` is the explanation of a refusal, or the text of a warning; names in braces in it are filled in. `cause` is
    `request` if the request is wrong at every office, and `office` if another office, or this one in another state
    (other rows, keys, preferences, version or load), would serve it. `consequence` is added to a warning, and
    `strict_status` is the status if `--strict` refuses it. `rows` is the number of rows in a page that the sentence
    tells; an observation may have another one. `page` is the vendor's page; the mock's own rules have none.

    An observation sets `observed`, the office's version and the date (`25.4.48, 2026-11-24`), and `text` as the office
    wrote it; `own_text` is the mock's. `basis` is the standing without observations.
    """

    id: str
    operation: str
    status: int
    says: str
    standing: str
    page: str = ""
    note: str = ""
    only: str = ""
    needs: Sequence[str] = ()
    cause: str = ""
    variants: Mapping[str, Variant] = field(default_factory=dict)
    basis: str = ""
    played: str = ""
    observed: str = ""
    text: str = ""
    own_text: str = ""
    consequence: str = ""
    strict_status: int = 400
    rows: int = 0
    covers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def default(self) -> str:
        """Return the name of the variant that is played without an observation, or "" if there are no variants."""
        return next(iter(self.variants), "")

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the texts of the rule and of its variants, without those that are empty."""
        return tuple(filter(None, (self.text, *(variant.text for variant in self.variants.values()))))

    @property
    def is_of_mock(self) -> bool:
        """Return whether it is a rule of the mock's own, which the vendor's API does not have."""
        return self.standing == MOCK

    @property
    def is_warning(self) -> bool:
        """Return whether it is on requests that the contract does not cover."""
        return self.id.startswith("warning.")

    @property
    def is_counted(self) -> bool:
        """Return whether coverage counts it: a rule of the vendor's, on requests without a warning."""
        return not self.is_of_mock and not (self.is_warning and self.status < 300)

    def explanation(self, names: Mapping[str, object]) -> str:
        """Return the text of the refusal. An observed text that needs other names gives way to the mock's own."""
        if "{" not in self.text:
            return self.text
        shown = {"name": column_of(self.id), **names}
        if "value" in shown:
            shown["value"] = brief(str(shown["value"]))
        try:
            return self.text.format_map(shown)
        except KeyError:
            return self.own_text.format_map(shown)

    def warning(self, names: Mapping[str, object]) -> str:
        """Return the text of the warning, with its consequence."""
        text = self.own_text.format_map(names)
        return f"{text.removesuffix('.')}; {self.consequence}." if self.consequence else text

    @property
    def shown_standing(self) -> str:
        """Return the standing for users: `assumed`, or `observed 25.4.48, 2026-11-24`."""
        return f"{self.standing} {self.observed}" if self.observed else self.standing


def column_of(rule: str) -> str:
    """Return the column or parameter that the id of a rule names: `ClaimNum` of `claims.get.ClaimNum.unknown`."""
    return rule.rpartition(".")[0].rpartition(".")[2]


def rule_of(entry: Mapping[str, Any]) -> Rule:
    """Return the rule of an entry. Raises TypeError, ValueError."""
    rule = Rule(**entry)
    for name in _SET_BY_OBSERVATIONS:
        if name in entry:
            raise ValueError(f"{rule.id}: only an observation has {name}")
    for name, kind in Rule.__annotations__.items():
        if kind in _KINDS and type(getattr(rule, name)) is not kind:
            raise ValueError(f"{rule.id}: {name} is {_KINDS[kind]}")
    if rule.standing not in (*STANDINGS, MOCK):
        raise ValueError(f"{rule.id}: standing is one of {', '.join((*STANDINGS, MOCK))}")
    if bool(rule.page) == rule.is_of_mock:
        raise ValueError(f"{rule.id}: page is the vendor's page; a rule of the standing {MOCK}, and no other, has none")
    if unknown := [need for need in rule.needs if need.partition(" ")[0] not in STATES]:
        raise ValueError(f"{rule.id}: needs begin with one of {', '.join(STATES)}; not {unknown[0]}")
    given: Any = rule.variants
    if not isinstance(given, dict) or len(given) == 1:
        raise ValueError(f"{rule.id}: variants is a mapping of two or more names to sentences")
    variants = {name: _variant(rule, name, value) for name, value in given.items()}
    first = next(iter(variants.values()), None)
    if first is not None and first.status != rule.status:
        raise ValueError(f"{rule.id}: the first variant is the rule itself, with its status {rule.status}")
    played = first.name if first else ""
    rule = replace(rule, variants=variants, basis=rule.standing, played=played, own_text=rule.text)
    if bool(rule.texts) != bool(rule.cause) or rule.cause not in ("", *CAUSES):
        raise ValueError(f"{rule.id}: a rule that has a text, and no other, has a cause: {' or '.join(CAUSES)}")
    return rule


def _variant(rule: Rule, name: str, value: object) -> Variant:
    given = {"says": value} if isinstance(value, str) else {} if value is None else value
    if not isinstance(given, dict) or given.keys() - _VARIANT_KEYS:
        raise ValueError(f"{rule.id}: the variant {name} is a sentence, or has status, says and text")
    status, says = given.get("status", rule.status), given.get("says", rule.says)
    text, consequence = given.get("text", rule.text), given.get("consequence", rule.consequence)
    if type(status) is not int or not isinstance(says, str) or not isinstance(text, str):
        raise ValueError(f"{rule.id}: the variant {name} has a whole number as its status, and texts")
    return Variant(
        name=name, says=says, status=status, text=text, consequence=consequence, order=given.get("order", ())
    )
