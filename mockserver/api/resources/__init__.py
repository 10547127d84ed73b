"""Resources: all operations of the API."""

from mockserver.api.resources import claimpayments, claimprocs, claims, claimtrackings, procedurelogs
from mockserver.api.resources.operations import Operations
from mockserver.contract.contract import Contract, shipped_contract

_PYTHON = {
    f"{module.__name__.rpartition('.')[2]}/{name}": part
    for module in (claimpayments, claimprocs, claims, claimtrackings, procedurelogs)
    for name, part in module.PARTS.items()
}


def operations_of(contract: Contract) -> Operations:
    """Return all operations of a contract."""
    return Operations(contract, _PYTHON)


OPERATIONS = operations_of(shipped_contract())
"""The operations of this package."""
