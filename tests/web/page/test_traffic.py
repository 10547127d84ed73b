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
from web.page.conftest import OpenPage, one_look, post
from web.page.test_office import MARKUP

pytestmark = pytest.mark.thorough


def test_exchanges_come_live_with_status_and_chips(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/traffic/latest")
    page.wait_for_selector("text=No client has sent a request yet.")
    post(server, ClaimNum=15, Extra=1)
    page.wait_for_selector(".exchanges >> text=201 Created")
    assert "warning.undocumented-field" in page.inner_text(".exchanges")
    server.fault(operation="claimtrackings/list", then="status", status=504)
    requests.get(f"{server.url}/claimtrackings", headers=server.headers, timeout=10)
    page.wait_for_selector(".exchanges >> text=504 Gateway Timeout")
    assert "fault:" in page.inner_text(".exchanges")


def test_a_refusal_shows_its_sentence_and_what_would_be_right(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=15, TrackingDefNum=340)
    page = open_page("#/traffic/latest")
    page.wait_for_selector(".decision >> text=Right would be: TrackingDefNum")
    said = page.inner_text(".decision")
    assert "claimtrackings.create.TrackingDefNum.category" in said
    assert "Example: 339" in said


def test_what_is_not_served_is_told_and_counted(open_page: OpenPage, server: MockServer) -> None:
    for number in (15, 16):
        requests.put(
            f"{server.url}/labcases/{number}", json={"Instructions": "Shade A2"}, headers=server.headers, timeout=10
        )
    post(server, ClaimNum=99)
    page = open_page("#/traffic/2?kind=unserved")
    page.wait_for_selector(".exchanges >> text=501 Not served", state="attached")
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
    assert "· #1 ·" in page.inner_text(".detail .facts")
    if look[0] == "narrow":  # the list is behind the exchange
        page.click("text=All exchanges")
    page.click("text=3 new")
    page.wait_for_selector(".exchanges li:nth-child(4)")


def test_new_exchanges_do_not_move_a_list_that_is_scrolled(open_page: OpenPage, server: MockServer) -> None:
    for number in range(40):
        requests.get(f"{server.url}/claims/{number}", headers=server.headers, timeout=10)
    page = open_page("#/traffic/latest")
    page.locator(".exchanges").evaluate("list => { list.scrollTop = 300; }")
    first = "list => [...list.children].findIndex((item) => item.getBoundingClientRect().bottom > list.getBoundingClientRect().top)"
    read = page.locator(".exchanges li").nth(page.locator(".exchanges").evaluate(first)).inner_text()
    for _ in range(3):
        post(server, ClaimNum=3)
    page.wait_for_selector("text=3 new")
    assert page.locator(".exchanges li").count() == 40
    assert page.locator(".exchanges").evaluate("list => list.scrollTop") == 300
    assert page.locator(".exchanges li").nth(page.locator(".exchanges").evaluate(first)).inner_text() == read
    page.click("text=3 new")
    page.wait_for_selector(".exchanges li:nth-child(43)", state="attached")
    assert page.locator(".exchanges").evaluate("list => list.scrollTop") == 0
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
    page.select_option("[aria-label='Every outcome']", "refused")
    page.wait_for_selector("#traffic >> text=1 of 2")
    assert "kind=refused" in page.url
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
    assert page.locator("#main img, #main .detail b b, pre *").count() == 0


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
