"""Contract coverage: the rules that a server can cover with its settings, and those that it has covered."""

from typing import Any

from mockserver.contract.contract import Contract
from mockserver.settings.server import Settings
from mockserver.tenants.tenant import Tenant


def contract_coverage(tenant: Tenant, contract: Contract, settings: Settings) -> dict[str, Any]:
    """Return the JSON of `GET /__admin/contract`."""
    return tenant.coverage.as_json(contract.rules.values(), strict=settings.strict, switches=settings.switches())
