"""Selection: the rules that count towards the coverage, and the resources that need not be served."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from mockserver.contract.rules import CAUSES, Rule
from mockserver.contract.standings import DOCUMENTED, STANDINGS
from mockserver.suggestions import alternatives, suggestion

if TYPE_CHECKING:
    from mockserver.reports.counts import RuleCount

DEFAULT_RESOURCES = ("claimtrackings",)
"""The resources that count unless others, or operations, are named."""
ALL_RESOURCES = "all"
ANY = "any"
ANY_OPERATION = "any operation"
"""The name that reports show for the rules of ANY."""
RESPONSES = SERVED, REFUSED = "served", "refused"
"""The two kinds of rules: those on requests that are served, with a status of 2xx, and those on refused ones."""
REQUEST = "request"
KINDS = (*STANDINGS, *RESPONSES, *CAUSES)

_Rule = TypeVar("_Rule", bound="Rule | RuleCount")


class SelectionError(ValueError):
    """A name that does not exist, in `option` of a selection."""

    def __init__(self, option: str, problem: str) -> None:
        super().__init__(problem)
        self.option = option


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The rules that count, and the resources that need not be served.

    Rules of `resources` (`all`: of each) count together with those of every resource, and rules of `operations` (`any`:
    those of every resource). If both are empty, DEFAULT_RESOURCES count, and other operations that were called, as
    `report` says. Of these the rules count whose standing and whose kind are in `only`, as far as it has any, and which
    are not in `ignore`. A documented rule that was observed as well has both standings. Rules that a request has to
    break count only if `only` asks for `refused` or `request`.

    `allow_unserved` are resources of the vendor (`all`: each) of which a request may ask what the mock does not serve.
    """

    only: Collection[str] = ()
    ignore: Collection[str] = ()
    resources: Collection[str] = ()
    operations: Collection[str] = ()
    allow_unserved: Collection[str] = ()

    def check(self, rules: Iterable[_Rule]) -> None:
        """Raise SelectionError for a name that these rules do not have."""
        rules = tuple(rules)
        ids = [rule.id for rule in rules]
        operations = list(dict.fromkeys(rule.operation for rule in rules))
        resources: list[str] = [*by_resource(rules), ALL_RESOURCES]
        for name in self.ignore:
            if name not in ids:
                raise SelectionError("ignore", f"there is no rule {name}{suggestion(name, ids)}")
        for name in self.operations:
            if name not in operations:
                raise SelectionError("operation", f"there is no operation {name}; {alternatives(name, operations)}")
        for option, names, known in (("only", self.only, KINDS), ("resource", self.resources, resources)):
            for name in names:
                if name not in known:
                    problem = f"invalid choice {name!r} (choose {', '.join(known[:-1])} or {known[-1]})"
                    raise SelectionError(option, problem)
        for name in self.allow_unserved:
            from mockserver.contract.vendor import vendor_resources  # a list that few runs need

            if name not in (vendors := (*vendor_resources(), ALL_RESOURCES)):
                raise SelectionError("allow-unserved", f"the vendor has no resource {name}{suggestion(name, vendors)}")

    def allows(self, resource: str) -> bool:
        """Return whether a request may ask what the mock does not serve of a resource."""
        return resource in self.allow_unserved or ALL_RESOURCES in self.allow_unserved

    @property
    def is_named(self) -> bool:
        """Whether it names the operations that count, so that no other one does."""
        return bool(self.resources or self.operations)

    def counts(self, rule: _Rule) -> bool:
        """Return whether a rule counts as far as its operation is concerned, whatever was called."""
        if not self.is_named:
            return resource_of(rule) in DEFAULT_RESOURCES
        if rule.operation in self.operations or ALL_RESOURCES in self.resources:
            return True
        return bool(self.resources) and resource_of(rule) in (ANY, *self.resources)

    def is_gauge(self, rule: "RuleCount") -> bool:
        """Return whether a request has to break a rule, and `only` does not ask for such rules."""
        return rule.cause == REQUEST and not {REFUSED, REQUEST} & {*self.only}

    def reason_against(self, rule: _Rule) -> str:
        """Return the reason why a rule does not count although its operation does, or nothing."""
        if rule.id in self.ignore:
            return "ignored"
        standings = [rule.standing]
        if rule.basis == DOCUMENTED:  # and observed as well
            standings.append(DOCUMENTED)
        kind = [response_of(rule), *([rule.cause] if rule.cause else [])]
        for kinds, of_rule in ((STANDINGS, standings), ((*RESPONSES, *CAUSES), kind)):
            wanted = [one for one in self.only if one in kinds]
            if wanted and not any(kind in wanted for kind in of_rule):
                return of_rule[0]
        return ""


def by_operation(rules: Iterable[_Rule]) -> dict[str, list[_Rule]]:
    """Return the rules of each operation, by the name that reports show."""
    return grouped(rules, lambda rule: ANY_OPERATION if rule.operation == ANY else rule.operation)


def by_resource(rules: Iterable[_Rule]) -> dict[str, list[_Rule]]:
    """Return the rules of each resource, without those of every resource."""
    return grouped((rule for rule in rules if rule.operation != ANY), resource_of)


def grouped(rules: Iterable[_Rule], name: Callable[[_Rule], str]) -> dict[str, list[_Rule]]:
    """Return the rules by the name that each has."""
    groups: dict[str, list[_Rule]] = {}
    for rule in rules:
        groups.setdefault(name(rule), []).append(rule)
    return groups


def resource_of(rule: _Rule) -> str:
    """Return the resource of a rule, or `any`."""
    return rule.operation.partition("/")[0]


def response_of(rule: _Rule) -> str:
    """Return whether a rule is on requests that are served or on those that are refused."""
    return SERVED if rule.status < 300 else REFUSED
