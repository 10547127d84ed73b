"""`opendental-mock run -- COMMAND`: a server for as long as a command runs, and a report on what it exercised."""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

from mockserver.cli import flags, serve
from mockserver.cli.admin_client import environment
from mockserver.cli.coverage_gate import add_flags, conclude
from mockserver.cli.files import CannotWrite
from mockserver.cli.output import WRONG_USE, Commands, complain

if TYPE_CHECKING:
    from aiohttp import web

# What shells answer where there is no such command, and where it cannot be run.
NOT_FOUND, NOT_RUNNABLE = 127, 126
_PATIENCE = 5.0


def add(commands: Commands) -> None:
    """Add the command."""
    run = commands.add_parser(
        "run",
        help="run a command against a server of its own, and report what it exercised",
        allow_abbrev=False,
        usage="opendental-mock run [flags of serve] [--fail-under N] [--junit FILE] ... -- COMMAND ...",
        description="Start the server on a free port, run COMMAND with OPENDENTAL_BASE_URL and dummy keys in its"
        " environment, and print the contract report. The exit code is COMMAND's; 1 where COMMAND is fine, but"
        " coverage misses --fail-under or there were warnings under --strict; 127 where there is no such command;"
        " 2 where the server cannot start.",
        epilog="example: opendental-mock run --fail-under 60 -- pytest tests/integration",
    )
    flag = flags.Flags(run)
    serve.add_flags(flag, port=0)
    add_flags(flag)
    run.add_argument("command", nargs="+", metavar="COMMAND", help="what to run, after --")
    run.set_defaults(run=_run, settle=flag.settle)


def _run(options: argparse.Namespace) -> int:
    options.settle(options)

    async def with_server(app: "web.Application") -> tuple[int, dict[str, Any]]:
        from mockserver.web.server import Server

        async with Server(app, host=options.host, port=options.port) as server:
            code = await _command(options.command, environment(server.url))
        return code, serve.coverage_of(app)

    used = serve.with_app(options, with_server, level="WARNING")
    if used is None:
        return WRONG_USE
    code, coverage = used
    if code in (NOT_FOUND, NOT_RUNNABLE):
        return code  # and nothing to report
    try:
        good_enough = conclude(coverage, options)
    except CannotWrite as error:
        complain(str(error))
        good_enough = WRONG_USE
    return code or good_enough


async def _command(command: Sequence[str], variables: dict[str, str]) -> int:
    """Run `command` to its end, with signals forwarded; its exit code as a shell gives it."""
    # At a terminal Ctrl-C reaches the command by itself, and it may want to read what is typed; anywhere else it gets
    # a group of its own, so that nothing it starts is left behind.
    grouped = os.name == "posix" and not (sys.stdin and sys.stdin.isatty())
    try:
        # Not by the event loop: uvloop's has no process groups.
        process = subprocess.Popen(command, env={**os.environ, **variables}, process_group=0 if grouped else None)
    except OSError as error:
        print(f"opendental-mock: {command[0]}: {error.strerror}", file=sys.stderr)
        return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_RUNNABLE

    def send(number: int) -> None:
        try:
            if grouped:
                os.killpg(process.pid, number)
            elif number != signal.SIGINT and process.returncode is None:
                process.send_signal(number)
        except ProcessLookupError:
            pass

    with _signals(send) as stopped:
        ended = asyncio.ensure_future(asyncio.to_thread(process.wait))
        stop = asyncio.ensure_future(stopped.wait())
        await asyncio.wait((ended, stop), return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            await asyncio.wait((ended,), timeout=_PATIENCE)
        if not ended.done():
            process.kill()
        code = await ended
        stop.cancel()
    if grouped:
        send(signal.SIGKILL)
    return code if code >= 0 else 128 - code


@contextmanager
def _signals(send: Callable[[int], None]) -> Iterator[asyncio.Event]:
    """Pass SIGINT and SIGTERM on through `send`; the event is set once one has come."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        send(number)
        loop.call_soon_threadsafe(stopped.set)

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
