"""Import: saved responses of an office as one fixture."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from mockserver.contract.contract import Contract
from mockserver.messages import listed, number_of
from mockserver.office.office import CURRENT_VERSION
from mockserver.office.preferences import PROGRAM_VERSION, name_problem
from mockserver.office.tables import TableSpec
from mockserver.resources.column import TIMES
from mockserver.resources.folder import Folder
from mockserver.resources.operations import is_version
from mockserver.seeding.fixture_writer import Line, as_yaml, without_defaults
from mockserver.seeding.missing_rows import missing_rows
from mockserver.seeding.responses import Response, Responses
from mockserver.seeding.scrub import Scrub
from mockserver.syntax.document import Findings
from mockserver.syntax.yaml_writer import flow
from mockserver.violations import expected_text
from mockserver.work import checkpoint

_OWNER = "PatNum"
_EXCLUDES_NONE = "ClaimTrackingStatusExcludesNone"
_NAME = re.compile("[A-Za-z][A-Za-z0-9_]{0,63}")


class Row(NamedTuple):
    """A row of an office: the `values` of its columns as a fixture has them, and those of columns not known here."""

    values: dict[str, Any]
    unknown: dict[str, Any]


class Import:
    """Saved responses as the rows of one office.

    Rows with the same key are one row: a column has the value that was read last. `version` is that of Open Dental, if
    the responses do not give it.
    """

    def __init__(self, contract: Contract, version: str = "") -> None:
        self._contract, self._given_version = contract, version
        self._responses = Responses(contract.folders)
        self._tables: defaultdict[str, dict[int, Row]] = defaultdict(dict)
        self._preferences: dict[str, Any] = {}
        self._listed_version = ""

    @property
    def findings(self) -> Findings:
        """The mistakes in the files. Their messages have no value of the files."""
        return self._responses.findings

    @property
    def is_empty(self) -> bool:
        """Whether the files have nothing that could be a part of an office."""
        return not (any(self._tables.values()) or self._preferences or self._responses.settings)

    def read(self, file: str) -> None:
        """Add the rows of a file, which may be given as RESOURCE=FILE. Raises OSError."""
        for response in self._responses.read(file):
            for index, given in enumerate(response.rows):
                checkpoint()
                self._add(response, index, given)

    def text(self, scrub: Scrub | None) -> Iterator[str]:
        """Return the fixture in YAML, one row a line; without `scrub` with everything that the responses have."""
        says = "Imported from responses of an office. Columns that are left out have their default."
        settings: dict[str, Any] = {"version": self.version, "imported": self.version}
        if scrub is not None:
            tables, preferences = scrub.tables(self._values()), scrub.preferences(self._preferences)
            return as_yaml(says, settings, preferences, ((name, self._lines(name, tables[name])) for name in tables))
        kept = self._responses.settings
        others = ((name, kept.get(name, ())) for name in ("apikey", "fault"))
        rows = ((name, chain(self._lines(name, rows), self._unknown(name))) for name, rows in self._values().items())
        return as_yaml(says, settings | {"unscrubbed": True}, self._preferences, chain(others, rows))

    def _lines(self, table: str, rows: Mapping[int, Mapping[str, Any]]) -> Iterator[Line]:
        return (without_defaults(row, self._contract.tables[table]) for row in rows.values())

    def _unknown(self, table: str) -> Iterator[Line]:
        rows = self._tables[table].items()
        return (
            f"{number}, columns that are not known here: {flow(row.unknown)}" for number, row in rows if row.unknown
        )

    @property
    def version(self) -> str:
        """The version of Open Dental that the office runs."""
        settings = self._responses.settings.get("office", {})
        known = (self._given_version, self._listed_version, settings.get("imported"), settings.get("version"))
        return next((str(version) for version in known if is_version(version)), CURRENT_VERSION)

    def notes(self) -> Iterator[str]:
        """Yield what the fixture has, what it lacks, and how to get that. No value but numbers of rows is told."""
        counts = [f"{len(rows)} of {table}" for table, rows in self._filled()]
        yield f"rows: {', '.join(counts) or 'none'}"
        if not (self._given_version or self._listed_version or self._responses.settings.get("office")):
            what = f"no response gives the version of Open Dental, so it is {CURRENT_VERSION}; give --office-version"
            yield f"{what}, or the response of GET /preferences?PrefName={PROGRAM_VERSION}"
        yield from missing_rows(self._values(), self._contract, self.version)
        for table, rows in self._filled():
            names = Counter(name if _NAME.fullmatch(name) else "of another form"
                            for row in rows.values() for name in row.unknown)  # fmt: skip
            if names:
                which = listed([f"{name} in {number_of(count, 'row')}" for name, count in names.items()])
                yield f"{table}: {number_of(len(names), 'column')} not known here, of a newer version: {which}"
        for resource, count in self._responses.unserved.items():
            what = f"{number_of(count, 'response')} left out, since the mock does not serve this resource"
            yield f"{resource}: {what}; opendental-mock init --resource {resource} FILE begins its folder"
        if self._responses.others:
            yield f"{number_of(self._responses.others, 'response')} without rows left out, such as refusals"

    def _filled(self) -> Iterator[tuple[str, dict[int, Row]]]:
        """Yield the tables that have rows."""
        return ((table, rows) for table, rows in self._tables.items() if rows)

    def _values(self) -> dict[str, dict[int, dict[str, Any]]]:
        return {table: {number: row.values for number, row in rows.items()} for table, rows in self._filled()}

    def _add(self, response: Response, index: int, given: Any) -> None:
        """Add a row, or the finding on it."""
        folder = response.folder
        if not isinstance(given, dict):
            self.findings.add([response.finding(index, f"this is not a row of {folder.name}: an object with columns")])
            return
        number = given.get(folder.key)
        if not folder.is_in_fixtures:
            self._add_preference(response, index, given)
        elif type(number) is not int or number < 1:
            what = f"this row has no {folder.key}; each row of {folder.name} has it, a whole number of 1 or more"
            self.findings.add([response.finding(index, what, *([folder.key] if folder.key in given else []))])
        elif response.is_deleted:
            self._tables[folder.table].pop(number, None)
        else:
            self._merge(response, index, number, self._read(response, index, given))

    def _read(self, response: Response, index: int, given: Mapping[str, Any]) -> Row:
        """Return a row without joined and empty columns. Those that are wrong have findings."""
        spec = self._contract.tables[response.folder.table]
        values: dict[str, Any] = {}
        unknown: dict[str, Any] = {}
        for name, value in given.items():
            column = spec.named.get(name)
            if column is None and name not in response.folder.columns:
                unknown[name] = value
            elif column is not None and not column.is_none(value):
                values[name] = value
        schema = self._contract.schemas.row_in_fixture(spec.name)
        wrong = self._wrong(spec, values)
        if schema is not None and (wrong or not schema.allows(values)):
            wrong |= {str(error.absolute_path[0]) for error in schema.errors(values) if error.absolute_path}
            for name in wrong:
                what = f"{name} must be {expected_text(spec.named[name].sent)}"
                self.findings.add([response.finding(index, what, name)])
        columns = {spec.named[name]: value for name, value in values.items() if name not in wrong}
        return Row({column.attribute: column.stored(value) for column, value in columns.items()}, unknown)

    def _wrong(self, spec: TableSpec, values: Mapping[str, Any]) -> set[str]:
        """Return the times that are not of the calendar."""
        times = (name for name in values if spec.named[name].type in TIMES and isinstance(values[name], str))
        return {name for name in times if values[name].startswith("now") or _is_no_time(values[name])}

    def _merge(self, response: Response, index: int, number: int, row: Row) -> None:
        table = self._tables[response.folder.table]
        before = table.setdefault(number, Row({}, {}))
        for name in _fixed(response.folder, self._contract):
            if before.values.get(name, row.values.get(name)) != row.values.get(name, before.values.get(name)):
                what = (
                    f"this row has another {name} than the one with the same {response.folder.key} before, which never"
                    " changes; import one office at a time"
                )
                self.findings.add([response.finding(index, what, name)])
        before.values.update(row.values)
        before.unknown.update(row.unknown)
        for name in response.folder.required:
            if name not in before.values:
                what = f"this row has no {name}; each row of {response.folder.name} has it"
                self.findings.add([response.finding(index, what)])

    def _add_preference(self, response: Response, index: int, given: Mapping[str, Any]) -> None:
        name, value = given.get("PrefName"), given.get("ValueString")
        if not isinstance(name, str) or not isinstance(value, str | int):
            what = "this row has no PrefName or no ValueString; each preference has both"
            self.findings.add([response.finding(index, what)])
        elif name == PROGRAM_VERSION:
            self._listed_version = str(value) if is_version(value) else self._listed_version
        elif not name_problem(name):
            self._preferences[name] = value in ("1", 1) if name == _EXCLUDES_NONE else value


@cache
def _fixed(folder: Folder, contract: Contract) -> tuple[str, ...]:
    """Return the columns of a table by which two offices differ: those that no office changes once a row is there."""
    set_later = {name for spec in folder.operations.values() if spec.kind == "update"
                 for name in folder.body(spec)["properties"]}  # fmt: skip
    by_kind = {name for other in contract.folders.values() for column in other.columns.values()
               if column.references and column.references.resource == folder.name
               for name in column.references.where}  # fmt: skip
    return tuple(
        column.attribute for column in folder.columns.values()
        if (column.set_on == "create" or column.name == _OWNER or column.name in by_kind)
        and not (column.is_key or column.name in set_later)
    )  # fmt: skip


def _is_no_time(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return True
    return False
