"""Tests of a run when the office, or the way to it, fails: the right outcome, and nothing is written twice."""

import http.client
import ssl
from typing import Any

import pytest

from mockserver.contract.cases import CaseRequest
from mockserver.contract.contract import shipped_contract
from mockserver.contract.observed import DIFFERS, HOLDS, NOT_TRIED
from mockserver.verify.client import LostError, OfficeClient, reason_of
from mockserver.verify.conversation import REMOTE_PACE, Conversation, KeysRefusedError, NoAnswerError
from mockserver.verify.run import Run
from support.small_office import BUSY_CLAIM, Fault, SmallOffice
from support.small_office.messages import Request
from support.verifying import CLAIM, key_of, outcomes_of, verified

CREATE = "claimtrackings.create.Note"
EMPTY = "claimtrackings.list.ClaimNum.empty"
RULES = shipped_contract().rules


def is_create(request: Request) -> bool:
    return request.method == "POST" and request.target == "/api/v1/claimtrackings"


def is_of_empty_claim(request: Request) -> bool:
    return request.method == "GET" and f"ClaimNum={CLAIM}" in request.target


def run_at(office: SmallOffice, **options: Any) -> Run:
    return verified(office.url, key_of(office), **{"claim": CLAIM, "may_create": 40} | options)


@pytest.mark.parametrize("kind", ["504", "html", "reset", "truncate"])
def test_a_read_without_an_answer_is_asked_once_more(kind: Any) -> None:
    with SmallOffice(faults=[Fault(when=is_of_empty_claim, kind=kind)]) as office:
        assert outcomes_of(run_at(office, rules=[EMPTY]))[EMPTY].outcome == HOLDS


@pytest.mark.parametrize("kind", ["504", "html", "reset", "truncate", "429"])
def test_a_read_that_stays_without_an_answer_is_not_tried(kind: Any) -> None:
    with SmallOffice(faults=[Fault(when=lambda request: "Offset=" in request.target, kind=kind, times=99)]) as office:
        with pytest.raises(NoAnswerError):
            run_at(office, rules=[EMPTY])
        assert len([seen for seen in office.requests if "Offset=" in seen.path]) <= 4


@pytest.mark.parametrize("kind", ["504", "html", "reset", "truncate"])
@pytest.mark.parametrize("after", [True, False])
def test_a_write_without_an_answer_is_never_sent_again(kind: Any, after: bool) -> None:
    with SmallOffice(faults=[Fault(when=is_create, kind=kind, after=after)]) as office:
        run = run_at(office, rules=[CREATE])
        assert outcomes_of(run)[CREATE].outcome == NOT_TRIED
        assert len([seen for seen in office.requests if seen.method == "POST"]) == 1
        kept = after or kind == "truncate"
        assert len(office.created) == kept
        assert list(run.own.rows) == office.created
        assert run.own.lost == (not kept)


def test_a_redirect_is_not_followed() -> None:
    with SmallOffice(faults=[Fault(when=is_create, kind="redirect")]) as office:
        outcome = outcomes_of(run_at(office, rules=[CREATE]))[CREATE]
        assert (outcome.outcome, outcome.why) == (NOT_TRIED, "a redirect came, which is not followed")
        assert "elsewhere" not in "".join(seen.path for seen in office.requests)


def test_a_create_without_an_answer_counts_against_the_budget() -> None:
    with SmallOffice(faults=[Fault(when=is_create, kind="reset", times=99)]) as office:
        run = run_at(office, may_create=2, rules=[rule for rule in RULES if rule.startswith("claimtrackings.create.")])
        assert run.own.lost == 2
        assert len([seen for seen in office.requests if seen.method == "POST"]) == 2


def test_retry_after_is_followed_also_for_a_write() -> None:
    waits: list[float] = []
    with SmallOffice(faults=[Fault(when=is_create, kind="429", times=2, retry_after=7)]) as office:
        run = run_at(office, rules=[CREATE], sleep=waits.append, clock=lambda: 0.0)
        assert outcomes_of(run)[CREATE].outcome == HOLDS
        assert waits.count(7) == 2
        assert len(office.created) == 1


def test_the_first_401_ends_the_run() -> None:
    with SmallOffice(faults=[Fault(when=is_of_empty_claim, kind="401")]) as office:
        with pytest.raises(KeysRefusedError):
            run_at(office)
        assert "401" in str(office.requests[-1].status)


