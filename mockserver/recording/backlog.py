"""Backlog: items that a separate thread passes on in order, so that a slow reader does not block the server."""

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")

# How much text may wait. A pipe holds 64 kB, a day's log of a busy server 1 GB.
MAX_CHARACTERS = 1_000_000

# How long the thread sleeps after it has passed on items, for it takes the interpreter's lock each time that it wakes.
_PAUSE = 0.05


class Backlog(Generic[Item]):
    """A queue of items for `pass_on(items)`, which is called on a separate thread and may block.

    The first item is passed on at once, later ones in groups. When too much is waiting, items are dropped, and the item
    that `report_dropped(lines)` returns takes their place once there is room. The thread is a daemon: it does not keep
    the process alive.
    """

    def __init__(
        self,
        pass_on: Callable[[list[Item]], None],
        report_dropped: Callable[[int], Item],
        *,
        max_characters: int = MAX_CHARACTERS,
    ) -> None:
        self._pass_on = pass_on
        self._report_dropped = report_dropped
        self._max_characters = max_characters
        self._changed = threading.Condition()
        self._waiting: list[Item] = []
        self._characters = 0
        self._dropped = 0
        self._is_busy = False
        self._flushing = threading.Event()
        self._thread: threading.Thread | None = None

    def put(self, item: Item, text: str) -> None:
        """Queue an item, or drop it if there is no room. `text` is its text, whose length is counted."""
        with self._changed:
            if self._waiting and self._characters + len(text) > self._max_characters:
                self._dropped += text.count("\n") + 1
                return
            self._note_dropped()
            self._waiting.append(item)
            self._characters += len(text)
            self._changed.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="opendental-mock log", daemon=True)
                self._thread.start()

    def flush(self, seconds: float) -> bool:
        """Wait until all items are passed on, for at most that time. Return whether they are."""
        self._flushing.set()
        try:
            with self._changed:
                return self._changed.wait_for(lambda: not (self._waiting or self._dropped or self._is_busy), seconds)
        finally:
            self._flushing.clear()

    def _note_dropped(self) -> None:
        if self._dropped:
            self._waiting.append(self._report_dropped(self._dropped))
            self._dropped = 0

    def _run(self) -> None:
        while True:
            items = self._next()
            try:
                self._pass_on(items)
            except Exception:
                # As `logging` does if a handler fails: print the error on standard error, and go on.
                logging.Handler().handleError(logging.makeLogRecord({"msg": "the log could not be written"}))
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()
            self._flushing.wait(_PAUSE)

    def _next(self) -> list[Item]:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._dropped)
            self._note_dropped()
            items, self._waiting, self._characters = self._waiting, [], 0
            self._is_busy = True
            return items


def dropped_record(lines: int) -> logging.LogRecord:
    """Return the record that takes the place of dropped lines in the server's log."""
    return logging.makeLogRecord({
        "name": "mockserver", "levelno": logging.WARNING, "levelname": "WARNING",
        "msg": f"{lines} lines of the log were dropped",
    })  # fmt: skip
