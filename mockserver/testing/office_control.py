"""Office control: the rows of an office, which a test reads and changes."""

from collections.abc import Callable

from mockserver.fixtures.single_row import put_row
from mockserver.office.office import Office
from mockserver.office.rows import Claim, ClaimTracking, Definition
from mockserver.testing.access import Access, Got


class OfficeControl:
    """The office's rows."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @property
    def claimtracking(self) -> list[ClaimTracking]:
        """Return all trackings, newest first."""
        return self._call(lambda office: list(office.claimtracking)[::-1])

    @property
    def claim(self) -> list[Claim]:
        """Every claim."""
        return self._call(lambda office: list(office.claim))

    @property
    def definition(self) -> list[Definition]:
        """Every definition."""
        return self._call(lambda office: list(office.definition))

    def put(self, row: ClaimTracking | Claim | Definition) -> None:
        """Store a row, and replace the row with its primary key if there is one.

        It is validated like a row of a fixture, and DateTimeEntry may be relative to the clock in the same form. Raises
        TypeError if it is not a row, ValueError with all of its errors.
        """
        self._call(lambda office: put_row(office, row, self._access.contract))

    def _call(self, do: Callable[[Office], Got]) -> Got:
        return self._access.use(lambda tenant: do(tenant.office))
