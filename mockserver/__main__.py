"""Entry point of the process: `python -m mockserver` runs the command `opendental-mock`.

No slow import happens at module level: an interrupt during such an import would end in a traceback.
"""

import gc
import os
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import NoReturn

_INTERRUPTED = 130
_LAST_SECONDS = 1.0
_MANY = 1_000_000
"""The objects after which the garbage collector passes: more than imports make. Its passes took 6 % of a start."""


def command() -> NoReturn:
    """Run the command, and end the process with its exit code."""
    _open_streams()
    gc.set_threshold(_MANY)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupted)  # until the server runs; before that there is no state to lose
    from mockserver.cli import main
    from mockserver.cli.output import within

    code = main()
    within(_LAST_SECONDS, _flush)
    # A normal exit takes seconds to free the memory of a large office, and waits for a thread that loads one.
    os._exit(code)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # the reader is gone
            stream.flush()


def _open_streams() -> None:
    """Open the standard streams that are closed, so that no socket gets one of their descriptors."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            setattr(sys, name, open(number, mode, closefd=False))  # noqa: SIM115  # until the process ends


def _interrupted(_number: int, _frame: FrameType | None) -> NoReturn:
    os._exit(_INTERRUPTED)


if __name__ == "__main__":
    command()
