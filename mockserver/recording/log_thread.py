"""Log thread: handlers of the log, which may be slow, are called on a thread of its own instead of the server's."""

import logging
import threading

from mockserver.recording.backlog import MAX_CHARACTERS, Backlog

# Whatever a server logs by. Only the records of the server's own thread take the detour.
_LOGGERS = ("mockserver", "asyncio", "aiohttp.server")
_LAST_SECONDS = 2.0


class LogThread:
    """A context in which records that its thread logs reach the loggers' handlers by another thread, in order.

    On leaving it waits until they have, but not for a handler that takes seconds.
    """

    def __init__(self, *, max_characters: int = MAX_CHARACTERS) -> None:
        self._backlog: Backlog[logging.LogRecord] = Backlog(_handle, _report_dropped, max_characters=max_characters)

    def __enter__(self) -> None:
        self._thread = threading.get_ident()
        for name in _LOGGERS:
            # The first of the filters, so that each of the others sees a record once.
            logging.getLogger(name).filters.insert(0, self.filter)

    def __exit__(self, *_: object) -> None:
        self._backlog.flush(_LAST_SECONDS)
        for name in _LOGGERS:
            logging.getLogger(name).removeFilter(self.filter)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record may reach the handlers now; otherwise it will later."""
        if threading.get_ident() != self._thread:
            return True
        text = record.getMessage()
        if hasattr(record, "exchanges"):
            record.msg, record.args = text, None
            del record.exchanges  # with their bodies, which nobody has counted
        self._backlog.put(record, text)
        return False


def _handle(record: logging.LogRecord) -> None:
    logging.getLogger(record.name).handle(record)


def _report_dropped(lines: int) -> None:
    logging.getLogger(_LOGGERS[0]).warning("%d lines of the log were dropped", lines)
