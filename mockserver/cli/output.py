"""What the exit codes are, and how the command speaks on standard output."""

import argparse
import os
import sys
from typing import TypeAlias

FINE, FINDINGS, WRONG_USE, INTERRUPTED = 0, 1, 2, 130

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def say(text: str) -> None:
    """Print what the command is for: data, which goes to standard output."""
    try:
        print(text, flush=True)
    except OSError:
        # Nobody reads it any more, as with `| head`. What is left in the buffer must have somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
