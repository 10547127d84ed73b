"""Outlet tests: streams that are full, closed, in memory, or None."""

import io
import os
from collections.abc import Iterator
from typing import TextIO

import pytest

from mockserver.recording.outlet import Outlet

MAX_WAIT = 20
LINES = [f"line {number}" for number in range(20_000)]


@pytest.fixture
def pipe() -> Iterator[tuple[TextIO, TextIO]]:
    """Return both ends of a pipe, for reading and for writing."""
    read, write = os.pipe()
    with open(read, encoding="utf-8") as reader, open(write, "w", encoding="ascii") as writer:
        yield reader, writer


@pytest.mark.parametrize("blocks", [True, False])
def test_full_pipe_blocks_no_writer_and_gets_all_text_in_order(pipe: tuple[TextIO, TextIO], blocks: bool) -> None:
    reader, writer = pipe
    os.set_blocking(writer.fileno(), blocks)
    outlet = Outlet(writer)
    for line in LINES:
        outlet.put(line)
    assert not outlet.flush(0)
    assert [reader.readline() for _ in LINES] == [line + "\n" for line in LINES]
    assert outlet.flush(MAX_WAIT)


def test_characters_outside_the_encoding_are_escaped(pipe: tuple[TextIO, TextIO]) -> None:
    reader, writer = pipe
    Outlet(writer).put("Zoë")
    assert reader.readline() == "Zo\\xeb\n"


def test_dropped_lines_are_reported_with_the_given_text(pipe: tuple[TextIO, TextIO]) -> None:
    reader, writer = pipe
    outlet = Outlet(writer, "{} lost".format, max_characters=10)
    outlet.put("x" * 1_000_000)  # more than the pipe holds
    for _ in range(5):
        outlet.put("y" * 6)  # one of them may wait, unless the first still does
    assert len(reader.readline()) == 1_000_001
    said: list[str] = []
    while sum(1 if line == "yyyyyy" else int(line.removesuffix(" lost")) for line in said) < 5:
        said.append(reader.readline().rstrip())
    assert any(line.endswith(" lost") for line in said)


def test_text_for_a_closed_reader_is_discarded(pipe: tuple[TextIO, TextIO]) -> None:
    reader, writer = pipe
    reader.close()
    outlet = Outlet(writer)
    outlet.put("line")
    assert outlet.flush(MAX_WAIT)


def test_stream_in_memory_is_written_unless_closed_or_none() -> None:
    stream = io.StringIO()
    outlet = Outlet(stream)
    outlet.put("line")
    assert outlet.flush(MAX_WAIT)
    assert stream.getvalue() == "line\n"
    stream.close()
    for other in (outlet, Outlet(None)):
        other.put("another")
        assert other.flush(MAX_WAIT)
