"""Stream tests: text is written completely to pipes that are full, in any encoding, and to streams in memory."""

import io
import os
import threading
from collections.abc import Iterator
from typing import TextIO

import pytest

from mockserver.streams import write_text

MAX_WAIT = 20
LINES = "".join(f"line {number}\n" for number in range(20_000))  # more than a pipe holds


@pytest.fixture
def pipe() -> Iterator[tuple[TextIO, TextIO]]:
    """Return both ends of a pipe, for reading and for writing."""
    read, write = os.pipe()
    with open(read, encoding="utf-8") as reader, open(write, "w", encoding="ascii") as writer:
        yield reader, writer


@pytest.mark.parametrize("blocks", [True, False])
def test_full_pipe_gets_all_text(pipe: tuple[TextIO, TextIO], blocks: bool) -> None:
    reader, writer = pipe
    os.set_blocking(writer.fileno(), blocks)
    writer.write("before ")
    thread = threading.Thread(target=write_text, args=(writer, LINES))
    thread.start()
    assert reader.read(len("before " + LINES)) == "before " + LINES
    thread.join(MAX_WAIT)
    assert not thread.is_alive()


def test_characters_outside_the_encoding_are_escaped(pipe: tuple[TextIO, TextIO]) -> None:
    reader, writer = pipe
    write_text(writer, "Zoë\n")
    assert reader.readline() == "Zo\\xeb\n"


def test_reader_that_is_gone_raises_and_leaves_nothing_in_the_buffer(pipe: tuple[TextIO, TextIO]) -> None:
    reader, writer = pipe
    reader.close()
    with pytest.raises(BrokenPipeError):
        write_text(writer, "line\n")
    writer.flush()


def test_stream_in_memory_is_written_unless_closed_or_none() -> None:
    stream = io.StringIO()
    write_text(stream, "line\n")
    assert stream.getvalue() == "line\n"
    stream.close()
    for other in (stream, None):
        write_text(other, "another\n")
