"""Office view in a browser, used as a person would."""

import threading
from pathlib import Path
from typing import Any

import pytest
import requests

from mockserver import MockServer
from mockserver.resources.folder import shipped_folders
from mockserver.web.mock import MOCK
from mockserver.web.watch import watching
from page.conftest import MARKUP, OpenPage, StartServer, one_look, post

pytestmark = pytest.mark.thorough

MAX_SHOW_MS = 5_000  # half of the time that the page waits for an exchange
MAX_CLICK_MS = 2_000  # of a loaded machine; a rendering of all rows takes many times as long
CLICK = """async (place) => {
  const begin = performance.now();
  document.querySelector(`.claims a[href="${place}"]`).click();
  await new Promise((resolve) => {
    const look = () => document.querySelector("#history") ? resolve() : requestAnimationFrame(look);
    look();
  });
  return performance.now() - begin;
}"""


def text(page: Any, selector: str) -> str:
    return str(page.inner_text(selector))


def test_a_claim_shows_its_history_newest_first_with_names_beside_numbers(open_page: OpenPage) -> None:
    page = open_page("#/office", allowed=("404",))
    page.click("text=Claim 25")
    page.wait_for_selector("#history >> text=/3 rows/i")
    times = page.locator(".timeline time").all_inner_texts()
    assert times == sorted(times, reverse=True)
    assert "/claim/25" in page.url
    page.keyboard.press("Escape")
    page.click("text=Claim 19")
    page.wait_for_selector(".timeline >> text=Denied")
    assert text(page, ".timeline .reason") == "E-207"
    assert text(page, ".timeline .long") == "Subscriber is not on file with the carrier."
    assert "user 1 · tracking 45 · status 345 · error 343" in text(page, ".timeline")
    assert "14 days suppressed" in text(page, "[aria-labelledby=definitions]")
    for number in ("99", "x"):
        page.evaluate(f"location.hash = '#/office/claim/{number}'")
        page.wait_for_selector("article, section >> text=There is no such claim in this office.")


@one_look
def test_rows_of_any_table_are_shown_with_all_their_columns(open_page: OpenPage, start: StartServer) -> None:
    server = start("practice")
    page = open_page("#/office", to=server)
    office = requests.get(f"{server.admin_url}/office", timeout=10).json()
    tables = {name: rows for name, rows in office.items() if name in shipped_folders().tables()}
    assert page.locator(".tables li").count() == len(tables) == 21
    for table, rows in tables.items():
        page.click(f".tables >> text='{table}'")
        page.wait_for_selector(f"#table >> text={table} {len(rows)} row")
        page.wait_for_selector(f"[aria-label='Rows of {table}'] tbody tr")
        assert page.locator("thead th").all_inner_texts() == [*rows[0]]
        assert page.locator("tbody tr").count() == len(rows) > 0
        shown = page.locator("tbody tr").last.locator("td").all_text_contents()
        assert shown == [value(one) for one in rows[-1].values()]


def value(given: Any) -> str:
    """Return a value of JSON as the page writes it."""
    if isinstance(given, list):
        return ", ".join(map(str, given))
    return str(given).lower() if isinstance(given, bool) else str(given)


@one_look
def test_a_long_table_comes_page_by_page(open_page: OpenPage, start: StartServer) -> None:
    page = open_page("#/office/table/claim", to=start("large"))
    page.wait_for_selector("text=rows 1 to 100 of 5000")
    page.click(".pages >> text=Next")
    page.wait_for_selector("text=rows 101 to 200 of 5000")
    page.wait_for_selector("tbody tr:first-child td:first-child >> text=101")
    page.evaluate("location.hash = '#/office/table/claim?page=50'")
    page.wait_for_selector("text=rows 4901 to 5000 of 5000")
    assert page.locator(".pages >> text=Next").count() == 0


