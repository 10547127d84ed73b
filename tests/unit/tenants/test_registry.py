"""Tenant registry tests: a copy of the office for each key, a limit on their number, and shared coverage."""

import gc
import logging
import weakref
from dataclasses import replace

import pytest

from mockserver.office.rows import ApiKey
from mockserver.seeding.load import load_office
from mockserver.tenants.registry import Tenants
from mockserver.tenants.tenant import Tenant


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def tenants(max_tenants: int = 3) -> tuple[Tenants, Time]:
    time = Time()
    return Tenants(Tenant(load_office()), per_key=True, max_tenants=max_tenants, idle=100, monotonic=time), time


def test_copy_starts_as_the_fixture_despite_changes_of_the_shared() -> None:
    all_, _ = tenants()
    all_.shared.office.claim.fill([])
    copy = all_.of_key("A")
    assert len(copy.office.claim) == 5
    copy.office.claim.fill([])
    copy.reset()
    assert len(copy.office.claim) == 5
    assert len(all_.shared.office.claim) == 0


def test_a_key_keeps_its_office_while_it_is_used() -> None:
    all_, time = tenants()
    first = all_.of_key("A")
    for _ in range(5):
        time.now += 60
        assert all_.of_key("A") is first


def test_unused_office_is_evicted() -> None:
    all_, time = tenants()
    first = all_.of_key("A")
    time.now += 101
    all_.of_key("B")
    assert len(all_) == 1
    assert all_.of_key("A") is not first


def test_the_one_longest_unused_makes_room() -> None:
    all_, _ = tenants(max_tenants=3)
    first, second = all_.of_key("A"), all_.of_key("B")
    all_.of_key("C")
    assert all_.of_key("A") is first
    all_.of_key("D")
    assert len(all_) == 3
    assert all_.of_key("A") is first
    assert all_.of_key("B") is not second


def test_evicted_office_is_logged_without_its_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    all_, time = tenants(max_tenants=2)
    for key in ("SecretA", "SecretB"):
        journal = all_.of_key(key).journal
        journal.close(journal.open("GET", "/"))
    assert caplog.records == []
    all_.of_key("SecretC")
    time.now += 101
    all_.of_key("SecretC")
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "evicted a customer key's office with 1 requests in its journal: there are at most 2 offices, and it was the least recently used"),
        ("INFO", "evicted a customer key's office with 1 requests in its journal: it was not used for 101 s"),
        ("INFO", "evicted a customer key's office with 0 requests in its journal: it was not used for 101 s"),
    ]  # fmt: skip


def test_a_request_without_a_key_is_for_the_shared_office() -> None:
    all_, _ = tenants()
    assert all_.of_request(None) is all_.shared
    assert all_.of_request("A") is not all_.shared
    one = Tenants(all_.shared)
    assert one.of_request("A") is one.shared


def test_a_key_that_a_fixture_with_keys_does_not_list_gets_no_office() -> None:
    all_, _ = tenants()

    all_.shared.office.apikey["Known"] = ApiKey(DeveloperKey="Dev", CustomerKey="Known")
    assert all_.of_request("Unknown") is all_.shared
    assert all_.of_request("Known") is not all_.shared


def test_coverage_is_counted_together() -> None:
    all_, _ = tenants()
    exchange = all_.of_key("A").journal.open("GET", "/")
    exchange.rules.append("claimtrackings.list.all")
    all_.of_key("A").lifetime.close(exchange)
    counted = all_.shared.coverage.as_json([], strict=False, switches=())
    assert counted["broken"] == 0
    assert all_.of_key("B").coverage is all_.shared.coverage


def test_key_gets_a_new_office_after_the_idle_time() -> None:
    all_, time = tenants()
    first = all_.of_key("A")
    lifetime = first.lifetime
    time.now = 101
    assert all_.of_key("A") is not first
    assert lifetime.ended


def test_evicted_office_is_freed_at_once() -> None:
    all_, _ = tenants(max_tenants=1)
    gc.collect()
    gc.disable()
    try:
        tenant = all_.of_key("A")
        tenant.reset()
        tenant.office.put("claim", replace(next(iter(tenant.office.claim)), CustomTracking=345))
        tenant.snapshots["a"] = tenant.office.snapshot()
        freed = [weakref.ref(part) for part in (tenant, tenant.office, tenant.office.claim, tenant.journal)]
        del tenant
        all_.of_key("B")
        assert [part() for part in freed] == [None] * 4
    finally:
        gc.enable()
