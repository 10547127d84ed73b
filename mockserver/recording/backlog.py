"""Backlog: items that a separate thread passes on in order, so that a slow reader does not block the server."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")

# How much text may wait. A pipe holds 64 kB, a day's log of a busy server 1 GB.
MAX_CHARACTERS = 1_000_000


class Backlog(Generic[Item]):
    """A queue of items for `pass_on(item)`, which is called on a separate thread and may block.

    When too much is waiting, items are dropped, and `report_dropped(lines)` is called in their place in the order once
    there is room. The thread is a daemon: it does not keep the process alive.
    """

    def __init__(
        self,
        pass_on: Callable[[Item], None],
        report_dropped: Callable[[int], None],
        *,
        max_characters: int = MAX_CHARACTERS,
    ) -> None:
        self._pass_on = pass_on
        self._report_dropped = report_dropped
        self._max_characters = max_characters
        self._changed = threading.Condition()
        self._waiting: deque[tuple[int, Item | None, int]] = deque()  # lines dropped before the item, item, characters
        self._characters = 0
        self._dropped = 0
        self._is_busy = False
        self._thread: threading.Thread | None = None

    def put(self, item: Item, text: str) -> None:
        """Queue an item, or drop it if there is no room. `text` is its text, whose length is counted."""
        with self._changed:
            if self._waiting and self._characters + len(text) > self._max_characters:
                self._dropped += text.count("\n") + 1
                return
            self._append(item, len(text))
            self._changed.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="opendental-mock log", daemon=True)
                self._thread.start()

    def flush(self, seconds: float) -> bool:
        """Wait until all items are passed on, for at most that time. Return whether they are."""
        end = time.monotonic() + seconds
        with self._changed:
            while self._waiting or self._dropped or self._is_busy:
                left = end - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
        return True

    def _append(self, item: Item | None, characters: int) -> None:
        self._waiting.append((self._dropped, item, characters))
        self._characters += characters
        self._dropped = 0

    def _run(self) -> None:
        while True:
            dropped, item = self._next()
            try:
                if dropped:
                    self._report_dropped(dropped)
                if item is not None:
                    self._pass_on(item)
            except Exception:
                # As `logging` does if a handler fails: print the error on standard error, and go on.
                logging.Handler().handleError(logging.makeLogRecord({"msg": "the log could not be written"}))

    def _next(self) -> tuple[int, Item | None]:
        with self._changed:
            self._is_busy = False
            self._changed.notify_all()
            while not self._waiting:
                if self._dropped:
                    self._append(None, 0)
                else:
                    self._changed.wait()
            self._is_busy = True
            dropped, item, characters = self._waiting.popleft()
            self._characters -= characters
            return dropped, item
