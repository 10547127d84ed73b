"""Backlog tests: items for a slow reader stay in order, are limited in size, and are counted if they are dropped."""

import threading

import pytest

from mockserver.recording.backlog import Backlog

MAX_WAIT = 20


class Reader:
    """A reader that takes a group of items each time it is allowed to."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.let = threading.Semaphore(0)
        self.began = threading.Event()

    def pass_on(self, items: list[str]) -> None:
        """Take some items."""
        self.began.set()
        assert self.let.acquire(timeout=MAX_WAIT)
        self.read += items


@pytest.fixture
def reader() -> Reader:
    return Reader()


def backlog(reader: Reader, *, room: int) -> Backlog[str]:
    """Return a backlog with room for so many characters, whose thread is blocked by an item."""
    made: Backlog[str] = Backlog(reader.pass_on, "{} dropped".format, max_characters=room)
    made.put("first", "first")
    assert reader.began.wait(MAX_WAIT)
    return made


def test_items_without_room_are_dropped_and_counted_in_order(reader: Reader) -> None:
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


def test_last_dropped_items_are_reported_without_a_next_item(reader: Reader) -> None:
    waiting = backlog(reader, room=1)
    for item in ("a", "b", "c"):
        waiting.put(item, item)
    reader.let.release(10)
    assert waiting.flush(MAX_WAIT)
    assert reader.read == ["first", "a", "2 dropped"]


def test_item_over_the_limit_is_passed_on_if_nothing_waits(reader: Reader) -> None:
    waiting = backlog(reader, room=1)
    waiting.put("long", "long")
    reader.let.release(10)
    assert waiting.flush(MAX_WAIT)
    assert reader.read == ["first", "long"]


def test_failing_group_is_reported_and_the_next_is_passed_on(capsys: pytest.CaptureFixture[str]) -> None:
    read: list[str] = []

    def pass_on(items: list[str]) -> None:
        if "bad" in items:
            raise LookupError("no room in the diary")
        read.extend(items)

    waiting: Backlog[str] = Backlog(pass_on, "{} dropped".format)
    for item in ("a", "bad", "b"):
        waiting.put(item, item)
        assert waiting.flush(MAX_WAIT)
    assert read == ["a", "b"]
    assert "no room in the diary" in capsys.readouterr().err


def test_items_that_came_while_the_reader_was_busy_are_passed_on_together() -> None:
    groups: list[list[str]] = []
    began, let = threading.Event(), threading.Event()

    def pass_on(items: list[str]) -> None:
        groups.append(items)
        began.set()
        assert let.wait(MAX_WAIT)

    waiting: Backlog[str] = Backlog(pass_on, "{} dropped".format)
    waiting.put("a", "a")
    assert began.wait(MAX_WAIT)
    for item in ("b", "c", "d"):
        waiting.put(item, item)
    let.set()
    assert waiting.flush(MAX_WAIT)
    assert groups == [["a"], ["b", "c", "d"]]
