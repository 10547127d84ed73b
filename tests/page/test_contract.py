"""Contract view in a browser, used as a person would."""

import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from mockserver import MockServer
from mockserver.reports.report import report
from mockserver.reports.report_text import as_text
from page.conftest import OpenPage, StartServer, one_look, post
from support.observations import LABEL, write_observed

pytestmark = pytest.mark.thorough
RULE = "claimtrackings.create.TrackingDefNum.category"


def row_of(page: Any, rule: str) -> Any:
    """Return the row of a rule that is seen."""
    return page.locator(f".rules tr[data-rule='{rule}']")


def test_a_row_per_rule_says_in_words_whether_it_was_met(open_page: OpenPage, server: MockServer) -> None:
    requests.get(f"{server.url}/claims/15", headers=server.headers, timeout=10)
    page = open_page("#/contract")
    row = row_of(page, RULE)
    assert (row.locator(".mark").inner_text(), row.locator("td").last.inner_text()) == ("◌ assumed", "0")
    assert "A TrackingDefNum that is a definition of another category than 31 is refused." in row.inner_text()
    post(server, ClaimNum=15, TrackingDefNum=340, Extra=1)
    page.wait_for_selector(f".rules tr[data-rule='{RULE}'] .mark[data-state=warned]")
    assert row.locator(".mark").all_inner_texts() == ["✓ met", "! warned"]
    assert "warning.undocumented-field" in page.inner_text(".warnings")
    page.click("[aria-label=State] >> text=Warned")
    page.wait_for_selector(".list > .scroll .mark[data-state='not met']", state="detached")
    shown = page.locator(".list > .scroll tbody tr").count()
    assert page.locator(".list > .scroll .mark[data-state=warned]").count() == shown
    assert page.inner_text("[aria-label=State] [aria-pressed=true]") == f"Warned {shown}"
    assert row.count() == 1
    post(server, ClaimNum=15, TrackingDefNum=340)
    row.wait_for(state="detached")
    page.click("[aria-label=State] >> text=/^Met/")
    row.wait_for()
    assert row.locator(".mark").all_inner_texts() == ["✓ met"]
    assert row.locator("td").last.inner_text() == "2"


@one_look
def test_the_figures_are_those_of_the_command(open_page: OpenPage, start: StartServer) -> None:
    server = start("practice")
    for path in (
        "/claims/1004",
        "/claims",
        "/claimtrackings?ClaimNum=1004",
        "/patients/102",
        "/claimtrackings?Limit=x",
    ):
        requests.get(server.url + path, headers=server.headers, timeout=10)
    post(server, ClaimNum=1004)
    post(server, ClaimNum=1004, TrackingDefNum=402, TrackingErrorDefNum=431, Note="Waiting.")
    page = open_page("#/contract", to=server)
    made = report(server.coverage())
    said = as_text(made).splitlines()[-1]
    met, total, percent = re.findall(r"[0-9.]+", said)
    assert f"{met} of {total} rules met" in page.inner_text("#contract")
    assert page.inner_text(".share b") == f"{percent} %"
    page.wait_for_selector(".others")
    assert page.locator(".contract .list > .scroll tbody tr").count() == int(total)
    counts = page.locator("[aria-label=State] .count").all_inner_texts()
    assert counts[:3] == [total, str(int(total) - int(met)), met]
    folded = page.inner_text(".others")
    assert f"{made.gauge.met} of {made.gauge.total} rules that a request has to break" in folded
    assert {"any", "claims/get"} <= made.beside.keys()
    for operation, figure in made.beside.items():
        name = "any operation" if operation == "any" else operation
        details = page.locator(f".others details:has(summary:has-text('of {name}:'))")
        assert f"{figure.met} of {figure.total} rule" in details.inner_text()
        assert details.locator("tbody tr").count() == figure.total
    assert len(made.elsewhere) > 0
    for needs in {rule.needs for rule in made.elsewhere}:
        assert needs in folded


