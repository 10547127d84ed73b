"""Output: exit codes, and printing on standard output and standard error."""

import argparse
import os
import sys
from typing import TypeAlias

from mockserver.recording.outlet import Outlet

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
    outlet = Outlet(sys.stderr)
    outlet.put(f"opendental-mock: {text}")
    outlet.flush(_SECONDS)
