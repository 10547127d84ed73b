"""Outcomes: what all cases of a rule have shown together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mockserver.contract.rules import Rule
from mockserver.observations.observation import DIFFERS, HOLDS, MASKED, NOT_TRIED, OUTCOMES
from mockserver.verify.judge import Judgement

# Of several cases, one that differs decides, then one that holds.
_WEIGHTS = (DIFFERS, HOLDS, MASKED, NOT_TRIED)
_NO_CASE = "no case decides it"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOutcome:
    """The outcome of a rule. `variant` is the known variant that the office has shown, if all cases agree on it."""

    rule: Rule
    outcome: str
    variant: str = ""
    status: int = 0
    text: str | None = None
    why: str = ""

    @property
    def contradicts(self) -> bool:
        """Whether the office contradicts what the vendor documents, or what an office was seen to do.

        A documented refusal that has variants leaves its status open.
        """
        if self.outcome not in (HOLDS, DIFFERS):
            return False
        if self.rule.observed:
            shown = self.variant or (self.rule.default if self.outcome == HOLDS else None)
            return shown != self.rule.played
        if self.outcome == HOLDS or self.rule.standing == "assumed":
            return False
        is_open = bool(self.variant) and min(self.rule.status, self.status) >= 400
        return self.rule.standing == "observed" or not is_open


def outcomes(
    rules: Iterable[Rule], judgements: Mapping[str, list[Judgement]], *, otherwise: str = ""
) -> Iterator[RuleOutcome]:
    """Yield the outcome of each rule, given the judgements of its cases by the rule's id.

    `otherwise` is the reason for a rule without judgements.
    """
    for rule in rules:
        yield _outcome(rule, judgements.get(rule.id, []), otherwise or _NO_CASE)


def _outcome(rule: Rule, judgements: list[Judgement], otherwise: str) -> RuleOutcome:
    if not judgements:
        return RuleOutcome(rule=rule, outcome=NOT_TRIED, why=otherwise)
    outcome = min((one.outcome for one in judgements), key=_WEIGHTS.index)
    found = [one for one in judgements if one.outcome == outcome]
    first = found[0]
    if outcome == DIFFERS:
        shown = {one.variant for one in judgements if one.outcome in (DIFFERS, HOLDS)}
        if len(shown) > 1:  # a case that holds has the variant "", as one that shows no known variant
            return RuleOutcome(rule=rule, outcome=DIFFERS, status=first.status, text=None,
                               why=f"{first.why}, but not in each case of the rule")  # fmt: skip
    texts = {one.text for one in found if one.status >= 400}
    text = texts.pop() if len(texts) == 1 else None
    return RuleOutcome(rule=rule, outcome=outcome, variant=first.variant, status=first.status, text=text, why=first.why)


def counts(found: Iterable[RuleOutcome]) -> dict[str, int]:
    """Return the number of rules of each outcome. They are never added up."""
    kinds = [one.outcome for one in found]
    return {outcome: kinds.count(outcome) for outcome in OUTCOMES}
