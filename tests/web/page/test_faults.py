"""Faults view in a browser, used as a person would."""

import pytest

from mockserver import MockServer
from web.page.conftest import OpenPage, StartServer, post

pytestmark = pytest.mark.thorough


def test_a_story_sets_a_fault_whose_hits_are_counted_live(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/faults")
    page.click("text=Too many requests")
    page.wait_for_selector("text=0 of 2 hits")
    assert post(server, ClaimNum=15).status_code == 429
    page.wait_for_selector("text=1 of 2 hits")
    page.select_option("#fault-operation", "claims/list")
    page.click("text=The keys are not valid")
    page.wait_for_selector(".fault >> text=claims/list")
    page.click("[aria-label='Take back throttled']")
    page.wait_for_selector("#set >> text=1")
    assert "throttled" not in page.inner_text("[aria-labelledby=set]")
    page.click("text=Take all back")
    page.wait_for_selector("text=No fault is set")
    assert post(server, ClaimNum=15).status_code == 201


def test_read_only_offers_no_story(open_page: OpenPage, start: StartServer) -> None:
    page = open_page("#/faults", to=start("flaky", page="read-only"))
    assert page.locator(".fault").count() > 0
    assert page.locator(".story, .danger").count() == 0
