"""Table tests: filled, stored and restored, with many rows."""

import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import NamedTuple

import pytest

from mockserver.office.pages import Filter
from mockserver.office.table import MAX_NUMBER, Table, TableState
from mockserver.office.tables import ARRIVAL, TableSpec
from mockserver.seeding.load import load_office
from support.effort import parameters


class Entry(NamedTuple):
    number: int
    order: str = "a"
    group: int = 1


SPEC = TableSpec(
    name="entry", row=Entry, key="number", schema="", order=("order",), newest_first=True, indexes=("group",)
)


def table(*entries: Entry, spec: TableSpec = SPEC) -> Table[Entry]:
    made: Table[Entry] = Table(spec, lambda entry: json.dumps(entry).encode())
    made.fill(entries)
    return made


def listed(held: Table[Entry], group: int | None = None, *, limit: int = 10_000, offset: int = 0) -> list[int]:
    filters = () if group is None else (Filter("group", group),)
    return [record.number for record in held.page(limit, offset, filters).records]


@pytest.mark.parametrize(
    ("entries", "next_number"),
    [
        pytest.param([], 1, id="nothing"),
        pytest.param([Entry(7), Entry(3)], 8, id="the-highest-first"),
        pytest.param([Entry(MAX_NUMBER)], MAX_NUMBER + 1, id="the-highest-there-is"),
    ],
)
def test_numbers_count_up_from_the_highest(entries: list[Entry], next_number: int) -> None:
    assert table(*entries).next_number == next_number


def test_fill_replaces_all_rows() -> None:
    held = table(Entry(1, group=5), Entry(9, group=6))
    held.fill([Entry(2, "b"), Entry(3, "a")])
    assert listed(held) == [2, 3]
    assert [record and record.row for record in map(held.get, (1, 2, 9))] == [None, Entry(2, "b"), None]
    assert (listed(held, 5), listed(held, 6)) == ([], [])
    assert held.next_number == 4


def test_of_two_rows_with_one_number_the_later_fills() -> None:
    held = table(Entry(1, "b", 5), Entry(2), Entry(1, "a", 6))
    assert (len(held), listed(held), listed(held, 5), listed(held, 6)) == (2, [2, 1], [], [1])


def test_fill_keeps_one_of_two_rows_with_the_same_number() -> None:
    assert len(table(Entry(1), Entry(1))) == 1


def test_a_row_that_does_not_encode_changes_nothing() -> None:
    def refuse_order_z(entry: Entry) -> bytes:
        if entry.order == "z":
            raise ValueError(entry)
        return b""

    held: Table[Entry] = Table(SPEC, refuse_order_z)
    held.fill([Entry(1)])
    before = held.state()
    for change in (
        lambda: held.put(Entry(1, "z")),
        lambda: held.put(Entry(2, "z")),
        lambda: held.fill([Entry(3, "z")]),
    ):
        with pytest.raises(ValueError, match="order='z'"):
            change()
        assert held.state() == before
        assert listed(held, 1) == [1]


def test_delete_removes_one_row_from_every_list_and_keeps_the_numbering() -> None:
    held = table(Entry(1, "b", 5), Entry(2, "b", 5), Entry(3, "a", 6))
    before = held.state()
    assert (listed(held), listed(held, 5)) == ([2, 1, 3], [2, 1])
    held.delete(2)
    assert (listed(held), listed(held, 5), len(held), 2 in held) == ([1, 3], [1], 2, False)
    held.delete(3)
    assert (listed(held, 6), held.has("group", 6), held.next_number) == ([], False, 4)
    with pytest.raises(KeyError):
        held.delete(3)
    held.restore(before)
    assert (listed(held), held.has("group", 6)) == ([2, 1, 3], True)


