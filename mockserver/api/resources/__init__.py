"""Resources: all operations of the API."""

from mockserver.api.resources import claims, claimtrackings
from mockserver.api.resources.operations import Operations
from mockserver.contract.contract import Contract, shipped_contract

_PYTHON = {
    f"{resource}/{name}": part
    for resource, parts in (("claims", claims.PARTS), ("claimtrackings", claimtrackings.PARTS))
    for name, part in parts.items()
}


def operations_of(contract: Contract) -> Operations:
    """Return all operations of a contract."""
    return Operations(contract, _PYTHON)


OPERATIONS = operations_of(shipped_contract())
"""The operations of this package."""
