"""Operation and call: one API method as data, and one request for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from mockserver.contract.rules import Rule, column_of
from mockserver.errors import Refusal
from mockserver.office.office import Office
from mockserver.office.pages import Page, Record
from mockserver.office.rows import ApiKey

AS_IT_STANDS: Mapping[str, str] = MappingProxyType({})
"""The observed variants of an office that was not observed, or that answers as the contract stands."""

ANONYMOUS = ApiKey(DeveloperKey="", CustomerKey="")
"""The key of a request without credentials."""


@dataclass(slots=True, kw_only=True)
class Call:
    """One request for an operation, as the operation sees it.

    `key` is the customer key of the request, `parameters` those of the query string. `given` is the body, or the
    parameters if the operation has no body. Both are validated. `number` is the primary key from the URL; `before` is
    the record with that number when the operation began. `rules` collects the ids of the rules that the call covers,
    `warnings` the rule and text of each warning. `variants` are the names of those that the office plays, by the id of
    the rule; rules as they stand are not among them. `contract` has all rules by their ids. An id that begins with a
    full stop is relative to the operation, so that operations can share code.
    """

    operation: str = ""
    key: ApiKey = ANONYMOUS
    parameters: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0
    before: Record[Any] | None = None
    page_size: int = 100
    page_rule: str = "api.Limit.default"
    strict: bool = False
    rules: list[str] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    variants: Mapping[str, str] = field(default_factory=lambda: AS_IT_STANDS)
    contract: Mapping[str, Rule] = field(default_factory=dict)

    def plays(self, rule: str, variant: str) -> bool:
        """Return whether the office plays a variant of a rule, another than the first one."""
        return bool(self.variants) and self.variants.get(absolute(rule, self.operation)) == variant

    def ignore(self, name: str, rule: str) -> None:
        """Go on as if a parameter or a field were left out, and cover the rule that says so."""
        self.parameters = {one: value for one, value in self.parameters.items() if one != name}
        self.given = {one: value for one, value in self.given.items() if one != name}
        self.rules.append(self.absolute(rule))

    def absolute(self, rule: str) -> str:
        """Return the absolute id of a rule of this call's operation."""
        return absolute(rule, self.operation)

    def refusal(self, rule: str, *, hint: str = "", **names: object) -> Refusal:
        """Return the refusal by `rule`, to be raised. Its text may contain the `value` of the rule's column."""
        column = column_of(rule)
        if column in self.given:
            names.setdefault("value", self.given[column])
        return Refusal(self.absolute(rule), names, hint=hint)

    def warn(self, rule: str, **names: object) -> None:
        """Add a warning on a call that the contract does not cover.

        Raises Refusal if strict, and if the office refuses such calls.
        """
        if self.strict:
            raise Refusal(rule, names)
        self.note_warning(rule, **names)

    def note_warning(self, rule: str, **names: object) -> None:
        """Add a warning, strict or not. Raises Refusal if the office refuses such calls."""
        of_contract = self.contract[rule]
        if of_contract.status >= 400:
            raise Refusal(rule, names)
        self.rules.append(rule)
        self.warnings.append((rule, of_contract.warning(names)))

    def page(self) -> tuple[int, int]:
        """Return Limit and Offset of a list, in rows (vendor: API Implementation, paging)."""
        return min(self.given.get("Limit", self.page_size), self.page_size), self.given.get("Offset", 0)


Result = Record[Any] | Page[Any]
Predicate = Callable[[Call, Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of a resource. `query`, `body`, `row` and `response` name its schemas; `run` keeps its rules.

    `run` gets the office and a Call whose `given` is validated against the schema of the body, or of the query if
    there is no body. It returns one record or a page of them, whose bytes were validated when they were written, or
    raises a Refusal. It never awaits. Without `has_answer` a served response has no body. `number` is the column of
    the primary key in the URL, if there is one, and `word` the word at its end; `added` is the version of Open
    Dental that brought the operation. `refuses_unknown` says that parameters that the page does not name are
    refused, and `unserved` are those that it names and the mock does not serve. `find` raises Refusal if the row of
    the request is not there; if there is one, it is asked before a request is refused because of its body. `located`
    says that the answer has the URL of the row in its Location header.

    `covered` are the rules that a served call covers: predicates on the call and its result. Their ids may be relative
    to the operation.
    """

    name: str
    method: str
    status: int
    permission: str
    added: str
    query: str
    body: str | None = None
    response: str
    run: Callable[[Office, Call], Result]
    row: str
    number: str | None = None
    word: str = ""
    refuses_unknown: bool = False
    unserved: Sequence[str] = ()
    find: Callable[[Office, Call], object] | None = None
    has_answer: bool = True
    located: bool = False
    covered: Mapping[str, Predicate] = field(default_factory=dict)

    @property
    def resource(self) -> str:
        """Return the resource, as in URLs."""
        return self.name.partition("/")[0]

    @property
    def path(self) -> str:
        """Return the path below the base path, as a template: `/claimtrackings/{ClaimTrackingNum}`."""
        return f"/{self.resource}" + (f"/{{{self.number}}}" if self.number is not None else "") + self.suffix

    @property
    def suffix(self) -> str:
        """Return the word at the end of the path, with its slash."""
        return f"/{self.word}" if self.word else ""

    @property
    def writes(self) -> bool:
        """Whether it may change the office."""
        return self.method != "GET"

    @property
    def is_list(self) -> bool:
        """Whether it answers with pages of rows."""
        return self.method == "GET" and self.number is None

    def resolved(self, *shared: Mapping[str, Predicate]) -> "Operation":
        """Return the operation with absolute ids in `covered`, and with the rules that all operations share."""
        covered = {rule: holds for rules in shared for rule, holds in rules.items()}
        return replace(self, covered=covered | {self.rule(rule): holds for rule, holds in self.covered.items()})

    def rule(self, relative: str) -> str:
        """Return the absolute id of a rule of this operation."""
        return absolute(relative, self.name)


def absolute(rule: str, operation: str) -> str:
    """Return the absolute id of a rule: `.row` of the operation `claimtrackings/list` is `claimtrackings.list.row`."""
    return operation.replace("/", ".") + rule if rule.startswith(".") else rule
