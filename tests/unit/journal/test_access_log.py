"""Access log tests: lines wait for others for a moment, but not for many."""

import asyncio
import json
import logging

import pytest

from mockserver.journal.access_log import ExchangeLog
from mockserver.journal.exchange import Exchange
from mockserver.journal.exchange_forms import line
from mockserver.journal.journal import Journal
from mockserver.journal.log_format import FORMATS
from mockserver.journal.trimming import MAX_TEXT_LENGTH


def exchange(number: int) -> Exchange:
    return Exchange(id=number, method="GET", path=f"/{number}", status=200)


async def test_lines_are_written_per_hundred_or_after_the_delay(
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


@pytest.mark.parametrize("form", FORMATS)
def test_a_line_has_an_end_whatever_came(form: str) -> None:
    journal = Journal()
    long = journal.open("M" * 8_000, "/" + "p" * 8_000)
    long.explanation = "e" * 1_000_000
    long.warnings = [("warning.x", f"{number}".ljust(100_000, "w")) for number in range(500)]
    journal.close(long)
    record = logging.makeLogRecord({"exchanges": [(long, line(long))], "levelname": "INFO"})
    text = FORMATS[form]().format(record)
    assert len(text) < 500 + 11 * MAX_TEXT_LENGTH + 200 if form == "text" else len(text) < 10_000
    assert "and 90 more warnings" in text


def test_a_short_line_says_all_there_is() -> None:
    journal = Journal()
    short = journal.open("GET", "/api/v1/claimtrackings?x=1")
    short.status, short.explanation, short.fault, short.warnings = 400, "No.", "throttled", [("warning.x", "Odd.")]
    journal.close(short)
    assert line(short) == "GET /api/v1/claimtrackings?x=1 400 0.0 ms  fault throttled  No.  Odd."
    said = json.loads(FORMATS["json"]().format(logging.makeLogRecord({"exchanges": [(short, line(short))]})))
    assert (said["path"], said["warnings"]) == ("/api/v1/claimtrackings?x=1", ["Odd."])
