"""Lines of the log wait a moment for one another, but not for many."""

import asyncio
import logging

import pytest

from mockserver.recording.access_log import ExchangeLog, line
from mockserver.recording.journal import Exchange


def exchange(number: int) -> Exchange:
    return Exchange(id=number, method="GET", path=f"/{number}", status=200)


async def test_lines_are_written_together_when_there_are_a_hundred_or_the_moment_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    log = ExchangeLog(logging.getLogger("mockserver"))
    for number in range(250):
        log.add(exchange(number))
    assert [len(record.getMessage().splitlines()) for record in caplog.records] == [100, 100]
    async with asyncio.timeout(10):
        while len(caplog.records) < 3:
            await asyncio.sleep(0)
    assert "\n".join(record.getMessage() for record in caplog.records).splitlines() == [
        line(exchange(number)) for number in range(250)
    ]
    log.flush()
    assert len(caplog.records) == 3, "nothing waits any more"
