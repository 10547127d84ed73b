"""Example with pytest and requests: the plugin resets the office for each test."""

import requests


def test_a_tracking_is_created(opendental_mock):
    answer = requests.post(
        opendental_mock.url + "/claimtrackings",
        json={"ClaimNum": 15, "Note": "Missing attachment."},
        headers=opendental_mock.headers,
    )
    assert answer.status_code == 201
    assert answer.json()["ClaimTrackingNum"] == 52
    assert [request.operation for request in opendental_mock.requests] == ["claimtrackings/create"]


def test_an_unknown_claim_is_refused(opendental_mock):
    answer = requests.post(
        opendental_mock.url + "/claimtrackings", json={"ClaimNum": 99}, headers=opendental_mock.headers
    )
    assert (answer.status_code, answer.json()) == (404, "Claim not found.")
