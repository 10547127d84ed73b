"""Coverage report: contract coverage as far as it counts, and the sum of several servers' coverage."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from mockserver.messages import number_of
from mockserver.reports.counts import RefusalCount, RuleCount, UnservedCount, WarningCount
from mockserver.reports.coverage import HOST, UNREADABLE
from mockserver.reports.selection import REFUSED, SERVED, Selection, by_resource, grouped, response_of

_MAX_NAMED = 5  # operations in a sentence
_EARLY = {HOST: "for the Host header, which does not name this machine (--allowed-host)", UNREADABLE: "as unreadable"}


@dataclass(frozen=True, slots=True)
class Figure:
    """The number of covered rules among some, and the number of all of them."""

    met: int
    total: int

    @classmethod
    def of(cls, rules: Iterable[RuleCount]) -> "Figure":
        """Return the figure of these rules."""
        covered = [bool(rule.met) for rule in rules]
        return cls(sum(covered), len(covered))

    @property
    def percent(self) -> float:
        """Return the percentage of covered rules, rounded down to a tenth, so that 100 means all."""
        return int(self.met * 1000 / self.total) / 10 if self.total else 100.0

    def as_json(self) -> dict[str, Any]:
        """Return the figure for programs."""
        return asdict(self) | {"percent": self.percent}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Contract coverage as far as it counts.

    `rules` are the counted ones. `mistakes` are those that a request has to break, which are a gauge of their own, and
    `elsewhere` those that only another office shows. `left_out` names others that do not count, and why. `beside` has
    the figure of each operation that was called and would lower the whole. `resources` has the figure of each resource,
    whether it counts or not. `unserved` are the operations that
    were requested and that the mock does not serve. `requests` is the number of requests that have reached the API, and
    `refused_early` counts those that were refused before, by reason.
    """

    rules: list[RuleCount]
    mistakes: list[RuleCount]
    elsewhere: list[RuleCount]
    left_out: dict[str, str]
    beside: dict[str, Figure]
    resources: dict[str, Figure]
    refusals: list[RefusalCount]
    warnings: list[WarningCount]
    unserved: list[UnservedCount]
    strict: bool
    broken: int
    requests: int
    refused_early: Mapping[str, int]

    @property
    def figure(self) -> Figure:
        """Return the figure of all rules that count."""
        return Figure.of(self.rules)

    @property
    def met(self) -> int:
        """Return the number of rules that were covered."""
        return self.figure.met

    @property
    def percent(self) -> float:
        """Return the percentage of covered rules."""
        return self.figure.percent

    @property
    def served(self) -> Figure:
        """Return the figure of the rules on requests that are served."""
        return Figure.of(rule for rule in self.rules if response_of(rule) == SERVED)

    @property
    def refused(self) -> Figure:
        """Return the figure of the rules on requests that are refused."""
        return Figure.of(rule for rule in self.rules if response_of(rule) == REFUSED)

    @property
    def gauge(self) -> Figure:
        """Return the figure of the rules that a request has to break."""
        return Figure.of(self.mistakes)

    def figures(self) -> dict[str, Any]:
        """Return the figures for programs: of all rules that count, of their two kinds, and of the gauge."""
        kinds = {SERVED: self.served.as_json(), REFUSED: self.refused.as_json(), "gauge": self.gauge.as_json()}
        return self.figure.as_json() | kinds

    @property
    def refused_warnings(self) -> list[WarningCount]:
        """Return the warnings for which --strict has refused a request."""
        return [warning for warning in self.warnings if warning.refused]

    @property
    def unallowed(self) -> list[UnservedCount]:
        """Return the operations that were requested, are not served, and are not allowed to be missing."""
        return [operation for operation in self.unserved if not operation.allowed]

    def findings(self, fail_under: float) -> list[str]:
        """Return the reasons why the coverage is not good enough, if it is not."""
        found = []
        if self.unallowed:
            found.append(f"{unserved_text(self.unallowed)}; --allow-unserved RESOURCE lets them pass")
        if self.percent < fail_under:
            found.append(f"coverage is {self.percent:g} %, below --fail-under {fail_under:g}")
        if self.refused_warnings:
            found.append(f"{number_of(len(self.refused_warnings), 'warning')}; --strict allows none")
        if self.broken:
            found.append(f"the mock broke its own contract {number_of(self.broken, 'time')}; its log says more")
        return found

    def without_requests(self, url: str) -> str:
        """Return the reason why nothing was tested at the server with that base URL, or nothing if something was."""
        early = [f"{count} {_EARLY[reason]}" for reason, count in self.refused_early.items() if count]
        unknown = [refusal for refusal in self.refusals if refusal.rule == "api.resource.unknown"]
        if not self.requests and not early:
            return f"no request reached the server at {url}"
        if not self.requests:
            return f"no request reached the API at {url}; the server refused {' and '.join(early)}"
        if sum(refusal.count for refusal in unknown) == self.requests:
            refused = f"{self.requests} were refused, the first {unknown[0].request}"
            return f"no request named a resource of the API at {url}; {refused}"
        return ""

    def as_json(self) -> dict[str, Any]:
        """Return the report for programs."""
        return asdict(self) | self.figures()


