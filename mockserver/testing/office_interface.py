"""Interface of an office's controls: what a test has of any server, whether that is in its process or not."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, MutableMapping
from typing import Any, Literal, TypeVar, overload

from mockserver.office.rows import Claim, ClaimTracking, Definition

RowType = TypeVar("RowType", ClaimTracking, Claim, Definition)
Row = ClaimTracking | Claim | Definition


class PreferencesInterface(MutableMapping[str, Any]):
    """The office's preferences, as a mapping. They can be set, not removed."""

    @abstractmethod
    def _all(self) -> dict[str, Any]:
        """Return all preferences by name."""

    def __getitem__(self, name: str) -> Any:
        return self._all()[name]

    def __delitem__(self, name: str) -> None:
        raise TypeError("a preference cannot be removed; set it to False")

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


class OfficeInterface(ABC):
    """The office's rows."""

    @overload
    def put(self, what: RowType, /) -> RowType: ...

    @overload
    def put(self, what: Literal["claimtracking"], /, **columns: Any) -> ClaimTracking: ...

    @overload
    def put(self, what: Literal["claim"], /, **columns: Any) -> Claim: ...

    @overload
    def put(self, what: Literal["definition"], /, **columns: Any) -> Definition: ...

    @overload
    def put(self, what: str, /, **columns: Any) -> Any: ...

    def put(self, what: Row | str, /, **columns: Any) -> Any:
        """Store a row, and replace the row with its primary key if there is one. Return the row as it is stored.

        The row is a ClaimTracking, Claim or Definition, or columns beside the name of its table: `put("claim",
        ClaimNum=15)`. It is validated like a row of a fixture: a column that is left out has its default, a tracking
        without a number gets the next one, and DateTimeEntry may be relative to the clock. Raises TypeError if it is
        not a row, ValueError with all of its errors.
        """
        return self._put(what, columns)

    @abstractmethod
    def _put(self, what: Row | str, columns: dict[str, Any]) -> Any:
        """Store a row, given as itself or as the name of its table with columns."""
