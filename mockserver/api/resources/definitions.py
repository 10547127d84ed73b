"""Definitions: the choices that the office has set up, such as the statuses of claims (vendor: API Definitions)."""

from typing import Any

from mockserver.api.listing import given_filters, has_rows, has_several, is_given, is_left_out, leaves_none
from mockserver.api.operation import Call, Operation
from mockserver.office.office import Office
from mockserver.office.pages import Filter, Page
from mockserver.office.rows import Definition


def list_(office: Office, call: Call) -> Page[Definition]:
    """Answer GET: the definitions of all categories or of one, hidden ones only if they are asked for."""
    filters = given_filters(call, "Category")
    if not _asks_for_hidden(call):
        filters += (Filter("IsHidden", False),)
    return office.definition.page(*call.page(), filters)


def _asks_for_hidden(call: Call) -> bool:
    return bool(call.given.get("includeHidden") == "true")


def _any_row(_call: Call, page: Page[Any]) -> bool:
    return len(page) > 0


OPERATIONS = (
    Operation(
        name="definitions/list",
        method="GET",
        status=200,
        permission="ReadAll",
        added="21.1",
        query="definitions/list.query",
        response="definitions/list.response",
        row="definitions/row",
        run=list_,
        covered={
            ".row": has_rows,
            ".all": is_left_out("Category"),
            ".Category": is_given("Category"),
            ".Category.empty": leaves_none("Category"),
            ".category": _any_row,
            ".isHidden": _any_row,
            ".includeHidden": lambda call, page: _asks_for_hidden(call) and True in page.distinct("IsHidden"),
            ".hidden": lambda call, _: not _asks_for_hidden(call),
            ".order": has_several,
        },
    ),
)
