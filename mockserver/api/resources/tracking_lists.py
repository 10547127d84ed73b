"""Lists of trackings: their order among equal times, and the types of the rows in them."""

from mockserver.api.operation import Call
from mockserver.office.office import Office
from mockserver.office.pages import Filter, Page
from mockserver.office.rows import ClaimTracking

HISTORY = "StatusHistory"
_TYPE = ".TrackingType"


def narrow_to_history(office: Office, call: Call, filters: tuple[Filter, ...]) -> tuple[Filter, ...]:
    """Return the filters of a list, with one more if the office lists rows of the type StatusHistory only."""
    if not call.plays(_TYPE, "status-history"):
        return filters
    if office.claimtracking.page(*call.page(), filters).distinct("TrackingType") - {HISTORY}:
        call.rules.append(call.absolute(_TYPE))  # rows were left out
    return (*filters, Filter("TrackingType", HISTORY))


def shows_other_types(_call: Call, page: Page[ClaimTracking]) -> bool:
    """Return whether a page has a row of another type than StatusHistory."""
    return not page.distinct("TrackingType") <= {HISTORY}


def has_ties(call: Call, page: Page[ClaimTracking]) -> bool:
    """Return whether two rows of a page have one DateTimeEntry, and the list is in the order of their times."""
    return len(page.distinct("DateTimeEntry")) < len(page) and not call.plays(".order", "lowest-number-first")
