"""Pieces of a connection's data, none of which goes on after the end of a head or of a body."""

from collections.abc import Callable

END_OF_HEAD = b"\r\n\r\n"
MAX_HEAD_BYTES = 32_768
"""The largest head of a request: its first line and headers. Browsers send the cookies of every server on localhost."""
# The part of a head that is kept for its first line.
_MAX_BEGINNING = 2_048
# The number of line ends in the chunks of one piece of data that are taken for the end of a body.
_MAX_GUESSES = 64


class Pieces:
    """The data of a connection that its parser has not received yet.

    aiohttp discards the messages before an invalid one in the same data. In a piece there are none, however the data is
    split over segments.
    """

    __slots__ = (
        "_body_bytes", "_data", "_end", "_guesses", "_has_ended", "_missing", "_start", "beginning", "head_bytes",
        "is_stopped",
    )  # fmt: skip

    def __init__(self) -> None:
        self.head_bytes = 0
        """The size of the head that is not complete yet, as far as it was taken."""
        self.beginning = b""
        """The first bytes of that head."""
        self._data, self._start = b"", 0
        self._end = b""  # the last bytes of the head so far, with which its end may begin
        self._body_bytes = 0
        self._missing = 0  # the number of bytes of a body that are not taken yet
        self._has_ended: Callable[[], bool] | None = None  # for a body of unknown length
        self._guesses = 0
        self.is_stopped = False

    def __bool__(self) -> bool:
        return self._start < len(self._data)

    @property
    def unfinished_bytes(self) -> int | None:
        """Return how much was taken of a request that is not complete. None: there is no such request."""
        if self.is_stopped:
            return None
        if self._missing or (self._has_ended is not None and not self._has_ended()):
            return self._body_bytes
        return self.head_bytes if self.beginning.strip(b"\r\n") else None

    def add(self, data: bytes) -> None:
        """Add data of the client."""
        if not self.is_stopped:
            self._data = self._data[self._start :] + data if self else data
            self._start = self._guesses = 0

    def begin_body(self, length: int | None, has_ended: Callable[[], bool]) -> None:
        """Note that a body follows the head that was taken last. None: of a length that only `has_ended` knows."""
        self.head_bytes, self.beginning = 0, b""
        self._body_bytes = 0
        self._missing = length or 0
        self._has_ended = has_ended if length is None else None

    def stop(self) -> None:
        """Drop all data, now and from now on."""
        self._data, self._start, self.is_stopped = b"", 0, True

    def take(self) -> bytes:
        """Return the next piece."""
        if self._has_ended is not None and self._has_ended():
            self._has_ended = None
        is_head = not self._missing and self._has_ended is None
        end = self._end_of_body() if self._missing else self._end_of_head()
        piece = self._data[self._start : end]
        self._start = end
        if is_head:
            self.head_bytes += len(piece)
            self.beginning += piece[: _MAX_BEGINNING - len(self.beginning)]
        else:
            self._body_bytes += len(piece)
        return piece

    def _end_of_body(self) -> int:
        end = min(self._start + self._missing, len(self._data))
        self._missing -= end - self._start
        return end

    def _end_of_head(self) -> int:
        """Return the place after the next end of a head. Chunks are read like heads, since they may end like one."""
        if self._has_ended is not None:
            self._guesses += 1
            if self._guesses > _MAX_GUESSES:
                return len(self._data)
        known = self._end
        if known:
            found = (known + self._data[self._start : self._start + 3]).find(END_OF_HEAD)
            if found >= 0:
                self._end = b""
                return self._start + found + len(END_OF_HEAD) - len(known)
        found = self._data.find(END_OF_HEAD, self._start)
        if found >= 0:
            self._end = b""
            return found + len(END_OF_HEAD)
        self._end = (known + self._data[max(self._start, len(self._data) - 3) :])[-3:]
        return len(self._data)
