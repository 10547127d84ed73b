"""Playing contract cases: a mock for each office and settings, reset before each case, and what it did with the case."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mockserver import MockServer
from mockserver.contract.cases import BASE_PATH, Case, CaseRequest, filled
from mockserver.contract.contract import shipped_contract
from mockserver.http_client import Answer
from mockserver.journal.exchange import Exchange
from mockserver.observations.vocabulary import Vocabulary
from mockserver.office.client_key import client_key
from mockserver.verify.client import OfficeClient
from mockserver.verify.conversation import Conversation
from mockserver.verify.facts import Facts
from mockserver.verify.judge import Judgement
from mockserver.verify.look import look
from mockserver.verify.matching import Context, mismatch
from mockserver.verify.own_rows import OwnRows
from mockserver.verify.play import Player
from support.now import NOW

NOTE = "opendental-mock verify, may be ignored"
CLAIM = 15
VOCABULARY = Vocabulary(shipped_contract())


class Direct(Conversation):
    """A conversation that sends each request once, whatever the answer, and lets the mock's clock go on for a wait."""

    def __init__(self, server: MockServer) -> None:
        super().__init__(
            OfficeClient(server.url, client_key(server.tenant.office.apikey.values())), pace=0, may_create=99
        )
        self.server = server
        self.log: list[tuple[CaseRequest, Answer]] = []

    def send(self, request: CaseRequest, **_: bool) -> Answer:
        """Send a request, and return the answer."""
        answer = self._once(request, is_create=False)
        self.log.append((request, answer))
        return answer

    def wait(self, seconds: float) -> None:
        """Move the clock of the mock."""
        self.server.clock.advance(seconds)


@dataclass(frozen=True)
class Played:
    """A case that was played: its judgement, the expected text, the answer to its request, and the exchange of that."""

    judgement: Judgement
    text: str | None
    answer: Answer
    exchange: Exchange


class Mocks:
    """The mocks that cases need, each started when a case first needs it, and reset before each case."""

    def __init__(self, running: ExitStack, folder: Path) -> None:
        self._running, self._folder = running, folder
        self._mocks: dict[str, tuple[MockServer, Facts]] = {}

    def try_to_play(self, case: Case, **settings: Any) -> Judgement:
        """Return the judgement of a case, which may need a fact that is not there."""
        return self._play(case, **settings)[0]

    def play(self, case: Case, **settings: Any) -> Played:
        """Play a case."""
        judgement, conversation, facts = self._play(case, **settings)
        answers = list(_answers(case, facts, conversation.log))
        assert answers, f"{judgement.outcome}: {judgement.why}"
        for call, expectation in case.then:
            answer = conversation.send(CaseRequest("GET", f"{BASE_PATH}{call.removeprefix('GET ')}"))
            why = mismatch(expectation, answer, answer.value, Context(facts=facts.values))
            assert not why, f"{call}: {why}: {answer.value}"
        exchanges = {str(exchange.id): exchange for exchange in conversation.server.requests}
        text = None if case.expect.text is None else filled(case.expect.text, facts.values)
        return Played(judgement, text, answers[-1], exchanges[answers[-1].headers["x-mock-request-id"]])

    def _play(self, case: Case, **settings: Any) -> tuple[Judgement, Direct, Facts]:
        server, facts = self.mock(case, **settings)
        server.reset()
        conversation = Direct(server)
        own = OwnRows(conversation, facts)
        player = Player(conversation, facts, shipped_contract(), own, VOCABULARY, keeps_notes=True)
        return player.play(case), conversation, facts

    def mock(self, case: Case, **settings: Any) -> tuple[MockServer, Facts]:
        """Return a mock that can serve a case, and the facts about its office."""
        key = json.dumps([case.office, {**case.settings, **settings}])
        if key not in self._mocks:
            office = fixture(case, self._folder / f"office{len(self._mocks)}.json")
            server = self._running.enter_context(MockServer(office, **{"now": NOW, **case.settings, **settings}))
            self._mocks[key] = server, look(Direct(server), _claim(server), NOTE)
        return self._mocks[key]


def fixture(case: Case, file: Path) -> str:
    """Return the fixture of a case: the name of a shipped one, or `file`, to which it is written."""
    if isinstance(case.office, str):
        return case.office
    file.write_text(json.dumps(case.office), encoding="utf-8")
    return str(file)


def _claim(server: MockServer) -> int | None:
    """Return the claim that gets rows: the one of the page's POST, or the first one."""
    claims = [claim.ClaimNum for claim in server.tenant.office.claim]
    return CLAIM if CLAIM in claims else next(iter(claims), None)


def _answers(case: Case, facts: Facts, log: list[tuple[CaseRequest, Answer]]) -> Iterator[Answer]:
    """Yield the answers to the request of a case, which the player's own requests surround."""
    path = None if "tracking" in case.facts else case.request(facts.values).path
    for request, answer in log:
        if request.method == case.method and path in (None, request.path):
            yield answer
