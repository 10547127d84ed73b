"""An office as the fixture that loads back to it."""

from dataclasses import asdict
from typing import Any

from mockserver.office import Office


def as_fixture(office: Office) -> dict[str, Any]:
    """Everything in `office` that a fixture can say, every column written out; its clock is not in it."""
    return {
        "office": {"version": office.version},
        "apikey": [asdict(row) | {"Permissions": list(row.Permissions)} for row in office.apikey.values()],
        "fault": [dict(given) for given in office.fault],
        "preference": asdict(office.preference),
        "definition": [asdict(row) for row in office.definition.values()],
        "claim": [asdict(row) for row in office.claim.values()],
        "claimtracking": [asdict(row) for row in office.claimtracking],
    }
