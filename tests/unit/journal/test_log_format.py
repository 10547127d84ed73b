"""Log format tests: one line an event, for any text in a request."""

import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mockserver.journal.exchange import Exchange
from mockserver.journal.exchange_forms import line
from mockserver.journal.log_format import FORMATS, log_to_stderr
from mockserver.journal.log_thread import LogThread

MAX_WAIT = 20


def record(message: str, **more: object) -> logging.LogRecord:
    return logging.makeLogRecord({"msg": message, "levelname": "INFO", "levelno": logging.INFO, **more})


@pytest.mark.parametrize(("character", "written"), [("\n", "\\x0a"), ("\u202e", "\\u202e"), ("é", "é")])
def test_control_characters_are_escaped(character: str, written: str) -> None:
    text = FORMATS["text"]()
    assert text.format(record(f"a{character}b")).endswith(f"INFO a{written}b")
    exchange = Exchange(id=1, method="GET", path=f"/a{character}b", status=200)
    assert f"GET /a{written}b 200" in text.format(record("", exchanges=[(exchange, line(exchange))]))


def test_a_traceback_keeps_its_lines_and_escapes_the_rest() -> None:
    error = LookupError("\u202egone")
    first, last = FORMATS["text"]().format(record("it broke", exc_info=(LookupError, error, None))).splitlines()
    assert first.endswith("INFO it broke")
    assert last == "LookupError: \\u202egone"


@contextmanager
def log_of_the_command(form: str) -> Iterator[LogThread]:
    """Log to standard error as the command does, without the handlers that pytest adds to each phase of a test."""
    root, own = logging.getLogger(), logging.getLogger("mockserver")
    handlers, levels = root.handlers, (root.level, own.level)
    root.handlers = []
    try:
        with log_to_stderr(form) as thread:
            yield thread
    finally:
        root.handlers = handlers
        root.setLevel(levels[0])
        own.setLevel(levels[1])


def test_log_of_each_thread_goes_to_stderr_from_its_level_on(capsys: pytest.CaptureFixture[str]) -> None:
    with log_of_the_command("text"):
        logging.getLogger("mockserver").info("it began")
        other = threading.Thread(target=logging.getLogger("mockserver.watch").info, args=("it goes on",))
        other.start()
        other.join()
        logging.getLogger("asyncio").info("not said")
        logging.getLogger("asyncio").warning("said")
    assert [line.partition(" ")[2] for line in capsys.readouterr().err.splitlines()] == [
        "INFO it began", "INFO it goes on", "WARNING said",
    ]  # fmt: skip


def test_stderr_without_a_reader_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    os.close(read)
    with open(write, "w") as stderr, monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", stderr)
        with log_of_the_command("text") as thread:
            logging.getLogger("mockserver").warning("lost")
            assert thread.flush(MAX_WAIT)


def test_a_record_that_cannot_be_formatted_fails_as_in_any_handler(capsys: pytest.CaptureFixture[str]) -> None:
    with log_of_the_command("text"):
        logging.getLogger("mockserver").warning("%d", "seven")
        logging.getLogger("mockserver").warning("eight")
    said = capsys.readouterr().err
    assert "--- Logging error ---" in said
    assert said.endswith("WARNING eight\n")
