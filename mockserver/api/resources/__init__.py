"""Resources: all operations of the API."""

from mockserver.api.resources import claimtrackings
from mockserver.api.resources.operations import Operations
from mockserver.contract.contract import Contract, shipped_contract


def operations_of(contract: Contract) -> Operations:
    """Return all operations of a contract."""
    return Operations(contract, {f"claimtrackings/{name}": part for name, part in claimtrackings.PARTS.items()})


OPERATIONS = operations_of(shipped_contract())
"""The operations of this package."""
