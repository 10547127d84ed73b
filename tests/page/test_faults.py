"""Faults view in a browser, used as a person would."""

import json
import shlex
from typing import Any

import pytest
import requests

from mockserver import MockServer
from page.conftest import OpenPage, StartServer, one_look, post

pytestmark = pytest.mark.thorough

COUNTED = {"id", "passed", "hits"}
REFUSED = ("the server responded with a status of 400",)  # in the console, when the admin API refuses a fault


def faults(server: MockServer) -> list[dict[str, Any]]:
    """Return the faults that are set, as the admin API has them."""
    found: list[dict[str, Any]] = requests.get(f"{server.admin_url}/faults", timeout=10).json()["faults"]
    return found


def run_curl(line: str) -> None:
    """Send the request of a line with curl."""
    words = shlex.split(line)
    assert words[:3] == ["curl", "-X", "POST"]
    header, data = words[words.index("-H") + 1], words[words.index("--data-raw") + 1]
    headers = dict([header.split(": ")])
    assert requests.post(words[3], data=data.encode(), headers=headers, timeout=10).status_code == 201


def test_a_story_sets_a_fault_whose_hits_are_counted_live(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/faults")
    page.click(".story >> text=Too many requests")
    page.wait_for_selector("text=0 of 2 so far")
    page.wait_for_selector("text=The next 2 requests get 429 “Too many requests.”, Retry-After 1 s.")
    assert post(server, ClaimNum=15).status_code == 429
    page.wait_for_selector("text=1 of 2 so far")
    page.wait_for_selector("text=The next request gets 429")
    page.select_option("#story-operation", "claims/list")
    page.click("text=The keys are not valid")
    page.wait_for_selector("text=The next list of claims gets 401")
    page.click(".fault >> text=exchange 1")
    page.wait_for_selector(".detail >> text=429 Too Many Requests")
    page.evaluate("location.hash = '#/faults'")
    page.click("[aria-label='Take back throttled']")
    page.wait_for_selector("#set >> text=1")
    assert "throttled" not in page.inner_text("[aria-labelledby=set]")
    page.click("text=Take all back")
    page.wait_for_selector("text=No fault is set")
    assert post(server, ClaimNum=15).status_code == 201


def test_every_field_can_be_set_and_a_mistake_stands_at_its_field(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/faults", allowed=REFUSED)
    page.click("[aria-label='Change it first: The row was kept, the response was lost']")
    page.wait_for_selector("#fault-operation:focus")
    assert page.input_value("#fault-operation") == "claimtrackings/create"
    assert page.input_value("#fault-when") == "after"
    page.select_option("#fault-then", "truncate")
    page.select_option("#fault-when", "before")
    page.fill("#fault-times", "many")
    page.click("text=Set this fault")
    page.wait_for_selector("#about-when >> text=when must be after")
    page.wait_for_selector("#about-times >> text=times must be a whole number")
    assert page.get_attribute("#fault-times", "aria-invalid") == "true"
    assert faults(server) == []
    page.select_option("#fault-then", "status")
    page.fill("#fault-status", "503")
    page.fill("#fault-explanation", "Down for <b>maintenance</b>")
    page.fill("#fault-retry_after", "7")
    page.fill("#fault-times", "2")
    page.fill("#fault-skip", "1")
    page.click("text=Add a value")
    page.fill("[aria-label='Name of value 1']", "Claim")
    page.fill("[aria-label='Value 1']", "15")
    page.click("text=Set this fault")
    page.wait_for_selector(".match >> text=match.Claim is not known")
    page.fill("[aria-label='Name of value 1']", "ClaimNum")
    page.click("text=As curl")
    line = page.locator("[aria-label=curl] pre").filter(has_text="ClaimNum").inner_text()
    page.click("text=Set this fault")
    page.wait_for_selector(
        "text=After 1 more has passed, the next 2 creates of claimtrackings with ClaimNum 15 "
        "get 503 “Down for <b>maintenance</b>”, Retry-After 7 s."
    )
    assert page.locator("#fault-form").count() == 0
    run_curl(line)
    (one, same) = [{name: value for name, value in each.items() if name not in COUNTED} for each in faults(server)]
    assert one == same
    assert {name: one[name] for name in ("operation", "when", "then", "times", "skip", "match")} == {
        "operation": "claimtrackings/create", "when": "before", "then": "status", "times": 2, "skip": 1,
        "match": {"ClaimNum": 15},
    }  # fmt: skip
    assert post(server, ClaimNum=3).status_code == 201
    assert post(server, ClaimNum=15).status_code == 201
    page.wait_for_selector("text=passed 1 of 1")
    assert post(server, ClaimNum=15).status_code == 503


@one_look
def test_a_fault_that_is_used_up_can_be_set_again(open_page: OpenPage, start: StartServer) -> None:
    server = start("flaky")
    page = open_page("#/faults", to=server)
    given = faults(server)
    note = page.locator(".fault").filter(has_text="From the fixture: a reset sets it again.")
    assert note.count() == len(given) == 6
    for _ in range(2):
        assert requests.get(f"{server.url}/claimtrackings", headers=server.headers, timeout=10).status_code == 429
    page.wait_for_selector("text=2 of 2: used up")
    page.click("[aria-label='Set throttled again']")
    page.wait_for_selector("text=The next 2 lists of claimtrackings get 429")
    page.wait_for_selector(".fault:has-text('0 of 2 so far') >> nth=1")
    now = faults(server)
    assert len(now) == 6
    assert now[-1] == {**given[0], "id": 7, "set_by_test": True}
    assert note.count() == 5


@one_look
def test_a_form_for_every_call_with_a_number_of_64_bits(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/faults", allowed=REFUSED)
    page.click("text=Set your own")
    page.click("text=Set this fault")
    page.wait_for_selector("text=the body must have name or then")
    page.select_option("#fault-operation", "claimtrackings/create")
    page.select_option("#fault-then", "delay")
    page.fill("#fault-delay", "0.5")
    page.check("text=every time")
    page.click("text=Add a value")
    page.click("text=Add a value")
    page.fill("[aria-label='Name of value 1']", "ClaimNum")
    page.fill("[aria-label='Value 1']", "9223372036854775807")
    page.fill("[aria-label='Name of value 2']", "Note")
    page.fill("[aria-label='Value 2']", "12")
    page.click("text=Set this fault")
    page.wait_for_selector("text=Every create of claimtrackings with ClaimNum 9223372036854775807 and Note 12 is")
    (one,) = faults(server)
    assert (one["times"], one["delay"], one["operation"]) == (None, 0.5, "claimtrackings/create")
    assert json.dumps(one["match"]) == '{"ClaimNum": 9223372036854775807, "Note": "12"}'


def test_read_only_shows_faults_and_offers_nothing(open_page: OpenPage, start: StartServer) -> None:
    page = open_page("#/faults", to=start("flaky", page="read-only"))
    page.wait_for_selector("text=This page is read-only")
    assert page.locator(".fault").count() == 6
    assert page.locator(".story, .danger, .faults button:not([aria-label^=Copy])").count() == 0
