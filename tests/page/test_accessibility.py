"""Accessibility of the page: axe-core, widths and themes, focus."""

from typing import Any

import pytest
import requests

from mockserver import MockServer
from page.conftest import NOW, READY, OpenPage, StartServer, one_look, post

pytestmark = pytest.mark.thorough

# Each with the part that is there last.
PLACES = {
    "#/office": READY,
    "#/office/claim/15": ".timeline li",
    "#/traffic/latest": ".exchanges li:nth-child(4)",
    "#/traffic/2": ".decision >> text=Right would be",
    "#/contract": ".rules tbody tr",
    "#/contract/claimtrackings.create.TrackingDefNum.category": ".variants li",
    "#/contract?state=not-met&q=TrackingDefNum": "details[open] tbody tr",
    "#/faults": ".fault",
    "#/try/claimtrackings/create": "text=Example:",
}


def prepare(server: MockServer) -> None:
    """Send what each view shows: rows, a refusal, a warning, a fault, a path with markup."""
    post(server, ClaimNum=15, Note="Called the carrier", TrackingDefNum=339, Extra=1)
    post(server, ClaimNum=15, TrackingDefNum=340)
    requests.get(f"{server.url}/claims/<i>x</i>", params={"q": "<b>"}, headers=server.headers, timeout=10)
    server.fault(operation="claimtrackings/list", then="status", status=504, times=2)
    requests.get(f"{server.url}/claimtrackings", headers=server.headers, timeout=10)


@pytest.mark.parametrize("place", PLACES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    open_page: OpenPage, server: MockServer, place: str
) -> None:
    prepare(server)
    page = open_page(place, axe=True)
    page.wait_for_selector(PLACES[place])
    assert problems_of(page) == []


def test_axe_finds_nothing_in_the_choice_of_an_office(open_page: OpenPage, start: StartServer) -> None:
    server = start(now=NOW, office_per_key=True)
    post(server, ClaimNum=15)
    page = open_page(to=server, axe=True)
    page.select_option("select[aria-label=Office]", "MockCustomerKey")
    page.wait_for_selector(READY)
    assert problems_of(page) == []


def problems_of(page: Any) -> list[Any]:
    """Return what axe-core finds, and whether the page is wider than the window."""
    found: Any = page.evaluate("async () => (await axe.run()).violations")
    is_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] + ["too wide"] * is_wide


@one_look
@pytest.mark.parametrize(("motion", "seconds"), [("reduce", "0s"), ("no-preference", "0.6s")])
def test_nothing_moves_if_less_motion_is_preferred(open_page: OpenPage, motion: str, seconds: str) -> None:
    page = open_page("#/office/claim/25", motion=motion)
    for selector in (".items li", ".timeline > li"):
        element = page.locator(selector).first
        assert element.evaluate("element => getComputedStyle(element).transitionDuration") == seconds
    animated = "element => getComputedStyle(element).animationName !== 'none'"
    assert page.evaluate(f"[...document.querySelectorAll('*')].filter({animated}).length") == 0


def test_the_theme_can_be_chosen_and_stays(open_page: OpenPage, look: tuple[str, str]) -> None:
    page = open_page()
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    other = "light" if look[1] == "dark" else "dark"
    for theme in ("light", "dark")[: 1 + (other == "dark")]:  # it begins as the system has it
        page.click(".theme")
        page.wait_for_selector(f"[aria-label='Theme: {theme}']")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    page.reload()
    page.wait_for_selector(".connection[data-state=live]")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before


def test_the_focus_is_visible_and_the_content_can_be_skipped_to(open_page: OpenPage) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
