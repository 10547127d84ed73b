"""Output: exit codes, and printing on standard output and standard error."""

import argparse
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeAlias

from mockserver.streams import write_text

FINE, FINDINGS, WRONG_USE, INTERRUPTED = 0, 1, 2, 130

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_SECONDS = 1.0


def print_output(text: str) -> None:
    """Print the command's result on standard output."""
    try:
        print(text, flush=True)
    except OSError:
        # The reader is gone, as with `| head`. The rest of the buffer must still be written to some file.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_error(text: str) -> None:
    """Print an error on standard error, after the command's name. Wait at most a second for its reader."""
    with suppress(OSError):  # there is nobody to tell
        within(_SECONDS, lambda: write_text(sys.stderr, f"opendental-mock: {text}\n"))


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
