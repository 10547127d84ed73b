"""Paging while rows move: a careless client misses a row, and a careful one notices and starts again."""

from dataclasses import replace

import pytest
from office_session import office_session

LIMIT = 100


def page_of(session, url, offset):
    answer = session.get(url, params={"Limit": LIMIT, "Offset": offset})
    answer.raise_for_status()
    return answer.json()


def read_carelessly(session, url):
    rows = []
    while True:
        page = page_of(session, url, len(rows))
        rows += page
        if len(page) < LIMIT:
            return rows


def read_carefully(session, url):
    for _ in range(5):
        rows = page = page_of(session, url, 0)
        while len(page) == LIMIT:
            # Each page begins with the last row of the page before it, unless rows have moved.
            page = page_of(session, url, len(rows) - 1)
            if not page or page[0]["ClaimTrackingNum"] != rows[-1]["ClaimTrackingNum"]:
                break
            rows = rows + page[1:]
        else:
            return rows
    raise RuntimeError("the list changed during each of five attempts")


def move_last(office):
    office.put(replace(office.claimtracking[-1], DateTimeEntry="now"))  # as a PUT of the API does


def delete_first(office):
    office.delete(office.claimtracking[0])


def arrive(office):
    office.put("claimtracking", ClaimNum=15, DateTimeEntry="now")


@pytest.mark.parametrize("change", [move_last, delete_first, arrive])
@pytest.mark.parametrize(("read", "missing"), [(read_carelessly, 1), (read_carefully, 0)])
def test_change_between_two_pages(opendental_mock, read, missing, change):
    office = opendental_mock.office
    for _ in range(250):
        office.put("claimtracking", ClaimNum=15, DateTimeEntry="now-1d")
    opendental_mock.on(operation="claimtrackings/list", after=2, do=lambda: change(office))
    rows = read(office_session(opendental_mock.headers), opendental_mock.url + "/claimtrackings")
    numbers = {row["ClaimTrackingNum"] for row in rows}
    assert len({row.ClaimTrackingNum for row in office.claimtracking} - numbers) == missing
