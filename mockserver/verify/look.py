"""Look: the facts about an office, read by GET requests alone."""

import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from operator import eq
from typing import Any

from mockserver.contract.cases import BASE_PATH, CaseRequest
from mockserver.http_client import Answer
from mockserver.office.rows import DefCategory
from mockserver.verify.conversation import Conversation, EndedError, NoAnswerError
from mockserver.verify.facts import Facts, Row, is_number

# Numbers that no office has reached, since it counts from 1 or assigns random ones.
UNKNOWN = 9_000_000_000_000_000_017
_PAGE = 100
_OTHER_PAGES = (1_000, 10_000)  # of local mode, and of Enterprise
_MAX_TRIES = 10
_EXCLUDES_NONE = "ClaimTrackingStatusExcludesNone"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,99}")
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){1,3}")
# What the values of columns look like that a filter is tried with; others are not sent back to the office.
_FORMS = {
    "PatNum": re.compile(r"[1-9][0-9]{0,18}"),
    "ClaimStatus": re.compile(r"[A-Z]"),
    "SecDateTEdit": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"),
}


def look(conversation: Conversation, claim: int | None, note: str) -> Facts:
    """Return the facts. `claim` may get rows, whose Note is `note`. Raises NoAnswerError, EndedError."""
    facts = Facts()
    facts.values.update(
        note=note, keys=True, unknown_claim=UNKNOWN, unknown_tracking=UNKNOWN, unknown_definition=UNKNOWN,
        unknown_patient=UNKNOWN, unknown_number=UNKNOWN,
    )  # fmt: skip
    _look_at_preferences(conversation, facts)
    statuses = _look_at_definitions(conversation, facts)
    with_rows = _look_at_trackings(conversation, facts)
    _look_at_claims(conversation, facts, statuses, with_rows)
    facts.set("claim", claim, "it needs --claim and --may-create")
    facts.set("tracking", claim, "it needs --claim and --may-create")
    return facts


def look_at_mock(conversation: Conversation, facts: Facts, *, is_local: bool) -> bool:
    """Return whether the office is a mock, even if it is transparent. If so, look whether it takes any keys."""
    if is_local and not conversation.is_mock:
        with suppress(NoAnswerError, EndedError):  # of something else at this address
            health = conversation.ask("/__admin/health").value
            conversation.is_mock = isinstance(health, dict) and health.keys() >= {"status", "version", "claimtrackings"}
    if conversation.is_mock:
        stranger = CaseRequest("GET", f"{BASE_PATH}/claimtrackings?Limit=1", {"Authorization": "ODFHIR Nobody/Nobody"})
        answer = conversation.send(stranger, is_harmless=True, allows_401=True)
        if answer.status != 401:
            del facts.values["keys"]
            facts.set("keys", None, "any keys are taken there, as by a mock whose fixture lists none")
    return conversation.is_mock


def rows_of(answer: Answer) -> list[Row]:
    """Return the rows of a list, without their Notes, or none for any other answer."""
    value = answer.value if answer.status == 200 else None
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    return [{name: part for name, part in row.items() if name != "Note"} for row in rows]


def _list(conversation: Conversation, what: str) -> list[Row]:
    return rows_of(conversation.ask(f"{BASE_PATH}/{what}"))


def _look_at_preferences(conversation: Conversation, facts: Facts) -> None:
    def value(name: str) -> str | None:
        found = [row for row in _list(conversation, f"preferences?PrefName={name}") if row.get("PrefName") == name]
        text = found[0].get("ValueString") if found else None
        return text if isinstance(text, str) else None

    version = value("ProgramVersion") or ""
    facts.set("version", version if _VERSION.fullmatch(version) else None, "the office does not tell its version")
    excludes = value(_EXCLUDES_NONE)
    unknown = f"the office does not tell {_EXCLUDES_NONE}"
    facts.set("status_preference", excludes in ("0", "1"), unknown)
    facts.set("excludes_none", excludes == "1", f"{_EXCLUDES_NONE} is off there" if excludes == "0" else unknown)
    names = [row.get("PrefName") for row in _list(conversation, "preferences")]
    usual = [name for name in names if isinstance(name, str) and _NAME.fullmatch(name) and name != "ProgramVersion"]
    facts.set("preference", _nth(usual, 0), "the office lists no preference")
    facts.set("allows_none", excludes == "0", f"{_EXCLUDES_NONE} is on there" if excludes == "1" else unknown)