def report(coverage: Mapping[str, Any], selection: Selection = Selection()) -> Report:  # noqa: B008  # it is frozen
    """Return a report on what `GET /__admin/contract` answers.

    The rules count that the selection names. If it names no operation, those of the default resources count, and those
    of every other operation that was called, unless they would lower the percentage: so it never rises by deleting a
    test. For the same reason a rule that needs another office counts as soon as it is met.
    """
    known = RuleCount.of_json(coverage["rules"])
    reasons = {rule.id: selection.reason_against(rule) for rule in known}
    fitting = [rule for rule in known if not reasons[rule.id]]
    countable = [rule for rule in fitting if not selection.is_gauge(rule) and (rule.met or not rule.needs)]
    named = {rule.operation for rule in known if selection.counts(rule)}
    others = {} if selection.is_named else _others(countable, named)
    counted = named | _raising(others, [rule for rule in countable if rule.operation in named])
    unserved = UnservedCount.of_json(coverage["unserved"])
    return Report(
        rules=[rule for rule in countable if rule.operation in counted],
        mistakes=[rule for rule in fitting if rule.operation in counted and selection.is_gauge(rule)],
        elsewhere=[
            rule
            for rule in fitting
            if rule.operation in counted and rule.needs and not rule.met and not selection.is_gauge(rule)
        ],
        left_out={rule.id: reasons[rule.id] for rule in known if rule.operation in counted and reasons[rule.id]},
        beside={operation: Figure.of(rules) for operation, rules in others.items() if operation not in counted},
        resources={name: Figure.of(of_resource) for name, of_resource in by_resource(known).items()},
        refusals=RefusalCount.of_json(coverage["refusals"]),
        warnings=WarningCount.of_json(coverage["warnings"]),
        unserved=[replace(operation, allowed=selection.allows(operation.resource)) for operation in unserved],
        strict=coverage["strict"],
        broken=coverage["broken"],
        requests=coverage["requests"],
        refused_early=coverage["refused_early"],
    )


def _others(rules: Iterable[RuleCount], named: Collection[str]) -> dict[str, list[RuleCount]]:
    """Return the rules of each operation besides the named ones that was called."""
    others = grouped((rule for rule in rules if rule.operation not in named), lambda rule: rule.operation)
    return {operation: rules for operation, rules in others.items() if any(rule.met for rule in rules)}


def _raising(others: Mapping[str, Sequence[RuleCount]], rules: Iterable[RuleCount]) -> set[str]:
    """Return the operations whose rules do not lower the share of the rules that are met.

    They are those with the highest shares of their own, so that no other choice has a higher share.
    """
    whole, raising = Figure.of(rules), set()
    figures = {operation: Figure.of(rules) for operation, rules in others.items()}
    for operation, figure in sorted(figures.items(), key=lambda item: -item[1].met / item[1].total):
        if figure.met * whole.total >= whole.met * figure.total:
            whole = Figure(whole.met + figure.met, whole.total + figure.total)
            raising.add(operation)
    return raising


def unserved_text(operations: Sequence[UnservedCount]) -> str:
    """Return a sentence on requests for operations that the mock does not serve."""
    count = number_of(sum(operation.count for operation in operations), "request")
    names = [operation.operation for operation in operations[:_MAX_NAMED]]
    more = f" and {len(operations) - len(names)} more" if len(operations) > len(names) else ""
    return f"{count} for what opendental-mock does not serve: {', '.join(names)}{more}"


def merged(main: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sum of several servers' coverage.

    The rules are those of the `main` one, those that another one has met, and those of operations that the main one
    does not have. So a test with a server of its own never adds a rule that is not met.
    """
    rules: dict[str, dict[str, Any]] = {rule["id"]: {**rule, "met": 0} for rule in main["rules"]}
    operations = {rule["operation"] for rule in main["rules"]}
    refused_early: Counter[str] = Counter()
    every = [main, *others]
    for coverage in every:
        refused_early.update(coverage["refused_early"])
        for rule in coverage["rules"]:
            if rule["met"] or rule["operation"] not in operations:
                met = rules.setdefault(rule["id"], {**rule, "met": 0})
                met["met"] += rule["met"]
    return {
        "strict": any(coverage["strict"] for coverage in every),
        "requests": sum(coverage["requests"] for coverage in every),
        "refused_early": dict(refused_early),
        "broken": sum(coverage["broken"] for coverage in every),
        "rules": list(rules.values()),
        "refusals": _summed(every, "refusals", "rule", "hint"),
        "warnings": _summed(every, "warnings", "rule", "text", "refused"),
        "unserved": _summed(every, "unserved", "operation"),
    }


def _summed(every: Iterable[Mapping[str, Any]], part: str, *kind: str) -> list[dict[str, Any]]:
    """Return the entries of a part of several servers' coverage, with the sum of the counts of those of one kind."""
    summed: dict[tuple[Any, ...], dict[str, Any]] = {}
    for coverage in every:
        for entry in coverage[part]:
            known = summed.setdefault(tuple(entry[name] for name in kind), {**entry, "count": 0})
            known["count"] += entry["count"]
    return list(summed.values())
