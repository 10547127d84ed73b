"""The nightly job, with every fault that an office has: pytest test_nightly_job.py"""

import pytest
from nightly_job import ATTEMPTS, GaveUp, NightlyJob

from mockserver.office.rows import ClaimTracking

DENIED = {"ClaimNum": 15, "Note": "Denied, 835 of January 15, line 1", "TrackingDefNum": 345}
RESENT = {"ClaimNum": 19, "Note": "Resubmitted, 835 of January 15, line 2", "TrackingDefNum": 341}


@pytest.fixture
def waits():
    """The seconds that the job waits, except those for an office that throttles."""
    return []


@pytest.fixture
def job(opendental_mock, waits):
    def wait(seconds):
        opendental_mock.clock.advance(seconds)  # the time of the office passes, so that the test need not wait
        if opendental_mock.requests[-1].refused_by != "api.throttle":
            waits.append(seconds)

    return NightlyJob(opendental_mock.url, opendental_mock.headers, wait)


def written(opendental_mock, status):
    return sum(1 for row in opendental_mock.office.claimtracking if row.Note == status["Note"])


def test_each_status_is_written_once_however_often_the_job_runs(opendental_mock, job, waits):
    assert job.run([DENIED, RESENT]) == {DENIED["Note"]: "written", RESENT["Note"]: "written"}
    assert job.run([DENIED, RESENT]) == {DENIED["Note"]: "there", RESENT["Note"]: "there"}
    assert written(opendental_mock, DENIED) == written(opendental_mock, RESENT) == 1
    assert waits == []


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"when": "after", "then": "reset"}, "there"),
        ({"when": "after", "then": "truncate"}, "there"),
        ({"when": "after", "then": "status", "status": 504}, "there"),
        ({"when": "before", "then": "reset"}, "written"),
        ({"name": "gateway-timeout"}, "written"),
    ],
)
def test_a_lost_response_does_not_write_twice(opendental_mock, job, waits, fault, outcome):
    opendental_mock.fault(operation="claimtrackings/create", **fault)
    assert job.run([DENIED]) == {DENIED["Note"]: outcome}
    assert written(opendental_mock, DENIED) == 1
    assert waits == [1]


def test_the_job_waits_as_long_as_the_api_asks(opendental_mock, job, waits):
    opendental_mock.fault(name="throttled", operation="claimtrackings/list", retry_after=7)
    opendental_mock.fault(name="throttled", operation="claimtrackings/create", retry_after=3)
    assert job.run([DENIED]) == {DENIED["Note"]: "written"}
    assert waits == [7, 3]


@pytest.mark.opendental_mock(throttle=True)
@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (None, "written"),
        ({"when": "before", "then": "reset"}, "written"),
        ({"when": "after", "then": "reset"}, "there"),
    ],
)
def test_the_job_gets_through_an_office_that_throttles(opendental_mock, job, fault, outcome):
    if fault:
        opendental_mock.fault(operation="claimtrackings/create", skip=1, **fault)
    assert job.run([DENIED, RESENT]) == {DENIED["Note"]: "written", RESENT["Note"]: outcome}
    assert written(opendental_mock, DENIED) == written(opendental_mock, RESENT) == 1


def test_an_office_that_throttles_for_ever_stops_the_job(opendental_mock, job):
    opendental_mock.fault(operation="claimtrackings/create", name="throttled", times=None)
    with pytest.raises(GaveUp, match="429"):
        job.run([DENIED])
    assert [one.operation for one in opendental_mock.requests].count("claimtrackings/create") == ATTEMPTS


def test_a_claim_that_does_not_exist_stops_no_other(opendental_mock, job):
    unknown = DENIED | {"ClaimNum": 99, "Note": "Denied, line 3"}
    assert job.run([unknown, DENIED]) == {"Denied, line 3": "404 Claim not found.", DENIED["Note"]: "written"}


def test_a_status_that_the_office_does_not_have_stops_no_other(opendental_mock, job):
    wrong = DENIED | {"TrackingDefNum": 340, "Note": "Denied, line 4"}
    outcome = job.run([wrong, DENIED])
    assert outcome == {"Denied, line 4": "400 TrackingDefNum is invalid.", DENIED["Note"]: "written"}


def test_invalid_keys_stop_the_job_at_once(opendental_mock, job, waits):
    opendental_mock.fault(name="invalid-credentials", times=None)
    with pytest.raises(GaveUp, match="401"):
        job.run([DENIED])
    assert len(opendental_mock.requests) == 1
    assert waits == []


@pytest.mark.parametrize("operation", ["claimtrackings/list", "claimtrackings/create"])
def test_an_office_that_does_not_answer_stops_the_job(opendental_mock, job, waits, operation):
    opendental_mock.fault(operation=operation, name="gateway-timeout", times=ATTEMPTS)
    with pytest.raises(GaveUp, match="after 5 attempts"):
        job.run([DENIED])
    assert waits == [1, 2, 4, 8]
    assert written(opendental_mock, DENIED) == 0


def test_a_read_that_is_refused_is_no_reason_to_repeat_it(opendental_mock, job, waits):
    opendental_mock.fault(name="econnector-down", operation="claimtrackings/list")
    with pytest.raises(GaveUp, match="400"):
        job.run([DENIED])
    assert waits == []


def test_a_row_that_moves_between_two_pages_is_read(opendental_mock, job):
    """A row of the second page is written again, while the job reads, and so it moves to the first."""
    for number in range(100, 250):
        opendental_mock.office.put(row(number, "2023-07-21 08:00:00"))
    get, pages = job.get, []

    def get_and_move(parameters):
        page = get(parameters)
        pages.append(parameters["Offset"])
        if len(pages) == 1:
            opendental_mock.office.put(row(101, "2026-01-15 10:00:00"))  # it was on the second page
        return page

    job.get = get_and_move
    rows = job.all_trackings()
    assert {found["ClaimTrackingNum"] for found in rows} >= set(range(100, 250))
    assert pages == [0, 100, 0, 100, 0]


def row(number, moment):
    return ClaimTracking(ClaimTrackingNum=number, ClaimNum=1, DateTimeEntry=moment)
