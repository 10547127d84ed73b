"""Command `opendental-mock serve`: start the server."""

import argparse
import gc
import json
import logging
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockserver.api import settings
from mockserver.api.checks import Token
from mockserver.api.router import BASE_PATH
from mockserver.cli import flags
from mockserver.cli.ending import Ending
from mockserver.cli.files import CannotWrite, output_file, write_file
from mockserver.cli.output import FINE, WRONG_USE, Commands, print_error, within
from mockserver.recording.log_format import log_to_stderr
from mockserver.streams import write_text
from mockserver.web.event_loop import Loop, NoSuchLoop

if TYPE_CHECKING:
    from aiohttp import web

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
        allow_abbrev=False,
        description="Start the server. Its base URL is printed on standard output once it is ready; the log goes"
        f" to standard error. Each flag is also an environment variable, {flags.PREFIX}PORT for --port; a flag"
        " wins over its variable.",
        epilog="example: opendental-mock serve --fixtures status-required --port 0",
    )
    flag = flags.Flags(serve)
    add_flags(flag, port=30222)
    flag.add("--port-file", output_file, None, "write the port into this file once ready", metavar="FILE")
    flag.add_switch("--watch", "take over a fixture as soon as it is saved; an invalid one is only reported")
    flag.add("--report", output_file, None, "write the contract report there as JSON when it stops", metavar="FILE")
    serve.set_defaults(run=run, settle=flag.settle)


def add_flags(flag: flags.Flags, *, port: int) -> None:
    """Add the flags of the server itself."""
    flag.add_setting("--fixtures", "fixtures", "a shipped office (default, status-required, empty, keys, ...),"
                     " a file or a folder; repeatable: later ones add to and override earlier ones",
                     metavar="NAME|FILE|FOLDER")  # fmt: skip
    flags.add_observed(flag, "answer as the office that this file of observations is about")
    flag.add_setting("--host", "host", "address to listen on")
    flag.add("--port", flags.port, port, "port to listen on, 0 for any free one")
    flag.add_switch("--strict", "refuse requests that have a warning, except a GET without Content-Type")
    flag.add_switch("--strict-headers", "as --strict, and refuse a GET without Content-Type too")
    flag.add_setting("--mode", "mode", "the page sizes and throttle: remote, local or service", metavar="MODE")
    flag.add_switch("--throttle", "answer 429 to a customer key that asks too soon")
    flag.add_setting("--now", "now", "stop the office's clock at this time", metavar="'yyyy-MM-dd HH:mm:ss'")
    flag.add_switch("--transparent", "send none of the mock's own headers")
    flag.add_setting("--allowed-host", "allowed_hosts", "a name that a Host header may have besides localhost;"
                     " repeatable", metavar="NAME")  # fmt: skip
    flag.add_switch("--office-per-key", "give each customer key an office of its own, copied from the fixture")
    flag.add("--admin-token", _token_or_file, None, "the admin API's secret; @FILE reads it from a file",
             metavar="TOKEN|@FILE", secret=True)  # fmt: skip
    flag.add_switch("--no-admin", "serve no admin API")
    flag.add_setting("--page", "page", "the page for browsers at /: on, read-only or off", metavar="PAGE")
    flag.add_setting("--journal-size", "journal_size", "how many exchanges the journal keeps", metavar="N")
    flag.add_setting("--journal-bytes", "journal_bytes", "how many bytes it keeps of them", metavar="N")
    flag.add_setting("--loop", "loop", "the event loop: asyncio, uvloop, or auto for uvloop if it is installed",
                     metavar="LOOP")  # fmt: skip
    flag.add("--log-format", flags.log_format, "text", "text or json (one object a line)", metavar="FORMAT")


