"""Rules of the mock's own: refused by as any other rule, but neither counted, nor observed, nor the vendor's."""

from dataclasses import replace
from pathlib import Path

import pytest
from yarl import URL

from conftest import NOW
from mockserver import load_office
from mockserver.api.dispatcher import Dispatcher
from mockserver.api.openapi import openapi
from mockserver.api.request import Request
from mockserver.api.resources import OPERATIONS
from mockserver.contract.contract import Contract, shipped_contract
from mockserver.contract.standings import MOCK
from mockserver.observations.errors import ObservationError
from mockserver.observations.files import read_observations
from mockserver.observations.vocabulary import Vocabulary
from mockserver.reports.counts import RuleCount
from mockserver.reports.selection import Selection, SelectionError
from mockserver.settings.server import Settings
from mockserver.tenants.registry import Tenants
from mockserver.tenants.tenant import Tenant
from mockserver.verify.plan import only
from support.observations import write_observed

RULES = shipped_contract().rules
OWN = replace(
    RULES["api.resource.unknown"], standing=MOCK, page="", status=501, text="No {resource} here.", variants={}
)
CONTRACT = Contract(shipped_contract().folders, shipped_contract().schemas, RULES.observe([OWN]))


def test_a_refusal_by_such_a_rule_is_told_and_not_counted() -> None:
    tenant = Tenant(load_office(now=NOW))
    dispatcher = Dispatcher(CONTRACT, Tenants(tenant), Settings())
    request = Request("GET", "/api/v1/carrier", URL("/api/v1/carrier"), {}, b"", tenant.lifetime)
    response = dispatcher.finish(dispatcher.prepare(request))
    assert (response.status, response.body) == (501, b'"No carrier here."')
    assert response.headers["X-Mock-Standing"] == "mock"
    coverage = tenant.coverage.as_json(CONTRACT.rules.values(), strict=False, switches=["remote"])
    assert OWN.id not in [rule["id"] for rule in coverage["rules"]]
    (refusal,) = coverage["refusals"]
    assert (refusal["rule"], refusal["standing"], refusal["cause"]) == (OWN.id, "mock", "request")
    with pytest.raises(SelectionError, match=OWN.id):
        Selection(ignore=[OWN.id]).check(RuleCount.of_json(coverage["rules"]))


def test_no_office_is_said_to_have_such_a_rule(tmp_path: Path) -> None:
    with pytest.raises(ObservationError, match="is a rule of the mock, not of an office; leave it out"):
        read_observations([write_observed(tmp_path, {OWN.id: {"outcome": "holds"}})], CONTRACT)
    assert not Vocabulary(CONTRACT).has("No {resource} here.")
    assert OWN.id not in only(CONTRACT.rules, standings=[], ids=[])
    described = openapi(CONTRACT, OPERATIONS)["paths"].values()
    assert not any("501" in operation["responses"] for path in described for operation in path.values())
