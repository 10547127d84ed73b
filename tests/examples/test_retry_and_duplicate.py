"""Retry example: a client that repeats a POST after a lost response writes twice, one that checks first does not."""

import pytest
import requests
from office_session import office_session


def create_carelessly(session, url, body):
    for _ in range(3):
        try:
            return session.post(url, json=body)
        except requests.ConnectionError:
            continue
    raise AssertionError("three times in vain")


def create_carefully(session, url, body):
    for _ in range(3):
        there = session.get(url, params={"ClaimNum": body["ClaimNum"]}).json()
        if any(row["Note"] == body["Note"] for row in there):
            return
        try:
            session.post(url, json=body)
        except requests.ConnectionError:
            continue


@pytest.mark.parametrize(("create", "rows"), [(create_carelessly, 2), (create_carefully, 1)])
def test_an_answer_that_is_lost(opendental_mock, create, rows):
    opendental_mock.fault(operation="claimtrackings/create", when="after", then="reset")
    session, url = office_session(opendental_mock.headers), opendental_mock.url + "/claimtrackings"
    create(session, url, {"ClaimNum": 15, "Note": "Sent."})
    written = [row for row in opendental_mock.office.claimtracking if row.ClaimNum == 15]
    assert len(written) == rows
