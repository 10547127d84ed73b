"""Command `opendental-mock run -- COMMAND`: run a command against a server, and print its coverage report."""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING

from mockserver.cli import serve
from mockserver.cli.coverage_gate import conclude, is_valid
from mockserver.cli.ending import Ending
from mockserver.cli.env import environment
from mockserver.cli.files import write_files
from mockserver.cli.flags import Flags
from mockserver.cli.output import FINE, Commands, do_all, print_error
from mockserver.reports.report import merged
from mockserver.reports.run_folder import FOLDER, RunFolder
from mockserver.settings.commands import GATE, HAR, LOG_FORMAT, SERVER
from mockserver.web.signals import on_signals

if TYPE_CHECKING:
    from mockserver.web.mock import Mock
    from mockserver.web.tls import Tls

# The exit codes of shells for a command that does not exist, and for one that cannot be run.
NOT_FOUND, NOT_RUNNABLE = 127, 126
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # on Windows SIGTERM kills


def add(commands: Commands) -> None:
    """Add the command."""
    run = commands.add_parser(
        "run",
        help="run a command against a server of its own, and report what it exercised",
        allow_abbrev=False,
        usage="opendental-mock run [flags of serve] [--fail-under N] [--junit FILE] ... -- COMMAND ...",
        description="Start the server on a free port, run COMMAND with OPENDENTAL_BASE_URL,"
        " OPENDENTAL_ADMIN_URL and keys that the office accepts in its environment, and print the contract report."
        " With --tls, SSL_CERT_FILE, REQUESTS_CA_BUNDLE and NODE_EXTRA_CA_CERTS name a file with the CA of the server."
        " The exit code is COMMAND's; 1 if COMMAND succeeds, but coverage misses --fail-under, there were warnings"
        " under --strict, a request was for what the mock does not serve, or no request came; 127 if there is no such"
        " command; 2 if the server cannot start. SIGINT, SIGTERM and SIGHUP are passed on to COMMAND, which may take as"
        " long as it needs to end; a second signal kills it.",
        epilog="example: opendental-mock run --fail-under 60 -- pytest tests/integration",
    )
    Flags(run, (*SERVER, LOG_FORMAT, *GATE, HAR))
    run.add_argument("command", nargs="+", metavar="COMMAND", help="the command to run, after --")
    run.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    code, url = NOT_FOUND, ""
    folder = RunFolder()

    async def with_server(mock: "Mock", tls: "Tls | None", ending: Ending) -> None:
        from mockserver.web.app import make_app
        from mockserver.web.server import Server

        nonlocal code, url
        if not is_valid(options, mock.coverage()):
            code = FINE  # the command has not run, and `last` prints the error
            return
        with nullcontext() if tls is None else tls.ca_file() as ca:
            async with Server(make_app(mock), host=options.host, port=options.port, tls=tls) as server:
                url = server.url
                variables = environment(url, mock.key(), admin=options.admin, ca=ca) | {FOLDER: folder.path}
                code = await _command(options.command, variables, ending)

    def last(mock: "Mock") -> int:
        below = folder.read()
        folder.remove()
        if code in (NOT_FOUND, NOT_RUNNABLE):
            return code  # without a report
        codes = [code]
        coverage = merged(mock.coverage(), [below.as_json(mock.contract)] if below.coverage.requests else [])
        options.allow_unserved = [*options.allow_unserved, *below.allowed]
        do_all(
            lambda: write_files(options, {"--har": lambda: _har_of(mock)}),
            lambda: codes.append(conclude(coverage, options, url, is_below=below.coverage.requests > 0)),
        )
        return code or codes[-1]

    try:
        return serve.with_mock(options, with_server, last, level="WARNING")
    finally:
        folder.remove()


def _har_of(mock: "Mock") -> str:
    """Return the journals of all offices as an HTTP Archive."""
    from mockserver.journal.har import as_har

    return "".join(as_har(mock.exchanges(), is_https=mock.settings.tls))


async def _command(command: Sequence[str], variables: dict[str, str], ending: Ending) -> int:
    """Run `command` to its end, with signals passed on. Return its exit code as a shell does."""
    running = Running(ending)
    on_signals(running.on_signal)
    try:
        process = running.start(command, variables)
    except OSError as error:
        print_error(f"{command[0]}: {error.strerror}")
        running.end()
        return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_RUNNABLE
    code = await asyncio.to_thread(process.wait)
    running.end()
    return code if code >= 0 else 128 - code


class Running:
    """A command, and the signals that come while it runs.

    The first signal is passed on, and the command takes as long as it needs; the second one kills it. Signals after its
    end are for the server, and so is one that came before.
    """

    def __init__(self, ending: Ending) -> None:
        self._ending = ending
        # At a terminal the command gets Ctrl-C itself, and may read input. Elsewhere it gets its own process group, so
        # that none of its processes is left behind.
        self._is_grouped = os.name == "posix" and not (sys.stdin and sys.stdin.isatty())
        self._process: subprocess.Popen[bytes] | None = None
        self._undelivered: list[int] = []
        self._is_signalled = self._has_ended = False

    def start(self, command: Sequence[str], variables: dict[str, str]) -> "subprocess.Popen[bytes]":
        """Start the command. Raises OSError."""
        group = 0 if self._is_grouped else None
        # Not by the event loop: uvloop does not support process groups.
        self._process = subprocess.Popen(command, env={**os.environ, **variables}, process_group=group)
        self._deliver()  # signals that came meanwhile
        return self._process

    def on_signal(self, number: int) -> None:
        """Handle a signal."""
        if self._has_ended:
            self._ending.hasten()
        else:
            self._undelivered.append(_KILL if self._is_signalled else number)
            self._is_signalled = True
            self._deliver()

    def end(self) -> None:
        """Kill the remaining processes of the command, which has ended."""
        self._has_ended = True
        if self._is_signalled:
            self._ending.hasten()
        if self._is_grouped:
            self._undelivered.append(_KILL)
            self._deliver()

    def _deliver(self) -> None:
        """Send each waiting signal to the command, once, if it has started."""
        while self._process is not None and self._undelivered:
            number = self._undelivered.pop(0)
            if self._is_grouped:
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid, number)
            elif number != signal.SIGINT:  # which the terminal has sent to it
                self._process.send_signal(number)
