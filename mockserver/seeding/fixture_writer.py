"""Fixture writer: an office as a fixture in YAML, one row a line, without what has its default."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockserver.office.preferences import Preferences
from mockserver.office.tables import TableSpec
from mockserver.syntax.yaml_writer import flow

Line = Mapping[str, Any] | str
"""A row, or the text of a comment."""


def as_yaml(
    says: str, office: Mapping[str, Any], preference: Mapping[str, Any], tables: Iterable[tuple[str, Iterable[Line]]]
) -> Iterator[str]:
    """Yield a fixture that begins with a comment. A table without lines is left out."""
    yield f"# {says}\n\noffice:\n"
    yield from (f"  {name}: {flow(value)}\n" for name, value in office.items())
    if preference.items() - Preferences().as_fixture().items():
        yield "\npreference:\n"
        yield from (f"  {name}: {flow(value)}\n" for name, value in preference.items())
    for name, lines in tables:
        heading = f"\n{name}:\n"
        for line in lines:
            yield f"{heading}  {f'# {line}' if isinstance(line, str) else f'- {flow(line)}'}\n"
            heading = ""


def without_defaults(row: Mapping[str, Any], spec: TableSpec) -> dict[str, Any]:
    """Return the columns of a row that do not have their default. A time that is left out would be the next start's."""
    return {name: value for name, value in row.items() if name not in spec.defaults or value != spec.defaults[name]}
