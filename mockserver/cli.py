"""The command `opendental-mock`."""

import argparse
import asyncio
import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version

from mockserver.clock import parse_moment
from mockserver.errors import ContractUnusable
from mockserver.fixture_files import load_office
from mockserver.fixture_layers import FixtureError, FixtureNotFound
from mockserver.logs import FORMATS, log_to_stderr

FINE, FINDINGS, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
_PREFIX = "OPENDENTAL_MOCK_"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 0 where all is well, 1 on findings, 2 on wrong use."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name that the terminal's encoding does not have must not end in a traceback.
            stream.reconfigure(errors="backslashreplace")
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
    except KeyboardInterrupt:  # before it served
        return INTERRUPTED


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
        allow_abbrev=False,
        description="Start the server. Its base URL is printed on standard output once it is ready; the log goes"
        f" to standard error. Each flag is also an environment variable, {_PREFIX}PORT for --port; a flag"
        " wins over its variable.",
        epilog="example: opendental-mock serve --fixtures status-required --port 0",
    )
    flag = _Flags(serve)
    flag.add("--fixtures", _word, [], "a shipped office (default, status-required), a file or a folder; repeatable:"
             " later ones add to and override earlier ones", action="append", metavar="NAME|FILE|FOLDER")  # fmt: skip
    flag.add("--host", _word, "127.0.0.1", "address to listen on")
    flag.add("--port", _port, 30222, "port to listen on, 0 for any free one")
    flag.add("--now", _moment, None, "stop the office's clock at this time", metavar="'yyyy-MM-dd HH:mm:ss'")
    flag.add("--log-format", _log_format, "text", "text or json (one object a line)", metavar="FORMAT")
    serve.set_defaults(run=_serve, settle=flag.settle)


def _add_check(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    check = commands.add_parser(
        "check",
        help="look for mistakes in fixtures",
        allow_abbrev=False,
        description="Say what is wrong with each fixture as file:line:column: message; nothing where all is well.",
        epilog="example: opendental-mock check fixtures/*.yaml",
    )
    check.add_argument("fixtures", type=_word, nargs="+", metavar="NAME|FILE|FOLDER", help="each is checked on its own")
    check.set_defaults(run=_check)


def _serve(options: argparse.Namespace) -> int:
    from mockserver.server import CannotListen, serve  # an HTTP library is slow to import, and `check` needs none
    from mockserver.web.app import create_app

    options.settle(options)
    log_to_stderr(options.log_format)
    app = create_app(*options.fixtures, now=options.now)
    try:
        asyncio.run(serve(app, host=options.host, port=options.port, ready=_say))
    except CannotListen as error:
        print(f"opendental-mock: {error}; {_WAYS_OUT[error.wrong]}", file=sys.stderr)
        return WRONG_USE
    return FINE


_WAYS_OUT = {
    "host": "give --host an address of this machine, like 127.0.0.1",
    "port": "choose another with --port, or --port 0 for any free one",
}


def _check(options: argparse.Namespace) -> int:
    outcome = FINE
    for fixture in options.fixtures:
        try:
            load_office(fixture)
        except FixtureError as error:
            _say(str(error))
            outcome = max(outcome, FINDINGS)
        except FixtureNotFound as error:
            print(error, file=sys.stderr)
            outcome = WRONG_USE
    return outcome


def _say(text: str) -> None:
    try:
        print(text, flush=True)
    except OSError:
        # Nobody reads it any more, as with `| head`. What is left in the buffer must have somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Flags:
    """Adds a flag that is an environment variable too. A bad value refuses to start, wherever it came from."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parser = parser
        self._flags: list[tuple[str, str, Callable[[str], object], object]] = []

    def add(
        self, flag: str, kind: Callable[[str], object], default: object, says: str,
        *, action: str = "store", metavar: str | None = None,
    ) -> None:  # fmt: skip
        name = flag.removeprefix("--").replace("-", "_")
        variable = _PREFIX + name.upper()
        shown = f" (default: {default})" if default not in (None, []) else ""
        self._parser.add_argument(
            flag, type=kind, help=f"{says}{shown} [{variable}]".replace("%", "%%"), action=action, metavar=metavar
        )
        self._flags.append((name, variable, kind, default))

    def settle(self, options: argparse.Namespace) -> None:
        """Give each flag that was not given the value of its variable, or else its default."""
        for name, variable, kind, default in self._flags:
            value, given = default, os.environ.get(variable)
            if given:
                try:
                    if isinstance(default, list):
                        value = [kind(part) for part in given.split(os.pathsep) if part]
                    else:
                        value = kind(given)
                except argparse.ArgumentTypeError as error:
                    self._parser.error(f"environment variable {variable}: {error}")
            if getattr(options, name) is None:
                setattr(options, name, value)


def _word(text: str) -> str:
    if text.strip():
        return text
    raise argparse.ArgumentTypeError("there is nothing in it; leave it out for the default")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) < 65536:
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
