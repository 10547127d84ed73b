"""Faults: failures of responses, which the user has set for certain calls."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any

MAX_FAULTS = 64
_PHRASES = {one.value: one.phrase for one in HTTPStatus}

# The most frequent failures of the real API, which a fault can use by name.
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
    """One fault. It applies to `times` calls (None: to all) after the first `skip` calls that match.

    `when` before: the operation does not run; after: it has run, and its changes are kept. `then` status: respond with
    `status` and `explanation`; reset: reset the connection; truncate: send half of the response; timeout: send nothing
    for `delay` seconds, then 504; delay: wait `delay` seconds, then respond normally.
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
    id: int = 0
    set_by_test: bool = True
    passed: int = 0
    hits: int = 0

    def matches(self, operation: str, facts: Mapping[str, Any]) -> bool:
        """Return whether this fault is for that call, and has not applied to `times` calls yet."""
        if self.operation not in ("any", operation) or (self.times is not None and self.hits >= self.times):
            return False
        return all(facts.get(name, _ABSENT) == value for name, value in self.match.items())

    @property
    def fields(self) -> dict[str, Any]:
        """Return the fields by which the same fault is set again, for one call."""
        parts = {"status": ("status", "explanation", "retry_after"), "timeout": ("delay",), "delay": ("delay",)}
        named = NAMED_FAULTS.get(self.name, {})
        usual = {"operation": "any", "when": "before", "retry_after": None, **named}
        given = {name: getattr(self, name) for name in ("operation", "when", "then", *parts.get(self.then, ()))}
        fields = {name: value for name, value in given.items() if name not in usual or value != usual[name]}
        return {"name": self.name, **fields} if self.name else fields

    @property
    def label(self) -> str:
        """Return the value of the header X-Mock-Fault."""
        return self.name or f"{self.when}-{self.then}"


_ABSENT = object()


def fault(given: Mapping[str, Any], *, set_by_test: bool = True) -> Fault:
    """Return a fault with the given fields, which its schema has validated. A `name` fills in fields that are left out.

    `set_by_test` is False for the faults of the fixture, which need not be hit.
    """
    filled = {**NAMED_FAULTS.get(given.get("name", ""), {}), **given}
    if filled["then"] == "status" and "explanation" not in filled:
        filled["explanation"] = _explanation(filled["status"])
    if filled["then"] == "timeout" and "delay" not in filled:
        filled["delay"] = 60.0  # the vendor's own timeout
    return Fault(**filled, set_by_test=set_by_test)


def _explanation(status: int) -> str:
    """Return the vendor's text for a status if there is exactly one, and the status phrase otherwise."""
    vendors = {named["status"]: named["explanation"] for named in NAMED_FAULTS.values()}
    if status in vendors and status != HTTPStatus.BAD_REQUEST:  # whose text depends on the mistake
        return str(vendors[status])
    return f"{_PHRASES.get(status, f'Status {status}')}."


class Faults:
    """The faults that are set, in order. If several match a call, the first one applies."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._added = 0

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, fault: Fault) -> None:
        """Add a fault. Raises ValueError if MAX_FAULTS are set."""
        if len(self._faults) >= MAX_FAULTS:
            raise ValueError(f"{MAX_FAULTS} faults are set, which is the maximum; remove one first")
        self._added += 1
        fault.id = self._added
        self._faults.append(fault)

    def remove(self, number: int) -> bool:
        """Remove the fault with that id. Return whether there was one."""
        before = len(self._faults)
        self._faults = [one for one in self._faults if one.id != number]
        return len(self._faults) < before

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def for_call(self, operation: str, facts: Mapping[str, Any]) -> Fault | None:
        """Return the fault that applies to this call, if there is one. `facts` are the fields that it can match.

        The call is counted as passed at each fault that skips it. The caller counts it as a hit if the fault is used.
        """
        for one in self._faults:
            if one.matches(operation, facts):
                if one.passed == one.skip:
                    return one
                one.passed += 1
        return None

    def as_json(self) -> list[dict[str, Any]]:
        """Return the fields of all faults, with their counts."""
        return [asdict(one) for one in self._faults]
