"""Worker tests: long work runs on one thread, one job after the other, and ends if nobody waits for it."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from mockserver.web.thread import WORK, Worker
from mockserver.work import Abandoned, checkpoint


class Job:
    """A job that works until it is let go, or abandoned."""

    def __init__(self) -> None:
        self.began, self.let, self.ended = threading.Event(), threading.Event(), threading.Event()

    def __call__(self) -> str:
        self.began.set()
        try:
            while not self.let.wait(0.001):
                checkpoint()
        finally:
            self.ended.set()
        return threading.current_thread().name


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.001)


async def test_one_job_runs_after_the_other_on_one_thread() -> None:
    worker, first, second = Worker(), Job(), Job()
    second.let.set()
    tasks = [asyncio.create_task(worker.run(job)) for job in (first, second)]
    await until(first.began.is_set)
    assert sum(thread.name == WORK for thread in threading.enumerate()) == 1
    assert not second.began.is_set()
    first.let.set()
    assert await asyncio.gather(*tasks) == [WORK, WORK]
    await until(lambda: not any(thread.name == WORK for thread in threading.enumerate()))


async def test_error_of_a_job_is_raised_and_the_next_one_runs() -> None:
    worker = Worker()
    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda: 1 / 0)
    assert await worker.run(lambda: 1) == 1


async def test_cancelled_job_ends_and_one_that_waits_does_not_begin() -> None:
    worker, first, second = Worker(), Job(), Job()
    tasks = [asyncio.create_task(worker.run(job)) for job in (first, second)]
    await until(first.began.is_set)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert all(task.cancelled() for task in tasks)
    await until(first.ended.is_set)
    assert await worker.run(lambda: 1) == 1
    assert not second.began.is_set()


async def test_job_that_is_not_wanted_any_more_ends() -> None:
    worker, job = Worker(), Job()
    wanted = [True, True, False]
    with pytest.raises(Abandoned):
        await worker.run(job, lambda: wanted.pop(0))
    assert wanted == []
    await until(job.ended.is_set)


def test_checkpoint_without_a_worker_goes_on() -> None:
    checkpoint()
