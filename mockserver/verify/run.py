"""Run: look, play and judge, and what is left of it, however it ends."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from mockserver.contract.cases import Case
from mockserver.contract.contract import Contract
from mockserver.contract.observed import NOT_TRIED
from mockserver.verify.conversation import Conversation, KeysRefusedError, NoAnswerError
from mockserver.verify.facts import Facts
from mockserver.verify.judge import Judgement
from mockserver.verify.outcome import RuleOutcome, outcomes
from mockserver.verify.own_rows import OwnRows
from mockserver.verify.plan import Plan
from mockserver.verify.play import Player

INTERRUPTED = "the run was interrupted"

Progress = Callable[[int, int, str], None]


@dataclass(slots=True)
class Run:
    """A run of a plan at one office. `ended` says why it ended early, if it did, `is_interrupted` that a person did."""

    conversation: Conversation
    contract: Contract
    facts: Facts
    plan: Plan
    own: OwnRows
    judgements: dict[str, list[Judgement]] = field(default_factory=dict)
    ended: str = ""
    is_interrupted: bool = False

    def play(self, progress: Progress) -> None:
        """Play the cases of the plan. A signal, or a response 401, ends it; what was seen until then is kept."""
        player = Player(self.conversation, self.facts, self.contract, self.own)
        played = self.plan.played
        try:
            for number, case in enumerate(played):
                progress(number, len(played), case.id)
                self._add(case, player.play(case))
            self.own.tidy()
        except KeysRefusedError as error:
            self.ended = str(error)
        except NoAnswerError as error:
            self.ended = f"the Notes of its rows could not be marked at the end: {error}"
        except KeyboardInterrupt:
            self.ended = INTERRUPTED
            self.is_interrupted = True
            if self.own.lost:
                with suppress(NoAnswerError, KeysRefusedError):
                    self.own.find()
        for planned in self.plan.cases:
            if planned.reason:
                self._add(planned.case, Judgement(outcome=NOT_TRIED, why=planned.reason))
        for rule, judgements in player.shapes.items():
            self.judgements.setdefault(rule, []).extend(judgements)

    def outcomes(self, rules: Iterable[str]) -> list[RuleOutcome]:
        """Return the outcome of each of these rules."""
        names = set(rules)
        wanted = [rule for rule in self.contract.rules.values() if rule.id in names]
        return list(outcomes(wanted, self.judgements, otherwise=self.ended))

    def _add(self, case: Case, judgement: Judgement) -> None:
        self.judgements.setdefault(case.rules[0], []).append(judgement)