def _look_at_definitions(conversation: Conversation, facts: Facts) -> dict[int, Any]:
    """Return the names of claim statuses and error codes by their numbers."""
    everything = [
        row
        for category in (DefCategory.CLAIM_CUSTOM_TRACKING, DefCategory.CLAIM_ERROR_CODE)
        for row in _list(conversation, f"definitions?Category={category:d}&includeHidden=true")
        if is_number(row.get("DefNum"))
    ]

    def numbers(category: DefCategory, *, hidden: bool) -> list[int]:
        return [
            row["DefNum"]
            for row in everything
            if row.get("Category") == category and (row.get("isHidden") == "true") == hidden
        ]

    statuses = numbers(DefCategory.CLAIM_CUSTOM_TRACKING, hidden=False)
    codes = numbers(DefCategory.CLAIM_ERROR_CODE, hidden=False)
    hidden = numbers(DefCategory.CLAIM_CUSTOM_TRACKING, hidden=True)
    facts.set("setup", bool(statuses), "the office has not set up any claim status")
    facts.set("no_setup", not statuses, "the office has set up claim statuses")
    facts.set("status", _nth(statuses, 0), "the office has not set up any claim status")
    facts.set("another_status", _nth(statuses, 1), "the office has no second claim status")
    facts.set("hidden_status", _nth(hidden, 0), "the office has no hidden claim status")
    facts.set("error_code", _nth(codes, 0), "the office has no error code")
    facts.set("another_error_code", _nth(codes, 1), "the office has no second error code")
    listed = _list(conversation, "definitions")
    numbered = [row for row in listed if is_number(row.get("DefNum"))]
    others = [row["DefNum"] for row in numbered if row.get("Category") not in [*DefCategory]]
    facts.set("other_definition", _nth(others, 0), "the office lists no definition of another category")
    categories = [row["Category"] for row in listed if is_number(row.get("Category"))]
    # A category with several definitions, beside others, so that the effect of a filter is visible.
    found = next((one for one in categories if categories.count(one) > 1 and set(categories) != {one}), None)
    facts.set("category", found, "the office lists no category with several definitions beside others")
    empty = next((one for one in range(60, 1, -1) if one not in categories), None) if len(listed) < _PAGE else None
    facts.set("empty_category", empty, "the office lists too many definitions to know an empty category")
    return {row["DefNum"]: row.get("ItemName") for row in everything}


def _look_at_trackings(conversation: Conversation, facts: Facts) -> list[int]:
    """Return the claims that have trackings on the first page, also claims that were deleted; most rows first."""
    listed = _list(conversation, "claimtrackings")
    of_rows = [row["ClaimNum"] for row in listed if is_number(row.get("ClaimNum"))]
    # The claim with the most rows, so that their order is visible.
    claims = sorted(dict.fromkeys(of_rows), key=of_rows.count, reverse=True)
    times = [str(row.get("DateTimeEntry")) for row in listed]
    facts.set("times", len(set(times)) > 1, "all trackings there have the same time")
    facts.set("ties", any(map(eq, times, times[1:])),
              "no two trackings there have the same time")  # fmt: skip
    facts.set("types", any(row.get("TrackingType") != "StatusHistory" for row in listed) or None,
              "the office lists no tracking of another type than StatusHistory")  # fmt: skip
    further = _list(conversation, f"claimtrackings?Offset={len(listed)}&Limit=1")
    is_cut = any(row not in listed for row in further)  # an office may ignore Offset
    is_usual = len(listed) not in _OTHER_PAGES
    reason = "the office lists all trackings in one page" if is_usual else "the office sends the pages of local mode"
    facts.set("more_than_a_page", is_cut and is_usual, reason)
    return claims


def _look_at_claims(
    conversation: Conversation, facts: Facts, statuses: Mapping[int, Any], with_rows: Collection[int]
) -> None:
    listed = _list(conversation, "claims")
    numbers = {row["ClaimNum"] for row in listed if is_number(row.get("ClaimNum"))}
    # The trackings of a claim that was deleted stay.
    there = (one for one in [*with_rows][:_MAX_TRIES]
             if one in numbers or conversation.ask(f"{BASE_PATH}/claims/{one}").status == 200)  # fmt: skip
    facts.set("claim_with_rows", next(there, None), "no claim has trackings there")
    other = next((one for one in with_rows if one != facts.values.get("claim_with_rows")), None)
    facts.set("another_claim_with_rows", other, "no second claim has trackings there")
    for fact, column in (("patient", "PatNum"), ("claim_status", "ClaimStatus"), ("changed", "SecDateTEdit")):
        same = f"the office does not list two claims with different values of {column}"
        facts.set(
            fact, _narrowing(row.get(column) for row in listed if _FORMS[column].fullmatch(str(row.get(column)))), same
        )
    days = {
        row["SecDateTEdit"][:10] for row in listed if _FORMS["SecDateTEdit"].fullmatch(str(row.get("SecDateTEdit")))
    }
    several = "the office lists no two claims that were changed on different days"
    facts.set("changed_day", _narrowing(days), several)
    _look_at_a_status(listed, facts, statuses)
    candidates = [row["ClaimNum"] for row in listed
                  if is_number(row.get("ClaimNum")) and row["ClaimNum"] not in with_rows]  # fmt: skip
    facts.set(
        "claim_without_rows",
        next((number for number in candidates[:_MAX_TRIES] if _has_none(conversation, number)), None),
        f"no claim without trackings is among the first {_MAX_TRIES} of the office",
    )


def _look_at_a_status(claims: list[Row], facts: Facts, names: Mapping[int, Any]) -> None:
    of_claims = [row for row in claims if is_number(row.get("ClaimNum")) and is_number(row.get("CustomTracking"))]
    found = next((row for row in of_claims if row["CustomTracking"] in names), None)
    reason = "no claim that the office lists has a status of its own"
    facts.set("claim_with_status", found and found["ClaimNum"], reason)
    facts.set("status_name", found and names[found["CustomTracking"]], reason)


def _has_none(conversation: Conversation, number: int) -> bool:
    answer = conversation.ask(f"{BASE_PATH}/claimtrackings?ClaimNum={number}")
    return not rows_of(answer) and answer.status in (200, 404)


def _narrowing(values: Iterable[Any]) -> Any:
    """Return the greatest value if the others differ from it, so that the effect of a filter is visible."""
    different = sorted({value for value in values if isinstance(value, int | str) and value != 0}, key=str)
    return different[-1] if len(different) > 1 else None


def _nth(values: list[Any], n: int) -> Any:
    return values[n] if len(values) > n else None
