"""Mock: a server without its sockets, which are the app's."""

import logging
from collections.abc import Callable, Mapping
from typing import Any
from weakref import ref

from aiohttp import web

from mockserver.api.dispatcher import Dispatcher
from mockserver.contract.contract import Contract
from mockserver.contract.own_resources import contract_with
from mockserver.hosts import is_open_to_others
from mockserver.journal.exchange import Exchange
from mockserver.journal.journal import Journal
from mockserver.office.client_key import client_key
from mockserver.office.office import Office, Snapshot
from mockserver.office.rows import ApiKey
from mockserver.reports.run_folder import counting
from mockserver.seeding.load import load_office
from mockserver.settings.server import Settings
from mockserver.tenants.registry import Tenants
from mockserver.tenants.tenant import Tenant
from mockserver.web.guards import HostGuard

log = logging.getLogger("mockserver")


class Mock:
    """The contract, the offices, the settings and the dispatcher of a server. `fixtures` are the names of its fixtures.

    Raises FixtureError, FixtureNotFound, ObservationError, ResourceError.
    """

    def __init__(self, settings: Settings) -> None:
        contract = contract_with(settings.resources)
        office = settings.office or load_office(*settings.fixtures, now=settings.now, contract=contract)
        journal = Journal(settings.journal_size, settings.journal_bytes)
        self.settings = settings
        self.fixtures = settings.fixtures or ("default",)
        self.contract = _observed_contract(contract, office, settings)
        coverage = counting(contract, strict=settings.strict)
        self.tenants = Tenants(Tenant(office, journal=journal, coverage=coverage), per_key=settings.office_per_key)
        self.dispatcher = Dispatcher(self.contract, self.tenants, settings)
        self._lacks: tuple[Mapping[str, str], Callable[[], Snapshot | None]] = ({}, lambda: None)
        self.hosts = HostGuard(
            (*settings.allowed_hosts, *settings.certified_names), is_open=is_open_to_others(settings.host)
        )

    @property
    def shared(self) -> Tenant:
        """Return the office of all keys that have none of their own."""
        return self.tenants.shared

    def coverage(self) -> dict[str, Any]:
        """Return the JSON of `GET /__admin/contract`: the rules that the settings let a client cover, with counts."""
        from mockserver.reports.scope import with_scope  # slow to import

        settings, rules = self.settings, self.contract.rules.values()
        coverage = self.shared.coverage.as_json(
            rules, strict=settings.strict, switches=settings.switches(), needs=self._needs()
        )
        return with_scope(coverage)

    def _needs(self) -> Mapping[str, str]:
        """Return, for each rule that no client can meet at this office as it is at its start, which office has it."""
        office = self.shared.office
        needs, start = self._lacks
        if start() is not office.start:
            needs = self.contract.lacks(office.copy())
            self._lacks = (needs, ref(office.start))
        return needs

    def exchanges(self) -> list[Exchange]:
        """Return the journals of all offices, in the order of their times."""
        exchanges = [exchange for tenant in self.tenants for exchange in tenant.journal.exchanges]
        return sorted(exchanges, key=lambda exchange: exchange.at)

    def key(self) -> ApiKey:
        """Return a pair of keys that the office accepts."""
        return client_key(self.shared.office.apikey.values())


MOCK = web.AppKey("MOCK", Mock)
"""The key of the mock of an app."""


def _observed_contract(contract: Contract, office: Office, settings: Settings) -> Contract:
    """Return the contract as it was observed, and list the rows of the office accordingly. Raises ObservationError."""
    if office.observed or settings.observed:
        from mockserver.observations.files import read_observations  # which few servers need at their start
        from mockserver.observations.observation import observed

        observations = read_observations((*office.observed, *settings.observed), contract)
        for warning in observations.warnings:
            log.warning("%s", warning.message)
        contract = observed(contract, observations)
    office.list_as(contract.orders)
    return contract
