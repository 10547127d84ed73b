"""Command `opendental-mock serve`: start the server."""

import argparse
import gc
import json
import logging
import sys
from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from mockserver.api.router import BASE_PATH
from mockserver.cli.authorities import without_authorities
from mockserver.cli.files import write_file
from mockserver.cli.flags import Flags
from mockserver.cli.output import FINE, CannotPrint, CommandFailed, Commands, print_output, within
from mockserver.cli.shutdown import Shutdown
from mockserver.journal.log_format import log_to_stderr
from mockserver.seeding.locate import is_read_once
from mockserver.settings.commands import SERVE, SERVER
from mockserver.settings.server import Settings
from mockserver.settings.setting import PREFIX
from mockserver.web.event_loop import Loop, NoSuchLoop
from mockserver.work import SELDOM

if TYPE_CHECKING:
    from mockserver.web.mock import Mock
    from mockserver.web.tls import Tls

log = logging.getLogger("mockserver")

_REMEDIES = {
    "host": "give --host an address of this machine, like 127.0.0.1",
    "port": "choose another with --port, or --port 0 for any free one",
}


def add(commands: Commands) -> None:
    """Add the command."""
    serve = commands.add_parser(
        "serve",
        help="start the server",
        description="Start the server. Its base URL is printed on standard output once it is ready; the log goes"
        f" to standard error. Each flag is also an environment variable, {PREFIX}PORT for --port; a flag"
        " takes precedence over its variable.",
        epilog="example: opendental-mock serve --fixtures status-required --port 0",
    )
    Flags(serve, SERVE)
    serve.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until a signal. Return the exit code."""
    pipe = next(filter(is_read_once, options.fixtures), None)
    if options.watch and pipe is not None:
        raise CommandFailed(f"--watch: {pipe} cannot be read again; leave the flag out, or give a file")

    def ready(url: str, port: int) -> None:
        if options.port_file:
            write_file("--port-file", options.port_file, f"{port}\n", waits=False)
        within(0, lambda: _print_url(url))
        log_page_url(url, options)

    async def until_told(mock: "Mock", tls: "Tls | None", shutdown: Shutdown) -> None:
        from mockserver.web.app import make_app
        from mockserver.web.server import serve
        from mockserver.web.watch import watching

        async with watching(mock, tuple(options.fixtures)) if options.watch else nullcontext():
            where = {"host": options.host, "port": options.port}
            await serve(make_app(mock), **where, tls=tls, ready=ready, on_signal=shutdown.request_stop)

    def last(mock: "Mock") -> int:
        if options.report:
            from mockserver.reports.report import report  # slow to import

            made = report(mock.coverage()).as_json()
            write_file("--report", options.report, json.dumps(made, indent=2) + "\n")
        return FINE

    return with_mock(options, until_told, last, level="INFO")


def _print_url(url: str) -> None:
    try:
        print_output(url)
    except CannotPrint as error:
        log.error("%s; the server is at %s", error, url)  # noqa: TRY400  # without a traceback


def log_page_url(url: str, options: argparse.Namespace) -> None:
    """Log the address of the page, if there is one and the log is read on a terminal."""
    has_page = options.page != "off" and options.admin
    if has_page and sys.stderr and sys.stderr.isatty():
        log.info("the page is at %s/", url.removesuffix(BASE_PATH))


def with_mock(
    options: argparse.Namespace,
    use: Callable[["Mock", "Tls | None", Shutdown], Coroutine[Any, Any, None]],
    last: Callable[["Mock"], int],
    *,
    level: str,
) -> int:
    """Run `use` with the mock and the TLS that the flags describe, and then `last`, which returns the exit code.

    Raises CommandFailed if there is no such mock, or if a file cannot be written.
    """
    with without_authorities():
        from mockserver.web.mock import Mock
        from mockserver.web.server import CannotListen  # an HTTP library is slow to import, and `check` needs none

    try:
        checked = Settings(**{one.name: getattr(options, one.name) for one in SERVER})
        loop = Loop(checked.loop)
        tls = None
        if checked.tls:
            from mockserver.web.tls import tls_of  # which few servers need

            tls = tls_of(checked)
    except NoSuchLoop as error:
        raise CommandFailed(f"--loop {options.loop}: {error}") from None
    except ValueError as error:
        raise CommandFailed(str(error)) from None
    if tls is not None and tls.ca is not None and checked.tls_ca is not None:
        write_file("--tls-ca", checked.tls_ca, tls.ca)
    log_thread = log_to_stderr(options.log_format, level)
    try:
        with Shutdown(lambda: last(mock), log_thread) as shutdown, log_thread:
            for note in options.notes:
                log.warning("%s", note)
            mock = Mock(checked)
            # The existing objects stay; without this, scanning them took 6 % of the time of a create.
            gc.freeze()
            # Young objects seldom, since requests leave few; and no pass over more than 80,000 at once, which holds up
            # requests while an office is loaded: with 400,000 an office of 500,000 rows did so for 90 ms, now for 45.
            gc.set_threshold(*SELDOM)
            loop.run(use(mock, tls, shutdown))
            return shutdown.finish()
    except CannotListen as error:
        raise CommandFailed(f"{error}; {_REMEDIES[error.wrong]}") from None
