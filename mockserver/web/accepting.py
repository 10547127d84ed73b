"""Connection factory of a server, which logs when there are no file descriptors left, and when it is over."""

import asyncio
import errno
import logging
import os
from collections.abc import Callable
from typing import Any

log = logging.getLogger("mockserver")

# asyncio tries again after a second.
_SECONDS = 2.0
_EXHAUSTED = (errno.EMFILE, errno.ENFILE)
_MESSAGE = "socket.accept() out of system resource"
"""asyncio's message to the handler of exceptions, once a second for each connection that the backlog has room for."""


class Accepting:
    """A factory of connections that notices when a connection has taken the last descriptor.

    asyncio would log each place in the backlog, with a traceback. uvloop closes further connections, and logs nothing.
    """

    def __init__(self, connect: Callable[[], asyncio.Protocol]) -> None:
        self._connect = connect
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._failed_at = 0.0
        self._is_noticing = False

    def __call__(self) -> asyncio.Protocol:
        """Return a new connection."""
        error = _exhaustion()
        if error is not None:
            self._fail(error)
        return self._connect()

    def start(self) -> None:
        """Replace the handler of exceptions, to filter asyncio's message."""
        self._handle_other = self._loop.get_exception_handler()
        self._loop.set_exception_handler(self._handle)
        self._is_noticing = True

    def stop(self) -> None:
        """Restore the handler of exceptions."""
        self._is_noticing = False
        if self._timer is not None:
            self._timer.cancel()
        if self._loop.get_exception_handler() == self._handle:
            self._loop.set_exception_handler(self._handle_other)

    def _handle(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if self._is_noticing and context.get("message") == _MESSAGE:
            self._fail(context["exception"])
        elif self._handle_other is not None:
            self._handle_other(loop, context)
        else:
            loop.default_exception_handler(context)

    def _fail(self, error: OSError) -> None:
        self._failed_at = self._loop.time()
        if self._timer is None:
            why = (error.strerror or str(error)).lower()
            log.warning("cannot accept more connections: %s; close some, or raise the limit (ulimit -n)", why)
            self._timer = self._loop.call_later(_SECONDS, self._look)

    def _look(self) -> None:
        """Say that it is over, if it is."""
        if _exhaustion() is not None or self._loop.time() - self._failed_at < _SECONDS:
            self._timer = self._loop.call_later(_SECONDS, self._look)
        else:
            self._timer = None
            log.warning("accepting connections again")


def _exhaustion() -> OSError | None:
    """Return the error of opening one more file, if there are no descriptors left."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return error if error.errno in _EXHAUSTED else None
    return None
