"""Fixture watcher: a valid fixture that is saved replaces the office, an invalid one is only reported."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from mockserver.contract.contract import Contract
from mockserver.office.office import Office
from mockserver.seeding.diagnostics import FixtureError, FixtureNotFound, FixtureUnreadable
from mockserver.seeding.load import Draft, read_fixtures
from mockserver.seeding.locate import find
from mockserver.tenants.registry import Tenants
from mockserver.web.mock import Mock
from mockserver.web.thread import WORKER
from mockserver.work import Abandoned

log = logging.getLogger("mockserver")

# A save is over when two checks in a row see the same state. Both, with loading, take less than a second.
_SECONDS = 0.2

_Seen = dict[Path, tuple[int, int, int] | None]


@asynccontextmanager
async def watching(mock: Mock, fixtures: tuple[str, ...]) -> AsyncIterator[None]:
    """Watch the fixtures of a mock while the block runs, from now on."""
    loaded = _look(fixtures, set())
    task = asyncio.create_task(_watch(mock, fixtures, loaded))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _watch(mock: Mock, fixtures: tuple[str, ...], loaded: _Seen) -> None:
    files = set(loaded)
    with suppress(Exception):  # an error that persists is reported when they are loaded
        files |= (await WORKER.run(lambda: read_fixtures(*fixtures, contract=mock.contract))).files
    loaded = _states(files) | loaded
    seen: _Seen = {}
    while True:
        await asyncio.sleep(_SECONDS)
        try:
            before, seen = seen, _look(fixtures, files)
            if seen == before and seen != loaded:
                loaded = seen  # even on an error, so that they are loaded again only after the next save
                new = await _load(mock, fixtures, partial(_is_as, seen, fixtures, files)) - files
                files |= new
                loaded = seen | _states(new)
        except Abandoned:
            loaded = {}  # saved again meanwhile, or not readable
        except Exception as error:
            _report_failure(error, mock.tenants)


def _report_failure(error: Exception, tenants: Tenants) -> None:
    """Report once, in the log and in /health, that watching has failed."""
    diagnostic = f"the fixtures could not be loaded; this is a bug in opendental-mock, and its log says more: {error!r}"
    if tenants.shared.fixture_errors != (diagnostic,):
        log.error("the fixtures could not be loaded, and the office stays as it is", exc_info=error)
    for tenant in tenants:
        tenant.fixture_errors = (diagnostic,)


def _look(fixtures: tuple[str, ...], files: set[Path]) -> _Seen:
    """Return the state of the files, including those that were added to a folder."""
    found = set(files)
    for fixture in fixtures:
        with suppress(FixtureNotFound):
            found.update(find(fixture))
    return _states(found)


def _states(files: Iterable[Path]) -> _Seen:
    return {file: _state(file) for file in files}


def _state(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except (OSError, ValueError):  # ValueError: a base with an impossible file name
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _is_as(seen: _Seen, fixtures: tuple[str, ...], files: set[Path]) -> bool:
    """Return whether the files are still as they were seen."""
    return _look(fixtures, files) == seen


async def _load(mock: Mock, fixtures: tuple[str, ...], is_wanted: Callable[[], bool]) -> set[Path]:
    """Load the fixtures as they are now, and return their files. Raises Abandoned."""
    tenants = mock.tenants
    try:
        now = tenants.shared.office.clock.text()
        draft, office = await WORKER.run(lambda: _read(fixtures, now, mock.contract), is_wanted)
    except FixtureNotFound as error:
        if tenants.shared.fixture_errors != (str(error),):
            log.warning("the fixtures can no longer be read, and the office stays as it is: %s", error)
        for tenant in tenants:
            tenant.fixture_errors = (str(error),)
        if isinstance(error, FixtureUnreadable):
            raise Abandoned from None  # no save may tell when it can be read
        return set()
    for tenant in tenants:
        tenant.fixture_errors = tuple(map(str, draft.errors))
        if office is not None:
            tenant.rebase(office)
    if office is not None:
        log.info("the fixtures were saved: a new office, with %d trackings", len(office.claimtracking))
    for diagnostic in draft.errors:
        log.warning("the saved fixtures are invalid, so the office stays as it is: %s", diagnostic)
    return draft.files


def _read(fixtures: tuple[str, ...], now: str, contract: Contract) -> tuple[Draft, Office | None]:
    draft = read_fixtures(*fixtures, now=now, contract=contract)
    try:
        return draft, draft.office()
    except FixtureError:
        return draft, None
