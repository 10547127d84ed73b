"""Log format tests: one line an event, for any text in a request."""

import json
import logging

import pytest

from mockserver.recording.backlog import dropped_record
from mockserver.recording.journal import Exchange
from mockserver.recording.log_format import FORMATS, _Writer


def record(message: str, **more: object) -> logging.LogRecord:
    return logging.makeLogRecord({"msg": message, "levelname": "INFO", "levelno": logging.INFO, **more})


@pytest.mark.parametrize(
    ("character", "written"),
    [
        ("\n", "\\x0a"), ("\x1b", "\\x1b"), ("\x85", "\\x85"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"),
        ("\u202e", "\\u202e"), ("\u2066", "\\u2066"), ("\ufeff", "\\ufeff"), ("\udce9", "\\udce9"),
        ("\U000e0001", "\\U000e0001"), ("é", "é"), (" ", " "),
    ],
)  # fmt: skip
def test_control_characters_are_escaped(character: str, written: str) -> None:
    text = FORMATS["text"]()
    assert text.format(record(f"a{character}b")).endswith(f"INFO a{written}b")
    exchange = Exchange(id=1, method="GET", path=f"/a{character}b", status=200)
    assert f"GET /a{written}b 200" in text.format(record("", exchanges=[exchange]))


def test_a_traceback_keeps_its_lines_and_escapes_the_rest() -> None:
    error = LookupError("\u202egone")
    first, last = FORMATS["text"]().format(record("it broke", exc_info=(LookupError, error, None))).splitlines()
    assert first.endswith("INFO it broke")
    assert last == "LookupError: \\u202egone"


@pytest.mark.parametrize(("form", "level"), [("text", "WARNING"), ("json", "warning")])
def test_dropped_lines_are_said_in_the_form_of_the_log(form: str, level: str) -> None:
    said = FORMATS[form]().format(dropped_record(7))
    assert "7 lines of the log were dropped" in (json.loads(said)["event"] if form == "json" else said)
    assert level in said


def test_a_record_that_cannot_be_formatted_fails_as_in_any_handler(capsys: pytest.CaptureFixture[str]) -> None:
    _Writer(None, "text").handle(record("%d", args=("seven",)))
    assert "--- Logging error ---" in capsys.readouterr().err
