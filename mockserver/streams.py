"""Streams: text written completely to standard output or standard error."""

import time
from typing import TextIO

_PAUSE = 0.05  # seconds


def write_text(stream: TextIO | None, text: str) -> None:
    """Write all of a text. None stands for a stream that the process does not have. Raises OSError.

    It bypasses the stream's buffer, which would keep a text that cannot be written, and lose a part of it when a pipe
    is full that another process has made non-blocking. Such a pipe is waited for.
    """
    if stream is None or stream.closed:
        return
    stream.flush()
    try:
        file = open(stream.fileno(), "wb", buffering=0, closefd=False)  # noqa: SIM115  # closed below
    except ValueError:  # it is in memory
        stream.write(text)
        return
    with file:
        rest = memoryview(text.encode(stream.encoding, "backslashreplace"))
        while rest:
            written = file.write(rest)
            if written is None:  # the pipe is full
                time.sleep(_PAUSE)
            else:
                rest = rest[written:]
