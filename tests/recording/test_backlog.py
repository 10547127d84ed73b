"""What waits for a slow reader: in order, within a bound, and counted where it is dropped."""

import threading

import pytest

from mockserver.recording.backlog import Backlog

MAX_WAIT = 20


class Reader:
    """Takes an item each time it is let."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.let = threading.Semaphore(0)
        self.began = threading.Event()

    def pass_on(self, item: str) -> None:
        """Take one."""
        self.began.set()
        assert self.let.acquire(timeout=MAX_WAIT)
        self.read.append(item)

    def report_dropped(self, lines: int) -> None:
        """Take the number."""
        self.read.append(f"{lines} dropped")


@pytest.fixture
def reader() -> Reader:
    return Reader()


def backlog(reader: Reader, *, room: int) -> Backlog[str]:
    """A backlog with room for so many characters, whose thread is busy with an item that the reader does not take."""
    made: Backlog[str] = Backlog(reader.pass_on, reader.report_dropped, max_characters=room)
    made.put("first", "first")
    assert reader.began.wait(MAX_WAIT)
    return made


def test_what_does_not_fit_is_dropped_and_counted_where_it_would_have_stood(reader: Reader) -> None:
    waiting = backlog(reader, room=4)
    for item in ("a", "b", "ccc\nccc", "d\nd\nd\nd", "e"):
        waiting.put(item, item)
    assert not waiting.flush(0)
    reader.let.release(10)
    assert waiting.flush(MAX_WAIT)
    waiting.put("f", "f")
    assert waiting.flush(MAX_WAIT)
    assert reader.read == ["first", "a", "b", "e", "6 dropped", "f"] or reader.read == [
        "first", "a", "b", "6 dropped", "e", "f",
    ]  # fmt: skip


def test_what_was_dropped_last_is_said_although_nothing_follows(reader: Reader) -> None:
    waiting = backlog(reader, room=1)
    for item in ("a", "b", "c"):
        waiting.put(item, item)
    reader.let.release(10)
    assert waiting.flush(MAX_WAIT)
    assert reader.read == ["first", "a", "2 dropped"]


def test_one_that_is_longer_than_all_that_may_wait_is_passed_on_where_nothing_waits(reader: Reader) -> None:
    waiting = backlog(reader, room=1)
    waiting.put("long", "long")
    reader.let.release(10)
    assert waiting.flush(MAX_WAIT)
    assert reader.read == ["first", "long"]


def test_one_that_cannot_be_passed_on_is_said_and_the_rest_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    read: list[str] = []

    def pass_on(item: str) -> None:
        if item == "bad":
            raise LookupError("no room in the diary")
        read.append(item)

    waiting: Backlog[str] = Backlog(pass_on, print)
    for item in ("a", "bad", "b"):
        waiting.put(item, item)
    assert waiting.flush(MAX_WAIT)
    assert read == ["a", "b"]
    assert "no room in the diary" in capsys.readouterr().err
