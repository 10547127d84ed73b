"""An office that throttles: a test need not wait for `Retry-After`, since the time of the office can pass instead."""

import pytest
from office_session import office_session


@pytest.mark.opendental_mock(throttle=True)
def test_the_second_request_is_sent_again_when_the_office_takes_it(opendental_mock, monkeypatch):
    monkeypatch.setattr("time.sleep", opendental_mock.clock.advance)
    session = office_session(opendental_mock.headers)
    for _ in range(2):
        assert session.post(opendental_mock.url + "/claimtrackings", json={"ClaimNum": 15}).status_code == 201
    assert [request.status for request in opendental_mock.requests] == [201, 429, 201]
