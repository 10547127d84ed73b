"""Command `opendental-mock run -- COMMAND`: run a command against a server, and print its coverage report."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

from mockserver.cli import serve
from mockserver.cli.coverage_gate import conclude, is_valid
from mockserver.cli.env import environment
from mockserver.cli.files import write_files
from mockserver.cli.flags import Flags
from mockserver.cli.output import FINE, Commands, do_all, print_error
from mockserver.cli.processes import exit_code, processes
from mockserver.cli.shutdown import Shutdown
from mockserver.reports.report import merged
from mockserver.reports.run_folder import FOLDER, RunFolder
from mockserver.settings.commands import GATE, HAR, LOG_FORMAT, SERVER
from mockserver.web.signals import on_signals

if TYPE_CHECKING:
    import subprocess

    from mockserver.web.mock import Mock
    from mockserver.web.tls import Tls

# The exit codes of shells for a command that does not exist, and for one that cannot be run.
NOT_FOUND, NOT_RUNNABLE = 127, 126


def add(commands: Commands) -> None:
    """Add the command."""
    run = commands.add_parser(
        "run",
        help="run a command against a server of its own, and report what it exercised",
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

    async def with_server(mock: "Mock", tls: "Tls | None", shutdown: Shutdown) -> None:
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
                code = await _command(options.command, variables, shutdown)

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


async def _command(command: Sequence[str], variables: dict[str, str], shutdown: Shutdown) -> int:
    """Run `command` to its end, with signals passed on. Return its exit code as a shell does."""
    running = Running(shutdown)
    on_signals(running.on_signal)
    try:
        process = running.start(command, variables)
    except OSError as error:
        print_error(f"{command[0]}: {error.strerror}")
        running.end()
        return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_RUNNABLE
    code = await asyncio.to_thread(process.wait)
    running.end()
    return exit_code(code)


class Running:
    """A command, and the signals that come while it runs.

    The first signal is passed on, and the command takes as long as it needs; the second one kills it. Signals after its
    end are for the server, and so is one that came before.
    """

    def __init__(self, shutdown: Shutdown) -> None:
        self._shutdown = shutdown
        self._processes = processes()
        self._undelivered: list[Callable[[], None]] = []
        self._is_signalled = self._has_started = self._has_ended = False

    def start(self, command: Sequence[str], variables: dict[str, str]) -> "subprocess.Popen[bytes]":
        """Start the command. Raises OSError."""
        process = self._processes.start(command, variables)
        self._has_started = True
        self._deliver()  # signals that came meanwhile
        return process

    def on_signal(self, number: int) -> None:
        """Handle a signal."""
        if self._has_ended:
            self._shutdown.request_stop()
        else:
            kill = self._processes.kill
            self._undelivered.append(kill if self._is_signalled else partial(self._processes.send, number))
            self._is_signalled = True
            self._deliver()

    def end(self) -> None:
        """Kill the remaining processes of the command, which has ended."""
        self._has_ended = True
        if self._is_signalled:
            self._shutdown.request_stop()
        self._undelivered.append(self._processes.kill)
        self._deliver()

    def _deliver(self) -> None:
        """Send each waiting signal to the command, once, if it has started."""
        while self._has_started and self._undelivered:
            self._undelivered.pop(0)()