def run(options: argparse.Namespace) -> int:
    """Serve until a signal. Return the exit code."""
    options.settle(options)

    def ready(url: str, port: int) -> None:
        if options.port_file:
            write_file("--port-file", options.port_file, f"{port}\n", waits=False)
        with suppress(OSError):  # nobody reads it
            within(0, lambda: write_text(sys.stdout, f"{url}\n"))
        say_where_the_page_is(url, options)

    async def until_told(app: "web.Application", ending: Ending) -> None:
        from mockserver.web.server import serve
        from mockserver.web.watch import watching

        if options.watch:
            app.cleanup_ctx.append(watching(tuple(options.fixtures)))
        await serve(app, host=options.host, port=options.port, ready=ready, on_signal=ending.hasten)

    def last(app: "web.Application") -> int:
        if options.report:
            from mockserver.recording.report import report  # slow to import

            made = report(coverage_of(app)).as_json()
            write_file("--report", options.report, json.dumps(made, indent=2) + "\n")
        return FINE

    return with_app(options, until_told, last, level="INFO")


def say_where_the_page_is(url: str, options: argparse.Namespace) -> None:
    """Log the address of the page, if there is one and the log is read on a terminal."""
    has_page = options.page != "off" and not options.no_admin
    if has_page and sys.stderr and sys.stderr.isatty():
        log.info("the page is at %s/", url.removesuffix(BASE_PATH))


def with_app(
    options: argparse.Namespace,
    use: Callable[["web.Application", Ending], Coroutine[Any, Any, None]],
    last: Callable[["web.Application"], int],
    *,
    level: str,
) -> int:
    """Run `use` with the app that the flags describe, and then `last`, which returns the exit code.

    Return WRONG_USE, after an error message, if there is no such app or a file cannot be written.
    """
    from mockserver.web.app import make_app
    from mockserver.web.server import CannotListen  # an HTTP library is slow to import, and `check` needs none

    try:
        checked = _settings(options)
        loop = Loop(checked.loop)
    except NoSuchLoop as error:
        print_error(f"--loop {options.loop}: {error}")
        return WRONG_USE
    except ValueError as error:
        print_error(str(error))
        return WRONG_USE
    log_thread = log_to_stderr(options.log_format, level)
    try:
        with Ending(lambda: last(app), log_thread) as ending, log_thread:
            app = make_app(checked)
            # The existing objects stay; without this, scanning them took 6 % of the time of a create.
            gc.freeze()
            gc.set_threshold(20_000, 20, 50)
            loop.run(use(app, ending))
            return ending.reach()
    except CannotListen as error:
        print_error(f"{error}; {_REMEDIES[error.wrong]}")
        return WRONG_USE
    except CannotWrite as error:
        print_error(str(error))
        return WRONG_USE


def coverage_of(app: "web.Application") -> dict[str, Any]:
    """Return the contract coverage of an app."""
    from mockserver.api.settings import contract_coverage
    from mockserver.web.app_keys import CONTRACT, SETTINGS, TENANTS

    return contract_coverage(app[TENANTS].shared, app[CONTRACT], app[SETTINGS])


def _settings(options: argparse.Namespace) -> settings.Settings:
    """Return the settings that the flags give. Raises ValueError."""
    return settings.Settings(
        fixtures=options.fixtures, now=options.now, observed=options.observed,
        strict=options.strict, strict_headers=options.strict_headers,
        mode=options.mode, throttle=options.throttle, transparent=options.transparent,
        allowed_hosts=options.allowed_host, office_per_key=options.office_per_key, admin=not options.no_admin,
        admin_token=_token(options.admin_token), page=options.page, journal_size=options.journal_size,
        journal_bytes=options.journal_bytes, host=options.host, port=options.port, loop=options.loop,
    )  # fmt: skip


def _token_or_file(text: str) -> str:
    """Return a valid token, or @FILE, whose file is read when the server starts. The type of a flag."""
    token: str = text if text.startswith("@") else flags.of_text(Token())(text)
    return token


def _token(given: str | None) -> str | None:
    """Return the token, read from its file if it is given as @FILE. Raises ValueError."""
    if given is None or not given.startswith("@"):
        return given
    file = given[1:]
    try:
        token: str = Token().text(Path(file).read_text(encoding="utf-8-sig").strip())
    except OSError as error:
        why = error.strerror
    except UnicodeDecodeError:
        why = "not UTF-8; save the file as UTF-8"
    except ValueError as error:
        why = str(error)
    else:
        return token
    raise ValueError(f"--admin-token: {file}: {why}")
