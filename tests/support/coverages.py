"""Test coverages: contract coverage as the admin API returns it, with few rules and warnings."""

from collections.abc import Mapping
from typing import Any

from mockserver.reports.report import Report, report
from mockserver.reports.selection import Selection


def rule(id_: str, *, operation: str = "claimtrackings/list", met: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a rule with its count."""
    says = f"{id_.rpartition('.')[2].capitalize()}."
    defaults = {"id": id_, "operation": operation, "status": 200, "standing": "documented", "says": says, "met": met}
    return {**defaults, "last": 1 if met else None, **changes}


def warning(**changes: Any) -> dict[str, Any]:
    """Return a warning with its count."""
    return {"rule": "warning.w", "text": "Odd.", "refused": False, "count": 1, "request": "GET /a", "id": 4, **changes}


def refusal(**changes: Any) -> dict[str, Any]:
    """Return a refusal with its count."""
    told = {"rule": "a.two", "operation": "claimtrackings/list", "status": 400, "says": "Two."}
    known = {"standing": "assumed", "cause": "request", "hint": "Try one."}
    return {**told, **known, "count": 1, "request": "GET /b", "id": 5, **changes}


def unserved(**changes: Any) -> dict[str, Any]:
    """Return an operation that is not served with its count."""
    told = {
        "operation": "GET /referrals/{ReferralNum}",
        "resource": "referrals",
        "count": 2,
        "request": "GET /referrals/7",
    }
    return {**told, "id": 6, **changes}


def some_coverage(**changes: Any) -> dict[str, Any]:
    """Return the coverage of three rules, one of them met, without refusals, warnings and operations not served."""
    rules = [
        rule("a.one", met=2),
        rule("a.two", met=0, status=400, standing="assumed"),
        rule("api.x", operation="any", met=0, status=401, standing="observed"),
    ]
    return {
        "strict": False, "requests": 3, "refused_early": {}, "broken": 0,
        "rules": rules, "refusals": [], "warnings": [], "unserved": [], **changes,
    }  # fmt: skip


def whole_report(coverage: Mapping[str, Any], **selection: Any) -> Report:
    """Return the report in which the rules of ClaimTrackings and those of every resource count."""
    return report(coverage, Selection(**{"resources": ["claimtrackings"], **selection}))
