"""Accessibility of the page: axe-core, widths and themes, focus."""

from typing import Any

import pytest
import requests

from mockserver import MockServer
from web.page.conftest import SIZES, OpenPage, post

pytestmark = pytest.mark.thorough

PLACES = [
    "#/office",
    "#/office/claim/15",
    "#/traffic/latest",
    "#/traffic/2",
    "#/contract",
    "#/contract/claimtrackings.create.TrackingDefNum.category",
    "#/contract?as=table",
    "#/faults",
]


def prepare(server: MockServer) -> None:
    """Send what each view shows: rows, a refusal, a warning, a fault, a path with markup."""
    post(server, ClaimNum=15, Note="Called the carrier", TrackingDefNum=339, Extra=1)
    post(server, ClaimNum=15, TrackingDefNum=340)
    requests.get(f"{server.url}/claims/<i>x</i>", params={"q": "<b>"}, headers=server.headers, timeout=10)
    server.fault(operation="claimtrackings/list", then="status", status=504, times=2)
    requests.get(f"{server.url}/claimtrackings", headers=server.headers, timeout=10)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    open_page: OpenPage, server: MockServer, place: str, size: str, theme: str
) -> None:
    prepare(server)
    page = open_page(place, size=size, theme=theme, axe=True)
    page.wait_for_timeout(300)
    found: Any = page.evaluate("async () => (await axe.run()).violations")
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_theme_can_be_chosen_and_stays(open_page: OpenPage) -> None:
    page = open_page(theme="light")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.select_option("[aria-label=Theme]", "dark")
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
