"""Try it in a browser, used as a person would."""

import re
from typing import Any

import pytest

from mockserver import MockServer
from page.conftest import OpenPage, StartServer, one_look, post

pytestmark = pytest.mark.thorough

SHOWN = "[aria-label=Request] >> text="
LOST = ("ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET")  # in the console, if a fault loses the response

# Opens the form of each operation, and returns the first lines of their requests.
EVERY_FORM = """async () => {
  const shown = {};
  const names = [...document.querySelectorAll("nav a.tab, [aria-label='Other operations'] option:not([disabled])")]
    .map((one) => one.value ?? one.getAttribute("aria-label"));
  for (const name of names) {
    location.hash = `#/try/${name}`;
    while (!document.querySelector(`form[data-try='${name}'] .request-line`)) await new Promise(requestAnimationFrame);
    shown[name] = document.querySelector(".request-line").textContent.trim();
  }
  return shown;
}"""


def open_form(page: Any, operation: str) -> None:
    """Choose an operation, and wait for its form: the one before may have the same fields."""
    if operation.startswith("claimtrackings/"):
        page.click(f"nav a[aria-label='{operation}']")
    else:
        page.select_option("[aria-label='Other operations']", operation)
    page.wait_for_selector(f"form[data-try='{operation}']")


def test_the_form_is_filled_with_an_example_that_the_office_has(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/try")
    page.wait_for_selector(f"{SHOWN}Missing attachment.")
    assert page.input_value("#field-ClaimNum") == "15"
    assert page.locator("#field-TrackingDefNum option:checked").inner_text() == "339 · Information needed"
    page.click('text="Send"')
    page.wait_for_selector("text=201 Created")
    assert "Missing attachment." in [row.Note for row in server.office.claimtracking]
    assert '"ClaimTrackingNum": 52,' in page.inner_text("[aria-label=Response]")
    assert page.get_attribute("#response >> text=claim 15", "href") == "#/office/claim/15"
    page.click("text=exchange 1")
    page.wait_for_selector(".detail >> text=201 Created")


def test_the_form_has_the_first_row_if_that_of_the_example_is_absent(open_page: OpenPage, start: StartServer) -> None:
    page = open_page("#/try/claimtrackings/create", to=start("practice"))
    page.wait_for_selector(f'{SHOWN}"ClaimNum": 1001')
    page.wait_for_selector(".named >> text=Robert Hartwell, received")
    assert page.input_value("#field-TrackingDefNum") == "401"
    assert page.input_value("#field-TrackingErrorDefNum") == "431"
    open_form(page, "claimtrackings/update")
    page.wait_for_selector(f"{SHOWN}PUT /api/v1/claimtrackings/1 ")
    assert page.locator("#rows-ClaimTrackingNum option").count() > 3
    open_form(page, "claims/create")
    page.wait_for_selector(f'{SHOWN}"PatNum": 101')
    assert '"procNums": [7001]' in page.inner_text("[aria-label=Request]")
    assert page.locator("#field-ClaimType option").all_inner_texts() == ["Choose …", "P", "S", "PreAuth"]
    open_form(page, "patients/list")
    page.click("text=/more fields$/")
    page.select_option("#field-showArchived", "true")
    page.wait_for_selector(f"{SHOWN}showArchived=true")


def test_an_example_of_a_list_fills_in_its_parameters(open_page: OpenPage) -> None:
    page = open_page("#/try/claimtrackings/list")
    page.click("text=Example: Limit")
    page.wait_for_selector(f"{SHOWN}GET /api/v1/claimtrackings?Limit=2")
    page.click("text=Example: one claim")
    page.wait_for_selector(f"{SHOWN}GET /api/v1/claimtrackings?ClaimNum=25")
    open_form(page, "claims/get")
    page.click("text=Example: one claim by its number")
    page.wait_for_selector(f"{SHOWN}GET /api/v1/claims/25")


def test_an_error_stands_at_the_field_that_it_names(open_page: OpenPage) -> None:
    page = open_page("#/try/claimtrackings/create")
    page.select_option("#field-TrackingDefNum", label="Another number …")
    page.fill("[aria-label='Number for TrackingDefNum']", "340")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#about-TrackingDefNum >> text=TrackingDefNum is invalid.")
    assert page.get_attribute("#field-TrackingDefNum", "aria-invalid") == "true"
    assert page.get_attribute("#field-ClaimNum", "aria-invalid") is None
    page.wait_for_selector(
        "#response >> text=A TrackingDefNum that is a definition of another category than 31 is refused."
    )


def test_numbers_are_sent_as_typed_and_words_as_text(open_page: OpenPage) -> None:
    page = open_page("#/try/claimtrackings/create")
    page.fill("#field-ClaimNum", "9223372036854775807")
    page.fill("#field-Note", "12")
    page.select_option("#field-TrackingDefNum", label="Another number …")
    page.fill("[aria-label='Number for TrackingDefNum']", "many")
    page.wait_for_selector(f"{SHOWN}many")
    shown = page.inner_text("[aria-label=Request]")
    assert '"ClaimNum": 9223372036854775807' in shown
    assert '"Note": "12"' in shown
    assert '"TrackingDefNum": "many"' in shown
    open_form(page, "claimtrackings/list")
    page.wait_for_selector(f"{SHOWN}GET ")
    open_form(page, "claimtrackings/create")
    page.wait_for_selector(f"{SHOWN}many")  # the form was remembered


def test_an_empty_text_is_sent_and_a_text_is_left_out_by_its_checkbox(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/try/claimtrackings/update")
    page.wait_for_selector(f"{SHOWN}PUT /api/v1/claimtrackings/45 ")
    assert page.locator("[aria-label='send ClaimTrackingNum']").count() == 0
    page.select_option("#field-TrackingDefNum", "339")
    page.fill("#field-Note", "")
    page.uncheck("[aria-label='send TrackingDefNum']")
    page.wait_for_selector("[aria-label='send Note']:not(:checked)")
    page.check("[aria-label='send Note']")
    page.locator("[aria-label=Request]").filter(has_not_text="TrackingDefNum").filter(has_text='"Note": ""').wait_for()
    before = next(row for row in server.office.claimtracking if row.ClaimTrackingNum == 45)
    page.click('text="Send"')
    page.wait_for_selector("text=200 OK")
    after = next(row for row in server.office.claimtracking if row.ClaimTrackingNum == 45)
    assert (after.Note, after.TrackingDefNum) == ("", before.TrackingDefNum)
    page.select_option("#field-TrackingDefNum", "341")
    page.wait_for_selector("[aria-label='send TrackingDefNum']:checked")


def test_a_definition_is_chosen_by_its_name(open_page: OpenPage) -> None:
    page = open_page("#/try/claimtrackings/create")
    page.select_option("#field-TrackingDefNum", label="345 · Denied")
    page.wait_for_selector(f'{SHOWN}"TrackingDefNum": 345')
    assert page.locator("[aria-label='Number for TrackingDefNum']").count() == 0
    page.select_option("#field-TrackingErrorDefNum", label="0 · none")
    page.wait_for_selector(f'{SHOWN}"TrackingErrorDefNum": 0')
    choices = page.locator("#field-TrackingErrorDefNum option").all_inner_texts()
    assert "343 · E-207" in choices
    assert "345 · Denied" not in choices


@one_look
def test_what_the_office_refuses_is_one_click_away(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/try/claimtrackings/create")
    page.wait_for_selector(".refusals button")
    wanted = page.locator(".refusals button").all()
    assert len(wanted) == 5
    rules = []
    for number, button in enumerate(wanted, 1):
        button.click()
        page.keyboard.press("Enter")  # the button that sends has the focus
        page.wait_for_selector(f"#response >> text=exchange {number}")
        rules.append(page.inner_text("#response .decision a"))
    page.wait_for_selector(".refusals button:has-text('met') >> nth=4")
    assert [rule.removeprefix("claimtrackings.create.") for rule in rules] == [
        "ClaimNum.unknown", "TrackingDefNum.unknown", "TrackingErrorDefNum.unknown",
        "TrackingDefNum.category", "TrackingErrorDefNum.category",
    ]  # fmt: skip
    page.click(".refusals summary")
    page.wait_for_selector(".refusals >> text=opendental-mock serve --fixtures old-version")
    assert len(server.office.claimtracking) == 8


@one_look
def test_a_preference_brings_its_refusals_within_reach(open_page: OpenPage, start: StartServer) -> None:
    page = open_page("#/try/claimtrackings/create", to=start("status-required"))
    for number, sentence in enumerate(("TrackingDefNum is required.", "TrackingDefNum cannot be 0."), 1):
        page.click(f".refusals button >> text={sentence}")
        page.click('text="Send"')
        page.wait_for_selector(f"#response >> text=exchange {number}")
        page.wait_for_selector(f"#response .decision >> text={sentence}")


@one_look
def test_every_operation_has_a_form(open_page: OpenPage) -> None:
    page = open_page("#/try")
    open_form(page, "claimtrackings/update")
    page.fill("#field-Note", "<b>by hand</b>")
    page.click('text="Send"')
    page.wait_for_selector("[aria-label=Response] >> text=<b>by hand</b>")
    shown = page.evaluate(EVERY_FORM)
    assert len(shown) > 50
    assert [
        line
        for name, line in shown.items()
        if not re.match(f"(GET|POST|PUT|DELETE) /api/v1/{name.split('/')[0]}", line)
    ] == []
    assert len({*shown.values()}) == len(shown)
    open_form(page, "claims/get")
    page.fill("#field-ClaimNum", "15")
    page.click('text="Send"')
    page.wait_for_selector("text=200 OK")


@one_look
def test_keys_of_the_office_are_sent_where_it_has_some(open_page: OpenPage, start: StartServer) -> None:
    page = open_page("#/try/claimtrackings/list", to=start("keys", "default"))
    page.click('text="Send"')
    page.wait_for_selector("text=200 OK")


def test_read_only_sends_no_writes(open_page: OpenPage, start: StartServer) -> None:
    page = open_page("#/try/claimtrackings/create", to=start(page="read-only"))
    page.wait_for_selector("text=This page is read-only")
    assert page.locator("button.main, .refusals button").count() == 0
    page.keyboard.press("Control+Enter")
    open_form(page, "claimtrackings/list")
    page.click('text="Send"')
    page.wait_for_selector("#response >> text=exchange 1")


@one_look
def test_a_response_that_never_comes_is_said(open_page: OpenPage, server: MockServer) -> None:
    server.fault(operation="claimtrackings/create", when="after", then="reset", times=None)
    page = open_page("#/try/claimtrackings/create", allowed=LOST)
    page.click('text="Send"')
    page.wait_for_selector("#response >> text=No response came")
    page.wait_for_selector("#response >> text=connection reset, its change was kept")
    written = [row.ClaimNum for row in server.office.claimtracking if row.ClaimTrackingNum > 51]
    assert page.locator("#response .facts a").count() == len(written)


@one_look
def test_a_request_that_the_browser_repeats_is_shown_as_two(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/try/claimtrackings/create", allowed=LOST)
    page.click('text="Send"')
    page.wait_for_selector("#response >> text=exchange 1")
    assert page.locator("#response >> text=Your browser sent").count() == 0
    repeats = [
        ("create", "after", "The row was written twice.", 2),
        ("create", "before", "The row was written once.", 1),
        ("update", "after", "It was written twice.", 0),
        ("list", "before", "that it had used before.", 0),
    ]
    for count, (operation, when, end, created) in enumerate(repeats):
        open_form(page, f"claimtrackings/{operation}")
        server.fault(operation=f"claimtrackings/{operation}", when=when, then="reset")
        rows = len(server.office.claimtracking)
        page.click('text="Send"')
        page.wait_for_selector(f"#response >> text=exchange {2 * count + 3}")
        assert page.inner_text("#response .decision").startswith("Your browser sent this request twice")
        assert page.inner_text("#response .decision").endswith(end)
        links = page.locator("#response a[href^='#/traffic']").all_inner_texts()
        assert links == [f"exchange {2 * count + 2}", f"exchange {2 * count + 3}"]
        assert len(server.office.claimtracking) - rows == created


@one_look
def test_others_who_send_the_same_are_not_taken_for_the_browser(open_page: OpenPage, server: MockServer) -> None:
    page = open_page("#/try/claimtrackings/create")
    page.wait_for_selector(f"{SHOWN}Missing attachment.")
    fields: dict[str, Any] = {
        name: int(value) if re.fullmatch("[0-9]+", value) else value
        for name in ("ClaimNum", "Note", "TrackingDefNum", "TrackingErrorDefNum")
        if (value := page.input_value(f"#field-{name}"))
    }
    server.fault(operation="claimtrackings/create", then="delay", delay=0.5)
    page.click('text="Send"')
    page.wait_for_selector("#response >> text=Waiting for the response")
    assert post(server, **fields).status_code == 201
    page.wait_for_selector("#response >> text=201 Created")
    assert page.locator("#response >> text=Your browser sent").count() == 0
    assert len(server.office.claimtracking) == 10
