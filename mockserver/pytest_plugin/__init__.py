"""Pytest plugin: a server for the session, a reset office for each test, and contract coverage at the end.

The server is imported when a test uses it, and the event loop of a test is not changed.
"""

from collections.abc import Generator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.pytest_plugin.options import add_options, allowed_by_markers, check_options
from mockserver.pytest_plugin.run import Run
from mockserver.pytest_plugin.watch import Watch, newest_id
from mockserver.settings.commands import ALLOW_UNSERVED

if TYPE_CHECKING:
    from mockserver.testing.mock_server import MockServer

_RUN = pytest.StashKey[Run]()
_WATCH = pytest.StashKey[Watch]()
_SINCE = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Check the options, and register the marker."""
    if not hasattr(config, "workerinput"):  # the controller of pytest-xdist has checked them
        check_options(config)
    config.stash[_RUN] = Run(config)
    config.pluginmanager.register(config.stash[_RUN], "opendental_mock_run")
    config.addinivalue_line(
        "markers",
        "opendental_mock(*fixtures, strict=..., now=..., ...): a server of its own for this test, with these settings"
        " of mockserver.MockServer over those of the session; fixtures by position, or as fixtures=."
        " allow_unserved=RESOURCE, or a list of them, lets the test request what the mock does not serve, of its server"
        " or of the session's.",
    )


@pytest.fixture(scope="session")
def opendental_mock_config() -> dict[str, Any]:
    """Return the settings of the session's server, as for MockServer, over those of the configuration file.

    Override this fixture in conftest.py. Relative paths are in pytest's rootdir.
    """
    return {}


@pytest.fixture(scope="session")
def opendental_mock_server(
    opendental_mock_config: Mapping[str, Any], pytestconfig: pytest.Config
) -> Iterator["MockServer"]:
    """Return the server of the session, in the state that earlier tests have left. See `opendental_mock`."""
    run = pytestconfig.stash[_RUN]
    with run.serve(opendental_mock_config, is_main=True) as server:
        run.session_server = server
        yield server


@pytest.fixture
def opendental_mock(
    request: pytest.FixtureRequest, opendental_mock_config: Mapping[str, Any], pytestconfig: pytest.Config
) -> Iterator["MockServer"]:
    """Return a server whose office is as its fixture says, for one test. A test with the marker gets its own server."""
    marked: dict[str, Any] = {}
    for marker in request.node.iter_markers("opendental_mock"):
        marked = {**_settings(marker), **marked}  # the nearest comes first
    run = pytestconfig.stash[_RUN]
    run.allow_unserved(allowed_by_markers(request.node))
    marked.pop(ALLOW_UNSERVED.name, None)
    run.settings = opendental_mock_config
    if marked:
        with run.serve({**opendental_mock_config, **marked}) as server:
            yield from _watched(request.node, server)
    else:
        shared: MockServer = request.getfixturevalue("opendental_mock_server")
        run.note_exchanges(shared)
        shared.reset()
        yield from _watched(request.node, shared)


def _watched(item: pytest.Item, server: "MockServer") -> Iterator["MockServer"]:
    """Watch a server for a test, also while other fixtures are torn down."""
    watch = item.stash[_WATCH] = Watch(server, item)
    yield server
    _fail(watch.broken_exchanges())


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note where the journal of the session's server begins for a test that uses it without a reset."""
    server = item.config.stash[_RUN].session_server
    if server is not None and _uses_session_server(item):
        item.stash[_SINCE] = newest_id(server)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that passed although its server has noticed an error."""
    outcome = yield
    watch = _watch_of(item)
    if watch is not None:
        _fail(watch.failures())
    return outcome


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the journal to the report of each phase that failed."""
    report = yield
    watch = _watch_of(item)
    if watch is not None:
        if report.failed:
            report.sections.append(("opendental-mock journal", watch.journal()))
        item.config.stash[_RUN].note_test(report)
        watch.judge()
    return report


def _watch_of(item: pytest.Item) -> Watch | None:
    """Return the watch of a test that uses a server."""
    watch = item.stash.get(_WATCH, None)
    server = item.config.stash[_RUN].session_server
    if watch is None and server is not None and _uses_session_server(item):
        watch = item.stash[_WATCH] = Watch(server, item, since=item.stash.get(_SINCE, 0), is_own=False)
    return watch


def _uses_session_server(item: pytest.Item) -> bool:
    return "opendental_mock_server" in getattr(item, "fixturenames", ())


def _fail(failures: list[str]) -> None:
    """Fail the test, if there are reasons."""
    if failures:
        pytest.fail("\n".join(failures), pytrace=False)


def _settings(marker: pytest.Mark) -> dict[str, Any]:
    from mockserver.settings.server import with_fixtures

    return with_fixtures(marker.args, marker.kwargs)
