"""Changes: the number of changes to an office that are not exchanges, and waiting for the next one."""

import asyncio
import time


class Changes:
    """A counter of the changes by the admin API, by Python, and by a reload of fixtures.

    The revision starts at the time in milliseconds, so that it differs after a restart of the server.
    """

    def __init__(self) -> None:
        self.revision = time.time_ns() // 1_000_000
        self._waiting: set[asyncio.Event] = set()

    def note(self) -> None:
        """Count a change, and wake all tasks that wait for one."""
        self.revision += 1
        for event in self._waiting:
            event.set()

    async def wait(self, seen: int) -> None:
        """Wait until the revision is not `seen`."""
        if self.revision != seen:
            return
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            await event.wait()
        finally:
            self._waiting.remove(event)
