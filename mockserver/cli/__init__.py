"""Command line: the command `opendental-mock` and its exit code."""

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NoReturn

from mockserver.assets import version
from mockserver.cli.output import INTERRUPTED, WRONG_USE, CommandFailed, print_error, print_note, print_output
from mockserver.errors import ContractUnusable
from mockserver.seeding.diagnostics import FixtureNotFound
from mockserver.suggestions import suggestion
from mockserver.syntax.diagnostics import DiagnosedError
from mockserver.syntax.text import printable_lines

# The module of each command, and its function that adds the command to the parser.
_COMMANDS = {
    "serve": ("serve", "add"), "run": ("run", "add"), "init": ("init", "add"), "check": ("check", "add"),
    "verify": ("verify", "add"), "export": ("export", "add"), "report": ("report", "add"),
    "openapi": ("report", "add_openapi"), "health": ("health", "add"), "env": ("env", "add"),
    "client": ("client", "add"), "docs": ("docs", "add"), "import": ("importing", "add"),
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Return the exit code: 0 for success, 1 on findings, 2 on wrong use."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name that the terminal's encoding cannot represent must not end in a traceback.
            stream.reconfigure(errors="backslashreplace")
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help", "--version")):
        words.insert(0, "serve")
    try:
        options = _parser(words[0]).parse_args(words)  # which reads the file of a token
        options.settle(options)
        if not hasattr(options, "log_format"):  # otherwise they are logged
            for note in options.notes:
                print_error(note)
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except DiagnosedError as error:
        from mockserver.cli.diagnostics import as_text  # slow to import

        print_note(f"{as_text(error.diagnostics, sys.stderr)}\n")
        return WRONG_USE
    except (FixtureNotFound, ContractUnusable) as error:
        print_note(f"{printable_lines(str(error))}\n")
        return WRONG_USE
    except CommandFailed as error:
        print_error(str(error))
        return error.code
    except KeyboardInterrupt:  # before the server runs
        return INTERRUPTED


def _parser(first: str) -> argparse.ArgumentParser:
    """Return the parser of arguments that begin with `first`: of that command alone, or of all for help and errors.

    Importing the others takes a twentieth of a start. `docs` prints the help of all.
    """
    parser = _Parser(
        prog="opendental-mock",
        description="A mock server of the Open Dental API's ClaimTrackings resource, with a private dental office.",
        epilog="Without a command, it serves: opendental-mock --port 0",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    is_alone = first in _COMMANDS and first != "docs"
    for module, add in [_COMMANDS[first]] if is_alone else _COMMANDS.values():
        getattr(import_module(f"mockserver.cli.{module}"), add)(commands)
    return parser


class _Parser(argparse.ArgumentParser):
    """A parser that prints like the commands, and takes flags by their whole names alone.

    Its errors have one line: the flags of `serve` alone take twelve.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def print_help(self, file: Any = None) -> None:
        print_output(self.format_help().rstrip("\n")) if file is None else super().print_help(file)

    def parse_known_args(self, *arguments: Any) -> Any:  # type: ignore[override]  # its overloads do not matter here
        """Parse the words, and refuse an unknown flag without its value, which may be a secret."""
        options, unknown = super().parse_known_args(*arguments)
        if unknown:
            name = unknown[0].partition("=")[0]
            close = suggestion(name, self._option_string_actions)
            self.error(f"there is no {name}{close} {self.prog} --help lists the flags.")
        return options, unknown

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_USE, f"{printable_lines(f'{self.prog}: error: {message}')}\n")


class _Version(argparse.Action):
    """An action like argparse's own, except that it looks up the version, which takes 8 ms, only when it is used."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        print_output(f"{parser.prog} {version()}")
        parser.exit()
