"""Tests of outcomes: each deviation of an office contradicts its own rules once, and nothing else does."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.contract import shipped_contract
from mockserver.observations.observation import DIFFERS, HOLDS, MASKED, NOT_TRIED
from mockserver.verify.outcome import RuleOutcome
from support.deviations import DEVIATIONS, answers, lists, rows
from support.effort import parameters
from support.practice import CLAIM, LIKE_AN_OFFICE, Practice, key_of
from support.spoiling_proxy import Forward, Reply, Request, Spoil, Spoiled
from support.verifying import outcomes_of, verified

RULES = shipped_contract().rules

# The ones of a quick run.
QUICK = {"create is refused"}


def found_at(practice: Practice, rules: Any = ()) -> dict[str, RuleOutcome]:
    """Return the outcomes of a run, but for the variants that every real office has."""
    run = verified(practice.url, key_of(), claim=CLAIM, may_create=40, rules=rules)
    assert not run.ended
    return {rule: one for rule, one in outcomes_of(run).items() if (rule, one.variant) not in LIKE_AN_OFFICE.items()}


def differing(found: dict[str, RuleOutcome]) -> dict[str, str]:
    assert [rule for rule, one in found.items() if one.outcome == MASKED] == []
    return {rule: one.variant for rule, one in found.items() if one.outcome == DIFFERS}


@pytest.mark.parametrize("excludes_none", parameters([False, True], quick=(True,)))
def test_an_office_that_follows_the_contract_differs_in_nothing(excludes_none: bool, tmp_path: Path) -> None:
    with Practice(tmp_path, excludes_none=excludes_none) as practice:
        assert differing(found_at(practice)) == {}


@pytest.mark.parametrize("name", parameters(DEVIATIONS, quick=QUICK))
def test_a_deviation_contradicts_its_rules_alone(name: str, tmp_path: Path) -> None:
    spoil, rules = DEVIATIONS[name]
    with Practice(tmp_path, spoil=spoil) as practice:
        found = found_at(practice)
    assert {rule for rule, one in found.items() if one.contradicts} == rules


def test_claims_changed_later_than_the_first_page_are_right(tmp_path: Path) -> None:
    """An office with more claims than a page holds lists others that were changed at that time or later."""

    def spoil(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        if not request.path.endswith("SecDateTEdit=2026-07-01%2000%3A00%3A00"):
            return reply
        return reply.with_value(
            [*reply.value, reply.value[0] | {"ClaimNum": 99, "SecDateTEdit": "2027-01-01 00:00:00"}]
        )

    with Practice(tmp_path, spoil=spoil) as practice:
        assert found_at(practice, ["claims.list.SecDateTEdit"])["claims.list.SecDateTEdit"].outcome == HOLDS
        assert "SecDateTEdit=2026-07-01%2000%3A00%3A00" in practice.received[-1].path


@pytest.mark.thorough
def test_the_trackings_of_a_deleted_claim_stay(tmp_path: Path) -> None:
    deleted = 48213

    def spoil(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        if f"claims/{deleted}" in request.path or f"ClaimNum={deleted}" in request.path:
            return Reply(404, b'"Claim not found."')
        is_list = request.path.startswith("/api/v1/claims") and isinstance(reply.value, list)
        return reply.with_value([row for row in reply.value if row["ClaimNum"] != deleted]) if is_list else reply

    with Practice(tmp_path, spoil=spoil) as practice:
        assert [rule for rule, one in found_at(practice).items() if one.contradicts] == []


@pytest.mark.thorough
def test_an_office_without_the_preference_contradicts_nothing(tmp_path: Path) -> None:
    def change(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row for row in found if row["PrefName"] != "ClaimTrackingStatusExcludesNone"]

    with Practice(tmp_path, spoil=lists(change, "preferences")) as practice:
        found = found_at(practice)
    assert [rule for rule, one in found.items() if one.contradicts] == []
    assert found["preferences.list.boolean"].outcome == NOT_TRIED


STRICT: dict[str, Spoil] = {
    "a slash at the end": answers(r"^\w+ [^ ?]*/( |\?)", 404, "Not found."),
    "an update without fields": answers(r"^PUT .*\d b'{}'", 400, "The body is empty.", was=200),
    "one definition": rows(lambda row: row, of="definitions/"),
    "Application/JSON": lambda request, forward: Reply(400, b'"No."')
    if request.headers.get("content-type", "").startswith("App") else forward(),
    "an empty form of time": answers("DateTimeFormatString= ", 400, "DateTimeFormatString is invalid."),
}  # fmt: skip


@pytest.mark.parametrize("name", parameters(STRICT, quick=()))
def test_what_no_document_says_contradicts_no_document(name: str, tmp_path: Path) -> None:
    with Practice(tmp_path, spoil=STRICT[name]) as practice:
        assert [rule for rule, one in found_at(practice).items() if one.contradicts] == []


@pytest.mark.parametrize(
    "text", ["Please call us.", "ClaimNum is required.", "You may not.", "There is no such thing."]
)
def test_any_400_is_no_variant(text: str, tmp_path: Path) -> None:
    rule = "api.Limit.clamped"
    with Practice(tmp_path, spoil=answers("Limit=100000", 400, text)) as practice:
        outcome = found_at(practice, [rule])[rule]
    assert (outcome.outcome, outcome.variant) == (DIFFERS, "")


@pytest.mark.thorough
@pytest.mark.parametrize(
    "body", parameters([b"", b"<html>No.</html>", b'{"status": 404, "title": "No"}', b"[]", b"404"], quick=(b"[]",))
)
def test_a_refusal_without_an_explanation_shows_nothing(body: bytes, tmp_path: Path) -> None:
    def spoil(_: Request, forward: Forward) -> Spoiled:
        reply = forward()
        return replace(reply, body=body) if reply.status >= 400 else reply

    with Practice(tmp_path, spoil=spoil) as practice:
        found = found_at(practice)
    refusals = {rule for rule, one in found.items() if one.rule.status >= 400 and one.outcome in (HOLDS, DIFFERS)}
    assert refusals <= {"api.explanation"}
    assert found["api.explanation"].outcome == DIFFERS
    assert found["api.explanation"].why.startswith("the body of the refusal is ")


@pytest.mark.parametrize("body", [b"", b"null", b"7", b"[[]]"])
def test_a_list_that_is_none_shows_nothing(body: bytes, tmp_path: Path) -> None:
    def spoil(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        is_list = request.method == "GET" and reply.status == 200 and "claimtrackings" in request.path
        return replace(reply, body=body) if is_list else reply

    with Practice(tmp_path, spoil=spoil) as practice:
        found = found_at(practice, [rule for rule in RULES if rule.startswith("claimtrackings.list.")])
    assert {rule for rule, one in found.items() if one.outcome in (HOLDS, DIFFERS) and one.rule.status == 200} <= {
        "claimtrackings.list.row"
    }


@pytest.mark.parametrize("reply", [
    Reply(200, b"<html>Hello</html>", {"Content-Type": "text/html"}), Reply(401, b'"No."'),
    Reply(404, b'{"status": 404, "title": "Not Found"}', {"Content-Type": "application/problem+json"}),
], ids=["HTML", "401", "problem+json"])  # fmt: skip
def test_something_else_at_the_address_makes_no_mock(reply: Reply, tmp_path: Path) -> None:
    with Practice(tmp_path, elsewhere=reply) as practice:
        run = verified(practice.url, key_of(), rules=["api.Limit"])
    assert not run.conversation.is_mock
    assert outcomes_of(run)["api.Limit"].outcome == HOLDS


def test_a_valid_request_that_is_refused_is_not_masked(tmp_path: Path) -> None:
    rule = "claimtrackings.list.order"
    with Practice(
        tmp_path, spoil=answers(r"GET /api/v1/claimtrackings\?ClaimNum=48213 ", 400, "PatNum is required.")
    ) as practice:
        outcome = found_at(practice, [rule])[rule]
    assert outcome.outcome == DIFFERS


def test_a_broken_body_that_is_taken_differs(tmp_path: Path) -> None:
    def spoil(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        is_broken = request.method == "PUT" and b"valid JSON" in reply.body
        return forward(replace(request, body=b"{}")) if is_broken else reply

    with Practice(tmp_path, spoil=spoil) as practice:
        outcome = found_at(practice, ["api.body.json"])["api.body.json"]
    assert (outcome.outcome, outcome.status) == (DIFFERS, 200)


def test_a_day_that_is_read_leniently_is_not_ignored(tmp_path: Path) -> None:
    rule = "claims.list.SecDateTEdit.invalid"

    def spoil(request: Request, forward: Forward) -> Spoiled:
        path = request.path
        return forward(replace(request, path=f"{path}%2000:00:00" if len(path.partition("Edit=")[2]) == 10 else path))

    with Practice(tmp_path, spoil=spoil) as practice:
        outcome = found_at(practice, [rule])[rule]
    assert (outcome.outcome, outcome.variant) == (DIFFERS, "")


@pytest.mark.thorough
def test_a_user_that_an_update_changes_is_seen(tmp_path: Path) -> None:
    users: dict[int, int] = {}

    def spoil(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        if request.method == "PUT" and reply.status == 200:
            users[reply.value["ClaimTrackingNum"]] = 7

        def change(row: Any) -> Any:
            return row | {"UserNum": users[row["ClaimTrackingNum"]]} if row.get("ClaimTrackingNum") in users else row

        if "claimtrackings" not in request.path or reply.status >= 300:
            return reply
        value = reply.value
        return reply.with_value([*map(change, value)] if isinstance(value, list) else change(value))

    with Practice(tmp_path, spoil=spoil) as practice:
        assert differing(found_at(practice)) == {"claimtrackings.update.UserNum": ""}


@pytest.mark.thorough
def test_a_number_that_was_there_before_is_seen(tmp_path: Path) -> None:
    rule = "claimtrackings.create.row"

    def change(row: dict[str, Any]) -> dict[str, Any]:
        return row | {"ClaimTrackingNum": 6101}

    with Practice(tmp_path, spoil=rows(change, methods=("POST",))) as practice:
        outcome = found_at(practice, [rule])[rule]
    assert outcome.why == "ClaimTrackingNum is that of a row that was there before"


@pytest.mark.thorough
def test_nulls_and_line_breaks_of_updates_are_all_sent(tmp_path: Path) -> None:
    with Practice(tmp_path) as practice:
        found_at(practice)
        sent = {request.body for request in practice.received if request.method == "PUT"}
    assert {b'{"Note": null}', b'{"TrackingDefNum": false}', b'{"Note": ""}', b'{"Note": "one\\rtwo"}'} - sent == set()
    assert len(practice.creates) < 30
