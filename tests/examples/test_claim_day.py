"""The day of a claim, at an office that throttles and is strict: pytest test_claim_day.py"""

import pytest
from claim_day import ATTEMPTS, NOT_RECEIVED, REMITTANCE, ClaimDay, GaveUp, Refused

CLAIM = 1008
AMOUNT = 100.5
WRITES = ["claimtrackings/create", "claimprocs/update", "claims/update", "claimpayments/create"]
LOST = {"when": "after", "then": "reset"}
LOST_IN_OTHER_WAYS = [{"when": "after", "then": "truncate"}, {"when": "after", "then": "status", "status": 504}]

pytestmark = pytest.mark.opendental_mock("practice", now="2026-01-15 10:00:00", throttle=True, strict=True)


@pytest.fixture
def day(opendental_mock):
    """A day whose waits advance the clock of the office, so that the test need not wait."""
    return ClaimDay(opendental_mock.url, opendental_mock.headers, opendental_mock.clock.advance)


def state(day):
    """Return what the day changes: the claim, its lines, and the notes of its trackings."""
    claim = day.get(f"/claims/{CLAIM}")
    lines = [tuple(line[name] for name in (*NOT_RECEIVED, "ClaimPaymentNum")) for line in day.lines(CLAIM)]
    notes = [row["Note"] for row in day.get("/claimtrackings", ClaimNum=CLAIM)]
    return {name: claim[name] for name in ("ClaimStatus", "InsPayAmt", "WriteOff", "DedApplied")}, lines, notes


def paid(payment):
    """Return the state of the claim that a check pays."""
    claim = {"ClaimStatus": "R", "InsPayAmt": AMOUNT, "WriteOff": 21.5, "DedApplied": 50.0}
    return claim, [("Received", 12.0, 0.0, 50.0, payment), ("Received", 88.5, 21.5, 0.0, payment)], [REMITTANCE["Note"]]


def written(opendental_mock, operation):
    """Return how often the office carried out an operation, also if the response was lost."""
    return sum(1 for request in opendental_mock.requests if request.operation == operation and not request.refused_by)


def test_a_claim_is_received_and_paid_once_however_often_the_day_runs(opendental_mock, day):
    number, payment = day.receive(REMITTANCE)
    assert number == CLAIM
    assert state(day) == paid(payment)
    assert day.get(f"/claimpayments/{payment}")["CheckAmt"] == "100.5"
    assert day.receive(REMITTANCE) == (number, payment)
    assert [written(opendental_mock, operation) for operation in WRITES] == [1, 2, 1, 1]


@pytest.mark.parametrize(
    ("operation", "fault"),
    [(operation, LOST) for operation in WRITES] + [("claimpayments/create", fault) for fault in LOST_IN_OTHER_WAYS],
)
def test_a_lost_response_does_not_write_twice(opendental_mock, day, operation, fault):
    opendental_mock.fault(operation=operation, **fault)
    _, payment = day.receive(REMITTANCE)
    assert state(day) == paid(payment)
    assert len(day.get("/claimpayments")) == 3


@pytest.mark.parametrize("operation", WRITES)
def test_a_day_that_was_interrupted_is_run_again(opendental_mock, day, operation):
    opendental_mock.fault(operation=operation, when="before", then="reset", times=ATTEMPTS)
    with pytest.raises(GaveUp):
        day.receive(REMITTANCE)
    _, payment = day.receive(REMITTANCE)
    assert state(day) == paid(payment)


@pytest.mark.parametrize("operation", ["claimpayments/delete", "claims/update", "claimprocs/update"])
def test_the_day_can_be_taken_back(opendental_mock, day, operation):
    claim, lines, notes = state(day)
    number, payment = day.receive(REMITTANCE)
    opendental_mock.fault(operation=operation, **LOST)
    day.undo(number)
    assert state(day) == (claim, lines, [REMITTANCE["Note"], *notes])
    with pytest.raises(Refused, match="404"):
        day.get(f"/claimpayments/{payment}")


def test_no_step_can_be_taken_back_before_the_one_after_it(day):
    number, _ = day.receive(REMITTANCE)
    line = f"/claimprocs/{day.lines(number)[0]['ClaimProcNum']}"
    with pytest.raises(Refused, match="Cannot change InsPayAmt when"):
        day.request("PUT", line, {"InsPayAmt": 0})
    with pytest.raises(Refused, match="Cannot change Status to NotReceived when attached to a received claim"):
        day.request("PUT", line, {"Status": "NotReceived"})


def test_a_check_that_differs_from_the_lines_is_refused(opendental_mock, day):
    opendental_mock.fault(operation="claimpayments/create", when="before", then="reset", times=ATTEMPTS)
    with pytest.raises(GaveUp):
        day.receive(REMITTANCE)
    with pytest.raises(Refused, match="CheckAmt does not match"):
        day.request("POST", "/claimpayments", {"claimNum": CLAIM, "CheckAmt": AMOUNT + 1})


def test_a_name_that_is_not_there_is_told(day):
    with pytest.raises(Refused, match="0 claims of 2026-01-13, of 0 patients"):
        day.receive({**REMITTANCE, "FName": "Adam"})
