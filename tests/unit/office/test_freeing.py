"""Freeing tests: many rows are freed one after the other on a thread, once nobody uses them."""

import subprocess
import sys
import threading
from typing import ClassVar

import pytest

from mockserver.office import freeing
from mockserver.office.table import Table
from mockserver.office.tables import TableSpec


class Entry:
    """A row that notes the thread that frees it."""

    freed_by: ClassVar[list[threading.Thread]] = []

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        self.freed_by.append(threading.current_thread())


SPEC = TableSpec(name="entry", row=Entry, key="number", schema="")


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Table[Entry]:
    """Return a table of 200 rows, which are many."""
    monkeypatch.setattr(freeing, "_MANY", 100)
    table: Table[Entry] = Table(SPEC, lambda _entry: b"")
    table.fill(map(Entry, range(1, 201)))
    Entry.freed_by.clear()
    return table


def freed() -> int:
    """Return how many rows were freed, after the end of the threads that free some."""
    for thread in threading.enumerate():
        if thread.name == freeing.NAME:
            thread.join(10)
    return len(Entry.freed_by)


def test_many_rows_are_freed_by_another_thread(held: Table[Entry]) -> None:
    held.fill(())
    assert freed() == 200
    assert threading.current_thread() not in Entry.freed_by


def test_few_rows_are_freed_at_once(held: Table[Entry]) -> None:
    for number in range(1, 102):
        held.delete(number)
    Entry.freed_by.clear()
    held.fill(())
    assert Entry.freed_by == [threading.current_thread()] * 99


def test_rows_that_a_table_or_a_state_has_are_kept(held: Table[Entry]) -> None:
    state = held.state()
    held.put(Entry(201))
    held.restore(state)
    assert (freed(), len(held)) == (1, 200)
    held.put(Entry(202))
    del state
    assert (freed(), len(held), held.get(200) is not None) == (1, 201, True)


def test_end_of_the_process_frees_them(held: Table[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't create new thread at interpreter shutdown")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    held.fill(())
    assert freed() == 200


def test_a_process_that_has_many_rows_ends() -> None:
    code = "from mockserver.office.freeing import Owner; kept = Owner(list(range(10_000)))"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20)