def test_a_state_is_not_touched_by_what_comes_after_it() -> None:
    held = table(Entry(1), Entry(2))
    before = held.state()
    held.put(Entry(1, "z", 2))
    held.put(Entry(8))
    after = held.state()
    held.restore(before)
    assert (listed(held), listed(held, 1), listed(held, 2), held.next_number) == ([2, 1], [2, 1], [], 3)
    held.put(Entry(3))
    held.restore(after)
    assert (listed(held), listed(held, 1), listed(held, 2), held.next_number) == ([1, 8, 2], [8, 2], [1], 9)


def test_a_row_may_change_its_group() -> None:
    held = table(Entry(1, group=1), Entry(2, group=1))
    held.put(Entry(1, group=2))
    assert (listed(held, 1), listed(held, 2), listed(held)) == ([2], [1], [2, 1])


@pytest.mark.parametrize("filled", [True, False], ids=["filled", "put"])
def test_a_thousand_rows_in_any_order_are_listed_in_theirs(filled: bool) -> None:
    random = Random(20230726)
    entries = [Entry(number, f"{random.randrange(200):03}", random.randrange(7)) for number in range(1, 1001)]
    random.shuffle(entries)
    held = table(*entries if filled else ())
    for entry in () if filled else entries:
        held.put(entry)
    for entry in entries[::3]:  # and a third of them again, elsewhere
        held.put(entry._replace(order=f"{random.randrange(200):03}"))
    rows = list(held)
    assert len(held) == len(rows) == 1000
    for group in (None, *range(7)):
        expected = sorted(
            (row for row in rows if group in (None, row.group)), key=lambda row: (row.order, row.number), reverse=True
        )
        numbers = [row.number for row in expected]
        assert listed(held, group) == numbers
        for offset in (0, 1, 99, len(numbers) - 1, len(numbers), 5000):
            assert listed(held, group, limit=100, offset=offset) == numbers[offset : offset + 100]
    assert all(json.loads(record.body) == list(record.row) for record in held.page(1000, 0).records)


def test_a_page_is_put_together_once_until_the_table_changes() -> None:
    held = table(Entry(1, "a", 5), Entry(2, "b", 6))
    page = held.page(10, 0)
    assert (json.loads(page.body), sorted(map(str, page.distinct("order"))), len(page)) == (
        [[2, "b", 6], [1, "a", 5]],
        ["a", "b"],
        2,
    )
    assert held.page(10, 0) is page
    before = held.state()
    for change in (lambda: held.put(Entry(1, "c", 5)), lambda: held.restore(before), lambda: held.fill([Entry(3)])):
        stale = held.page(10, 0)
        change()
        assert json.loads(held.page(10, 0).body) == [list(row) for row in list(held)[::-1]] != json.loads(stale.body)
    assert json.loads(page.body) == [[2, "b", 6], [1, "a", 5]]


@pytest.mark.parametrize(
    "spec",
    parameters([SPEC, replace(SPEC, lower_first=True), replace(SPEC, newest_first=False)], quick=[SPEC]),
    ids=("newest", "tied", "oldest"),
)
def test_pages_that_were_listed_before_have_the_rows_that_were_put_since(spec: TableSpec) -> None:
    random = Random(20230726)
    held = table(*(Entry(number, f"{number:04}", number % 3) for number in range(1, 8)), spec=spec)
    changes: tuple[Callable[[], object], ...] = (
        *[lambda: held.put(Entry(held.next_number, f"{held.next_number:04}", random.randrange(3)))] * 12,
        lambda: held.put(Entry(held.next_number, f"{random.randrange(9999):04}", random.randrange(3))),
        lambda: held.put(random.choice(list(held))._replace(group=random.randrange(3))),
        lambda: held.delete(random.choice(list(held.numbers()))),
    )
    for _ in range(80):
        for _ in range(random.choice((1, 1, 1, 2, 5, 5, 5, 120))):
            random.choice(changes)()
        anew = table(*held, spec=spec)
        for limit, offset, group in ((4, 0, None), (4, 0, 1), (4, 3, None), (1, 0, 2), (0, 0, None), (500, 0, 0)):
            filters = () if group is None else (Filter("group", group), Filter("number", 2, "from"))
            page, expected = held.page(limit, offset, filters), anew.page(limit, offset, filters)
            assert (page.records, page.body) == (expected.records, expected.body)
            assert set(page.distinct("group")) == {record.row.group for record in expected.records}
        assert held._pages.bytes == anew._pages.bytes


