"""The vendor's operations: all that are known, whether the mock serves them or not (`schemas/vendor.yaml`)."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from mockserver.assets import shipped
from mockserver.resources.yaml_files import read_yaml

UNKNOWN = "unknown"
"""`added` of an operation whose version no source gives."""
ANNOUNCED = "announced"
"""`added` of an operation that the vendor's pages only announce."""
NUMBER = "/"
"""Stands for a segment of a path that is a number. No segment is equal to it."""


class VendorOperation(NamedTuple):
    """One operation of the vendor's API.

    `path` is below the base path. `added` is the version of Open Dental that brought it, or UNKNOWN, or ANNOUNCED.
    `source` is empty if the vendor's page has it; the head of `schemas/vendor.yaml` lists the others.
    """

    method: str
    path: str
    added: str
    source: str = ""

    @property
    def name(self) -> str:
        """Return the operation as the vendor writes it: `GET /patients/{PatNum}`."""
        return f"{self.method} {self.path}"

    @property
    def resource(self) -> str:
        """Return the resource, as in URLs."""
        return self.path.split("/")[1]

    @property
    def segments(self) -> list[str]:
        """Return the path after the resource, in lower case, with NUMBER in the place of each name in braces."""
        return [NUMBER if part.startswith("{") else part.lower() for part in self.path.split("/")[2:]]


class VendorResource(NamedTuple):
    """One resource of the vendor's API. `table` and `type` are the vendor's names of its table and row, if known."""

    operations: tuple[VendorOperation, ...]
    table: str = ""
    type: str = ""

    def requested(self, method: str, segments: Sequence[str]) -> list[VendorOperation]:
        """Return the operations that a request with these `segments` may be for; see VendorOperation.

        The words make the method's name, as in the vendor's refusals ("claims GET search is not a valid method"), so
        that an operation with these words is meant even if the number is missing or in another place. If one has the
        number there, it is meant alone.
        """
        segments = [part.lower() for part in segments]
        words = [part for part in segments if part != NUMBER]
        named = [
            operation
            for operation in self.operations
            if operation.method == method and [part for part in operation.segments if part != NUMBER] == words
        ]
        return [operation for operation in named if operation.segments == segments] or named


@cache
def vendor_resources() -> Mapping[str, VendorResource]:
    """Return the resources of the vendor's API by their names in URLs."""
    entries: dict[str, dict[str, str]] = read_yaml(shipped("schemas") / "vendor.yaml")
    return {
        name: VendorResource(
            tuple(VendorOperation(*line.split()) for line in entry["operations"].splitlines()),
            entry.get("table", ""),
            entry.get("type", ""),
        )
        for name, entry in entries.items()
    }
