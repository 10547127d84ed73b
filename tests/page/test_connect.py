"""Connecting, in a browser: the panel until a first request, the dialog afterwards, and the frame around the views."""

import shlex
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from mockserver import MockServer
from page.conftest import READY, OpenPage, StartServer, one_look, post
from support.spoiling_proxy import Forward, Reply, Request, SpoilingProxy

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("place", ["#/office", "#/traffic/latest", "#/contract", "#/faults", "#/try"])
@one_look
def test_every_view_says_how_to_connect_until_a_request_has_come(
    open_page: OpenPage, server: MockServer, place: str
) -> None:
    page = open_page(place)
    assert page.inner_text("[aria-label='Base URL'] pre") == server.url
    requests.get(f"{server.url}/claimtrackings", headers=server.headers, timeout=10)
    page.wait_for_selector("#connect", state="detached")
    server.reset()  # the journal is empty again, but a client is connected
    page.wait_for_selector(".exchanges li", state="detached")
    assert page.locator("#connect").count() == 0


@one_look
def test_what_it_says_works_as_it_is_copied(open_page: OpenPage, start: StartServer) -> None:
    server = start("keys")
    page = open_page(to=server)
    page.click("[aria-label='Copy A first request']")
    page.wait_for_selector("text=Copied")
    program, url, option, header = shlex.split(page.evaluate("navigator.clipboard.readText()"))
    assert (program, option) == ("curl", "-H")
    response = requests.get(url, headers=dict([header.split(": ", 1)]), timeout=10)
    assert (response.status_code, len(response.json())) == (200, 1)
    assert page.inner_text("[aria-label='Keys, as a header'] pre") == header
    variables = dict(
        line.removeprefix("export ").split("=", 1)
        for line in page.inner_text("[aria-label='Environment of a client'] pre").split("\n")
    )
    assert variables["OPENDENTAL_BASE_URL"] == server.url
    assert header == "Authorization: ODFHIR {OPENDENTAL_DEVELOPER_KEY}/{OPENDENTAL_CUSTOMER_KEY}".format(**variables)


def test_the_head_has_one_row_and_shows_how_to_connect_at_any_time(open_page: OpenPage, server: MockServer) -> None:
    post(server, ClaimNum=15)
    page = open_page()
    assert page.locator(".head").evaluate("head => head.getBoundingClientRect().height") < 60
    page.click(".connection")
    assert page.inner_text("#connect-dialog [aria-label='Base URL'] pre") == server.url
    page.click("#connect-dialog >> text=Close")
    assert not page.is_visible("#connect-dialog")


@one_look
def test_a_notice_belongs_to_its_view(open_page: OpenPage) -> None:
    page = open_page()
    page.click("text=+ 1 hour")
    page.wait_for_selector(".notice >> text=The clock is moved by 1 hour.")
    page.click("nav >> text=Contract")
    page.wait_for_selector("#contract")
    assert page.locator(".notice").count() == 0


@one_look
def test_a_read_only_page_says_so(open_page: OpenPage, start: StartServer) -> None:
    page = open_page(to=start(page="read-only"))
    assert page.inner_text(".head .chip") == "read-only"
    assert page.locator("text=send a first request").count() == 0


def test_the_page_works_behind_a_path_prefix_that_a_proxy_removes(browser: Any, server: MockServer) -> None:
    def without_prefix(request: Request, forward: Forward) -> Reply:
        if not request.path.startswith("/mock/"):
            return Reply(404, b'"The proxy forwards /mock/ only."')
        return forward(replace(request, path=request.path.removeprefix("/mock")))

    with SpoilingProxy(urlsplit(server.url).port or 0, without_prefix) as proxy:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{proxy.port}/mock/#/try/claimtrackings/create")
        page.wait_for_selector(READY)
        base = f"http://127.0.0.1:{proxy.port}/mock/api/v1"
        assert page.inner_text("[aria-label='Base URL'] pre") == base
        page.click(".tryit button.main")
        page.wait_for_selector("text=201 Created")
        page.goto(f"http://127.0.0.1:{proxy.port}/mock/#/traffic/1")
        page.wait_for_selector(".detail")  # the view before has a curl too, folded
        assert f"curl -X 'POST' '{base}/claimtrackings'" in page.inner_text("[aria-label=curl] pre")
        page.close()
        assert {request.path.split("/")[1] for request in proxy.received} == {"mock"}
