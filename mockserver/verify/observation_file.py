"""Observation file: what an office has answered, as YAML for a commit, which `--observed` reads."""

from mockserver.assets import version
from mockserver.observations.observation import DIFFERS, HOLDS
from mockserver.syntax.yaml_writer import flow
from mockserver.verify.outcome import RuleOutcome
from mockserver.verify.report import VerifyReport, facts_of

_COMMENT = (
    "# What an Open Dental office answered. Written by opendental-mock verify; commit it.\n"
    "# opendental-mock --observed FILE answers like that office."
)


def as_yaml(report: VerifyReport) -> str:
    """Return the observations of a run."""
    excludes = {"on": True, "off": False}.get(report.excludes_none)
    lines = [
        _COMMENT,
        "observed: 1",
        f"date: {report.at:%Y-%m-%d}",
        f"office: {flow({'version': report.version, 'mode': report.mode})}",
        *([] if excludes is None else [f"preference: {flow({'ClaimTrackingStatusExcludesNone': excludes})}"]),
        f"tool: {flow(f'opendental-mock {version()}')}",
        *([f"not_asked: {flow(report.not_asked)}"] if report.not_asked else []),
        "rules:",
        *(f"  {one.rule.id}: {flow(_observation(one))}" for one in report.outcomes),
    ]
    return "\n".join(lines) + "\n"


def _observation(one: RuleOutcome) -> dict[str, object]:
    found = {name: value for name, value in facts_of(one).items() if name not in ("case", "request", "before")}
    if one.outcome in (HOLDS, DIFFERS):
        found.pop("why", None)
    else:
        found = {"outcome": one.outcome, "why": one.why}
    return found
