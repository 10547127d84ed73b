"""Lost PUT example: a client that repeats it carelessly overwrites a colleague's note, one that looks first does not."""

from dataclasses import replace

import pytest
import requests
from office_session import office_session

NUMBER, CLAIM = 45, 19
MINE, THEIRS = "Appeal sent.", "Carrier called: appeal denied."


def read(session, url):
    rows = session.get(url, params={"ClaimNum": CLAIM}).json()
    return next(row for row in rows if row["ClaimTrackingNum"] == NUMBER)


def update_carelessly(session, url):
    for _ in range(3):
        try:
            return session.put(f"{url}/{NUMBER}", json={"Note": MINE})
        except requests.ConnectionError:
            continue
    raise AssertionError("three times in vain")


def update_carefully(session, url):
    before = read(session, url)
    for _ in range(3):
        now = read(session, url)
        if now["Note"] == MINE:
            return
        if now != before:
            return  # somebody else wrote: a person has to decide
        try:
            session.put(f"{url}/{NUMBER}", json={"Note": MINE})
        except requests.ConnectionError:
            continue


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("update", "note"), [(update_carelessly, MINE), (update_carefully, THEIRS)])
def test_a_lost_put_and_a_colleague(opendental_mock, update, note, when):
    office = opendental_mock.office

    def write():
        row = next(row for row in office.claimtracking if row.ClaimTrackingNum == NUMBER)
        office.put(replace(row, Note=THEIRS, DateTimeEntry="now"))

    opendental_mock.fault(operation="claimtrackings/update", when=when, then="reset")
    opendental_mock.on(operation="claimtrackings/update", do=write)
    update(office_session(opendental_mock.headers), opendental_mock.url + "/claimtrackings")
    assert read(office_session(opendental_mock.headers), opendental_mock.url + "/claimtrackings")["Note"] == note


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("update", [update_carelessly, update_carefully])
def test_a_lost_put_that_nobody_meets(opendental_mock, update, when):
    opendental_mock.fault(operation="claimtrackings/update", when=when, then="reset")
    update(office_session(opendental_mock.headers), opendental_mock.url + "/claimtrackings")
    assert read(office_session(opendental_mock.headers), opendental_mock.url + "/claimtrackings")["Note"] == MINE
