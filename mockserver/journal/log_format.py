"""Log format: one line an event on standard error, as text or as JSON."""

import json
import logging
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any

from mockserver.journal.exchange_forms import event
from mockserver.journal.log_thread import LogThread
from mockserver.streams import write_text
from mockserver.syntax.text import printable, printable_lines, valid_text


class _Text(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        exchanges = getattr(record, "exchanges", None)
        if exchanges is None:
            return super().format(record)
        start = f"{self.formatTime(record, self.datefmt)} {record.levelname} "
        return "\n".join([start + printable(text) for _, text in exchanges])

    def formatException(self, ei: Any) -> str:  # noqa: N802  # its name in `logging`
        return printable_lines(super().formatException(ei))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # its name in `logging`
        return printable(super().formatMessage(record))


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        head = {
            "ts": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        exchanges = getattr(record, "exchanges", None)
        if exchanges is not None:
            return "\n".join(json.dumps({**head, "event": text, **event(one)}) for one, text in exchanges)
        entry = {**head, "event": valid_text(record.getMessage())}
        if record.exc_info:
            entry["traceback"] = valid_text(self.formatException(record.exc_info))
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
