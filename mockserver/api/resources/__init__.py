"""Resources: all operations of the API."""

from mockserver.api.operation import Operation
from mockserver.api.resources import claims, claimtrackings, definitions, preferences

OPERATIONS: tuple[Operation, ...] = tuple(
    operation for resource in (claimtrackings, definitions, claims, preferences) for operation in resource.OPERATIONS
)
