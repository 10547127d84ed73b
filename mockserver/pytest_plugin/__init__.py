"""Pytest plugin: a server for the session, a reset office for each test, and contract coverage at the end.

The server is imported when a test uses it, and the event loop of a test is not changed.
"""

import json
from collections.abc import Generator, Iterator, Mapping
from traceback import format_exception
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.pytest_plugin.options import (
    add_options,
    allowed_by_markers,
    check_options,
    is_report_wanted,
    selection,
    server_settings,
    wanted_percent,
)
from mockserver.settings.commands import ALLOW_UNSERVED
from mockserver.syntax.text import printable

if TYPE_CHECKING:
    from mockserver.recording.journal import Exchange
    from mockserver.recording.report import Report
    from mockserver.tenants.hooks import Hooks
    from mockserver.testing.mock_server import MockServer

_SERVER = pytest.StashKey["MockServer"]()
_COVERAGE = pytest.StashKey[list[dict[str, Any]]]()
_ALLOWED = pytest.StashKey[list[str]]()  # by markers
_WORKER_OUTPUT = "opendental_mock_coverage"
_REMEDY = "--opendental-mock-allow-unserved RESOURCE lets them pass"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Check the options, and register the marker."""
    check_options(config)
    config.stash[_COVERAGE], config.stash[_ALLOWED] = [], []
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
    with _server(pytestconfig, opendental_mock_config) as server:
        yield server
    pytestconfig.stash[_COVERAGE].append(server.coverage())


@pytest.fixture
def opendental_mock(
    request: pytest.FixtureRequest, opendental_mock_config: Mapping[str, Any], pytestconfig: pytest.Config
) -> Iterator["MockServer"]:
    """Return a server whose office is as its fixture says, for one test. A test with the marker gets its own server."""
    marked: dict[str, Any] = {}
    for marker in request.node.iter_markers("opendental_mock"):
        marked = {**_settings(marker), **marked}  # the nearest comes first
    pytestconfig.stash[_ALLOWED] += allowed_by_markers(request.node)
    marked.pop(ALLOW_UNSERVED.name, None)
    if marked:
        with _server(pytestconfig, {**opendental_mock_config, **marked}) as server:
            request.node.stash[_SERVER] = server
            yield server
        pytestconfig.stash[_COVERAGE].append(server.coverage())
    else:
        shared: MockServer = request.getfixturevalue("opendental_mock_server")
        shared.reset()
        request.node.stash[_SERVER] = shared
        yield shared


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that passed although `_test_failures` finds an error."""
    outcome = yield
    server = item.stash.get(_SERVER, None)
    failures = _test_failures(server, item) if server is not None else ()
    if failures:
        pytest.fail("\n".join(failures), pytrace=False)
    return outcome


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the journal to the report of a test that failed."""
    report = yield
    server = item.stash.get(_SERVER, None)
    if server is not None and report.when == "call" and report.failed:
        report.sections.append(
            (
                "opendental-mock journal",
                "\n".join(_describe(server, one) for one in server.requests) or "no request came",
            )
        )
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send the coverage from a worker to the controller, and compare it with the wanted percentage there."""
    config = session.config
    output = getattr(config, "workeroutput", None)
    if output is not None:
        output[_WORKER_OUTPUT] = json.dumps([config.stash[_COVERAGE], config.stash[_ALLOWED]])
        return
    wanted = wanted_percent(config)
    made = _report(config)
    is_too_little = wanted is not None and (made is None or made.percent < wanted)
    is_unserved = made is not None and bool(made.unallowed)
    if (is_too_little or is_unserved) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:  # noqa: ARG001  # pytest-xdist's signature
    """Receive the coverage from a worker of pytest-xdist."""
    output = getattr(node, "workeroutput", {})
    coverages, allowed = json.loads(output.get(_WORKER_OUTPUT, "[[], []]"))
    node.config.stash[_COVERAGE].extend(coverages)
    node.config.stash[_ALLOWED].extend(allowed)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the contract coverage, and what is not served."""
    wanted = wanted_percent(config)
    made = _report(config)
    if made is not None and made.unallowed:
        from mockserver.recording.report import unserved_text

        terminalreporter.section("opendental-mock")
        terminalreporter.line(f"FAILED: {unserved_text(made.unallowed)}; {_REMEDY}", red=True)
    if not is_report_wanted(config):
        return
    terminalreporter.section("opendental-mock contract")
    if made is None:
        terminalreporter.line("No test has used the server.")
        return
    from mockserver.recording.report_text import as_text

    terminalreporter.line(as_text(made, verbose=config.get_verbosity() > 0))
    if wanted is not None and made.percent < wanted:
        terminalreporter.line(
            f"FAILED: {made.percent:g} % of the rules were met, and {wanted:g} % are wanted", red=True
        )


def _settings(marker: pytest.Mark) -> dict[str, Any]:
    from mockserver.settings.server import with_fixtures

    return with_fixtures(marker.args, marker.kwargs)


def _server(config: pytest.Config, given: Mapping[str, Any]) -> "MockServer":
    from mockserver.testing.mock_server import MockServer

    return MockServer(**server_settings(config, given))


def _test_failures(server: "MockServer", item: pytest.Item) -> list[str]:
    """Return the reasons to fail a test that passed.

    These are responses that break the contract, faults that were set and never hit, hooks that failed or never ran,
    warnings that strict refused, and operations that are not served.
    """
    failures = [
        f"a fault was set and never hit: {one.label} on {one.operation}{_match_text(one.match)}"
        for one in server.call(lambda: [one for one in server.tenant.faults if one.set_by_test and not one.hits])
    ]
    failures += server.call(lambda: _hook_failures(server.tenant.hooks))
    for exchange in server.requests:
        if exchange.status == 500 and not exchange.fault:
            failures.append(f"opendental-mock broke its own contract:\n{_describe(server, exchange)}")
        elif exchange.is_refused_warning:
            failures.append(f"a warning under strict: {printable(exchange.explanation)}\n{_describe(server, exchange)}")
    allowed = selection(item.config, allowed_by_markers(item))
    unserved = {one.unserved: one for one in reversed(server.requests) if one.unserved}  # of each the first
    return failures + [
        f"opendental-mock does not serve {name}; {_REMEDY}, or allow_unserved= of the marker\n{_describe(server, one)}"
        for name, one in reversed(unserved.items())
        if not allowed.allows(name.split("/")[1])
    ]


def _match_text(match: Mapping[str, Any]) -> str:
    return f" with match {json.dumps(match)}" if match else ""


def _hook_failures(hooks: "Hooks") -> list[str]:
    """Return the errors of hooks, and the hooks that never ran."""
    return [
        *(f"the hook {hook.label} failed:\n{''.join(format_exception(error))}" for hook, error in hooks.failures),
        *(f"a hook was set and never ran: {hook.label}, of which {hook.seen} came" for hook in hooks.waiting),
    ]


def _describe(server: "MockServer", exchange: "Exchange") -> str:
    from mockserver.recording.exchange_forms import as_text

    return as_text(exchange, server.mock.contract.rules)


def _report(config: pytest.Config) -> "Report | None":
    from mockserver.recording.report import merged, report

    coverages, allowed = config.stash[_COVERAGE], config.stash[_ALLOWED]
    return report(merged(coverages), selection(config, allowed)) if coverages else None
