"""Resources: all operations of the API."""

from mockserver.api.operation import Operation
from mockserver.api.resources import claimtrackings

OPERATIONS: tuple[Operation, ...] = (*claimtrackings.OPERATIONS,)
