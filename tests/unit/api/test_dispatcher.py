"""Dispatcher tests: requests and bodies as values, prepared and finished without sockets."""

import json
from typing import Any

import pytest
from yarl import URL

from conftest import NOW
from mockserver import load_office
from mockserver.api.dispatcher import BROKEN, MAX_HINT_LENGTH, Dispatcher
from mockserver.api.request import Request, UnreadableBody
from mockserver.contract.contract import shipped_contract
from mockserver.journal.exchange import LOST, RESET
from mockserver.office.faults import fault
from mockserver.settings.server import Settings
from mockserver.tenants.registry import Tenants
from mockserver.tenants.tenant import LifetimeEnded, Tenant

BROKEN_BODY = UnreadableBody("it ends in the middle")


@pytest.fixture
def tenant() -> Tenant:
    """Return the default office."""
    return Tenant(load_office(now=NOW))


@pytest.fixture
def dispatcher(tenant: Tenant) -> Dispatcher:
    """Return the API of that office."""
    return Dispatcher(shipped_contract(), Tenants(tenant), Settings())


def create(tenant: Tenant, body: bytes | UnreadableBody = b'{"ClaimNum": 15}', **headers: str) -> Request:
    target = "/api/v1/claimtrackings"
    return Request("POST", target, URL(target), {"Content-Type": "application/json"} | headers, body, tenant.lifetime)


def test_a_create_is_prepared_then_run_and_kept(tenant: Tenant, dispatcher: Dispatcher) -> None:
    prepared = dispatcher.prepare(create(tenant))
    assert len(tenant.office.claimtracking) == 8, "nothing runs before it is finished"
    response = dispatcher.finish(prepared)
    assert (response.status, json.loads(response.body)["ClaimNum"]) == (201, 15)
    assert [exchange.status for exchange in tenant.journal] == [201]


def test_an_operation_runs_once(tenant: Tenant, dispatcher: Dispatcher) -> None:
    prepared = dispatcher.prepare(create(tenant))
    assert dispatcher.run(prepared) is dispatcher.run(prepared) is dispatcher.finish(prepared)
    assert len(tenant.office.claimtracking) == 9


@pytest.mark.parametrize(
    ("headers", "status", "rule"),
    [({}, 400, "api.body.broken"), ({"Authorization": "nonsense"}, 401, "api.credentials.malformed")],
)
def test_credentials_are_checked_before_a_body_that_could_not_be_read(
    tenant: Tenant, dispatcher: Dispatcher, headers: dict[str, str], status: int, rule: str
) -> None:
    response = dispatcher.finish(dispatcher.prepare(create(tenant, BROKEN_BODY, **headers)))
    assert (response.status, response.headers["X-Mock-Rule"]) == (status, rule)


def test_a_body_that_was_too_large_to_read_is_refused_as_such(tenant: Tenant, dispatcher: Dispatcher) -> None:
    response = dispatcher.finish(dispatcher.prepare(create(tenant, UnreadableBody("too large", is_too_large=True))))
    assert (response.status, response.headers["X-Mock-Rule"]) == (400, "api.body.size")


def test_prepared_request_has_the_fault_that_applies(tenant: Tenant, dispatcher: Dispatcher) -> None:
    strikes = fault({"name": "throttled", "match": {"ClaimNum": 15}})
    tenant.faults.add(strikes)
    assert dispatcher.prepare(create(tenant, b'{"ClaimNum": 3}')).fault is None
    assert dispatcher.prepare(create(tenant)).fault is strikes


@pytest.mark.parametrize("step", ["prepare", "run", "finish"])
def test_no_step_is_taken_after_the_lifetime_has_ended(tenant: Tenant, dispatcher: Dispatcher, step: str) -> None:
    request = create(tenant)
    prepared = dispatcher.prepare(request)
    tenant.reset()
    take: dict[str, Any] = {"prepare": request, "run": prepared, "finish": prepared}
    with pytest.raises(LifetimeEnded):
        getattr(dispatcher, step)(take[step])
    assert len(tenant.office.claimtracking) == 8
    assert len(tenant.journal) == 0


def test_a_response_that_never_came_is_kept_with_what_the_office_did(tenant: Tenant, dispatcher: Dispatcher) -> None:
    prepared = dispatcher.prepare(create(tenant))
    faulty = dispatcher.run(prepared)
    dispatcher.finish(prepared, faulty, RESET)
    dispatcher.record_disconnect(dispatcher.prepare(create(tenant)))
    dispatcher.record_incomplete(create(tenant))
    assert [(one.status, one.outcome, one.kept) for one in tenant.journal] == [
        (0, RESET, 201),
        (0, LOST, 0),
        (0, LOST, 0),
    ]
    assert [one.operation for one in tenant.journal] == ["claimtrackings/create"] * 3


def test_exception_while_preparing_is_a_500(
    tenant: Tenant, dispatcher: Dispatcher, caplog: pytest.LogCaptureFixture
) -> None:
    request = create(tenant)
    request.body = None  # type: ignore[assignment]  # no caller passes such a body
    response = dispatcher.finish(dispatcher.prepare(request))
    assert (response.status, json.loads(response.body)) == (500, BROKEN)
    assert "broke its own contract" in caplog.text


@pytest.mark.parametrize("reason", ["x" * 9_000, "\N{TOOTH}\r\n" * 3_000])
def test_a_hint_that_quotes_what_came_is_a_short_header(tenant: Tenant, dispatcher: Dispatcher, reason: str) -> None:
    hint = dispatcher.finish(dispatcher.prepare(create(tenant, UnreadableBody(reason)))).headers["X-Mock-Hint"]
    assert len(hint) == MAX_HINT_LENGTH < 4_000
    assert hint.isascii()
    assert hint.isprintable()
