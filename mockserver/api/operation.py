"""One API operation as data, and one call of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.errors import BadRequest, Refusal
from mockserver.office.office import Office
from mockserver.office.table import Page, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class PathNumber:
    """A primary key at the end of the URL: its column, and the rules on it."""

    column: str
    required: str
    invalid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """The version of Open Dental that brought an operation, and the rule that older offices do not have it."""

    version: str
    rule: str


@dataclass(slots=True, kw_only=True)
class Call:
    """One request for an operation, as far as it concerns the operation.

    `given` are the parameters or the body once their schema has passed them, `number` the primary key from the
    URL. `rules` collects the ids of the rules that the call meets, `warnings` what the contract does not cover.
    """

    given: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0
    page_size: int = 100
    page_rule: str = "api.Limit.default"
    strict: bool = False
    rules: list[str] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)

    def meets(self, *rules: str) -> None:
        """Note that the call exercised these rules."""
        self.rules.extend(rules)

    def warn(self, text: str, *, rule: str, consequence: str = "", strictly: type[Refusal] = BadRequest) -> None:
        """Note that the call is served although the contract does not cover it; refuse it where strict.

        `text` is a sentence that holds of both; `consequence` is added to it when the call is served.
        """
        if self.strict:
            raise strictly(text, rule=rule)
        self.note_warning(f"{text.removesuffix('.')}; {consequence}." if consequence else text, rule=rule)

    def note_warning(self, text: str, *, rule: str) -> None:
        """Note that the call is served although the contract does not cover it."""
        self.rules.append(rule)
        self.warnings.append((rule, text))

    def page(self) -> tuple[int, int]:
        """Limit and Offset of a list (vendor: API Implementation, paging)."""
        limit, offset = self.given.get("Limit"), self.given.get("Offset", 0)
        if limit is None:
            self.meets(self.page_rule)
            limit = self.page_size
        elif limit > self.page_size:
            self.meets("api.Limit.clamped")
            limit = self.page_size
        else:
            self.meets("api.Limit")
        if offset:
            self.meets("api.Offset")
        return limit, offset


Answer = Record[Any] | Page[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of a resource. `query`, `body` and `response` name its schemas; `run` keeps its rules.

    `run` gets the office and a Call whose `given` has passed the schema of the body, or of the query where there
    is no body. It answers with one record
    or a list of them, whose bytes were checked when they came to be, or raises a Refusal. It never awaits.
    """

    name: str
    resource: str
    method: str
    status: int
    permission: str
    added: Added
    query: str
    body: str | None = None
    response: str
    run: Callable[[Office, Call], Answer]
    number: PathNumber | None = None

    @property
    def path(self) -> str:
        """The path below the base path, as a template: `/claimtrackings/{ClaimTrackingNum}`."""
        return f"/{self.resource}" + (f"/{{{self.number.column}}}" if self.number is not None else "")
