"""Fixture: the office as a fixture file of the mock has it."""

from support.small_office.data import DISABLED_KEYS, PERMISSIONS, VERSION, Row
from support.small_office.store import Store


def fixture(store: Store) -> dict[str, object]:
    """Return the rows of an office in the form of a fixture."""
    return {
        "office": {"version": VERSION},
        "preference": {
            str(row["PrefName"]): store.excludes_none if row["PrefNum"] == 1 else row["ValueString"]
            for row in store.preferences
            if row["PrefName"] != "ProgramVersion"  # a fixture has it as the office's version
        },
        "definition": [dict(row) for row in store.definitions],
        "claim": [dict(row) for row in store.claims.values()],
        "claimtracking": [dict(row) for row in store.trackings.values()],
        "apikey": [
            *(_pair(keys) | {"Permissions": list(names)} for keys, names in PERMISSIONS.items()),
            _pair(DISABLED_KEYS) | {"State": "DisabledByCustomer"},
        ],
    }


def _pair(keys: str) -> Row:
    developer, customer = keys.split("/")
    return {"DeveloperKey": developer, "CustomerKey": customer}