def test_a_page_that_has_become_too_long_is_not_kept() -> None:
    held = table(Entry(1, "x" * 3_000_000))
    for number in (2, 3):
        held.page(10, 0)
        held.put(Entry(number, "x" * 3_000_000))
    assert len(held.page(10, 0)) == 3
    assert (len(held._pages), held._pages.bytes) == (0, 0)


def test_a_page_gets_a_newest_row_and_earlier_views_stay() -> None:
    held = table(Entry(1, "a", 5), Entry(2, "b", 6))
    page = held.page(2, 0)
    assert page.distinct("group") == {5, 6}
    held.put(Entry(3, "c", 6))
    assert json.loads(held.page(2, 0).body) == [[3, "c", 6], [2, "b", 6]]
    assert (held.page(2, 0).distinct("group"), page.distinct("group")) == ({6}, {5, 6})
    assert (json.loads(page.body), len(held._pages)) == ([[2, "b", 6], [1, "a", 5]], 1)
    for number in range(4, 103):
        held.put(Entry(number, "d"))
    assert json.loads(held.page(2, 0).body) == [[102, "d", 1], [101, "d", 1]]
    assert (len(held._pages), held._pages.bytes) == (1, len(held.page(2, 0).body) + 16)
    held.put(Entry(103, "d"))
    assert (len(held._pages), held._pages.bytes) == (0, 0), "pages that nobody may ask for again are dropped"


def test_only_so_many_pages_are_kept() -> None:
    held = table(Entry(1))
    for offset in range(1000):
        held.page(10, offset)
    assert len(held._pages) <= 64


def test_only_so_many_bytes_of_pages_are_kept() -> None:
    held = table(*(Entry(number, "x" * 100_000) for number in range(1, 61)))
    for offset in range(30):
        assert len(json.loads(held.page(20, offset).body)) == 20
        assert held._pages.bytes <= 8_000_000
    assert 1 <= len(held._pages) <= 4
    assert held.page(20, 29) is held.page(20, 29), "the last page is kept"
    held.put(Entry(1))
    assert (len(held._pages), held._pages.bytes) == (0, 0)


def test_a_page_that_is_too_long_is_not_kept_and_leaves_the_others_alone() -> None:
    held = table(*(Entry(number, "x" * 100_000) for number in range(1, 101)))
    short = held.page(10, 0)
    assert len(json.loads(held.page(100, 0).body)) == 100
    assert held.page(10, 0) is short
    assert len(held._pages) == 1


def test_rows_without_an_order_are_listed_by_their_key() -> None:
    held = table(Entry(3), Entry(1), Entry(2), spec=replace(SPEC, order=(), newest_first=False))
    held.put(Entry(0))
    assert listed(held) == [0, 1, 2, 3]
    assert listed(held, limit=2, offset=1) == [1, 2]
    assert listed(held, offset=4) == []


def test_rows_stay_in_the_order_of_their_arrival() -> None:
    by_arrival = replace(SPEC, order=ARRIVAL, newest_first=False)
    held = table(Entry(3), Entry(1), Entry(3, "b"), spec=by_arrival)
    held.put(Entry(2))
    held.put(Entry(1, "c"))
    assert listed(held) == [3, 1, 2]
    assert [row.order for row in held] == ["b", "c", "a"]
    restored = table(spec=by_arrival)
    restored.restore(held.state())
    restored.put(Entry(0))
    restored.put(Entry(3))
    assert listed(restored) == [3, 1, 2, 0]
    restored.fill([Entry(5), Entry(4)])
    assert listed(restored) == [5, 4]


