"""Resources: all operations of the API."""

from collections.abc import Mapping
from importlib import import_module

from mockserver.api.resources.operations import Operations, Part
from mockserver.contract.contract import Contract, shipped_contract

_IN_PYTHON = ("claimpayments", "claimprocs", "claims", "claimtrackings", "procedurelogs")
"""The resources with sentences that are more than data, each with a module of its own."""


def _parts(resource: str) -> Mapping[str, Part]:
    """Return what the operations of a resource have in Python, by their names. It is imported when first asked for."""
    parts: Mapping[str, Part] = {}
    if resource in _IN_PYTHON:
        parts = import_module(f"{__name__}.{resource}").PARTS
    return parts


def operations_of(contract: Contract) -> Operations:
    """Return all operations of a contract."""
    return Operations(contract, _parts)


OPERATIONS = operations_of(shipped_contract())
"""The operations of this package."""
