"""Tests of what a run may write: they count what the office received and wrote, whatever it answered."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.contract import shipped_contract
from mockserver.observations.observation import HOLDS, NOT_TRIED
from mockserver.verify.conversation import NO_BUDGET, READ_ONLY
from mockserver.verify.run import Run
from support.creates import ANSWERS, HTML, answered
from support.effort import parameters
from support.practice import BUSY_CLAIM, CLAIM, READ_ONLY_KEYS, SECRETS, Practice, key_of
from support.spoiling_proxy import Forward, Reply, Request, Spoiled, fault
from support.verifying import outcomes_of, verified

RULES = shipped_contract().rules
WRITES = [rule for rule in RULES if rule.startswith(("claimtrackings.create.", "claimtrackings.update."))]
UPDATES = [rule for rule in WRITES if ".update." in rule]
CREATE, NOTE, UPDATE = (f"claimtrackings.{name}" for name in ("create.row", "create.Note", "update.Note"))


def run_at(practice: Practice, rules: Any = WRITES, *, keys: str | None = None, **options: Any) -> Run:
    key = key_of() if keys is None else key_of(keys)
    return verified(practice.url, key, **{"claim": CLAIM, "may_create": 40, "rules": rules} | options)


def told(run: Run) -> set[int]:
    assert run.traces is not None
    return {*run.traces.marked, *run.traces.named, *run.traces.others}


@pytest.mark.parametrize("name", parameters(ANSWERS, quick=("as the vendor's", "429", "a reset")))
def test_the_allowance_bounds_the_creates_sent(name: str, tmp_path: Path) -> None:
    with Practice(tmp_path, spoil=ANSWERS[name]) as practice:
        run = run_at(practice, may_create=3)
        assert len(practice.creates) == run.conversation.creates == 3
        assert practice.written
        assert set(practice.written) <= told(run)
        assert practice.changed == []


@pytest.mark.parametrize("name", parameters(["as the vendor's", "a reset", "429", "400"], quick=("a reset", "400")))
def test_all_creates_are_bounded_also_refused_ones(name: str, tmp_path: Path) -> None:
    with Practice(tmp_path, spoil=ANSWERS[name]) as practice:
        run = run_at(practice, may_create=1)
        assert len(practice.creates) == len(practice.written) == 1
        assert outcomes_of(run)["claimtrackings.create.ClaimNum.unknown"].why == NO_BUDGET


def test_creates_that_are_alike_share_a_row(tmp_path: Path) -> None:
    with Practice(tmp_path) as practice:
        run = run_at(practice)
        bodies = [(request.path, request.body) for request in practice.creates]
        assert len(bodies) == len(set(bodies))
        assert len(practice.written) == run.plan.expected_rows <= 7
        assert practice.notes(practice.written) == [run.own.note] * len(practice.written)
        assert run.traces is not None
        assert run.traces.marked == practice.written
        assert len(practice.creates) <= run.plan.rows


def test_the_row_for_updates_is_asked_for_once(tmp_path: Path) -> None:
    with Practice(tmp_path, spoil=fault(lambda request: request.is_create, "reset", times=99)) as practice:
        run = run_at(practice, UPDATES)
        assert len(practice.creates) == 1
        outcome = outcomes_of(run)[UPDATE]
        assert (outcome.outcome, outcome.why) == (NOT_TRIED, "the connection broke off")
        assert run.traces is not None
        assert run.traces.missing == 1


@pytest.mark.parametrize("kind", ["504", "html", "reset", "truncate"])
@pytest.mark.parametrize("after", parameters([True, False], quick=(True,)))
def test_a_lost_create_is_never_sent_again(kind: str, after: bool, tmp_path: Path) -> None:
    with Practice(tmp_path, spoil=fault(lambda request: request.is_create, kind, after=after)) as practice:
        run = run_at(practice, [NOTE])
        assert outcomes_of(run)[NOTE].outcome == NOT_TRIED
        assert len(practice.creates) == 1
        is_kept = after or kind == "truncate"
        assert list(run.own.rows) == practice.written
        assert len(practice.written) == is_kept
        assert run.traces is not None
        assert run.traces.missing == (not is_kept)


def test_the_row_of_a_lost_create_serves_updates(tmp_path: Path) -> None:
    with Practice(tmp_path, spoil=fault(lambda request: request.is_create, "reset", after=True)) as practice:
        assert outcomes_of(run_at(practice, UPDATES))[UPDATE].outcome == HOLDS
        assert len(practice.creates) == 1


def test_a_row_that_the_office_does_not_list_is_not_changed(tmp_path: Path) -> None:
    def tell_another(reply: Reply) -> Reply:
        return reply.with_value(reply.value | {"ClaimTrackingNum": 6100, "Note": ""})

    def spoil(request: Request, forward: Forward) -> Spoiled:
        if request.is_create:  # whose Note is not kept, and whose answer names a row of somebody else
            return tell_another(forward())
        reply = forward()
        return reply.with_value([row | {"Note": ""} for row in reply.value]) if "ClaimNum=" in request.path else reply

    with Practice(tmp_path, spoil=spoil) as practice:
        run = run_at(practice, [UPDATE], claim=BUSY_CLAIM)
        assert [request for request in practice.received if request.method == "PUT"] == []
        assert practice.changed == []
        assert set(practice.written) <= told(run)


def test_rows_of_another_claim_are_told(tmp_path: Path) -> None:
    def spoil(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        if request.is_create and reply.status == 201:
            return HTML
        if request.method == "GET" and f"ClaimNum={CLAIM}" in request.path:
            return reply.with_value([])
        return reply

    with Practice(tmp_path, spoil=spoil) as practice:
        run = run_at(practice, [NOTE])
        assert run.traces is not None
        assert run.traces.marked == practice.written != []


def test_lists_that_cannot_be_compared_are_told(tmp_path: Path) -> None:
    is_created: list[Request] = []

    def spoil(request: Request, forward: Forward) -> Spoiled:
        if is_created and request.method == "GET":
            return None
        if request.is_create:
            is_created.append(request)
        return forward()

    with Practice(tmp_path, spoil=spoil) as practice:
        run = run_at(practice, [NOTE])
        assert run.traces is not None
        assert not run.traces.is_compared
        assert run.traces.named == practice.written != []


def takes_broken_bodies(*methods: str) -> Any:
    """Return an office that takes a body that is no JSON object for an empty one, and a create without ClaimNum."""

    def spoil(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        if reply.status == 400 and request.method in methods and b"body" in reply.body:
            if request.method == "PUT":
                return Reply(404, b'"ClaimTracking not found."')
            return Reply(201, b'{"ClaimTrackingNum": 9999}')
        return reply

    return spoil


def is_served(request: Request) -> bool:
    """Whether the office of `takes_broken_bodies` has written a row for it."""
    return request.is_create and b"may be ignored" not in request.body


def test_a_probe_cannot_write_where_broken_bodies_are_taken(tmp_path: Path) -> None:
    with Practice(tmp_path, spoil=takes_broken_bodies("PUT", "POST")) as practice:
        run = run_at(practice, RULES, claim=None, may_create=0)
        assert [request.body for request in practice.creates if not request.path.endswith("Pending")] == []
        assert run.served == ""


@pytest.mark.thorough
def test_the_first_probe_that_is_served_is_the_last(tmp_path: Path) -> None:
    with Practice(tmp_path, spoil=takes_broken_bodies("POST")) as practice:
        run = run_at(practice, RULES, claim=None, may_create=0)
        assert len(practice.creates) == 1
        assert str(practice.creates[0].body).count("9000000000000000017") == 1
        assert run.served.startswith("POST of")
        assert practice.received[-1].method == "GET"


@pytest.mark.thorough
def test_each_probe_names_a_claim_that_cannot_exist(tmp_path: Path) -> None:
    with Practice(tmp_path) as practice:
        run_at(practice, RULES, claim=None, may_create=0)
        assert all(b"9000000000000000017" in request.body for request in practice.received if request.method == "POST")
        assert practice.written == practice.changed == []


@pytest.mark.thorough
def test_no_request_is_about_what_the_run_has_not_written(tmp_path: Path) -> None:
    with Practice(tmp_path) as practice:
        run = run_at(practice, RULES)
        writes = [request for request in practice.received if request.method != "GET"]
        numbers = {number: request.method for request in writes
                   if (number := request.path.partition("?")[0].rpartition("/")[2]).lstrip("-").isdigit()}  # fmt: skip
        possible = {number for number in numbers if 0 < int(number) < 2**63 and number != "9000000000000000017"}
        assert set(numbers.values()) == {"PUT"}
        assert possible <= {*map(str, run.own.rows)} == {*map(str, practice.written)}
        assert {
            request.path.split("/")[3].partition("?")[0] for request in writes if request.method in ("POST", "PUT")
        } == {"claimtrackings"}


@pytest.mark.thorough
def test_no_note_of_somebody_else_is_kept(tmp_path: Path) -> None:
    with Practice(tmp_path) as practice:
        run = run_at(practice, RULES, claim=BUSY_CLAIM)
        assert practice.written
        assert [secret for secret in SECRETS if secret.startswith("SECRET-NOTE") and secret in repr(run)] == []


@pytest.mark.thorough
def test_wrong_keys_come_last(tmp_path: Path) -> None:
    with Practice(tmp_path) as practice:
        played = run_at(practice, RULES).plan.played
    places = [number for number, case in enumerate(played) if case.is_about_keys]
    assert places == [*range(places[0], len(played))]


@pytest.mark.thorough
@pytest.mark.parametrize("may_create", [0, 9])
def test_a_key_that_may_only_read_is_no_failure(may_create: int, tmp_path: Path) -> None:
    with Practice(tmp_path) as practice:
        run = run_at(practice, RULES, keys=READ_ONLY_KEYS, claim=CLAIM if may_create else None, may_create=may_create)
        found = outcomes_of(run)
        assert not run.ended
        assert found["api.permission"].outcome == HOLDS
        assert found["claimtrackings.list.row"].outcome == HOLDS
        assert found["api.method.unknown"].outcome == HOLDS
        assert len(practice.creates) <= 1
        assert practice.written == []
        if may_create:
            assert found[CREATE].why == found[UPDATE].why == READ_ONLY


def test_a_refusal_in_html_is_no_lost_create(tmp_path: Path) -> None:
    refused = replace(HTML, status=403)
    with Practice(tmp_path, spoil=answered(lambda _: refused)) as practice:
        run = run_at(practice, [NOTE], may_create=1)
        assert run.traces is not None
        assert run.traces.missing == 0
        assert len(practice.creates) == 1


@pytest.mark.thorough
def test_keys_that_are_refused_late_end_the_run(tmp_path: Path) -> None:
    is_over: list[Request] = []

    def spoil(request: Request, forward: Forward) -> Spoiled:
        if request.method == "DELETE" or is_over:
            is_over.append(request)
            return Reply(401, b'"The Customer Key is disabled."')
        return forward()

    with Practice(tmp_path, spoil=spoil) as practice:
        run = run_at(practice, RULES)
        assert run.ended.startswith("the office refused the keys")
        assert [request.method for request in is_over] == ["DELETE", "GET"]
        assert outcomes_of(run)["claimtrackings.list.ClaimNum.empty"].outcome == HOLDS
        assert outcomes_of(run)[NOTE].outcome == NOT_TRIED
