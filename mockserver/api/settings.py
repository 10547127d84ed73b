"""How the server behaves, apart from what an office holds; and what of the contract can be met like that."""

from dataclasses import dataclass
from typing import Any

from mockserver.contract.contract import Contract
from mockserver.tenants.tenant import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The switches.

    `strict_headers`: with `strict`, refuse a GET without Content-Type too. `mode`: remote, local or service.
    `transparent`: send no header of the mock's own. `admin`: whether there is an admin API.
    """

    strict: bool = False
    strict_headers: bool = False
    mode: str = "remote"
    throttle: bool = False
    transparent: bool = False
    admin: bool = True

    def switches(self) -> set[str]:
        """The values of a rule's `only` that hold here."""
        local = self.mode != "remote"
        return {"local" if local else "remote"} | ({"throttle"} if self.throttle and not local else set())


def contract_coverage(tenant: Tenant, contract: Contract, settings: Settings) -> dict[str, Any]:
    """What `GET /__admin/contract` answers."""
    return tenant.coverage.as_json(contract.rules.values(), strict=settings.strict, switches=settings.switches())
