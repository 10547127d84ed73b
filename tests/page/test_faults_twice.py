"""A response that is lost in a browser, which sends the request a second time by itself."""

import pytest

from mockserver import MockServer
from page.conftest import OpenPage, one_look

pytestmark = pytest.mark.thorough


@one_look
def test_the_page_shows_both_of_the_posts_that_chromium_sends(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/try/claimtrackings/create")
    before = len(server.office.claimtracking)
    server.fault(operation="claimtrackings/create", when="after", then="reset")
    page.fill("#field-ClaimNum", "15")
    page.fill("#field-Note", "Sent once")
    page.click('text="Send"')
    page.wait_for_selector("text=201 Created")
    lost, answered = server.requests
    assert (lost.outcome, lost.kept, answered.outcome, answered.status) == ("connection reset", 201, "complete", 201)
    assert lost.sent == answered.sent
    notes = [row.Note for row in server.office.claimtracking]
    assert (len(notes), notes.count("Sent once")) == (before + 2, 2)
    page.click("text=Traffic")
    page.wait_for_selector("text=connection reset")
