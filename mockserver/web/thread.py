"""Thread for work that would keep the event loop from serving others."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Got = TypeVar("Got")

WORK = "opendental-mock work"
"""The name of such a thread."""


async def in_thread(do: Callable[[], Got]) -> Got:
    """Return `do()`, run on a daemon thread. The end of the process does not wait for it, unlike a thread of a pool."""
    future: Future[Got] = Future()

    def run() -> None:
        future.set_running_or_notify_cancel()
        try:
            future.set_result(do())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name=WORK, daemon=True).start()
    return await asyncio.wrap_future(future)
