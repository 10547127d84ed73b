"""Shutdown: the end of the process within seconds after a signal, even if the server is busy."""

import os
import queue
import threading
from collections.abc import Callable

from mockserver.cli.output import WRONG_USE, CommandFailed, print_error, within
from mockserver.journal.log_thread import LogThread

# The process must end within 5 s of the signal. aiohttp may take 4 of them to cancel requests without a response.
_GRACE = 4.1
_FORCED_SECONDS = 0.6
_AGAIN_SECONDS = 2.0  # after a second signal, which comes early: on a busy machine a report took more than 0.6 s


class Shutdown:
    """A context in which a server runs. Its `last` runs once when the server has stopped, and returns the exit code.

    Normally the main thread runs it. If that is too busy after a signal, or if a second signal comes, another thread
    runs it, writes the waiting lines of `log`, and ends the process at once.
    """

    def __init__(self, last: Callable[[], int], log: LogThread) -> None:
        self._last = last
        self._log = log
        self._code: int | None = None
        self._lock = threading.Lock()
        # Its `put` is reentrant, as a signal handler requires.
        self._signals: queue.SimpleQueue[bool] = queue.SimpleQueue()

    def __enter__(self) -> "Shutdown":
        threading.Thread(target=self._watch, name="opendental-mock end", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._signals.put(False)

    def request_stop(self) -> None:
        """End the process within 5 s, or at once on a second call. Safe to call in a signal handler."""
        self._signals.put(True)

    def finish(self) -> int:
        """Run `last` unless it has run. Return the exit code."""
        with self._lock:
            if self._code is None:
                try:
                    self._code = self._last()
                except CommandFailed as error:
                    print_error(str(error))
                    self._code = error.code
            return self._code

    def _watch(self) -> None:
        if not self._signals.get():
            return
        try:
            if self._signals.get(timeout=_GRACE):
                self._force_exit(_AGAIN_SECONDS)
        except queue.Empty:
            self._force_exit(_FORCED_SECONDS)

    def _force_exit(self, seconds: float) -> None:
        def end() -> None:
            self.finish()
            self._log.flush(_FORCED_SECONDS)

        within(seconds, end)
        os._exit(WRONG_USE if self._code is None else self._code)
