"""Run: the contract coverage of all tests of a session, also over the workers of pytest-xdist, and its gate."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.pytest_plugin.options import REMEDY, files, is_report_wanted, selection, server_settings, wanted_percent
from mockserver.pytest_plugin.report_files import Exchanges, write_reports

if TYPE_CHECKING:
    from mockserver.reports.report import Report
    from mockserver.testing.mock_server import MockServer

_OUTPUT = "opendental_mock"  # of a worker: its coverages, and what its markers allow
_HAS_TESTED = "opendental_mock_has_tested"  # in a report, which a worker sends as JSON


class Run:
    """The state of a session, as a plugin. The controller of pytest-xdist has the coverage of its workers.

    The gate applies if a test of the mock has run: not if tests are only collected or planned, or if none is selected,
    or all are skipped. It fails if coverage is lost with a worker.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._main: dict[str, Any] | None = None  # the coverage of the session's server
        self._others: list[dict[str, Any]] = []
        self.settings: Mapping[str, Any] = {}  # of the session's server, as far as they are known
        self._allowed: list[str] = []  # not to be served, by markers
        self._missing: set[str] = set()  # the workers whose coverage has not arrived
        self._has_run = False
        self._has_tested = False
        self._files = files(config)
        self._exchanges = Exchanges()
        self._unwritten: list[str] = []
        self.session_server: MockServer | None = None

    @contextmanager
    def serve(self, settings: Mapping[str, Any], *, is_main: bool = False) -> Iterator["MockServer"]:
        """Run a server in the block, and count its coverage at the end. The main one is that of the session."""
        from mockserver.reports.run_folder import note_allowed
        from mockserver.testing.mock_server import MockServer

        note_allowed(selection(self._config).allow_unserved)
        server = MockServer(**server_settings(self._config, settings))
        try:
            with server:
                yield server
        finally:
            self.note_exchanges(server)
            self._add(server.coverage(), is_main=is_main)

    def note_exchanges(self, server: "MockServer") -> None:
        """Keep the journal of a server that is about to be cleared, if it is wanted at the end."""
        if "--opendental-mock-har" in self._files:
            self._exchanges.note(server)

    def _add(self, coverage: dict[str, Any], *, is_main: bool) -> None:
        if is_main and self._main is None:
            self._main = coverage
        else:
            self._others.append(coverage)

    def allow_unserved(self, resources: Iterable[str]) -> None:
        """Let requests for these resources, which are not served, pass, also in the report of an outer `run`."""
        from mockserver.reports.run_folder import note_allowed

        names = list(resources)
        note_allowed(names)
        self._allowed += names

    def note_test(self, report: pytest.TestReport) -> None:
        """Note in its report that a test has used the mock: that it was called, or could not be, but not skipped."""
        if report.failed or (report.when == "call" and (report.passed or hasattr(report, "wasxfail"))):
            setattr(report, _HAS_TESTED, True)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note that tests run, and whether one has used the mock, also in a worker."""
        self._has_run = self._has_run or report.when == "call" or not report.passed
        self._has_tested = self._has_tested or hasattr(report, _HAS_TESTED)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodeready(self, node: Any) -> None:
        """Expect the coverage of a worker of pytest-xdist."""
        self._missing.add(node.gateway.id)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:  # noqa: ARG002  # pytest-xdist's signature
        """Receive the coverage of a worker, unless it crashed."""
        output = getattr(node, "workeroutput", {}).get(_OUTPUT)
        if output is not None and node.gateway.id in self._missing:  # xdist reports an interrupted worker twice
            self._missing.remove(node.gateway.id)
            main, others, allowed, entries = json.loads(output)
            if main is not None:
                self._add(main, is_main=True)
            self._others += others
            self._allowed += allowed
            self._exchanges.entries += entries

    @pytest.hookimpl(trylast=True)  # pytest ends the fixtures of an interrupted session in this hook
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Send the coverage to the controller, or write the reports and fail the session by the gate."""
        if self._main is None and self._others:
            self._main = self._unused_main()
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[_OUTPUT] = json.dumps([self._main, self._others, self._allowed, self._exchanges.entries])
            return
        made = self._report()
        failures = self._failures(made)
        if made is not None:
            self._unwritten = write_reports(self._files, made, self._exchanges.entries, failures)
        if session.exitstatus == pytest.ExitCode.OK and (failures or self._unwritten):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the contract coverage, and why the gate fails."""
        made = self._report()
        failures = self._failures(made) + self._unwritten
        if not failures and not (self._has_run and is_report_wanted(self._config)):
            return
        terminalreporter.section("opendental-mock contract")
        if made is not None and is_report_wanted(self._config):
            from mockserver.reports.report_text import as_text

            terminalreporter.line(as_text(made, verbose=self._config.get_verbosity() > 0))
        elif self._has_run and not self._has_tested:
            gate = "" if wanted_percent(self._config) is None else ", so that the wanted percentage was not checked"
            terminalreporter.line(f"No test has used the server{gate}.")
        for failure in failures:
            terminalreporter.line(f"FAILED: {failure}", red=True)

    def _failures(self, made: "Report | None") -> list[str]:
        """Return what fails the gate."""
        failures = []
        wanted = wanted_percent(self._config)
        if self._missing and (self._has_tested or wanted is not None):
            names = ", ".join(sorted(self._missing))
            failures.append(f"the coverage of {names} is missing; the worker crashed, or the run was stopped")
        if made is not None and made.unallowed:
            from mockserver.reports.report import unserved_text

            failures.append(f"{unserved_text(made.unallowed)}; {REMEDY}")
        if wanted is not None and self._has_tested:
            percent = 0.0 if made is None else made.percent
            if percent < wanted:
                failures.append(f"coverage is {percent:g} %, below --opendental-mock-fail-under {wanted:g}")
        return failures

    def _report(self) -> "Report | None":
        if self._main is None or not self._has_tested:
            return None
        from mockserver.reports.report import merged, report

        return report(merged(self._main, self._others), selection(self._config, self._allowed))

    def _unused_main(self) -> dict[str, Any]:
        """Return the coverage of the session's server, which no test has used: its rules count all the same."""
        from mockserver.seeding.diagnostics import FixtureError, FixtureNotFound
        from mockserver.testing.mock_server import MockServer

        try:
            return MockServer(**server_settings(self._config, self.settings)).coverage()
        except (TypeError, ValueError, FixtureError, FixtureNotFound):
            # Each test has other settings, and those of the session are wrong.
            return self._others.pop(0)