@pytest.mark.parametrize("seed", range(5))
def test_several_filters_let_pass_what_each_of_them_does(seed: int) -> None:
    random = Random(seed)
    spec = replace(SPEC, order=(), newest_first=False, indexes=("group", "order"))
    held = table(*(Entry(number, random.choice("abc"), random.randrange(3)) for number in range(300)), spec=spec)
    for filters in (
        (Filter("group", 1), Filter("order", "b")),
        (Filter("group", 1), Filter("number", 100, match="from")),
        (Filter("number", 100, match="from"),),
        (Filter("number", 17),),
        (Filter("group", 9), Filter("order", "b")),
    ):
        expected = [row.number for row in held if all(one.passes(row) for one in filters)]
        assert [record.number for record in held.page(1000, 0, filters).records] == expected
    assert held.has("order", "b")
    assert not held.has("order", "z")


def test_rows_are_listed_in_another_order_and_in_the_first_again() -> None:
    spec = replace(SPEC, order=ARRIVAL, newest_first=False)
    held = table(Entry(3), Entry(1), Entry(2), spec=spec)
    numbers = [row.number for row in held]
    held.list_as(replace(spec, order=()))
    assert [row.number for row in held] == sorted(numbers)
    before = held.state()
    held.list_as(spec)
    held.put(Entry(9))
    held.put(Entry(5))
    assert [row.number for row in held] == [*sorted(numbers), 9, 5]
    held.restore(before)
    held.put(Entry(9))
    held.put(Entry(5))
    assert [row.number for row in held] == [*sorted(numbers), 9, 5]


def test_an_office_of_two_servers_is_listed_as_the_later_one_lists_it() -> None:
    office = load_office("default")
    numbers = [row.DefNum for row in office.definition]
    office.list_as({"definitions": ["DefNum"]})
    assert [row.DefNum for row in office.definition] == sorted(numbers)
    office.list_as({})
    assert len(list(office.definition)) == len(numbers)
    office.reset()
    assert {row.DefNum for row in office.definition} == set(numbers)


@pytest.mark.parametrize("order", [("order",), ARRIVAL])
@pytest.mark.parametrize("seed", range(5))
def test_tables_and_states_that_share_lists_do_not_change_each_other(seed: int, order: tuple[str, ...]) -> None:
    random = Random(seed)
    spec = replace(SPEC, order=order, newest_first=False)
    tables = [table(*(Entry(number) for number in range(1, 9)), spec=spec) for _ in range(2)]
    states: list[tuple[TableState[Entry], list[Entry], int]] = []

    def content(held: Table[Entry]) -> list[Entry]:
        rows = list(held)
        for group in range(3):
            assert listed(held, group) == [row.number for row in rows if row.group == group]
        assert {row.number: row for row in rows} == {number: held.get(number).row for number in held.numbers()}  # type: ignore[union-attr]
        return rows

    for _ in range(300):
        held = random.choice(tables)
        step = random.randrange(10)
        if step < 5:
            held.put(Entry(random.randrange(1, 20), random.choice("abc"), random.randrange(3)))
        elif step < 7 and len(held):
            held.delete(random.choice(list(held.numbers())))
        elif step < 8:
            states.append((held.state(), content(held), held.next_number))
        elif states:
            state, rows, number = random.choice(states)
            held.restore(state)
            assert (content(held), held.next_number) == (rows, number)
    for held in tables:
        for state, rows, number in states:
            held.restore(state)
            assert (content(held), held.next_number) == (rows, number)


def test_state_and_restore_take_no_memory_for_the_rows() -> None:
    held = table(*(Entry(number) for number in range(20_000)))
    tracemalloc.start()
    try:
        first = held.state()
        held.put(Entry(1, "b"))
        second = held.state()
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(10):
            held.restore(first)
            held.restore(second)
            second = held.state()
        assert tracemalloc.get_traced_memory()[1] - before < 10_000
    finally:
        tracemalloc.stop()
