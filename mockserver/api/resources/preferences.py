"""Preferences: the office's preferences as text, read-only (vendor: API Preferences)."""

from typing import Any

from mockserver.api.listing import has_rows, has_several, is_given, is_left_out, leaves_none, listing
from mockserver.api.operation import Operation, Predicate
from mockserver.office.pages import Page
from mockserver.office.preferences import PROGRAM_VERSION


def _with(name: str) -> Predicate:
    """Cover a rule if the preference of that name is in the page."""

    def holds(_call: object, page: Page[Any]) -> bool:
        return name in page.distinct("PrefName")

    return holds


OPERATIONS = (
    Operation(
        name="preferences/list",
        method="GET",
        status=200,
        permission="ReadAll",
        added="21.1",
        query="preferences/list.query",
        response="preferences/list.response",
        row="preferences/row",
        run=listing("preference", "PrefName"),
        covered={
            ".row": has_rows,
            ".all": is_left_out("PrefName"),
            ".PrefName": is_given("PrefName"),
            ".PrefName.empty": leaves_none("PrefName"),
            ".ProgramVersion": _with(PROGRAM_VERSION),
            ".boolean": _with("ClaimTrackingStatusExcludesNone"),
            ".order": has_several,
        },
    ),
)