@one_look
def test_what_was_met_is_read_when_it_is_shown(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/traffic/latest")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    with page.expect_response("**/__admin/faults"):
        post(server, ClaimNum=15, TrackingDefNum=340)
    assert "/__admin/contract" not in asked  # it takes the server longer than many requests of clients
    page.click("nav >> text=Contract")
    page.wait_for_selector(f".rules tr[data-rule='{RULE}'] .mark[data-state=met]")
    with page.expect_response("**/__admin/contract"):
        post(server, ClaimNum=15, TrackingDefNum=340)


def test_search_and_operation_narrow_and_the_count_starts_again(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=15, TrackingDefNum=340)
    page = open_page("#/contract")
    page.fill("[data-filter]", RULE)
    page.wait_for_selector("[aria-label=State] >> text=All 1")
    assert page.locator(".rules tbody tr").count() == 1
    page.fill("[data-filter]", "")
    page.select_option("[aria-label='Rules of']", label="any operation")
    page.wait_for_selector(".rules code >> text=api.resource.unknown")
    assert page.locator(".others").count() == 0
    assert "operation=any" in page.url
    page.select_option("[aria-label='Rules of']", "")
    assert not page.inner_text("#contract").startswith("Contract 0 of")
    page.click("text=Count again from 0")
    page.wait_for_selector("#contract >> text=/Contract 0 of/")


def test_a_rule_that_was_met_leads_to_the_exchange(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=15, TrackingDefNum=340)
    page = open_page("#/contract")
    row_of(page, RULE).locator("a[data-item]").click()
    page.wait_for_selector(f"#rule >> text={RULE}")
    page.click(".detail >> text=exchange 1")
    page.wait_for_selector(f".decision >> text={RULE}")
    page.click(f".decision a >> text={RULE}")
    page.wait_for_selector("#rule")
    page.keyboard.press("Escape")
    row_of(page, RULE).locator("td").last.locator("a").click()
    page.wait_for_selector(f".decision >> text={RULE}")


@one_look
def test_a_rule_that_was_not_met_says_what_a_test_would_have_to_do(open_page: OpenPage, server: MockServer) -> None:
    requests.get(f"{server.url}/claims/15", headers=server.headers, timeout=10)
    page = open_page(f"#/contract/{RULE}")
    page.wait_for_selector(".example")
    assert "Send POST /api/v1/claimtrackings; the answer is 400" in page.inner_text(".example")
    line = page.inner_text(".example pre")
    answer = subprocess.run(["sh", "-c", f"{line} -s"], capture_output=True, encoding="utf-8", check=True, timeout=20)
    assert "TrackingDefNum" in answer.stdout
    page.wait_for_selector(".detail .mark[data-state=met]")
    page.click("text=Try it: claimtrackings/create")
    page.wait_for_selector(".tryit")
    page = open_page("#/contract/claimtrackings.create.TrackingDefNum.required")
    page.wait_for_selector(
        ".detail >> text=This office cannot show it. Start one that does: --fixtures status-required"
    )
    page = open_page("#/contract/api.throttle", to=server)
    page.wait_for_selector("text=This server can meet no rule of that name.")


@one_look
def test_an_example_that_needs_other_flags_says_so(open_page: OpenPage, start: StartServer) -> None:
    server = start(throttle=True)
    page = open_page("#/contract/api.throttle", to=server)
    page.wait_for_selector(".example >> text=Send GET /api/v1/claimtrackings, 2 times; the answer is 429")
    assert "The server runs with --throttle" in page.inner_text(".example")


def test_the_variant_that_is_played_is_marked(open_page: OpenPage, start: StartServer, tmp_path: Path) -> None:
    observed = write_observed(tmp_path, {RULE: {"outcome": "differs", "variant": "not-found"}})
    page = open_page(f"#/contract/{RULE}", to=start(observed=observed))
    page.wait_for_selector(".variants li:nth-child(3)")
    assert page.locator(".variants li:has(.chip) b").all_inner_texts() == ["not-found"]


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
