"""Tests of a run when the office, or the way to it, fails: the right outcome, and nothing is written twice."""

import http.client
import ssl
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.cases import CaseRequest
from mockserver.contract.contract import shipped_contract
from mockserver.http_client import LostError, reason_of
from mockserver.observations.observation import DIFFERS, HOLDS, NOT_TRIED
from mockserver.verify.client import OfficeClient
from mockserver.verify.conversation import REMOTE_PACE, Conversation, EndedError, NoAnswerError
from mockserver.verify.run import Run
from support.practice import CLAIM, Practice, key_of
from support.spoiling_proxy import Request, fault
from support.verifying import outcomes_of, verified

CREATE = "claimtrackings.create.Note"
EMPTY = "claimtrackings.list.ClaimNum.empty"
RULES = shipped_contract().rules


def is_create(request: Request) -> bool:
    return request.is_create


def is_of_empty_claim(request: Request) -> bool:
    return request.method == "GET" and f"ClaimNum={CLAIM}" in request.path


def run_at(office: Practice, **options: Any) -> Run:
    return verified(office.url, key_of(), **{"claim": CLAIM, "may_create": 40} | options)


@pytest.mark.parametrize("kind", ["504", "html", "reset", "truncate"])
def test_a_read_without_an_answer_is_asked_once_more(kind: Any, tmp_path: Path) -> None:
    with Practice(tmp_path, spoil=fault(is_of_empty_claim, kind)) as office:
        assert outcomes_of(run_at(office, rules=[EMPTY]))[EMPTY].outcome == HOLDS


@pytest.mark.parametrize("kind", ["504", "html", "reset", "truncate", "429"])
def test_a_read_that_stays_without_an_answer_is_not_tried(kind: Any, tmp_path: Path) -> None:
    with Practice(tmp_path, spoil=fault(lambda request: "Offset=" in request.path, kind, times=99)) as office:
        with pytest.raises(NoAnswerError):
            run_at(office, rules=[EMPTY])
        assert len([seen for seen in office.received if "Offset=" in seen.path]) <= 4


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    with Practice(tmp_path, spoil=fault(is_create, "redirect")) as office:
        outcome = outcomes_of(run_at(office, rules=[CREATE]))[CREATE]
        assert (outcome.outcome, outcome.why) == (NOT_TRIED, "the response is a redirect, which is not followed")
        assert "elsewhere" not in "".join(seen.path for seen in office.received)


def test_retry_after_is_followed_also_for_a_write(tmp_path: Path) -> None:
    waits: list[float] = []
    with Practice(tmp_path, spoil=fault(is_create, "429", times=2)) as office:
        run = run_at(office, rules=[CREATE], sleep=waits.append, clock=lambda: 0.0)
        assert outcomes_of(run)[CREATE].outcome == HOLDS
        assert waits.count(7) == 2
        assert len(office.written) == 1


def test_the_first_401_ends_the_run(tmp_path: Path) -> None:
    with Practice(tmp_path, spoil=fault(is_of_empty_claim, "401")) as office:
        with pytest.raises(EndedError):
            run_at(office)
        assert is_of_empty_claim(office.received[-1])


def test_wrong_json_once_is_asked_again(tmp_path: Path) -> None:
    with Practice(tmp_path, spoil=fault(is_of_empty_claim, "wrong-json")) as office:
        assert outcomes_of(run_at(office, rules=[EMPTY]))[EMPTY].outcome == HOLDS


@pytest.mark.thorough
def test_without_a_budget_nothing_is_written(tmp_path: Path) -> None:
    with Practice(tmp_path) as office:
        run_at(office, claim=None, may_create=0)
        assert office.written == office.changed == []


def test_requests_keep_the_pace(tmp_path: Path) -> None:
    now, waits = [0.0], []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    with Practice(tmp_path) as office:
        client = OfficeClient(office.url, key_of())
        conversation = Conversation(client, pace=REMOTE_PACE, sleep=sleep, clock=lambda: now[0])
        for _ in range(4):
            conversation.ask("/api/v1/preferences")
    assert waits == [REMOTE_PACE] * 3


def test_an_office_that_answers_500_may_have_written(tmp_path: Path) -> None:
    with Practice(tmp_path, spoil=fault(is_create, "500", after=True)) as office:
        run = run_at(office, rules=[CREATE])
        assert outcomes_of(run)[CREATE].outcome == DIFFERS
        assert list(run.own.rows) == office.written
        assert len(office.written) == 1


def test_notes_that_cannot_be_marked_at_the_end_are_told(tmp_path: Path) -> None:
    def is_last(request: Request) -> bool:
        return request.method == "PUT" and b"may be ignored" in request.body

    with Practice(tmp_path, spoil=fault(is_last, "reset")) as office:
        run = run_at(office, rules=["claimtrackings.create.Note.default"])
    assert run.ended.startswith("the Notes of its rows could not be marked at the end")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ssl.SSLCertVerificationError("host.example"), "the certificate of the server is not valid"),
        (ssl.SSLError("host.example"), "no TLS connection"),
        (http.client.IncompleteRead(b"secret"), "the response broke off"),
        (ConnectionRefusedError(), "no server listens there"),
        (ConnectionResetError(), "the connection broke off"),
        (http.client.BadStatusLine("secret"), "the response is not valid HTTP"),
        (OSError("host.example"), "no connection"),
    ],
)
def test_a_reason_names_no_host_and_no_part_of_a_response(error: Exception, told: str) -> None:
    assert reason_of(error) == told


def test_an_office_that_does_not_speak_tls_is_told(tmp_path: Path) -> None:
    with Practice(tmp_path) as office:
        client = OfficeClient(office.url.replace("http:", "https:"), key_of())
        with pytest.raises(LostError, match="no TLS connection"):
            client.send(CaseRequest("GET", "/api/v1/preferences"))
