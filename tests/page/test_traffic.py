"""Traffic view in a browser, used as a person would."""

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from mockserver import MockServer
from page.conftest import MARKUP, NOW, OpenPage, StartServer, one_look, post

pytestmark = pytest.mark.thorough


def test_exchanges_come_live_with_status_and_chips(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/traffic/latest")
    page.wait_for_selector("text=No request yet: connect a client")
    post(server, ClaimNum=15, Extra=1)
    page.wait_for_selector(".exchanges .status >> text=201")
    assert "warning.undocumented-field" in page.inner_text(".exchanges")
    server.fault(operation="claimtrackings/list", then="status", status=504)
    requests.get(f"{server.url}/claimtrackings", headers=server.headers, timeout=10)
    page.wait_for_selector(".exchanges .status >> text=504")
    assert "fault:" in page.inner_text(".exchanges")


def test_a_refusal_shows_its_sentence_and_what_would_be_right(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=15, TrackingDefNum=340)
    page = open_page("#/traffic/1")
    page.wait_for_selector(".decision >> text=Right would be: TrackingDefNum")
    said = page.inner_text(".decision")
    assert "claimtrackings.create.TrackingDefNum.category" in said
    assert "definitions of category 31 in this office: 339" in said
    assert "Example:" not in said  # it would be a number of another office
    post(server, Note="Without a claim")
    page.goto(page.url.replace("traffic/1", "traffic/2"))
    page.wait_for_selector(".decision >> text=Example: 15")


@one_look
def test_each_row_says_in_words_what_it_did(open_page: OpenPage, start: StartServer) -> None:
    server = start("practice", now=NOW)
    page = open_page("#/traffic/latest", to=server)

    def send(method: str, path: str, body: Any = None) -> None:
        with suppress(requests.RequestException):
            requests.request(method, server.url + path, json=body, headers=server.headers, timeout=10)

    send("POST", "/claimtrackings", {"ClaimNum": 1005, "TrackingDefNum": 402, "Note": "Asked."})
    send("POST", "/claimtrackings", {"ClaimNum": 1005, "Note": "Called."})
    send("PUT", "/claimtrackings/12", {"Note": "Sent."})
    send("PUT", "/claimtrackings/12", {"TrackingDefNum": 404, "Note": "Denied."})
    send("POST", "/claimtrackings", {"ClaimNum": 1005, "TrackingDefNum": 431})
    send("PUT", "/claims/1007", {"ClaimStatus": "R", "DateReceived": "2026-11-28"})
    send("GET", "/claimprocs?ClaimNum=1004")
    send("GET", "/claims?ClaimStatus=W&PatNum=102")
    send("GET", "/claims/1004")
    send("GET", "/referrals")
    send("DELETE", "/claimtrackings/12")
    server.fault(name="throttled")
    send("GET", "/claims/1004")
    server.fault(operation="claimtrackings/create", when="after", then="reset")
    send("POST", "/claimtrackings", {"ClaimNum": 1006})
    server.fault(then="status", status=504)
    send("GET", "/patients/102")
    page.wait_for_selector(".exchanges li:nth-child(14)")
    said = dict(
        zip(page.locator(".exchanges .count").all_inner_texts(), page.locator(".said").all_inner_texts(), strict=True)
    )
    assert {int(number[1:]): text for number, text in said.items()} == {
        1: "claim 1005 → Waiting on information, Note",
        2: "claim 1005: new status None, Note",
        3: "tracking 12 changed: Note",
        4: "tracking 12 → Denied, Note",
        5: "refused: TrackingDefNum is invalid.",
        6: "claim 1007 → Received, DateReceived",
        7: "2 claim procedures of claim 1004",
        8: "0 claims of patient 102, ClaimStatus W",
        9: "read claim 1004",
        10: "not served: GET /referrals",
        11: said["#11"],
        12: "429, wait 1 s",
        13: "connection reset, but the office has the change",
        14: "504 by a fault",
    }
    assert said["#11"].startswith("refused: ")
    assert page.locator(".exchanges .call code").first.inner_text() == "GET /patients/102"
    page.click("[aria-label='Open claim 1007']")
    page.wait_for_url("**/#/office/claim/1007")


def test_a_retry_stands_below_its_first_try(open_page: OpenPage, server: MockServer, look: tuple[str, str]) -> None:
    post(server, ClaimNum=15, Note="Once")
    server.fault(name="throttled")
    post(server, ClaimNum=3, Note="Again")
    requests.get(f"{server.url}/claims/3", headers=server.headers, timeout=10)
    server.clock.advance(5)
    post(server, ClaimNum=3, Note="Again")
    post(server, ClaimNum=15, Note="Once")  # the first one was no failure, so this is none
    page = open_page("#/traffic/latest")
    page.wait_for_selector(".exchanges li:nth-child(5)")
    assert page.locator(".exchanges .count").all_inner_texts() == ["#5", "#2", "#4", "#3", "#1"]
    retry = page.locator(".exchanges li[data-retry]")
    assert "2nd try of #2" in retry.inner_text()
    assert "+5 s" in retry.inner_text()
    retry.locator("a[data-item]").click()
    page.click(".detail .facts >> text=#2")
    page.wait_for_selector(".detail .facts >> text=tried again as #4")
    page.click(".detail >> text=fault: throttled")
    page.wait_for_selector(".faults")


@one_look
def test_what_a_write_changed_is_marked(open_page: OpenPage, server: MockServer) -> None:
    number = post(server, ClaimNum=15, Note="Before").json()["ClaimTrackingNum"]
    requests.put(f"{server.url}/claimtrackings/{number}", json={"Note": "After"}, headers=server.headers, timeout=10)
    page = open_page("#/traffic/2")
    body = page.locator("[aria-label='Body of the response']")
    assert body.locator("mark").all_inner_texts() == ['"Note": "After",']
    assert body.locator(".was").all_inner_texts() == ['  was "Before"']
    assert json.loads(body.inner_text().replace('  was "Before"', ""))["ClaimTrackingNum"] == number
    assert page.locator(".detail .headers dt").first.is_hidden()
    page.click("text=/^[0-9]+ headers/")
    assert "Authorization" in page.locator(".detail .headers dt").all_inner_texts()
    page.click("text=/^Met [0-9]+ rules/")
    page.click(".met >> text=claimtrackings.update.Note")
    page.wait_for_selector("#rule >> text=claimtrackings.update.Note")


def test_what_is_not_served_is_told_and_counted(open_page: OpenPage, server: MockServer) -> None:
    for number in (15, 16):
        requests.put(
            f"{server.url}/labcases/{number}", json={"Instructions": "Shade A2"}, headers=server.headers, timeout=10
        )
    post(server, ClaimNum=99)
    page = open_page("#/traffic/2?kind=unserved")
    page.wait_for_selector(".exchanges .status >> text=501", state="attached")
    assert page.locator(".exchanges li").count() == 2
    said = page.inner_text(".decision")
    assert said.count("opendental-mock does not serve PUT /labcases/{LabCaseNum}.") == 1
    assert "mock.unserved" in said
    assert '"Instructions": "Shade A2"' in page.inner_text("[aria-label='Body of the request']")
    page = open_page("#/contract")
    page.wait_for_selector(".unserved >> text=PUT /labcases/{LabCaseNum}")
    assert "2 requests, the first is exchange 1" in page.inner_text(".unserved")
    page.click(".unserved a")
    page.wait_for_selector(".detail >> text=PUT /api/v1/labcases/15")


def test_new_exchanges_do_not_move_the_one_that_is_read(
    open_page: OpenPage, server: MockServer, look: tuple[str, str]
) -> None:
    post(server, ClaimNum=15)
    page = open_page("#/traffic/1")
    for _ in range(3):
        post(server, ClaimNum=3)
    page.wait_for_selector(".more >> text=3 new", state="attached")
    assert page.locator(".exchanges li").count() == 1
    assert "#1" in page.inner_text(".detail .facts").split()
    if look[0] == "narrow":  # the list is behind the exchange
        page.click("text=All exchanges")
    page.click("text=3 new")
    page.wait_for_selector(".exchanges li:nth-child(4)")


def test_new_exchanges_do_not_move_a_list_that_is_scrolled(
    open_page: OpenPage, server: MockServer, look: tuple[str, str]
) -> None:
    for number in range(40):
        requests.get(f"{server.url}/claims/{number}", headers=server.headers, timeout=10)
    page = open_page("#/traffic/latest")
    scrolled = "document.scrollingElement" if look[0] == "narrow" else "document.querySelector('.exchanges')"
    page.evaluate(f"{scrolled}.scrollTop = 300")
    first = f"[...document.querySelectorAll('.exchanges li')].findIndex((item) => item.getBoundingClientRect().bottom > Math.max(0, {scrolled}.getBoundingClientRect().top))"
    read = page.locator(".exchanges li").nth(page.evaluate(first)).inner_text()
    assert "#40" not in read
    for _ in range(3):
        post(server, ClaimNum=3)
    page.wait_for_selector("text=3 new")
    assert page.locator(".exchanges li").count() == 40
    assert page.locator(".exchanges li").nth(page.evaluate(first)).inner_text() == read
    if look[0] == "wide":
        assert page.evaluate(f"{scrolled}.scrollTop") == 300
    button = page.locator("text=3 new").bounding_box()
    assert 0 <= button["y"] <= 740  # seen without scrolling
    page.click("text=3 new")
    page.wait_for_selector(".exchanges li:nth-child(43)", state="attached")
    assert page.evaluate(f"{scrolled}.scrollTop") == 0
    assert "#43" in page.locator(".exchanges li").first.inner_text()


def test_an_exchange_that_is_not_there_says_so_and_leads_back(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=15)
    page = open_page("#/traffic/7")
    page.wait_for_selector("text=There is no exchange 7")
    page.keyboard.press("Escape")
    page.wait_for_selector(".exchanges >> text=#1")


def test_filters_are_in_the_address(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=15)
    post(server, ClaimNum=99)
    page = open_page("#/traffic/latest")
    assert page.locator("[aria-label=Outcome] button").all_inner_texts() == [
        "All 2", "Refused 1", "Warned 0", "Faulty 0", "Not served 0", "Written 1",
    ]  # fmt: skip
    page.click("[aria-label=Outcome] >> text=Refused")
    page.wait_for_selector("#traffic >> text=1 of 2")
    assert page.inner_text("[aria-pressed=true]") == "Refused 1"
    assert "kind=refused" in page.url
    page.select_option("[aria-label=Operation]", "claimtrackings/create")
    assert "operation=claimtrackings" in page.url
    page.click("[aria-label=Outcome] >> text=All")
    page.wait_for_selector("#traffic >> text=/Traffic 2$/")
    page.fill("[data-filter]", "no such text")
    page.wait_for_selector("text=No exchange matches.")
    page.reload()
    page.wait_for_selector("text=No exchange matches.")


def test_an_exchange_is_sent_again_by_a_key(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=15, TrackingDefNum=340)
    page = open_page("#/traffic/1")
    page.keyboard.press("r")
    page.wait_for_selector("text=definitions of category 31 in this office: 339")
    page.click("text=exchange 2")
    page.wait_for_selector(".exchanges [aria-current] >> text=#2", state="attached")


def test_a_path_and_a_note_that_hold_markup_are_text(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=15, Note=MARKUP)
    requests.get(f"{server.url}/{MARKUP}", params={"q": MARKUP}, headers=server.headers, timeout=10)
    page = open_page("#/traffic/latest")
    page.wait_for_selector(".exchanges li:nth-child(2)")
    page.click("text=#1")
    page.wait_for_selector("pre >> text=<b>bold</b>")
    assert page.locator("#main img, #main .detail b b, #main b:text-is('bold'), pre :not(mark)").count() == 0


@one_look
def test_curl_is_copied_and_works_in_a_shell(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=15, Note="It's $HOME")
    page = open_page("#/traffic/1")
    page.click("[aria-label='Copy curl']")
    page.wait_for_selector("text=Copied")
    line = page.evaluate("navigator.clipboard.readText()")
    answer = subprocess.run(["sh", "-c", f"{line} -s"], capture_output=True, encoding="utf-8", check=True, timeout=20)
    assert json.loads(answer.stdout)["Note"] == "It's $HOME"


def run_pasted(page: Any, folder: Path) -> str:
    """Run the lines that the page shows as a test, and return what pytest says."""
    (folder / "test_pasted.py").write_text(page.inner_text("[aria-label='As a test'] pre"), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:hypothesispytest"],
        cwd=folder, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    return ended.stdout


@one_look
@pytest.mark.parametrize("fields", [{"ClaimNum": 15, "Note": 'a "b"\\n'}, {"ClaimNum": 15, "TrackingDefNum": True}, {}])
def test_the_lines_of_a_test_pass(
    open_page: OpenPage, server: MockServer, fields: dict[str, object], tmp_path: Path
) -> None:
    post(server, **fields)
    page = open_page("#/traffic/1")
    said = run_pasted(page, tmp_path)
    assert "1 passed" in said, said


@one_look
@pytest.mark.parametrize(
    "fault",
    [
        {"name": "throttled"},
        {"operation": "claimtrackings/create", "when": "after", "then": "reset"},
        {"operation": "claimtrackings/create", "when": "after", "then": "truncate"},
        {"then": "status", "status": 503, "explanation": "It's 'closed'."},
    ],
    ids=str,
)
def test_the_lines_of_a_test_set_the_fault(
    open_page: OpenPage, server: MockServer, fault: dict[str, Any], tmp_path: Path
) -> None:
    server.fault(**fault, times=2, skip=1)
    post(server, ClaimNum=3)
    with suppress(requests.RequestException):
        post(server, ClaimNum=15)
    page = open_page("#/traffic/2")
    assert "opendental_mock.fault(" in page.inner_text("[aria-label='As a test'] pre")
    said = run_pasted(page, tmp_path)
    assert "1 passed" in said, said


@one_look
@pytest.mark.parametrize(
    "query",
    [
        "",
        "?kind=refused",
        "?kind=unserved",
        "?kind=warned",
        "?kind=fault",
        "?kind=written",
        "?q=CREATE",
        "?operation=claims/get&q=1",
    ],
)
def test_the_filtered_exchanges_are_downloaded_as_har(open_page: OpenPage, server: MockServer, query: str) -> None:
    post(server, ClaimNum=15, Extra=1)
    post(server, ClaimNum=99)
    server.fault(name="throttled")
    post(server, ClaimNum=3)
    for path in ("/claims/15", "/referrals"):
        requests.get(server.url + path, headers=server.headers, timeout=10)
    page = open_page(f"#/traffic/latest{query}")
    shown = page.locator(".exchanges .count").all_inner_texts()
    shown.sort(reverse=True)  # a retry is listed with its first try
    with page.expect_download() as started:
        page.click("text=HAR")
    har = json.loads(Path(started.value.path()).read_text("utf-8"))
    assert har["log"]["version"] == "1.2"
    assert [f"#{entry['_id']}" for entry in har["log"]["entries"]] == shown[::-1]
    assert len(shown) == 5 if not query else 0 < len(shown) < 5
    assert "MockCustomerKey" not in json.dumps(har)


@one_look
def test_har_that_the_server_refuses_is_said(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=15)
    page = open_page("#/traffic/latest?kind=other", allowed=("400",))
    page.click("text=HAR")
    page.wait_for_selector(".notice >> text='other' is not a kind")


@one_look
def test_a_thousand_exchanges_are_smooth(open_page: OpenPage, server: MockServer) -> None:
    with requests.Session() as session:
        for number in range(1_000):
            session.get(f"{server.url}/claims/{number}", headers=server.headers, timeout=10)
    page = open_page("#/traffic/latest")
    assert page.locator(".exchanges li").count() == 200
    page.click("text=Show 200 more")
    page.wait_for_selector(".exchanges li:nth-child(400)")
    page.fill("[data-filter]", "/claims/7")
    page.wait_for_selector("#traffic >> text=111 of 1000")
