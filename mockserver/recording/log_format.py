"""Log format: one line an event on standard error, as text or as JSON."""

import json
import logging
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any

from mockserver.recording.access_log import event, line
from mockserver.recording.log_thread import LogThread
from mockserver.streams import write_text


class _Text(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        exchanges = getattr(record, "exchanges", None)
        if exchanges is None:
            return super().format(record)
        start = f"{self.formatTime(record, self.datefmt)} {record.levelname} "
        return "\n".join([start + _on_one_line(line(exchange)) for exchange in exchanges])

    def formatException(self, ei: Any) -> str:  # noqa: N802  # its name in `logging`
        return "\n".join(map(_on_one_line, super().formatException(ei).split("\n")))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # its name in `logging`
        return _on_one_line(super().formatMessage(record))


def _on_one_line(text: str) -> str:
    # Text from a request must not begin a line, move the cursor, or change the direction of the text.
    return text if text.isprintable() else "".join([c if c.isprintable() else _escaped(c) for c in text])


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        head = {
            "ts": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        exchanges = getattr(record, "exchanges", None)
        if exchanges is not None:
            return "\n".join(json.dumps({**head, "event": line(one), **event(one)}) for one in exchanges)
        entry = {**head, "event": record.getMessage()}
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry)


FORMATS: dict[str, type[logging.Formatter]] = {"text": _Text, "json": _Json}


class _Stderr(logging.Handler):
    """A handler that writes messages to standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):  # the reader is gone, or the disk is full
            write_text(sys.stderr, f"{record.getMessage()}\n")


def log_to_stderr(form: str, level: str = "INFO") -> LogThread:
    """Send the server's log to standard error in that format, from that level on. Return the thread that writes it,
    which is to be entered.

    The command calls it once.
    """
    handler = _Stderr()
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("mockserver").setLevel(level)
    return LogThread(handler, FORMATS[form]())
