"""Contract view in a browser, used as a person would."""

from pathlib import Path

import pytest

from mockserver import MockServer
from support.observations import LABEL, write_observed
from web.page.conftest import OpenPage, StartServer, post

pytestmark = pytest.mark.thorough
RULE = "claimtrackings.create.TrackingDefNum.category"


def test_a_cell_per_rule_shows_by_letter_whether_it_was_met(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/contract")
    cell = page.locator(f"[aria-label='{RULE}: not met'], [aria-label='{RULE}: assumed']")
    assert cell.inner_text() in ("N", "A")
    post(server, ClaimNum=15, TrackingDefNum=340, Extra=1)
    page.wait_for_selector(f"[aria-label='{RULE}: met, warned'] >> text=MW")
    post(server, ClaimNum=15, TrackingDefNum=340)
    page.wait_for_selector(f"[aria-label='{RULE}: met'] >> text=M")
    assert page.inner_text("[aria-label='warning.undocumented-field: warned']") == "W"


def test_each_state_has_a_pattern_of_its_own(open_page: OpenPage) -> None:
    page = open_page("#/contract")
    marks = page.locator(".legend .mark").all()
    assert [mark.inner_text() for mark in marks] == ["M", "N", "W", "A"]
    looks = [mark.evaluate("mark => getComputedStyle(mark).backgroundImage") for mark in marks]
    assert looks[0] == "none"
    assert [look.partition("(")[0] for look in looks[1:]] == [
        "radial-gradient",
        "repeating-linear-gradient",
        "repeating-linear-gradient",
    ]
    assert len(set(looks)) == 4


def test_the_variant_that_is_played_is_marked(open_page: OpenPage, start: StartServer, tmp_path: Path) -> None:
    observed = write_observed(tmp_path, {RULE: {"outcome": "differs", "variant": "not-found"}})
    page = open_page(f"#/contract/{RULE}", to=start(observed=observed))
    page.wait_for_selector(".variants li:nth-child(3)")
    assert page.locator(".variants li:has(.chip) b").all_inner_texts() == ["not-found"]


def test_a_cell_opens_the_rule_and_the_exchange_that_met_it(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=15, TrackingDefNum=340)
    page = open_page("#/contract")
    page.click(f"[aria-label='{RULE}: met']")
    page.wait_for_selector(f"#rule >> text={RULE}")
    page.click("text=exchange 1")
    page.wait_for_selector(f".decision >> text={RULE}")
    page.click(f".decision a >> text={RULE}")
    page.wait_for_selector("#rule")


def test_the_same_as_a_table_and_counted_again(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=15, TrackingDefNum=340)
    page = open_page("#/contract")
    page.click("text=Table")
    page.fill("[data-filter]", RULE)
    page.wait_for_selector("#contract >> text=1 of 1 rules met")
    assert page.locator("tbody tr").count() == 1
    page.click("text=Count again from 0")
    page.wait_for_selector("#contract >> text=0 of 1 rules met")


def test_a_rule_that_is_not_there_says_so(open_page: OpenPage) -> None:
    page = open_page("#/contract/<b>x</b>")
    page.wait_for_selector("text=This server can meet no rule of that name.")


def test_a_rule_shows_the_office_in_which_it_was_observed(
    open_page: OpenPage, start: StartServer, tmp_path: Path
) -> None:
    server = start(observed=write_observed(tmp_path, {RULE: {"outcome": "holds"}}))
    post(server, ClaimNum=15, TrackingDefNum=340)
    page = open_page(f"#/contract/{RULE}", to=server)
    page.wait_for_selector(f".detail .chip >> text=observed {LABEL}")
    page = open_page("#/traffic/1", to=server)
    page.wait_for_selector(f".decision .chip >> text=observed {LABEL}")
