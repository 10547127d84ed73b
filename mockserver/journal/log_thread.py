"""Log thread: a thread that calls the handlers of the log, which may be slow, in the place of the server's threads."""

import logging
import threading

# How much text may wait. A pipe holds 64 kB, a day's log of a busy server 1 GB.
MAX_CHARACTERS = 1_000_000

# How long the thread sleeps after it has handled records, for it takes the interpreter's lock each time that it wakes.
_PAUSE = 0.05
_LAST_SECONDS = 2.0
_LOGGERS = ("mockserver", "asyncio", "aiohttp.server")


class LogThread:
    """A context in which another thread calls the handlers of the log, in the order of the records.

    It takes the records that the thread which enters the context logs to the loggers of a server. With a `handler`, it
    takes every record for that handler instead, and formats it at once with `form`.

    If too much text is waiting, records are dropped, and a record that counts their lines takes their place when there
    is room. On exit it waits until all are handled, but at most two seconds for a slow handler. The thread is a daemon:
    it does not keep the process alive.
    """

    def __init__(
        self,
        handler: logging.Handler | None = None,
        form: logging.Formatter | None = None,
        *,
        max_characters: int = MAX_CHARACTERS,
    ) -> None:
        self._handler = handler
        self._form = form
        self._max_characters = max_characters
        self._sources: list[logging.Filterer] = [handler] if handler else [*map(logging.getLogger, _LOGGERS)]
        self._server_thread = 0
        self._changed = threading.Condition()
        self._waiting: list[logging.LogRecord] = []
        self._characters = self._dropped = 0
        self._is_busy = False
        self._flushing = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> "LogThread":
        self._server_thread = threading.get_ident()
        for source in self._sources:
            # Before the other filters, so that each of them sees a record once.
            source.filters.insert(0, self.filter)
        return self

    def __exit__(self, *_: object) -> None:
        self.flush(_LAST_SECONDS)
        for source in self._sources:
            source.removeFilter(self.filter)

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the handlers may get a record now. Otherwise they get it later."""
        thread = threading.get_ident()
        if self._thread and self._thread.ident == thread:
            return True
        if self._handler is None and thread != self._server_thread:
            return True
        try:
            self._put(self._prepared(record))
        except Exception:  # a record that cannot be formatted
            (self._handler or logging.Handler()).handleError(record)
        return False

    def flush(self, seconds: float) -> bool:
        """Wait until all records are handled, for at most that time. Return whether they are."""
        self._flushing.set()
        try:
            with self._changed:
                return self._changed.wait_for(lambda: not (self._waiting or self._dropped or self._is_busy), seconds)
        finally:
            self._flushing.clear()

    def _prepared(self, record: logging.LogRecord) -> logging.LogRecord:
        """Return a record without exchanges, whose bodies are large and not counted."""
        if self._form:
            text = self._form.format(record)
            return logging.LogRecord(record.name, record.levelno, record.pathname, record.lineno, text, None, None)
        if hasattr(record, "exchanges"):
            record.msg, record.args = record.getMessage(), None
            del record.exchanges
        return record

    def _put(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        with self._changed:
            if self._waiting and self._characters + len(text) > self._max_characters:
                self._dropped += text.count("\n") + 1
                return
            self._report_dropped()
            self._waiting.append(record)
            self._characters += len(text)
            self._changed.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="opendental-mock log", daemon=True)
                self._thread.start()

    def _report_dropped(self) -> None:
        if self._dropped:
            text = f"{self._dropped} lines of the log were dropped"
            record = logging.LogRecord(_LOGGERS[0], logging.WARNING, __file__, 0, text, None, None)
            self._waiting.append(self._prepared(record))
            self._dropped = 0

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._dropped)
                self._report_dropped()
                records, self._waiting, self._characters = self._waiting, [], 0
                self._is_busy = True
            for record in records:
                try:
                    (self._handler or logging.getLogger(record.name)).handle(record)
                except Exception:  # of a user's handler
                    logging.Handler().handleError(record)
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()
            self._flushing.wait(_PAUSE)
