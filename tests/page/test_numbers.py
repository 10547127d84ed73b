"""Numbers of 64 bits in a browser: every digit is shown, compared and sent back."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from mockserver import MockServer
from page.conftest import OpenPage, StartServer, post

pytestmark = pytest.mark.thorough

CLAIMS = 1152921504606846977, 1152921504606846979
TRACKINGS = 9007199254740992, 9007199254740993
STATUSES = 4611686018427387905, 4611686018427387907
JSON = [
    "1152921504606846977",
    '{"a":9223372036854775807,"b":[-9223372036854775808,12345678901234567890.5,1.0,-0,1E400,1e5],"c":[0,-1,0.5,15]}',
    '{"a":"9007199254740993","b":"\\\\","c":"\\"9007199254740993","d":"1.0","9007199254740993":1.0}',
    '["#9007199254740993","##1.0",9007199254740993]',
    '[" : 9007199254740993, 1.0",null,true,{}]',
]


@pytest.fixture
def server(start: StartServer) -> MockServer:
    """Start a server with the office of 64-bit keys."""
    return start("random-keys", now="2023-07-26 09:47:10")


def test_json_is_read_and_written_without_loss(open_page: OpenPage) -> None:
    page = open_page("#/office")
    run = "async (texts) => { const json = await import('/__page/json.js'); return texts.map(%s); }"
    assert page.evaluate(run % "(text) => json.stringify(json.parse(text))", JSON) == JSON
    assert page.evaluate(run % "(text) => json.stringify(json.parse(text))", ['"\\u00231.0"']) == ['"#1.0"']
    broken = ["01", "9007199254740993 9007199254740993", "[1.0,]", "-"]
    told = "(text) => { try { json.parse(text); return 'read'; } catch (error) { return error.name; } }"
    assert page.evaluate(run % told, broken) == ["SyntaxError"] * len(broken)


def test_two_claims_are_two_and_have_all_their_digits(open_page: OpenPage) -> None:
    page = open_page("#/office")
    assert [text.split("\n")[0] for text in page.locator(".claims [data-item]").all_inner_texts()] == [
        f"Claim {number}" for number in CLAIMS
    ]
    definitions = page.inner_text("[aria-labelledby=definitions]")
    assert all(str(number) in definitions for number in STATUSES)
    for number, tracking, name in zip(CLAIMS, TRACKINGS, ("Denied", "Resubmitted"), strict=True):
        page.evaluate(f"location.hash = '#/office/claim/{number}'")
        page.wait_for_selector(f"#claim >> text=Claim {number}")
        history = page.inner_text(".history")
        assert f"tracking {tracking}" in history
        assert name in history
        assert page.locator(".claims [aria-current=true]").count() == 1
    page.keyboard.press("Escape")
    page.fill("[data-filter]", str(CLAIMS[1]))
    page.wait_for_selector("#claims >> text=1 of 2")


def test_change_of_one_row_marks_that_row_and_its_claim(open_page: OpenPage, server: MockServer) -> None:
    page = open_page(f"#/office/claim/{CLAIMS[1]}")
    url = f"{server.url}/claimtrackings/{TRACKINGS[1]}"
    requests.put(url, json={"Note": "The second"}, headers=server.headers, timeout=10)
    page.wait_for_selector(".timeline li[data-fresh] >> text=The second")
    assert page.locator(".claims li[data-fresh]").all_inner_texts()[0].strip().startswith(f"Claim {CLAIMS[1]}")
    assert page.locator(".timeline li").count() == 1


def test_an_exchange_shows_and_repeats_every_digit(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=CLAIMS[0], TrackingDefNum=STATUSES[1])
    page = open_page("#/traffic/1")
    for label in ("Body of the request", "Body of the response"):
        assert f'"ClaimNum": {CLAIMS[0]}' in page.inner_text(f"[aria-label='{label}']")
    assert f'"ClaimNum":{CLAIMS[0]},"TrackingDefNum":{STATUSES[1]}' in page.inner_text("[aria-label='curl'] pre")
    assert f'json={{"ClaimNum": {CLAIMS[0]}, "TrackingDefNum": {STATUSES[1]}}}' in page.inner_text(
        "[aria-label='As a test'] pre"
    )
    page.click("text=Send again")
    page.wait_for_selector("[aria-label='New response']")
    assert f'"ClaimNum":{CLAIMS[0]},' in page.inner_text("[aria-label='New response']")
    assert [(row.ClaimNum, row.TrackingDefNum) for row in server.office.claimtracking[:2]] == [
        (CLAIMS[0], STATUSES[1])
    ] * 2


def test_a_form_names_a_definition_by_all_its_digits(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/try/claimtrackings/update")
    page.fill("#field-ClaimTrackingNum", str(TRACKINGS[0]))
    page.select_option("#field-TrackingDefNum", label=f"{STATUSES[1]} · Resubmitted")
    page.wait_for_selector(f'[aria-label=Request] >> text="TrackingDefNum": {STATUSES[1]}')
    page.click('text="Send"')
    page.wait_for_selector("text=200 OK")
    rows: dict[int, Any] = {row.ClaimTrackingNum: row for row in server.office.claimtracking}
    assert [rows[number].TrackingDefNum for number in TRACKINGS] == [STATUSES[1], STATUSES[1]]
    assert f'"ClaimTrackingNum": {TRACKINGS[0]},' in page.inner_text("[aria-label=Response]")


def test_har_has_every_digit(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=CLAIMS[0])
    page = open_page("#/traffic/latest")
    with page.expect_download() as started:
        page.click("text=HAR")
    (entry,) = json.loads(Path(started.value.path()).read_text("utf-8"))["log"]["entries"]
    assert json.loads(entry["response"]["content"]["text"])["ClaimNum"] == CLAIMS[0]
