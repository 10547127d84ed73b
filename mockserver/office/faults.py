"""Answers that the user asked the server to spoil: which, when, how, and how often."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any

MAX_FAULTS = 64
_PHRASES = {one.value: one.phrase for one in HTTPStatus}

# What goes wrong at the vendor most often, ready to be asked for by name.
NAMED_FAULTS: Mapping[str, Mapping[str, Any]] = {
    "econnector-down": {"then": "status", "status": 400, "explanation": "The eConnector is not running."},
    "invalid-credentials": {
        "then": "status",
        "status": 401,
        "explanation": "The Developer Key or the Customer Key is invalid.",
    },
    "throttled": {"then": "status", "status": 429, "explanation": "Too many requests.", "retry_after": 1},
    "gateway-timeout": {"then": "status", "status": 504, "explanation": "The request timed out."},
    "deprecated": {"then": "status", "status": 410, "explanation": "The resource is deprecated."},
}


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault. It spoils `times` answers (None: all) after passing over the first `skip` that it matches.

    `when` before: the operation does not run; after: it has run, and what it wrote is kept. `then` status:
    answer with `status` and `explanation`; reset: cut the connection; truncate: send half the answer; timeout:
    send nothing for `delay` seconds, then 504; delay: wait `delay` seconds, then go on.
    """

    then: str
    operation: str = "any"
    when: str = "before"
    status: int = 504
    explanation: str = "The request timed out."
    retry_after: int | None = None
    delay: float = 0.0
    times: int | None = 1
    skip: int = 0
    match: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    set_by_test: bool = True
    passed: int = 0
    hits: int = 0

    def matches(self, operation: str, facts: Mapping[str, Any]) -> bool:
        """Whether this fault spoils that call; it is counted as matched, and as hit where it does."""
        if self.operation not in ("any", operation) or (self.times is not None and self.hits >= self.times):
            return False
        if any(facts.get(name, _ABSENT) != value for name, value in self.match.items()):
            return False
        if self.passed < self.skip:
            self.passed += 1
            return False
        self.hits += 1
        return True

    @property
    def label(self) -> str:
        """What the header X-Mock-Fault says."""
        return self.name or f"{self.when}-{self.then}"


_ABSENT = object()


def fault(given: Mapping[str, Any], *, set_by_test: bool = True) -> Fault:
    """A fault from what was given, which has passed its schema; a `name` fills in what is left out.

    `set_by_test` is False of those that the fixture has, which need not be hit.
    """
    filled = {**NAMED_FAULTS.get(given.get("name", ""), {}), **given}
    if filled["then"] == "status" and "explanation" not in filled:
        filled["explanation"] = _explanation(filled["status"])
    if filled["then"] == "timeout" and "delay" not in filled:
        filled["delay"] = 60.0  # the vendor gives up after so long
    return Fault(**filled, set_by_test=set_by_test)


def _explanation(status: int) -> str:
    """The vendor's words for a status if there is one text for it, and plain words otherwise."""
    vendors = {named["status"]: named["explanation"] for named in NAMED_FAULTS.values()}
    if status in vendors and status != HTTPStatus.BAD_REQUEST:  # which has a text for each mistake
        return str(vendors[status])
    return f"{_PHRASES.get(status, f'Status {status}')}."


class Faults:
    """The faults that are set, in order; of those that match a call the first one spoils it."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, fault: Fault) -> None:
        """Set one more. The caller keeps to MOST_FAULTS."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Take all of them back."""
        self._faults.clear()

    def for_call(self, operation: str, facts: Mapping[str, Any]) -> Fault | None:
        """The fault that spoils this call, if there is one. `facts`: what it can be matched by."""
        for one in self._faults:
            if one.matches(operation, facts):
                return one
        return None

    def as_json(self) -> list[dict[str, Any]]:
        """Every fault with its counts."""
        return [asdict(one) for one in self._faults]
