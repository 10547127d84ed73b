"""Outlet: a stream that is written by a separate thread, so that a slow or absent reader does not block."""

import io
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from mockserver.recording.backlog import MAX_CHARACTERS, Backlog

_PAUSE = 0.05


class Outlet:
    """A writer of text to `stream` on a separate thread. `dropped(lines)` is the text that reports dropped lines.

    It bypasses the stream's buffer: the interpreter takes the lock of that buffer when it ends, and aborts if a thread
    holds it while a pipe is full.
    """

    def __init__(
        self,
        stream: TextIO | None,
        dropped: Callable[[int], str] = "{} lines were dropped".format,
        *,
        max_characters: int = MAX_CHARACTERS,
    ) -> None:
        self._stream = stream
        self._encoding = getattr(stream, "encoding", None) or "utf-8"
        self._file = _unbuffered(stream)
        self._backlog: Backlog[str] = Backlog(self._write, dropped, max_characters=max_characters)

    def put(self, text: str) -> None:
        """Queue a text to be written with an end of line, or drop it when too much is waiting."""
        self._backlog.put(text, text)

    def flush(self, seconds: float) -> bool:
        """Wait until all is written, for at most that time. Return whether it is."""
        return self._backlog.flush(seconds)

    def _write(self, texts: list[str]) -> None:
        text = "\n".join([*texts, ""])
        if self._file is None:
            if self._stream is not None:
                with suppress(ValueError):  # it is closed
                    self._stream.write(text)
            return
        rest = memoryview(text.encode(self._encoding, "backslashreplace"))
        with suppress(OSError):  # the reader is gone, or the disk is full
            while rest:
                written = self._file.write(rest)
                if written is None:  # a full pipe that its other end has made non-blocking
                    time.sleep(_PAUSE)
                else:
                    rest = rest[written:]


def _unbuffered(stream: TextIO | None) -> io.RawIOBase | None:
    """Return an unbuffered file on the stream's descriptor, or None if it has none, as a stream in memory."""
    try:
        return open(stream.fileno(), "wb", buffering=0, closefd=False) if stream is not None else None
    except (OSError, ValueError):
        return None
