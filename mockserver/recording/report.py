"""Coverage report: contract coverage as far as it counts, and the sum of several servers' coverage."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mockserver.messages import number_of
from mockserver.recording.selection import REFUSED, SERVED, Selection, by_resource, response_of


@dataclass(frozen=True, slots=True)
class Figure:
    """The number of covered rules among some, and the number of all of them."""

    met: int
    total: int

    @classmethod
    def of(cls, rules: Iterable[Mapping[str, Any]]) -> "Figure":
        """Return the figure of these rules."""
        covered = [bool(rule["met"]) for rule in rules]
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

    `rules` are the counted ones. `left_out` names those that are not, and why, apart from those of operations that do
    not count. `resources` has the figure of each resource, whether it counts or not.
    """

    rules: list[Mapping[str, Any]]
    left_out: dict[str, str]
    resources: dict[str, Figure]
    refusals: list[Mapping[str, Any]]
    warnings: list[Mapping[str, Any]]
    strict: bool
    broken: int

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
    def refused_warnings(self) -> list[Mapping[str, Any]]:
        """Return the warnings for which --strict has refused a request."""
        return [warning for warning in self.warnings if warning["refused"]]

    def findings(self, fail_under: float) -> list[str]:
        """Return the reasons why the coverage is not good enough, if it is not."""
        found = []
        if self.percent < fail_under:
            found.append(f"{self.percent:g} % of the rules were met, and {fail_under:g} % are wanted")
        if self.refused_warnings:
            found.append(f"{number_of(len(self.refused_warnings), 'warning')}, and --strict wants none")
        if self.broken:
            found.append(f"the mock broke its own contract {number_of(self.broken, 'time')}; its log says more")
        return found

    def as_json(self) -> dict[str, Any]:
        """Return the report for programs."""
        figures = {SERVED: self.served.as_json(), REFUSED: self.refused.as_json()}
        return asdict(self) | self.figure.as_json() | figures


def report(coverage: Mapping[str, Any], selection: Selection = Selection()) -> Report:  # noqa: B008  # it is frozen
    """Return a report on what `GET /__admin/contract` answers."""
    rules = [rule for rule in coverage["rules"] if selection.counts(rule)]
    reasons = {rule["id"]: selection.reason_against(rule) for rule in rules}
    return Report(
        rules=[rule for rule in rules if not reasons[rule["id"]]],
        left_out={rule: reason for rule, reason in reasons.items() if reason},
        resources={name: Figure.of(of_it) for name, of_it in by_resource(coverage["rules"]).items()},
        refusals=list(coverage["refusals"]),
        warnings=list(coverage["warnings"]),
        strict=coverage["strict"],
        broken=coverage["broken"],
    )


def merged(coverages: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sum of several servers' coverage, with each rule that at least one of them could cover."""
    rules: dict[str, dict[str, Any]] = {}
    refusals: dict[tuple[str, str], dict[str, Any]] = {}
    warnings: dict[tuple[str, str, bool], dict[str, Any]] = {}
    strict, broken = False, 0
    for coverage in coverages:
        strict, broken = strict or coverage["strict"], broken + coverage["broken"]
        for rule in coverage["rules"]:
            met = rules.setdefault(rule["id"], {**rule, "met": 0})
            met["met"] += rule["met"]
        for refusal in coverage["refusals"]:
            one = refusals.setdefault((refusal["rule"], refusal["hint"]), {**refusal, "count": 0})
            one["count"] += refusal["count"]
        for warning in coverage["warnings"]:
            kind = (warning["rule"], warning["text"], warning["refused"])
            seen = warnings.setdefault(kind, {**warning, "count": 0})
            seen["count"] += warning["count"]
    return {
        "strict": strict,
        "broken": broken,
        "rules": list(rules.values()),
        "refusals": list(refusals.values()),
        "warnings": list(warnings.values()),
    }
