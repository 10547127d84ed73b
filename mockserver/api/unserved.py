"""Unserved operations: those that the vendor's API has and the mock does not, answered with 501."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from mockserver.api.endpoint import UNSERVED
from mockserver.api.prepared import Prepared
from mockserver.api.request import Request
from mockserver.api.resources.operations import Operations
from mockserver.contract.vendor import ANNOUNCED, UNKNOWN, VendorOperation, VendorResource, vendor_resources
from mockserver.errors import Refusal
from mockserver.office.office import Office


@dataclass(frozen=True, slots=True)
class Unserved:
    """The endpoint of requests for an operation that the mock does not serve. It refuses each of them.

    `operations` are those that the request may be for. `refuse` raises the refusal of an office that has none of them,
    because it is too old.
    """

    operations: Sequence[VendorOperation]
    refuse: Callable[[], NoReturn]
    name = ""  # of the operation; the mock has none

    def prepare(self, _request: Request, _number: str, prepared: Prepared) -> NoReturn:
        """Refuse a request. Raises Refusal."""
        office = prepared.lifetime.tenant.office
        for operation in self.operations:
            if _is_there(operation, office):
                prepared.exchange.unserved = operation.name
                raise Refusal(UNSERVED, {"operation": operation.name}, hint=_hint(operation))
        try:
            self.refuse()
        except Refusal as refusal:
            refusal.hint = f"{_reason(self.operations[0], office)}; {refusal.hint}"
            raise


class VendorApi:
    """The vendor's API beside the operations that are served."""

    def __init__(self, served: Operations) -> None:
        self._served = served

    def unserved(self, method: str, resource: str, segments: Sequence[str]) -> Sequence[VendorOperation]:
        """Return the operations that a request with these segments after the resource may be for, if none is served."""
        found = self.resource(resource)
        operations = found.requested(method, segments) if found is not None else ()
        served = [VendorOperation(one.method, one.path, one.added) for one in self._served.of(resource)]
        paths = {(operation.method, *operation.segments) for operation in served}
        is_served = any((operation.method, *operation.segments) in paths for operation in operations)
        return () if is_served else operations

    @staticmethod
    def resource(name: str) -> VendorResource | None:
        """Return the resource of that name, if the vendor has one."""
        # No resource of the vendor looks like the paths of the admin API and the page, for which the list is not read.
        return vendor_resources().get(name) if name.isalpha() else None


def _is_there(operation: VendorOperation, office: Office) -> bool:
    """Return whether an office has an operation, as far as is known."""
    if operation.added == ANNOUNCED:
        return False
    return operation.added == UNKNOWN or not office.is_older_than(operation.added)


def _hint(operation: VendorOperation) -> str:
    since = "in a version that is not known" if operation.added == UNKNOWN else f"in {operation.added}"
    allow = f"let a run pass with --allow-unserved {operation.resource}"
    return f"the vendor added it {since}; serve it with --resources FOLDER, or {allow}"


def _reason(operation: VendorOperation, office: Office) -> str:
    if operation.added == ANNOUNCED:
        return f"the vendor has announced {operation.name}, and no version has it"
    return f"{operation.name} was added in {operation.added}; this office runs {office.version}"
