"""Try it in a browser, used as a person would."""

import pytest

from mockserver import MockServer
from web.page.conftest import OpenPage, StartServer

pytestmark = pytest.mark.thorough


def test_an_example_is_filled_in_sent_and_answered(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/try/claimtrackings/create")
    page.click("text=Example: the error code of a new tracking")
    page.wait_for_selector("[aria-label=Request] >> text=Missing attachment.")
    page.click('text="Send"')
    page.wait_for_selector("text=201 Created")
    assert "Missing attachment." in [row.Note for row in server.office.claimtracking]
    page.click("text=exchange 1")
    page.wait_for_selector(".detail >> text=201 Created")


def test_an_example_of_a_list_fills_in_its_parameters(open_page: OpenPage) -> None:
    page = open_page("#/try/claimtrackings/list")
    page.click("text=Example: one claim")
    page.wait_for_selector("[aria-label=Request] >> text=GET /api/v1/claimtrackings?ClaimNum=25")
    page.click("text=Example: Limit")
    page.wait_for_selector("[aria-label=Request] >> text=GET /api/v1/claimtrackings?Limit=2")
    page.click("nav >> text=claims/get")
    page.click("text=Example: one claim by its number")
    page.wait_for_selector("[aria-label=Request] >> text=GET /api/v1/claims/25")


def test_an_error_stands_at_the_field_that_it_names(open_page: OpenPage) -> None:
    page = open_page("#/try/claimtrackings/create")
    page.fill("#field-ClaimNum", "15")
    page.fill("#field-TrackingDefNum", "340")
    page.keyboard.press("Enter")
    page.wait_for_selector("#about-TrackingDefNum >> text=TrackingDefNum is invalid.")
    assert page.get_attribute("#field-TrackingDefNum", "aria-invalid") == "true"
    assert page.get_attribute("#field-ClaimNum", "aria-invalid") is None


def test_numbers_are_sent_as_typed_and_words_as_text(open_page: OpenPage) -> None:
    page = open_page("#/try/claimtrackings/create")
    page.fill("#field-ClaimNum", "9223372036854775807")
    page.fill("#field-Note", "12")
    page.fill("#field-TrackingDefNum", "many")
    page.wait_for_selector("[aria-label=Request] >> text=many")
    shown = page.inner_text("[aria-label=Request]")
    assert '"ClaimNum": 9223372036854775807' in shown
    assert '"Note": "12"' in shown
    assert '"TrackingDefNum": "many"' in shown


def test_an_empty_text_is_sent_and_a_text_is_left_out_by_its_checkbox(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/try/claimtrackings/update")
    page.fill("#field-ClaimTrackingNum", "45")
    assert page.locator("[aria-label='send ClaimTrackingNum']").count() == 0
    page.fill("#field-TrackingDefNum", "339")
    page.wait_for_selector("[aria-label='send TrackingDefNum']:checked")
    page.uncheck("[aria-label='send TrackingDefNum']")
    page.check("[aria-label='send Note']")
    page.locator("[aria-label=Request]").filter(has_not_text="TrackingDefNum").filter(has_text='"Note": ""').wait_for()
    before = next(row for row in server.office.claimtracking if row.ClaimTrackingNum == 45)
    page.click('text="Send"')
    page.wait_for_selector("text=200 OK")
    after = next(row for row in server.office.claimtracking if row.ClaimTrackingNum == 45)
    assert (after.Note, after.TrackingDefNum) == ("", before.TrackingDefNum)
    page.fill("#field-TrackingDefNum", "341")
    page.wait_for_selector("[aria-label='send TrackingDefNum']:checked")


def test_a_definition_is_chosen_by_its_name(open_page: OpenPage) -> None:
    page = open_page("#/try/claimtrackings/create")
    page.select_option("[aria-label='Definition for TrackingDefNum']", label="345 Denied")
    page.wait_for_selector('[aria-label=Request] >> text="TrackingDefNum": 345')
    assert page.input_value("#field-TrackingDefNum") == "345"
    page.fill("#field-TrackingDefNum", "339")
    page.wait_for_selector("[aria-label='Definition for TrackingDefNum'] option[value='339']:checked", state="attached")
    choices = page.locator("[aria-label='Definition for TrackingErrorDefNum'] option").all_inner_texts()
    assert "343 E-207" in choices
    assert "345 Denied" not in choices


def test_every_operation_has_a_form(open_page: OpenPage) -> None:
    page = open_page("#/try")
    page.click("nav >> text=claimtrackings/update")
    page.fill("#field-ClaimTrackingNum", "45")
    page.fill("#field-Note", "<b>by hand</b>")
    page.click('text="Send"')
    page.wait_for_selector("[aria-label=Response] >> text=<b>by hand</b>")
    page.click("nav >> text=claimtrackings/list")
    page.fill("#field-Limit", "1")
    page.wait_for_selector("[aria-label=Request] >> text=GET /api/v1/claimtrackings?Limit=1")
    page.click("nav >> text=claims/get")
    page.fill("#field-ClaimNum", "15")
    page.click('text="Send"')
    page.wait_for_selector("text=200 OK")


def test_keys_of_the_office_are_sent_where_it_has_some(open_page: OpenPage, start: StartServer) -> None:
    page = open_page("#/try/claimtrackings/list", to=start("keys", "default"))
    page.click('text="Send"')
    page.wait_for_selector("text=200 OK")


def test_read_only_sends_no_writes(open_page: OpenPage, start: StartServer) -> None:
    page = open_page("#/try/claimtrackings/create", to=start(page="read-only"))
    page.wait_for_selector("text=This page is read-only.")
    assert page.locator("button.main").count() == 0


def test_a_response_that_never_comes_is_said(open_page: OpenPage, server: MockServer) -> None:
    server.fault(operation="claimtrackings/create", when="after", then="reset", times=None)
    page = open_page("#/try/claimtrackings/create", allowed=("ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET"))
    page.fill("#field-ClaimNum", "15")
    page.click('text="Send"')
    page.wait_for_selector("text=No response came")
    assert [row.ClaimNum for row in server.office.claimtracking if row.ClaimTrackingNum > 51][:1] == [15]
