"""Strict mode: requests that the contract does not cover are refused, and the test fails with the reason."""

import pytest
import requests


@pytest.mark.opendental_mock(strict=True)
def test_names_are_written_as_the_vendor_writes_them(opendental_mock):
    # With "claimnum" this test would fail: 'claimnum' is not a documented parameter; did you mean ClaimNum?
    answer = requests.get(
        opendental_mock.url + "/claimtrackings", params={"ClaimNum": 25}, headers=opendental_mock.headers
    )
    assert {row["ClaimNum"] for row in answer.json()} == {25}
