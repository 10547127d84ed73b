"""Every operation that the API has."""

from mockserver.api.operation import Operation
from mockserver.api.resources import claimtrackings

OPERATIONS: tuple[Operation, ...] = (*claimtrackings.OPERATIONS,)
