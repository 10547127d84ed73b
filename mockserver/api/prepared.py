"""Prepared request: one that is refused, or is ready to run, with the fault that applies to it."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from mockserver.api.covered_rules import CoveredRules
from mockserver.api.operation import Call, Operation, Result
from mockserver.api.response import Response
from mockserver.journal.exchange import Exchange
from mockserver.office.faults import Fault
from mockserver.tenants.tenant import Lifetime

stored_body: Callable[[Result], bytes] = attrgetter("body")

_NONE = CoveredRules({})


@dataclass(slots=True)
class Prepared:
    """One request on its way through the dispatcher.

    `response` is the office's own, once there is one. `is_refused` says that no operation has made it. `location` is
    what the URL of a created row begins with, if the answer tells it.
    """

    lifetime: Lifetime
    exchange: Exchange
    started: float
    operation: Operation | None = None
    covered: CoveredRules = _NONE
    call: Call | None = None
    encode: Callable[[Result], bytes] = stored_body
    fault: Fault | None = None
    location: str = ""
    response: Response | None = None
    is_refused: bool = False

    @property
    def kept(self) -> int:
        """Return the status of the operation if its changes are kept, 0 otherwise."""
        if self.response is None or self.is_refused or self.operation is None or not self.operation.writes:
            return 0
        return self.response.status
