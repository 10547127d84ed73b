"""Scope tests: which rules of the coverage count by default, and the figures that the command and the page share."""

from typing import Any

import pytest

from conftest import Client
from mockserver.reports.report import report
from mockserver.reports.report_text import as_text
from mockserver.reports.scope import with_scope
from support.coverages import rule, some_coverage

API = "/api/v1"


def scopes(coverage: dict[str, Any]) -> dict[str, str]:
    return {one["id"]: one["scope"] for one in with_scope(coverage)["rules"]}


def test_each_rule_has_the_scope_of_the_default_report() -> None:
    coverage = some_coverage(
        rules=[
            rule("a.met"),
            rule("a.open", met=0),
            rule("a.mistake", met=0, status=400, cause="request"),
            rule("a.elsewhere", met=0, needs="--fixtures keys"),
            rule("a.elsewhere-met", needs="--fixtures keys"),
            rule("b.raises", operation="claims/get"),
            rule("c.lowers", operation="claims/list"),
            rule("c.open", operation="claims/list", met=0),
            rule("c.too", operation="claims/list", met=0),
            rule("c.mistake", operation="claims/list", met=0, status=400, cause="request"),
            rule("d.uncalled", operation="patients/get", met=0),
        ]
    )
    assert scopes(coverage) == {
        "a.met": "counted",
        "a.open": "counted",
        "a.mistake": "gauge",
        "a.elsewhere": "elsewhere",
        "a.elsewhere-met": "counted",
        "b.raises": "counted",
        "c.lowers": "beside",
        "c.open": "beside",
        "c.too": "beside",
        "c.mistake": "",
        "d.uncalled": "",
    }
    summary = with_scope(coverage)["summary"]
    assert summary["operations"]["claims/get"] == {"met": 1, "total": 1, "percent": 100.0}
    assert summary["beside"] == {"claims/list": {"met": 1, "total": 3, "percent": 33.3}}
    assert "claims/list" not in summary["operations"]


@pytest.mark.parametrize("path", ["/claimtrackings", "/claims/15", "/claims?Limit=0", "/claimtrackings?ClaimNum=x"])
async def test_the_summary_of_the_admin_api_is_what_the_command_prints(client: Client, path: str) -> None:
    await client.get(API + path)
    coverage = await (await client.get("/__admin/contract")).json()
    summary, made = coverage["summary"], report(coverage)
    assert summary["met"] > 0
    assert as_text(made).splitlines()[-1] == (
        f"Contract coverage: {summary['met']} of {summary['total']} rules met ({summary['percent']:g} %)"
    )
    counted = [one for one in coverage["rules"] if one["scope"] == "counted"]
    assert len(counted) == summary["total"] == sum(one["total"] for one in summary["operations"].values())
    assert (
        sum(1 for one in counted if one["met"])
        == summary["met"]
        == summary["served"]["met"] + summary["refused"]["met"]
    )
    assert sum(1 for one in coverage["rules"] if one["scope"] == "gauge") == summary["gauge"]["total"]
    beside = [one["operation"] for one in coverage["rules"] if one["scope"] == "beside"]
    assert {name: beside.count(name) for name in beside} == {
        name: figure["total"] for name, figure in summary["beside"].items()
    }
