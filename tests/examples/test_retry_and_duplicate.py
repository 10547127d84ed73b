"""Retry example: a client that repeats a POST after a lost response writes twice, one that checks first does not."""

import pytest
import requests


def create_carelessly(url, headers, body):
    for _ in range(3):
        try:
            return requests.post(url, json=body, headers=headers)
        except requests.ConnectionError:
            continue
    raise AssertionError("three times in vain")


def create_carefully(url, headers, body):
    for _ in range(3):
        there = requests.get(url, params={"ClaimNum": body["ClaimNum"]}, headers=headers).json()
        if any(row["Note"] == body["Note"] for row in there):
            return
        try:
            requests.post(url, json=body, headers=headers)
        except requests.ConnectionError:
            continue


@pytest.mark.parametrize(("create", "rows"), [(create_carelessly, 2), (create_carefully, 1)])
def test_an_answer_that_is_lost(opendental_mock, create, rows):
    opendental_mock.fault(operation="claimtrackings/create", when="after", then="reset")
    create(opendental_mock.url + "/claimtrackings", opendental_mock.headers, {"ClaimNum": 15, "Note": "Sent."})
    written = [row for row in opendental_mock.office.claimtracking if row.ClaimNum == 15]
    assert len(written) == rows