def test_a_claim_is_a_page(open_page: OpenPage, start: StartServer) -> None:
    page = open_page("#/office/claim/1002", to=start("practice"))
    page.wait_for_selector("#claim >> text=Claim 1002 · Elaine Hartwell")
    assert text(page, ".steps [aria-current]").startswith("Received")
    assert text(page, ".amounts").split() == [
        "Billed",
        "277.00",
        "Estimated",
        "234.00",
        "Paid",
        "184.00",
        "Write-off",
        "0.00",
        "Deductible",
        "50.00",
    ]
    assert "Cedar Mutual Dental" in text(page, "article .pairs")
    assert "Robert Hartwell · HW-1" in text(page, "article .pairs")
    cells = page.locator(".lines tbody tr").last.locator("td").all_inner_texts()
    assert cells[0] == "D2391"
    assert cells[1].split("\n") == ["composite, one surface, posterior", "tooth 19"]
    assert cells[2:] == ["215.00", "172.00", "172.00", "0.00", "received"]
    assert "Check 20417 · Cedar Mutual Dental" in text(page, ".payment")
    assert "184.00" in text(page, ".payment b")
    assert "of 356.00, which pays other claims too" in text(page, ".payment small")
    page.click("#claim >> text=Elaine Hartwell")
    page.wait_for_selector("#patient >> text=Elaine Hartwell")
    assert "Claim 1003" in text(page, ".patient")
    page.evaluate("location.hash = '#/office/claim/1010'")
    page.wait_for_selector("#claim >> text=Nora Lindqvist")
    assert "Denied" in text(page, ".timeline")
    assert "44 days ago" in text(page, ".steps [aria-current]")


def test_claims_are_grouped_and_narrowed(open_page: OpenPage, start: StartServer) -> None:
    page = open_page(to=start("practice"))
    assert page.locator(".group h3").all_inner_texts()[:3] == ["Robert Hartwell", "Elaine Hartwell", "Mia Hartwell"]
    for name, total in (("Waiting", 8), ("Denied", 1), ("Sent over 14 days ago", 5)):
        page.click(f".filter >> text={name}")
        page.wait_for_selector(f"#claims >> text={total} of 15")
        assert page.locator(".claims [data-item]").count() == total
    page.click(".filter >> text=All")
    page.wait_for_selector("#claims >> text=/^Claims 15$/")
    page.click(".attention >> text=1 is denied")
    page.wait_for_selector("#claims >> text=1 of 15")


@one_look
def test_an_office_without_statuses_says_so(open_page: OpenPage, start: StartServer) -> None:
    server = start("empty")
    page = open_page(to=server)
    assert "no statuses (definitions of category 31)" in text(page, "[aria-labelledby=definitions]")
    requests.put(f"{server.admin_url}/office", json={}, timeout=10)
    page.wait_for_selector(".claims >> text=This office has no claims.")


