"""How the log looks: one line an event on standard error, for people or for machines."""

import json
import logging
import sys
from datetime import datetime

from mockserver.recording.access_log import event, line

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))}


class _Text(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        exchanges = getattr(record, "exchanges", None)
        if exchanges is None:
            return super().format(record)
        start = f"{self.formatTime(record, self.datefmt)} {record.levelname} "
        return "\n".join([start + _on_one_line(line(exchange)) for exchange in exchanges])

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # its name in `logging`
        return _on_one_line(super().formatMessage(record))


def _on_one_line(text: str) -> str:
    # What came with a request must neither begin a line nor move the cursor.
    return text if text.isprintable() else text.translate(_CONTROLS)


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        head = {
            "ts": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        exchanges = getattr(record, "exchanges", None)
        if exchanges is not None:
            return "\n".join(json.dumps({**head, "event": line(one), **event(one)}) for one in exchanges)
        said = {**head, "event": record.getMessage()}
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json.dumps(said)


FORMATS: dict[str, type[logging.Formatter]] = {"text": _Text, "json": _Json}


def log_to_stderr(form: str, level: str = "INFO") -> None:
    """Send the server's log to standard error in that form, from that level on. Called once, by the command."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(FORMATS[form]())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("mockserver").setLevel(level)
