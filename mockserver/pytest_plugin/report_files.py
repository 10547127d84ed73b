"""Report files: what a session writes at its end, and the exchanges of its servers for the HTTP Archive."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockserver.journal.exchange import Exchange
    from mockserver.reports.report import Report
    from mockserver.testing.mock_server import MockServer


class Exchanges:
    """The exchanges of all servers of a session, each once, as entries of an HTTP Archive."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self._noted: dict[int, Exchange] = {}  # by identity, and kept, so that no other one gets it

    def note(self, server: "MockServer") -> None:
        """Note the journal of a server, which a reset clears."""
        from mockserver.journal.har import as_entry

        for exchange in server.call(server.mock.exchanges):
            if id(exchange) not in self._noted:
                self._noted[id(exchange)] = exchange
                self.entries.append(json.dumps(as_entry(exchange, is_https=server.mock.settings.tls)))


def write_reports(
    files: Mapping[str, str], report: "Report", entries: Iterable[str], failures: Iterable[str]
) -> list[str]:
    """Write the files of these options, and the step summary. Return what could not be written.

    The summary is left to an outer `run`, whose report has the same rules.
    """
    from mockserver.journal.har import har_of
    from mockserver.reports.ctrf import as_ctrf
    from mockserver.reports.report_junit import as_junit
    from mockserver.reports.run_folder import FOLDER
    from mockserver.reports.step_summary import as_markdown

    texts: dict[str, Callable[[], str]] = {
        "--opendental-mock-junit": lambda: as_junit(report),
        "--opendental-mock-ctrf": lambda: as_ctrf(report, datetime.now(UTC)),
        "--opendental-mock-har": lambda: "".join(har_of(entries)),
        "--opendental-mock-report-file": lambda: json.dumps(report.as_json(), indent=2) + "\n",
    }
    errors = [_written(option, file, "w", texts[option]()) for option, file in files.items()]
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and not os.environ.get(FOLDER):
        errors.append(_written("GITHUB_STEP_SUMMARY", summary, "a", as_markdown(report, list(failures))))
    return [error for error in errors if error]


def _written(option: str, file: str, mode: str, text: str) -> str:
    """Write a text to a file. Return why it could not be written, or nothing."""
    try:
        with Path(file).open(mode, encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except OSError as error:
        return f"{option} {file}: {error.strerror}"
    return ""
