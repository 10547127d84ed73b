"""Faults: requests whose answer is spoiled, before or after the office has done what they ask for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from support.small_office.messages import Request

Kind = Literal["401", "429", "500", "504", "redirect", "html", "reset", "truncate", "slow", "wrong-json"]
Predicate = Callable[[Request], bool]

_MAX_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault of the `when`-th request (from 1), or of the first `times` requests for which `when` is true.

    With `after` the office first does what the request asks for, so that a write is kept and its answer lost.
    429 has Retry-After: `retry_after`. A slow answer is held back for `seconds`, or until the office closes; it is
    the office's own, as is the beginning that `truncate` sends, so that both are always `after`. Raises ValueError for
    an unknown kind.
    """

    when: int | Predicate
    kind: Kind
    after: bool = False
    times: int = 1
    retry_after: int = 1
    seconds: float = _MAX_SECONDS

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"{self.kind!r} is not a kind of fault")

    @property
    def runs(self) -> bool:
        """Return whether the office does what the request asks for."""
        return self.after or self.kind in ("slow", "truncate")


class Faults:
    """The faults of an office, each with the number of requests that it can still spoil."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self._left = [[fault, fault.times] for fault in faults]
        self._seen = 0

    def next(self, request: Request) -> Fault | None:
        """Return the fault of a request, the next that the office has received."""
        self._seen += 1
        for entry in self._left:
            fault, left = entry
            assert isinstance(fault, Fault)
            assert isinstance(left, int)
            fits = fault.when == self._seen if isinstance(fault.when, int) else left > 0 and fault.when(request)
            if fits:
                entry[1] = left - 1
                return fault
        return None
