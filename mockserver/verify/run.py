"""Run: look at an office, plan, play and judge; and what is left of it, however it ends."""

import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from mockserver.contract.cases import Case
from mockserver.contract.contract import Contract
from mockserver.contract.office_cases import office_cases
from mockserver.observations.observation import NOT_TRIED, Observation
from mockserver.observations.vocabulary import Vocabulary
from mockserver.verify.client import OfficeClient
from mockserver.verify.conversation import REMOTE_PACE, Conversation, EndedError, NoAnswerError
from mockserver.verify.custom_tracking import ask_claim, custom_tracking_of
from mockserver.verify.facts import Facts
from mockserver.verify.judge import Judgement
from mockserver.verify.learn import learn
from mockserver.verify.look import look, look_at_mock
from mockserver.verify.outcome import RuleOutcome, outcomes
from mockserver.verify.own_rows import OwnRows, Traces
from mockserver.verify.plan import Plan, plan
from mockserver.verify.play import Player

INTERRUPTED = "the run was interrupted"

Progress = Callable[[int, int, str], None]


class NoSuchClaimError(Exception):
    """A claim for writes that the office does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a run may do: send so many creates for a claim, with so many seconds between two requests.

    Without a `pace` it is the vendor's, or none on this machine.
    """

    claim: int | None = None
    may_create: int = 0
    pace: float | None = None


@dataclass(slots=True)
class Run:
    """A run at one office that decides `rules`.

    `ended` says why it ended early, if it did, and `is_interrupted` that a person did. `traces` are the rows that it
    may have left, and `status_has_moved` says that the claim's own status is another than before. `served` names the
    probe that the office has served, although it cannot be a valid request.
    """

    client: OfficeClient
    contract: Contract
    rules: Collection[str]
    allowance: Allowance = Allowance()
    before: Mapping[str, Observation] = field(default_factory=dict)
    accepted: Mapping[str, Observation] = field(default_factory=dict)
    sleep: Callable[[float], None] | None = None
    clock: Callable[[], float] = time.monotonic
    judgements: dict[str, list[Judgement]] = field(default_factory=dict)
    ended: str = ""
    is_interrupted: bool = False
    status_has_moved: bool = False
    served: str = ""
    traces: Traces | None = None
    conversation: Conversation = field(init=False)
    facts: Facts = field(init=False)
    plan: Plan = field(init=False)
    own: OwnRows = field(init=False)
    _custom_tracking: int | None = None

    def __post_init__(self) -> None:
        self.conversation = Conversation(
            self.client, pace=self.pace, may_create=self.allowance.may_create, sleep=self.sleep, clock=self.clock
        )

    @property
    def pace(self) -> float:
        """Return the seconds between two requests."""
        if self.allowance.pace is not None:
            return self.allowance.pace
        return 0.0 if self.client.is_local else REMOTE_PACE

    def survey(self) -> None:
        """Look at the office by GET requests, and plan. Raises NoAnswerError, EndedError, NoSuchClaimError."""
        note = f"opendental-mock verify {datetime.now():%Y%m%d}-{secrets.token_hex(2)}, may be ignored"
        self.facts = look(self.conversation, self.allowance.claim, note)
        look_at_mock(self.conversation, self.facts, is_local=self.client.is_local)
        self._custom_tracking = self._status_of_claim()
        needed = {name for case in office_cases() if case.rules[0] in self.rules for name in case.facts}
        learn(self.conversation, self.facts, needed, self.contract.folders)
        may_create = self.allowance.may_create
        self.plan = plan(office_cases(), self.rules, self.facts, may_create=may_create, pace=self.pace)
        self.own = OwnRows(self.conversation, self.facts)

    def estimate(self, rules: Collection[str]) -> Plan:
        """Return the plan for other rules, as if the office had what it was not asked about."""
        known = self.facts.values.keys() | self.facts.reasons.keys()
        names = {name for case in office_cases() for name in case.facts if "." in name and name not in known}
        facts = Facts({**self.facts.values, **dict.fromkeys(names, True)}, self.facts.reasons)
        return plan(office_cases(), rules, facts, may_create=self.allowance.may_create, pace=self.pace)

    def play(self, progress: Progress) -> None:
        """Play the cases of the plan. A signal, or keys that are refused, end it; what was seen until then is kept."""
        player = Player(self.conversation, self.facts, self.contract, self.own, Vocabulary(self.contract))
        played = self.plan.played
        try:
            for number, case in enumerate(played):
                progress(number, len(played), case.id)
                self._add(case, player.play(case))
            self.own.tidy()
        except EndedError as error:
            self.ended = str(error)
        except NoAnswerError as error:
            self.ended = f"the Notes of its rows could not be marked at the end: {error}"
        except KeyboardInterrupt:
            self.ended = INTERRUPTED
            self.is_interrupted = True
        self.traces = self.own.traces()
        self.served = player.served
        self._compare_status()
        for planned in self.plan.cases:
            if planned.reason:
                self._add(planned.case, Judgement(outcome=NOT_TRIED, why=planned.reason))
        for rule, judgements in player.aside.items():
            self.judgements.setdefault(rule, []).extend(judgements)

    def outcomes(self, rules: Iterable[str]) -> list[RuleOutcome]:
        """Return the outcome of each of these rules."""
        names = set(rules)
        wanted = [rule for rule in self.contract.rules.values() if rule.id in names]
        files = {"before": self.before, "accepted": self.accepted}
        return list(outcomes(wanted, self.judgements, otherwise=self.ended, **files))

    def _add(self, case: Case, judgement: Judgement) -> None:
        told = replace(judgement, case=case.id, request=case.template)
        self.judgements.setdefault(case.rules[0], []).append(told)

    def _status_of_claim(self) -> int | None:
        """Return the status of the claim for writes itself, or None if the office does not tell it."""
        if self.allowance.claim is None:
            return None
        answer = ask_claim(self.conversation, self.allowance.claim)
        if answer.status == 404:
            raise NoSuchClaimError(f"--claim {self.allowance.claim}: the office has no such claim")
        return custom_tracking_of(answer)

    def _compare_status(self) -> None:
        if self._custom_tracking is not None and self.conversation.creates and not self.ended:
            with suppress(NoAnswerError, EndedError, NoSuchClaimError):
                self.status_has_moved = self._status_of_claim() != self._custom_tracking
