"""Log thread: a thread that calls the handlers of the log, which may be slow, in the place of the server's thread."""

import logging
import threading

from mockserver.recording.backlog import MAX_CHARACTERS, Backlog, dropped_record

# The loggers of a server. Only records of the server's own thread go through the backlog.
_LOGGERS = ("mockserver", "asyncio", "aiohttp.server")
_LAST_SECONDS = 2.0


class LogThread:
    """A context in which another thread passes the server thread's records to the loggers' handlers, in order.

    On exit it waits until all are handled, but at most two seconds for a slow handler.
    """

    def __init__(self, *, max_characters: int = MAX_CHARACTERS) -> None:
        self._backlog: Backlog[logging.LogRecord] = Backlog(_handle, dropped_record, max_characters=max_characters)

    def __enter__(self) -> None:
        self._thread = threading.get_ident()
        for name in _LOGGERS:
            # Before the other filters, so that each of them sees a record once.
            logging.getLogger(name).filters.insert(0, self.filter)

    def __exit__(self, *_: object) -> None:
        self._backlog.flush(_LAST_SECONDS)
        for name in _LOGGERS:
            logging.getLogger(name).removeFilter(self.filter)

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the handlers may get a record now. Otherwise they get it later."""
        if threading.get_ident() != self._thread:
            return True
        text = record.getMessage()
        if hasattr(record, "exchanges"):
            record.msg, record.args = text, None
            del record.exchanges  # with their bodies, whose size is not counted
        self._backlog.put(record, text)
        return False


def _handle(records: list[logging.LogRecord]) -> None:
    for record in records:
        try:
            logging.getLogger(record.name).handle(record)
        except Exception:  # of a user's handler
            logging.Handler().handleError(record)
