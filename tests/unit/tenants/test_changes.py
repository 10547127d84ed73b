"""Changes tests: each is counted, and wakes the tasks that wait for it."""

import asyncio

import pytest

from mockserver.tenants.changes import Changes

MAX_SECONDS = 10


async def test_a_change_wakes_every_task_that_waits() -> None:
    changes = Changes()
    before = changes.revision
    tasks = [asyncio.create_task(changes.wait(before)) for _ in range(2)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in tasks)
    changes.note()
    assert changes.revision == before + 1
    await asyncio.wait_for(asyncio.gather(*tasks), MAX_SECONDS)


async def test_a_change_that_has_come_before_is_not_waited_for() -> None:
    changes = Changes()
    before = changes.revision
    changes.note()
    await asyncio.wait_for(changes.wait(before), MAX_SECONDS)


async def test_a_task_that_gives_up_is_forgotten() -> None:
    changes = Changes()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(changes.wait(changes.revision), 0)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(changes.wait(changes.revision), 0.01)
    assert not changes._waiting


async def test_another_server_has_another_revision(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Changes()
    monkeypatch.setattr("time.time_ns", lambda: first.revision * 1_000_000 + 1_000_000)
    assert Changes().revision != first.revision
