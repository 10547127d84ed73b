"""Worker: one thread for long work, which would keep the event loop from serving others."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from mockserver.work import Abandoned, ends_with

Got = TypeVar("Got")

WORK = "opendental-mock work"
"""The name of the thread."""

_TICK = 0.25


class Worker:
    """One daemon thread, which does one job after the other, and ends if there are none.

    The end of the process does not wait for it, unlike a thread of a pool.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: deque[Callable[[], None]] = deque()
        self._works = False

    async def run(self, do: Callable[[], Got], is_wanted: Callable[[], bool] = lambda: True) -> Got:
        """Return `do()`. Raises Abandoned once it is not wanted any more.

        The work then ends at its next `checkpoint`, and so it does if the task is cancelled.
        """
        future: Future[Got] = Future()
        abandoned = threading.Event()
        self._add(lambda: _run(do, future, abandoned))
        done = asyncio.wrap_future(future)
        try:
            while not (await asyncio.wait((done,), timeout=_TICK))[0]:
                if not is_wanted():
                    raise Abandoned
            return done.result()
        finally:
            abandoned.set()
            done.cancel()

    def _add(self, job: Callable[[], None]) -> None:
        with self._lock:
            self._jobs.append(job)
            if not self._works:
                self._works = True
                threading.Thread(target=self._work, name=WORK, daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._jobs:
                    self._works = False
                    return
                job = self._jobs.popleft()
            job()
            del job  # with what it has read


def _run(do: Callable[[], Any], future: "Future[Any]", abandoned: threading.Event) -> None:
    if not future.set_running_or_notify_cancel():
        return  # nobody waits for it any more
    try:
        with ends_with(abandoned):
            result = do()
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)


WORKER = Worker()
"""The worker of this process: one load at a time, whoever asks for it."""
