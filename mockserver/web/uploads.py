"""Uploads: requests that are not complete yet, limited in their bytes together and in the time without progress."""

import asyncio
import logging
from typing import Protocol

from mockserver.api.body import MAX_BYTES
from mockserver.messages import number_of
from mockserver.office.clock import Clock

log = logging.getLogger("mockserver")

MAX_SUM = 2 * MAX_BYTES
"""The bytes of all uploads together: two bodies of the largest size."""
MAX_SECONDS = 60.0
"""The time without progress after which a connection is closed."""


class Upload(Protocol):
    """The connection of an upload."""

    @property
    def waits(self) -> bool:
        """Return whether the request waits for the client alone."""

    def refuse_upload(self, reason: str) -> None:
        """Refuse the request, and drop the part that has arrived."""

    def abort(self) -> None:
        """Close the connection at once."""


class Uploads:
    """The uploads of a server. Time is that of `clock`, which is not an office's."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.max_bytes = MAX_SUM
        self.bytes = 0
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._unfinished: dict[Upload, tuple[int, float]] = {}

    def __len__(self) -> int:
        return len(self._unfinished)

    def note(self, upload: Upload, size: int) -> None:
        """Note that the request has made progress, and that so many bytes of it are there."""
        known = self._unfinished.get(upload)
        self._unfinished[upload] = size, self.clock.seconds()
        self.bytes += size - (0 if known is None else known[0])
        if self._timer is None:
            self._timer = self._loop.call_later(MAX_SECONDS / 6, self.close_stalled)
        while self.bytes > self.max_bytes:
            largest = max(self._unfinished, key=lambda one: self._unfinished[one][0])
            self.forget(largest)
            limit = f"{self.max_bytes / 1_000_000:.0f} MB"
            largest.refuse_upload(f"more than {limit} of requests are incomplete, and this one is the largest")

    def forget(self, upload: Upload) -> None:
        """Note that the request is complete, or given up."""
        known = self._unfinished.pop(upload, None)
        if known is not None:
            self.bytes -= known[0]

    def close_stalled(self) -> None:
        """Close the connections of requests that have made no progress for too long."""
        now = self.clock.seconds()
        stalled = [
            upload for upload, (_, since) in self._unfinished.items() if now - since > MAX_SECONDS and upload.waits
        ]
        for upload in stalled:
            self.forget(upload)
            upload.abort()
        if stalled:
            count = number_of(len(stalled), "connection")
            log.warning("closed %s: no progress of an incomplete request for %d s", count, MAX_SECONDS)
        self._timer = self._loop.call_later(MAX_SECONDS / 6, self.close_stalled) if self._unfinished else None

    def stop(self) -> None:
        """Stop looking for such connections."""
        if self._timer is not None:
            self._timer.cancel()
