"""Outcomes: what all cases of a rule have shown together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType

from mockserver.contract.rules import Rule
from mockserver.observations.observation import DIFFERS, HOLDS, MASKED, NOT_TRIED, OUTCOMES, Observation
from mockserver.verify.judge import Judgement

# Of several cases, one that differs decides, then one that holds.
_WEIGHTS = (DIFFERS, HOLDS, MASKED, NOT_TRIED)
NOTHING: Mapping[str, Observation] = MappingProxyType({})
_NO_CASE = "no case decides it"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOutcome(Judgement):
    """The outcome of a rule: the judgement that decides, whose variant and text count if all cases agree on them.

    `before` is what was observed of the rule, and `accepted` what a baseline says of it.
    """

    rule: Rule
    before: Observation | None = None
    accepted: Observation | None = None

    @property
    def observation(self) -> Observation:
        """Return the outcome in the form of an observation file. 200 and 201 are alike, since cases differ in them."""
        form = self.form if self.outcome == DIFFERS and not self.variant else ""
        status = self.status if self.status >= 300 else None
        return Observation(rule=self.rule.id, outcome=self.outcome, variant=self.variant, status=status,
                           text=self.text or "", form=form, rows=self.rows)  # fmt: skip

    @property
    def is_accepted(self) -> bool:
        """Whether the office differs as the baseline says."""
        return self.outcome == DIFFERS and self.accepted is not None and not self.accepted.contradicts(self.observation)

    @property
    def is_repaired(self) -> bool:
        """Whether the office holds to a rule from which it differed before, or in the baseline."""
        differed = (one is not None and one.outcome == DIFFERS for one in (self.before, self.accepted))
        return self.outcome == HOLDS and any(differed)

    @property
    def contradicts(self) -> bool:
        """Whether the office contradicts what the vendor documents, or what an office was seen to do.

        A documented refusal that has variants leaves its status open.
        """
        if self.outcome not in (HOLDS, DIFFERS) or self.is_accepted:
            return False
        if self.before is not None:
            return self.before.contradicts(self.observation)
        if self.outcome == HOLDS or self.rule.standing == "assumed":
            return False
        is_open = bool(self.variant) and min(self.rule.status, self.status) >= 400
        return self.rule.standing == "observed" or not is_open


def outcomes(
    rules: Iterable[Rule],
    judgements: Mapping[str, list[Judgement]],
    *,
    otherwise: str = "",
    before: Mapping[str, Observation] = NOTHING,
    accepted: Mapping[str, Observation] = NOTHING,
) -> Iterator[RuleOutcome]:
    """Yield the outcome of each rule, given the judgements of its cases by the rule's id.

    `otherwise` is the reason for a rule without judgements. `before` and `accepted` are what files say of rules.
    """
    for rule in rules:
        decided = asdict(_outcome(judgements.get(rule.id, []), otherwise or _NO_CASE))
        yield RuleOutcome(rule=rule, before=before.get(rule.id), accepted=accepted.get(rule.id), **decided)


def _outcome(judgements: list[Judgement], otherwise: str) -> Judgement:
    """Return what the cases of a rule have shown together."""
    if not judgements:
        return Judgement(outcome=NOT_TRIED, why=otherwise)
    outcome = min((one.outcome for one in judgements), key=_WEIGHTS.index)
    found = [one for one in judgements if one.outcome == outcome]
    first = found[0]
    if outcome == DIFFERS:
        shown = {one.variant for one in judgements if one.outcome in (DIFFERS, HOLDS)}
        if len(shown) > 1:  # a case that holds has the variant "", as one that shows no known variant
            why = f"{first.why}, but not in each case of the rule"
            return replace(first, variant="", text=None, form="", rows=0, why=why)
    texts = {one.text for one in found if one.status >= 400}
    return replace(first, text=texts.pop() if len(texts) == 1 else None)


def counts(found: Iterable[RuleOutcome]) -> dict[str, int]:
    """Return the number of rules of each outcome. They are never added up."""
    kinds = [one.outcome for one in found]
    return {outcome: kinds.count(outcome) for outcome in OUTCOMES}
