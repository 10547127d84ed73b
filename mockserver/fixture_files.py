"""From fixture files to an office: read, checked, laid over each other; or everything that is wrong with them."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path as File
from typing import Any

from mockserver.clock import Clock, parse_moment
from mockserver.complaints import Complaint, FixtureError
from mockserver.contract import Contract, shipped_contract
from mockserver.faults import MOST_FAULTS
from mockserver.fixture_generate import Generator
from mockserver.fixture_layers import Layer, read_layers, read_text
from mockserver.fixture_misfits import misfits
from mockserver.fixture_references import References
from mockserver.fixture_tables import Tables, without_number
from mockserver.fixture_times import resolve
from mockserver.fixture_warnings import warnings
from mockserver.office import CURRENT_VERSION, Office
from mockserver.rows import ApiKey, Claim, ClaimTracking, Definition, Preferences, stored_text


def load_office(*fixtures: str, now: str | None = None, contract: Contract | None = None) -> Office:
    """The office that `fixtures` describe: shipped names, files or folders, later ones over earlier ones.

    `now` (`yyyy-MM-dd HH:mm:ss`) is where its clock stands still; without it the clock runs.
    Raises FixtureError with everything that is wrong, FixtureNotFound where there is no such fixture,
    ValueError where `now` is in another form.
    """
    return read_fixtures(*fixtures, now=now, contract=contract).office()


def read_fixtures(*fixtures: str, now: str | None = None, contract: Contract | None = None) -> "Draft":
    """The same, before it is an office. Raises FixtureNotFound, ValueError."""
    clock = Clock(parse_moment(now) if now else None)
    contract = contract or shipped_contract()
    return Draft(*read_layers(fixtures or ("default",)), contract, clock)


def office_from_text(text: str, *, contract: Contract, now: datetime | None = None) -> Office:
    """The office that a fixture in JSON describes; its times are relative to `now`. Raises FixtureError."""
    return Draft(*read_text(text), contract, Clock(now)).office()


class Draft:
    """Layers laid over each other and checked: an office, unless there are `complaints`.

    `files` are those that it stands on, a base that is not there among them.
    """

    def __init__(self, layers: list[Layer], complaints: list[Complaint], contract: Contract, clock: Clock) -> None:
        self._layers, self._contract, self._clock = layers, contract, clock
        self._now = clock.now().replace(microsecond=0)
        self._tables = Tables(doubtful={"claim", "definition", "claimtracking", "generate"} if complaints else set())
        self.files = {File(layer.file) for layer in layers} | {File(one.file) for one in complaints}
        for layer in layers:
            if isinstance(layer.get("extends"), str):
                self.files.add(File(layer.file).parent / layer.get("extends"))
            complaints += layer.doubled
            complaints += misfits(layer, contract, self._tables)
            complaints += self._tables.lay_over(layer)
        self._generator = Generator(self._tables, self._now)
        said = {(one.file, one.line, one.column) for one in complaints}
        complaints += (one for one in self._of_the_whole() if (one.file, one.line, one.column) not in said)
        self.complaints = sorted(set(complaints))

    def warnings(self) -> list[Complaint]:
        """What is right and yet looks like a mistake."""
        return sorted(set(warnings(self._tables, self._now, wrong=bool(self.complaints))))

    def office(self) -> Office:
        """The office. Raises FixtureError."""
        if self.complaints:
            raise FixtureError(self.complaints)
        rows = self._tables.rows
        settings = self._settings("office")
        return Office(
            encode=self._contract.encoder("claimtrackings/row"),
            claim=chain((Claim(**placed.row) for placed in rows["claim"].values()), self._generator.claim_rows()),
            definition=(_definition(placed.row) for placed in rows["definition"].values()),
            claimtracking=self._trackings(),
            apikey=(_apikey(placed.row) for placed in rows["apikey"].values()),
            preference=Preferences(**self._settings("preference")),
            fault=(given for layer in self._layers for given in layer.get("fault") or ()),
            version=settings.get("version", CURRENT_VERSION),
            clock=self._clock,
        )

    def _settings(self, name: str) -> dict[str, Any]:
        return {key: value for layer in self._layers for key, value in (layer.get(name) or {}).items()}

    def _trackings(self) -> Iterator[ClaimTracking]:
        number = self._tables.highest("claimtracking")
        for placed in self._tables.rows["claimtracking"].values():
            yield self._tracking(placed.row)
        for placed in self._tables.unnumbered:
            number += 1
            yield self._tracking(placed.row | {"ClaimTrackingNum": number})
        yield from self._generator.tracking_rows(number + 1)

    def _tracking(self, row: dict[str, Any]) -> ClaimTracking:
        entered, note = resolve(row.get("DateTimeEntry", "now"), self._now), stored_text(row.get("Note", ""))
        return ClaimTracking(**{**row, "DateTimeEntry": entered, "Note": note})

    def _of_the_whole(self) -> Iterator[Complaint]:
        """What no layer shows alone."""
        references = References(self._tables, self._generator, self._now)
        yield from references.dangling(self._tables.trackings())
        if not self._tables.doubtful & {"claim", "claimtracking", "generate"}:
            yield from self._generator.complaints()
            yield from references.dangling_in_generate(self._generator.trackings)
            yield from without_number(
                self._tables, "claimtracking",
                chain(((one, 1) for one in self._tables.unnumbered),
                      ((one, one.row["rows"]) for one in self._generator.trackings)),
            )  # fmt: skip
            yield from without_number(self._tables, "claim", ((one, one.row["rows"]) for one in self._generator.claims))
        yield from self._too_many_faults()

    def _too_many_faults(self) -> Iterator[Complaint]:
        before: list[str] = []
        count = 0
        for layer in self._layers:
            here = layer.get("fault")
            if not isinstance(here, list) or not here:
                continue
            if count + len(here) > MOST_FAULTS >= count and before:
                what = f"fault: {len(here)} here and {count} in {' and '.join(before)} are too many"
                yield layer.complaint(("fault",), f"{what}; an office has {MOST_FAULTS} or fewer", key=True)
            before.append(layer.file)
            count += len(here)


def _definition(row: dict[str, Any]) -> Definition:
    stored: dict[str, Any] = {name: stored_text(it) if isinstance(it, str) else it for name, it in row.items()}
    return Definition(**stored)


def _apikey(row: dict[str, Any]) -> ApiKey:
    return ApiKey(**row | ({"Permissions": tuple(row["Permissions"])} if "Permissions" in row else {}))
