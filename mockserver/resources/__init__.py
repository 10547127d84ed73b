"""Every operation that the API has."""

from mockserver.operation import Operation
from mockserver.resources import claimtrackings

OPERATIONS: tuple[Operation, ...] = (*claimtrackings.OPERATIONS,)
