"""Signal handlers: SIGINT, SIGTERM and SIGHUP, which ask a process to end, and on Windows SIGBREAK."""

import signal
from collections.abc import Callable
from types import FrameType

OF_TERMINAL = tuple(getattr(signal, name) for name in ("SIGINT", "SIGBREAK") if hasattr(signal, name))
"""Those that a terminal sends to all of its processes: for Ctrl-C, and on Windows for Ctrl-Break."""


def on_signals(handle: Callable[[int], None]) -> None:
    """Call `handle` with the number of each signal that asks the process to end, in the main thread.

    SIGHUP is one of them, except on Windows, which does not have it, and under `nohup`, which ignores it.
    """

    def call(number: int, _frame: FrameType | None) -> None:
        handle(number)

    # `signal.signal` and not `loop.add_signal_handler`, which Windows does not have.
    for number in (*OF_TERMINAL, signal.SIGTERM):
        signal.signal(number, call)
    hangup = getattr(signal, "SIGHUP", None)
    if hangup is not None and signal.getsignal(hangup) != signal.SIG_IGN:
        signal.signal(hangup, call)
