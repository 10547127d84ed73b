"""The command `opendental-mock`."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version

from mockserver.clock import parse_moment
from mockserver.errors import ContractUnusable
from mockserver.fixture_files import load_office
from mockserver.fixture_layers import FixtureError, FixtureNotFound
from mockserver.logs import FORMATS, log_to_stderr

FINE, FINDINGS, WRONG_USE = 0, 1, 2
_PREFIX = "OPENDENTAL_MOCK_"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 0 where all is well, 1 on findings, 2 on wrong use."""
    parser = _parser()
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help", "--version")):
        words.insert(0, "serve")
    options = parser.parse_args(words)
    try:
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except (FixtureError, FixtureNotFound, ContractUnusable) as error:
        print(error, file=sys.stderr)
        return WRONG_USE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="opendental-mock",
        description="A private dental office that answers as the Open Dental API's ClaimTrackings resource does.",
        epilog="Without a command, it serves: opendental-mock --port 0",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('opendental-mock')}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_serve(commands)
    _add_check(commands)
    return parser


def _add_serve(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    serve = commands.add_parser(
        "serve",
        help="start the server",
        description="Start the server. Its base URL is printed on standard output once it is ready; the log goes"
        f" to standard error. Each flag is also an environment variable, {_PREFIX}PORT for --port; a flag"
        " wins over its variable.",
        epilog='example: opendental-mock serve --fixtures status-required --now "2023-07-26 09:47:10"',
    )
    flag = _Flags(serve)
    flag.add("--fixtures", str, [], "a shipped office (default, status-required), a file or a folder; repeatable:"
             " later ones add to and override earlier ones", action="append", metavar="NAME|FILE|FOLDER")  # fmt: skip
    flag.add("--host", str, "127.0.0.1", "address to listen on")
    flag.add("--port", _port, 30222, "port to listen on, 0 for any free one")
    flag.add("--now", _moment, None, "stop the office's clock at this time", metavar="'yyyy-MM-dd HH:mm:ss'")
    flag.add("--log-format", _log_format, "text", "text or json (one object a line)", metavar="FORMAT")
    serve.set_defaults(run=_serve)


def _add_check(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    check = commands.add_parser(
        "check",
        help="look for mistakes in fixtures",
        description="Say what is wrong with each fixture as file:line:column: message; nothing where all is well.",
        epilog="example: opendental-mock check fixtures/*.yaml",
    )
    check.add_argument("fixtures", nargs="+", metavar="NAME|FILE|FOLDER", help="each is checked on its own")
    check.set_defaults(run=_check)


def _serve(options: argparse.Namespace) -> int:
    from mockserver.server import serve  # an HTTP library is slow to import, and `check` needs none
    from mockserver.web.app import create_app

    log_to_stderr(options.log_format)
    app = create_app(*options.fixtures, now=options.now)
    try:
        asyncio.run(serve(app, host=options.host, port=options.port, ready=_announce))
    except OSError as error:
        print(
            f"opendental-mock: cannot listen on {options.host} port {options.port}: {error.strerror or error};"
            " choose another with --port, or --port 0 for any free one",
            file=sys.stderr,
        )
        return WRONG_USE
    return FINE


def _announce(url: str) -> None:
    print(url, flush=True)


def _check(options: argparse.Namespace) -> int:
    findings = 0
    for fixture in options.fixtures:
        try:
            load_office(fixture)
        except FixtureError as error:
            findings += len(error.complaints)
            print(error)
    return FINDINGS if findings else FINE


class _Flags:
    """Adds a flag that is an environment variable too. A bad value refuses to start, wherever it came from."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parser = parser

    def add(
        self, flag: str, kind: Callable[[str], object], default: object, says: str,
        *, action: str = "store", metavar: str | None = None,
    ) -> None:  # fmt: skip
        variable = _PREFIX + flag.removeprefix("--").replace("-", "_").upper()
        given = os.environ.get(variable)
        if given:
            try:
                value = kind(given)
            except argparse.ArgumentTypeError as error:
                self._parser.error(f"environment variable {variable}: {error}")
            default = given.split(os.pathsep) if action == "append" else value
        shown = f" (default: {default})" if default not in (None, []) else ""
        self._parser.add_argument(
            flag, type=kind, default=None if action == "append" else default,
            help=f"{says}{shown} [{variable}]".replace("%", "%%"), action=action, metavar=metavar,
        )  # fmt: skip
        if action == "append":
            self._parser.set_defaults(**{flag.removeprefix("--"): default})


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port; give a number from 0 to 65535")


def _moment(text: str) -> str:
    try:
        parse_moment(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a time of the form yyyy-MM-dd HH:mm:ss, like '2023-07-26 09:47:10'"
        ) from None
    return text


def _log_format(text: str) -> str:
    if text in FORMATS:
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is no format; give {' or '.join(FORMATS)}")