def test_a_new_row_appears_and_is_marked_while_the_page_is_open(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/office/claim/15")
    assert "Nothing has happened to this claim yet." in text(page, ".history")
    post(server, ClaimNum=15, Note="First call", TrackingDefNum=339)
    page.wait_for_selector(".timeline li[data-fresh]")
    assert "First call" in text(page, ".timeline")
    page.wait_for_selector("#live >> text=1 new exchange", state="attached")
    requests.put(f"{server.url}/claimtrackings/52", json={"Note": "Second"}, headers=server.headers, timeout=10)
    page.wait_for_selector("text=Second")
    assert page.locator(".timeline li").count() == 1


def test_a_row_whose_response_was_lost_appears_too(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/office/claim/15")
    server.fault(operation="claimtrackings/create", when="after", then="status", status=504)
    post(server, ClaimNum=15, Note="Kept")
    page.wait_for_selector(".timeline li[data-fresh] >> text=Kept")


def test_markup_is_text(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=15, Note=MARKUP)
    page = open_page("#/office/claim/15")
    assert text(page, ".note") == MARKUP
    assert page.locator(".note *").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_claims_are_filtered_and_counted(open_page: OpenPage) -> None:
    page = open_page()
    page.keyboard.press("/")
    page.keyboard.type("Denied")
    page.wait_for_selector("#claims >> text=1 of 5")
    assert "q=Denied" in page.url
    page.fill("[data-filter]", "zzz")
    page.wait_for_selector("text=No claim matches “zzz”.")


def test_a_preference_is_a_switch(open_page: OpenPage, server: MockServer) -> None:
    page = open_page()
    page.click("text=ClaimTrackingStatusExcludesNone")
    page.wait_for_selector(".notice >> text=ClaimTrackingStatusExcludesNone is true.")
    assert page.is_checked("[role=switch]")
    assert post(server, ClaimNum=15).status_code == 400


def test_the_clock_runs_stops_and_moves(open_page: OpenPage, server: MockServer) -> None:
    page = open_page()
    page.click("text=+ 1 hour")
    page.wait_for_selector(".now >> text=2023-07-26 10:47:10")
    page.fill("[name=now]", "2024-02-29 08:00:00")
    page.click('text="Set"')
    page.wait_for_selector(".now >> text=2024-02-29 08:00:00")
    page.click("text=Let it run")
    page.wait_for_selector("#clock >> text=runs")
    moment = text(page, ".now")
    page.locator(".now").filter(has_not_text=moment).wait_for()
    assert text(page, ".now") > moment
    page.click("text=Stop")
    page.wait_for_selector("#clock >> text=stopped")
    stopped = text(page, ".now")
    assert post(server, ClaimNum=15).json()["DateTimeEntry"] == stopped


def test_snapshots_are_kept_restored_and_deleted(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/office/claim/15")
    page.fill("[name=name]", "before-the-demo")
    page.click("text=Keep")
    page.wait_for_selector("[aria-label='Restore before-the-demo']")
    post(server, ClaimNum=15, Note="Later")
    page.wait_for_selector("text=Later")
    page.click("[aria-label='Restore before-the-demo']")
    page.wait_for_selector("text=Nothing has happened to this claim yet.")
    page.click("[aria-label='Delete before-the-demo']")
    page.wait_for_selector("text=None is kept.")


def test_a_reset_can_be_undone(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=15, Note="Precious")
    page = open_page("#/office/claim/15")
    page.click("text=Reset to the fixture")
    page.wait_for_selector("text=Nothing has happened to this claim yet.")
    page.click("text=Undo")
    page.wait_for_selector("text=Precious")


def test_a_reset_by_a_test_shows_at_once(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=15, Note="Gone soon")
    page = open_page("#/office/claim/15")
    server.reset()
    page.wait_for_selector("text=Nothing has happened to this claim yet.")
    post(server, ClaimNum=15, Note="New round")
    page.wait_for_selector("text=New round")


def test_a_change_outside_the_journal_shows_at_once(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/office/claim/15")
    server.clock.freeze("2024-02-29 08:00:00")
    page.wait_for_selector(".now >> text=2024-02-29 08:00:00", timeout=MAX_SHOW_MS)
    server.preferences["ClaimTrackingStatusExcludesNone"] = True
    page.wait_for_selector("[role=switch]:checked", timeout=MAX_SHOW_MS)
    server.office.put("claimtracking", ClaimNum=15, Note="Put by a test")
    page.wait_for_selector(".timeline >> text=Put by a test", timeout=MAX_SHOW_MS)
    requests.put(f"{server.admin_url}/snapshots/by-curl", timeout=10)
    page.wait_for_selector("[aria-label='Restore by-curl']", timeout=MAX_SHOW_MS)


def test_a_saved_fixture_shows_at_once(open_page: OpenPage, tmp_path: Path) -> None:
    file = tmp_path / "office.yaml"
    file.write_text("claim: [15]\n", encoding="utf-8")
    other = MockServer(file)
    other.app.cleanup_ctx.append(lambda app: watching(app[MOCK], (str(file),)))
    with other:
        page = open_page(to=other, allowed=("ERR_",))
        file.write_text("claim: [15, 77]\n", encoding="utf-8")
        page.wait_for_selector("text=Claim 77", timeout=MAX_SHOW_MS)
        file.write_text("claim: [15, 77, x]\n", encoding="utf-8")
        page.wait_for_selector("#main .wrong", timeout=MAX_SHOW_MS)


def test_the_office_of_a_key_is_shown(open_page: OpenPage, start: StartServer) -> None:
    other = start(office_per_key=True)
    page = open_page("#/office/claim/15", to=other)
    keys = {"Authorization": "ODFHIR MockDeveloperKey/Mine"}
    requests.post(f"{other.url}/claimtrackings", json={"ClaimNum": 15, "Note": "Of mine"}, headers=keys, timeout=10)
    page.select_option("select[aria-label=Office]", "Mine")
    page.wait_for_selector(".timeline >> text=Of mine")
    requests.post(f"{other.url}/claimtrackings", json={"ClaimNum": 15, "Note": "Later"}, headers=keys, timeout=10)
    page.wait_for_selector(".timeline >> text=Later")
    page.click("text=Traffic")
    page.click("text=#2")
    page.click("text=Send again")
    page.wait_for_selector("text=exchange 3")
    page.wait_for_selector(".more >> text=1 new", state="attached")
    page.select_option("select[aria-label=Office]", "")
    page.wait_for_selector("text=There is no exchange 2")


def test_one_office_for_all_keys_is_no_choice(open_page: OpenPage) -> None:
    assert open_page().locator("select[aria-label=Office]").count() == 0


def test_read_only_shows_and_offers_no_writes(open_page: OpenPage, start: StartServer) -> None:
    other = start(page="read-only")
    page = open_page(to=other)
    assert page.locator("[role=switch]").count() == 0
    assert text(page, ".preference").split() == ["ClaimTrackingStatusExcludesNone", "off"]
    for selector in ("text=Reset to the fixture", "text=Let it run", "text=Stop", "text=Keep"):
        assert page.locator(selector).count() == 0


def test_a_token_is_asked_for_once_and_stands_nowhere(open_page: OpenPage, start: StartServer) -> None:
    other = start(admin_token="Sesame")
    page = open_page(to=other, ready="text=requires its token", allowed=("401",))
    page.fill("[name=token]", "wrong")
    with page.expect_response(lambda response: response.status == 401):
        page.click("text=Go on")
    page.fill("[name=token]", "Sesame")
    page.click("text=Go on")
    page.wait_for_selector("text=Claim 25")
    assert "Sesame" not in page.url
    assert page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])").find("Sesame") < 0


def test_the_page_says_that_the_server_is_gone_and_comes_back_by_itself(open_page: OpenPage) -> None:
    with MockServer() as first:
        page = open_page(to=first, allowed=("ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET"))
        port = int(first.url.split(":")[2].split("/")[0])
    page.wait_for_selector("text=The server is gone; these are its last figures.")
    assert "Claim 25" in text(page, "main.dimmed")
    with MockServer(port=port):
        page.wait_for_selector(".connection[data-state=live]")
        assert page.locator(".dimmed").count() == 0


def test_the_page_is_loaded_again_when_the_version_has_changed(
    open_page: OpenPage, start: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MockServer() as first:
        page = open_page(to=first, allowed=("ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET"))
        port = int(first.url.split(":")[2].split("/")[0])
    monkeypatch.setattr("mockserver.web.page.routes.version", lambda: "99")
    with page.expect_event("framenavigated"):
        start(port=port)
    page.wait_for_selector(".connection[data-state=live]")


def test_a_large_office_shows_its_claims_page_by_page(open_page: OpenPage, start: StartServer) -> None:
    other = start("large")
    page = open_page(to=other, ready="text=Show 100 more of 4900")
    assert page.locator(".claims [data-item]").count() == 100
    page.click("text=Show 100 more")
    page.wait_for_selector("text=Show 100 more of 4800")
    shown = page.locator(".claims [data-item] b").all_inner_texts()
    assert len(shown) == len(set(shown)) == 200


def test_a_hundred_thousand_rows_that_change_stay_smooth(open_page: OpenPage, start: StartServer) -> None:
    other = start("large")
    page = open_page(to=other, ready="text=Show 100 more")
    stop = threading.Event()

    def write() -> None:
        with requests.Session() as session:
            while not stop.is_set():
                body: dict[str, Any] = {"ClaimNum": 1, "Note": "Live", "TrackingDefNum": 339}
                session.post(f"{other.url}/claimtrackings", json=body, headers=other.headers, timeout=30)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        page.wait_for_selector(".claims li[data-fresh]")
        milliseconds = page.evaluate(CLICK, "#/office/claim/1")
        page.wait_for_selector(".timeline >> text=Live")
        page.wait_for_selector("text=Show 100 more", state="attached")
        assert page.locator(".claims [data-item]").count() == 100
        assert page.locator(".timeline > li").count() <= 200
    finally:
        stop.set()
        writer.join()
    assert milliseconds < MAX_CLICK_MS


def test_everything_works_by_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_selector("#claim >> text=Claim 1")
    page.keyboard.press("Escape")
    page.wait_for_selector("#overview")
    page.keyboard.press("?")
    page.uncheck("text=Use these keys")
    page.click("#keys >> text=Close")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.matches('[data-filter]')") is False
