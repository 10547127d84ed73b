"""Output: exit codes, and printing on standard output and standard error."""

import argparse
import errno
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeAlias

from mockserver.streams import write_text
from mockserver.syntax.text import printable_lines

FINE, FINDINGS, WRONG_USE, NOT_MEASURED, INTERRUPTED = 0, 1, 2, 3, 130

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_SECONDS = 1.0
# On Windows, writing to a pipe whose reader is gone is an invalid argument.
_READER_IS_GONE = (errno.EPIPE, errno.EINVAL) if sys.platform == "win32" else (errno.EPIPE,)


class CommandFailed(Exception):
    """The command cannot do what it was asked for. `code` is its exit code."""

    code = WRONG_USE


class CannotWrite(CommandFailed):
    """The file of a flag cannot be written."""


class CannotPrint(CannotWrite):
    """Standard output cannot be written."""

    code = FINDINGS


def print_output(text: str) -> None:
    """Print the command's result on standard output. A reader that is gone, as of `| head`, is no error.

    Raises CannotPrint.
    """
    try:
        write_text(sys.stdout, f"{text}\n")
    except OSError as error:
        if not is_reader_gone(error):
            raise CannotPrint(f"standard output: {error.strerror}") from None


def print_error(text: str) -> None:
    """Print an error on standard error, after the command's name. Wait at most a second for its reader."""
    print_note(f"opendental-mock: {printable_lines(text)}\n")


def print_note(text: str) -> None:
    """Print a printable text on standard error. Wait at most a second for its reader."""
    with suppress(OSError):  # nobody reads standard error
        within(_SECONDS, lambda: write_text(sys.stderr, text))


def is_reader_gone(error: OSError) -> bool:
    """Return whether a text could not be written because its reader has closed the pipe."""
    return error.errno in _READER_IS_GONE


def do_all(*steps: Callable[[], object]) -> None:
    """Take each step, although one before it fails. Raises CannotWrite; of several, all but the last are printed."""
    errors: list[CannotWrite] = []
    for step in steps:
        try:
            step()
        except CannotWrite as error:
            errors.append(error)
    for earlier in errors[:-1]:
        print_error(str(earlier))
    if errors:
        raise errors[-1]


def within(seconds: float, do: Callable[[], object]) -> bool:
    """Run `do` on another thread, and wait at most that time: a pipe that nobody reads blocks it.

    Return whether it has ended. Raises its OSError.
    """
    errors: list[OSError] = []

    def run() -> None:
        try:
            do()
        except OSError as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    return not thread.is_alive()
