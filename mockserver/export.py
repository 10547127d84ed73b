"""An office as the fixture that loads back to it."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from typing import Any

from mockserver.office import Office
from mockserver.yaml_text import flow


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


def as_yaml(office: Office) -> str:
    """The same as a person would write it, a row to a line, without what goes without saying."""
    return "\n\n".join(part for part in _parts(office) if part) + "\n"


def _parts(office: Office) -> Iterator[str]:
    yield f"# An office as it was at {office.clock.text()}."
    yield f"office:\n  version: {flow(office.version)}"
    preference = _said(office.preference)
    if preference:
        yield "preference:\n" + "\n".join(f"  {name}: {flow(value)}" for name, value in preference.items())
    yield _table("apikey", map(_said, office.apikey.values()))
    yield _table("fault", office.fault)
    yield _table("definition", map(_said, office.definition.values()))
    yield _table("claim", (row.ClaimNum if len(_said(row)) == 1 else _said(row) for row in office.claim.values()))
    yield _table("claimtracking", map(_said, office.claimtracking))


def _table(name: str, rows: Iterable[Any]) -> str:
    lines = [f"  - {flow(row)}" for row in rows]
    return "\n".join([f"{name}:", *lines]) if lines else ""


def _said(row: Any) -> dict[str, Any]:
    """The columns of a row that are not as by default."""
    given = ((field, getattr(row, field.name)) for field in fields(row))
    return {field.name: value for field, value in given if value != field.default}
