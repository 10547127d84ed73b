"""Fixture loader: fixture files read, validated and merged into an office, or all of their errors."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path as File
from typing import Any

from mockserver.contract.contract import Contract, shipped_contract
from mockserver.messages import path_text
from mockserver.office.clock import Clock, parse_moment
from mockserver.office.faults import MAX_FAULTS
from mockserver.office.office import CURRENT_VERSION, Office
from mockserver.office.preferences import MAX_PREFERENCES, Preferences, name_problem
from mockserver.office.rows import ApiKey
from mockserver.seeding.diagnostics import FixtureError
from mockserver.seeding.foreign_keys import ForeignKeys
from mockserver.seeding.generate import Generator
from mockserver.seeding.history import is_imported, read_history
from mockserver.seeding.layers import Layer, read_layers, read_text
from mockserver.seeding.lint import warnings
from mockserver.seeding.locate import folder_of
from mockserver.seeding.merge import Tables, exhausted_numbers
from mockserver.seeding.observed_files import ObservedFiles
from mockserver.seeding.rows import office_row
from mockserver.seeding.schema_errors import check_schema
from mockserver.syntax.diagnostics import Diagnostic
from mockserver.syntax.document import Finding, Findings
from mockserver.work import checkpoint, collected_seldom


def load_office(*fixtures: str, now: str | None = None, contract: Contract | None = None) -> Office:
    """Return the office that `fixtures` describe: shipped names, files or folders, later ones over earlier ones.

    `now` (`yyyy-MM-dd HH:mm:ss`) freezes the office's clock; without it the clock runs. Raises FixtureError with all
    errors in the fixtures, FixtureNotFound if a fixture does not exist, ValueError if `now` has another form.
    """
    return read_fixtures(*fixtures, now=now, contract=contract).office()


def read_fixtures(*fixtures: str, now: str | None = None, contract: Contract | None = None) -> "Draft":
    """Return the draft of the office that `fixtures` describe. Raises FixtureNotFound, ValueError."""
    clock = Clock(parse_moment(now) if now else None)
    contract = contract or shipped_contract()
    return Draft(*read_layers(fixtures or ("default",)), contract, clock)


def office_from_text(text: str, *, contract: Contract, now: datetime | None = None) -> Office:
    """Return the office that a fixture in JSON describes; its times are relative to `now`. Raises FixtureError."""
    return Draft(*read_text(text), contract, Clock(now)).office()


class Draft:
    """Layers that are merged and validated: an office, unless there are `errors`.

    `files` are all files that it depends on, including a base that does not exist.
    """

    def __init__(self, layers: list[Layer], findings: Findings, contract: Contract, clock: Clock) -> None:
        self._layers, self._contract, self._clock = layers, contract, clock
        self._now = clock.now().replace(microsecond=0)
        self._tables = Tables(contract.folders)
        self._history = Findings()
        if findings:  # files that could not be read, or do not exist
            self._tables.mark_all_incomplete()
        self.files = {File(layer.file) for layer in layers} | findings.files
        for layer in layers:
            if isinstance(layer.get("extends"), str):
                self.files.add(folder_of(File(layer.file)) / layer.get("extends"))
            if isinstance(layer.data, dict) and is_imported(layer):
                self._history.add(read_history(layer, contract))
            if not findings.has_more:
                check_schema(layer, contract, self._tables.mistakes, findings)
            if not findings.has_more:  # rows that are not explained would lead to more
                findings.add(self._tables.merge_layer(layer))
        self._observed = ObservedFiles(layers, contract)
        findings.merge(self._observed.findings)
        self._generator = Generator(self._tables, contract.tables, self._now)
        self._foreign_keys = ForeignKeys(self._tables, self._generator, contract.tables, self._now)
        self._is_imported = isinstance(self._settings("office").get("imported"), str)
        if not findings.has_more:
            findings.add(self._of_the_whole())
        self.errors = findings.placed()

    def row_counts(self) -> dict[str, int]:
        """Return the number of rows of each table that has some, generated ones included."""
        tables, generator = self._tables, self._generator
        counts = {
            name: len(tables.rows[name])
            + len(tables.unnumbered[name])
            + sum(rows for _, rows in generator.wanted(name))
            for name in tables.names()
        }
        return {name: count for name, count in counts.items() if count}

    def warnings(self) -> list[Diagnostic]:
        """Return the warnings on a valid but suspicious fixture."""
        found = Findings(warnings(self._tables, self._contract.tables, self._now))
        found.merge(self._history)
        if self._is_imported and not self.errors:
            found.add(self._foreign_keys.dangling(is_warning=True))
        found.add(self._unscrubbed())
        return sorted({*found.placed(), *self._observed.warnings})

    @collected_seldom()
    def office(self) -> Office:
        """Return the office. Raises FixtureError."""
        if self.errors:
            raise FixtureError(self.errors)
        settings = self._settings("office")
        return Office(
            specs=self._contract.tables,
            encoder_of=self._contract.encoder_of,
            rows={name: self._rows(name) for name in self._tables.names() if name != "apikey"},
            apikey=(_apikey(placed.row) for placed in self._tables.rows["apikey"].values()),
            preference=Preferences.of(self._settings("preference")),
            fault=(given for layer in self._layers for given in layer.get("fault") or ()),
            observed=self._observed.paths,
            version=settings.get("version", CURRENT_VERSION),
            imported=settings.get("imported", ""),
            unscrubbed=settings.get("unscrubbed", False),
            clock=self._clock,
        )

    def _settings(self, name: str) -> dict[str, Any]:
        given = (layer.get(name) for layer in self._layers)
        return {key: value for part in given if isinstance(part, dict) for key, value in part.items()}

    def _rows(self, table: str) -> Iterator[Any]:
        """Yield the rows of a table: those with a number, those that are numbered after them, and generated ones."""
        spec = self._contract.tables[table]
        for number, placed in self._tables.numbered(table):
            checkpoint()
            yield office_row(spec, {**placed.row, spec.key: number}, self._now)
        yield from self._generator.rows(table)

    def _of_the_whole(self) -> Iterator[Finding]:
        """Yield the errors that concern several layers together."""
        tables, generator = self._tables, self._generator
        yield from () if self._is_imported else self._foreign_keys.dangling()
        yield from self._foreign_keys.times()
        yield from generator.diagnostics()
        for table in tables.names():
            unnumbered = ((placed, 1) for placed in tables.unnumbered[table])
            yield from exhausted_numbers(tables, table, chain(unnumbered, generator.wanted(table)))
        yield from self._too_many_faults()
        yield from self._preference_names()

    def _unscrubbed(self) -> Iterator[Finding]:
        """Yield a warning on each file that says to have the data of real patients."""
        for layer in self._layers:
            office = layer.get("office")
            if isinstance(office, dict) and office.get("unscrubbed") is True:
                what = "office.unscrubbed: this file has data of real patients; do not commit it, and import it again"
                path = ("office", "unscrubbed")
                yield layer.finding(path, f"{what} without --no-scrub to share it", is_warning=True)

    def _preference_names(self) -> Iterator[Finding]:
        names = set(Preferences().as_fixture())
        for layer in self._layers:
            given = layer.get("preference")
            names.update(given if isinstance(given, dict) else ())
            if len(names) > MAX_PREFERENCES:
                what = f"preference: an office has {MAX_PREFERENCES:,} or fewer, and this one would have {len(names):,}"
                yield layer.finding(("preference",), what, key=True)
                return
            for name in given if isinstance(given, dict) else ():
                if problem := name_problem(name):
                    path = ("preference", name)
                    yield layer.finding(path, f"{path_text(path)} {problem}", key=True)

    def _too_many_faults(self) -> Iterator[Finding]:
        before: list[str] = []
        count = 0
        for layer in self._layers:
            here = layer.get("fault")
            if not isinstance(here, list) or not here:
                continue
            if count + len(here) > MAX_FAULTS >= count and before:
                what = f"fault: {len(here)} here and {count} in {' and '.join(before)} are too many"
                yield layer.finding(("fault",), f"{what}; an office has {MAX_FAULTS} or fewer", key=True)
            before.append(layer.file)
            count += len(here)


def _apikey(row: dict[str, Any]) -> ApiKey:
    return ApiKey(**row | ({"Permissions": tuple(row["Permissions"])} if "Permissions" in row else {}))
