"""What the exit codes are, and how the command speaks on standard output and standard error."""

import argparse
import os
import sys
from typing import TypeAlias

from mockserver.recording.outlet import Outlet

FINE, FINDINGS, WRONG_USE, INTERRUPTED = 0, 1, 2, 130

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_SECONDS = 1.0


def print_output(text: str) -> None:
    """Print what the command is for: data, which goes to standard output."""
    try:
        print(text, flush=True)
    except OSError:
        # Nobody reads it any more, as with `| head`. What is left in the buffer must have somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_error(text: str) -> None:
    """Print on standard error, after the command's name, what is wrong; wait a second at most for its reader."""
    outlet = Outlet(sys.stderr)
    outlet.put(f"opendental-mock: {text}")
    outlet.flush(_SECONDS)
