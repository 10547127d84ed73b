"""Coverage report: contract coverage as far as it counts, and the sum of several servers' coverage."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mockserver.messages import number_of

DEFAULT_RESOURCES = ("claimtrackings",)
"""Whose rules count unless others are named; what holds of every resource counts always."""
ALL_RESOURCES = "all"
_ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Contract coverage as far as it counts.

    `rules` are the counted ones. `left_out` names those that are not, and why, apart from those of resources that do
    not count. `resources` has the rules of each resource, met and in all, whether they count or not.
    """

    rules: list[Mapping[str, Any]]
    left_out: dict[str, str]
    resources: dict[str, dict[str, int]]
    refusals: list[Mapping[str, Any]]
    warnings: list[Mapping[str, Any]]
    strict: bool
    broken: int

    @property
    def met(self) -> int:
        """Return the number of rules that were covered."""
        return sum(1 for rule in self.rules if rule["met"])

    @property
    def percent(self) -> float:
        """Return the percentage of covered rules, rounded down to a tenth, so that 100 means all."""
        return int(self.met * 1000 / len(self.rules)) / 10 if self.rules else 100.0

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
        return asdict(self) | {"met": self.met, "total": len(self.rules), "percent": self.percent}


def report(
    coverage: Mapping[str, Any],
    *,
    only: Iterable[str] = (),
    ignore: Iterable[str] = (),
    resources: Collection[str] = DEFAULT_RESOURCES,
) -> Report:
    """Return a report on what `GET /__admin/contract` answers.

    It counts rules of these `resources` (`all`: of each) and those of every resource, of the standings in `only`,
    without those in `ignore`. Raises ValueError if there is no such resource.
    """
    only, ignore = set(only), set(ignore)
    by_resource = _by_resource(coverage["rules"])
    for name in resources:
        if name not in (*by_resource, ALL_RESOURCES, *DEFAULT_RESOURCES):
            known = [*by_resource, ALL_RESOURCES]
            raise ValueError(f"invalid choice {name!r} (choose {', '.join(known[:-1])} or {known[-1]})")
    counted = {_ANY, *(by_resource if ALL_RESOURCES in resources else resources)}
    rules = [rule for rule in coverage["rules"] if resource_of(rule) in counted]
    left_out: dict[str, str] = {}
    for rule in rules:
        if rule["id"] in ignore:
            left_out[rule["id"]] = "ignored"
        elif only and rule["standing"] not in only:
            left_out[rule["id"]] = rule["standing"]
    return Report(
        rules=[rule for rule in rules if rule["id"] not in left_out],
        left_out=left_out,
        resources={
            name: {"met": sum(1 for rule in of_it if rule["met"]), "total": len(of_it)}
            for name, of_it in by_resource.items()
        },
        refusals=list(coverage["refusals"]),
        warnings=list(coverage["warnings"]),
        strict=coverage["strict"],
        broken=coverage["broken"],
    )


def _by_resource(rules: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for rule in rules:
        if rule["operation"] != _ANY:
            found.setdefault(resource_of(rule), []).append(rule)
    return found


def resource_of(rule: Mapping[str, Any]) -> str:
    """Return the resource of a rule, or `any`."""
    name: str = rule["operation"].partition("/")[0]
    return name


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