def test_a_401_in_the_middle_ends_the_run_and_keeps_what_was_seen() -> None:
    def is_late(request: Request) -> bool:
        return request.method == "DELETE"

    with SmallOffice(faults=[Fault(when=is_late, kind="401")]) as office:
        run = run_at(office)
        assert run.ended.startswith("the office refused the keys")
        assert office.requests[-1].method == "DELETE"
        outcomes = outcomes_of(run)
        assert outcomes[EMPTY].outcome == HOLDS
        assert outcomes[CREATE].outcome == NOT_TRIED


def test_a_slow_office_is_left_after_the_limit() -> None:
    with SmallOffice(faults=[Fault(when=1, kind="slow")]) as office:
        client = OfficeClient(office.url, key_of(office), seconds=0.1)
        conversation = Conversation(client, pace=REMOTE_PACE, sleep=lambda _: None)
        assert conversation.ask("/api/v1/preferences").status == 200
        assert conversation.count == 2


def test_wrong_json_once_is_asked_again() -> None:
    with SmallOffice(faults=[Fault(when=is_of_empty_claim, kind="wrong-json")]) as office:
        assert outcomes_of(run_at(office, rules=[EMPTY]))[EMPTY].outcome == HOLDS


def test_only_own_rows_are_written_and_each_is_marked() -> None:
    with SmallOffice() as office:
        before = {row["ClaimTrackingNum"] for row in office.rows}
        run = run_at(office)
        assert not run.ended
        assert set(office.created) == set(run.own.rows)
        assert not before & set(office.changed)
        assert not before & set(office.created)
        marked = [row for row in office.rows if row["ClaimTrackingNum"] in office.created]
        assert [row["Note"] for row in marked] == [run.own.note] * len(marked)
        assert len(marked) <= 40


@pytest.mark.parametrize("may_create", [1, 3])
def test_the_budget_is_kept(may_create: int) -> None:
    choices = {
        f"claimtrackings.create.{column}.category": "taken" for column in ("TrackingDefNum", "TrackingErrorDefNum")
    }
    with SmallOffice(choices=choices) as office:
        run_at(office, may_create=may_create)
        assert len(office.created) == may_create


def test_without_a_budget_nothing_is_written() -> None:
    with SmallOffice() as office:
        run_at(office, claim=None, may_create=0)
        assert office.created == office.changed == []


def test_requests_keep_the_pace() -> None:
    now, waits = [0.0], []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    with SmallOffice() as office:
        client = OfficeClient(office.url, key_of(office))
        conversation = Conversation(client, pace=REMOTE_PACE, sleep=sleep, clock=lambda: now[0])
        for _ in range(4):
            conversation.ask("/api/v1/preferences")
    assert waits == [REMOTE_PACE] * 3


def test_an_office_that_answers_500_may_have_written() -> None:
    with SmallOffice(faults=[Fault(when=is_create, kind="500", after=True)]) as office:
        run = run_at(office, rules=[CREATE])
        assert outcomes_of(run)[CREATE].outcome == DIFFERS
        assert list(run.own.rows) == office.created
        assert len(office.created) == 1


def test_an_office_that_creates_nothing_leaves_updates_untried() -> None:
    rule = "claimtrackings.update.Note"
    with SmallOffice(faults=[Fault(when=is_create, kind="500", times=99)]) as office:
        outcome = outcomes_of(run_at(office, rules=[rule]))[rule]
    assert (outcome.outcome, outcome.why) == (
        NOT_TRIED,
        "the office has not created a row for cases of updates (status 500)",
    )


def test_a_row_that_was_there_before_is_never_taken_for_an_own_one() -> None:
    with SmallOffice() as office:
        run = run_at(office, rules=["api.Limit"], claim=BUSY_CLAIM)
        of_claim = [dict(row) for row in office.rows if row["ClaimNum"] == BUSY_CLAIM]
        others = [dict(row) for row in office.rows if row["ClaimNum"] != BUSY_CLAIM]
        for row in (of_claim[-1], others[0], "text"):
            run.own.keep(row)
        assert run.own.rows == {}


def test_notes_that_cannot_be_marked_at_the_end_are_told() -> None:
    def is_last(request: Request) -> bool:
        return request.method == "PUT" and b"may be ignored" in request.body

    with SmallOffice(faults=[Fault(when=is_last, kind="reset")]) as office:
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


def test_an_office_that_does_not_speak_tls_is_told() -> None:
    with SmallOffice() as office:
        client = OfficeClient(office.url.replace("http:", "https:"), key_of(office))
        with pytest.raises(LostError, match="no TLS connection"):
            client.send(CaseRequest("GET", "/api/v1/preferences"))
