"""Tests of the office `practice`: an integration finds its way through it by the API, and its money adds up."""

from collections.abc import Iterator

import pytest

from mockserver import MockServer
from support.asking import ask


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer("practice") as running:
        yield running


def test_a_name_leads_to_the_check(server: MockServer) -> None:
    (patient,) = ask(server, "/patients/Simple?LName=okafor&FName=chidi")
    (claim,) = ask(server, f"/claims?PatNum={patient['PatNum']}")
    lines = ask(server, f"/claimprocs?ClaimNum={claim['ClaimNum']}")
    (check,) = {line["ClaimPaymentNum"] for line in lines}
    payment = ask(server, f"/claimpayments/{check}")
    assert (claim["ClaimStatus"], claim["InsPayAmt"], payment["CheckNum"]) == ("R", 480.0, "EFT-881")
    history = ask(server, f"/claimtrackings?ClaimNum={claim['ClaimNum']}")
    assert [row["TrackingErrorDefNum"] for row in history] == [0, 431]


def test_a_patient_leads_to_the_carrier(server: MockServer) -> None:
    plans = ask(server, "/patplans?PatNum=102")
    subscriptions = [ask(server, f"/inssubs/{plan['InsSubNum']}") for plan in plans]
    insplans = [ask(server, f"/insplans/{subscription['PlanNum']}") for subscription in subscriptions]
    carriers = [ask(server, f"/carriers/{insplan['CarrierNum']}")["CarrierName"] for insplan in insplans]
    assert ([plan["Ordinal"] for plan in plans], carriers) == (
        [1, 2],
        ["Cedar Mutual Dental", "Lakeshore Benefit Plan"],
    )


def test_an_appointment_leads_to_its_procedures(server: MockServer) -> None:
    (appointment,) = ask(server, "/appointments?PatNum=203&AptStatus=Complete")
    procedures = ask(server, f"/procedurelogs?AptNum={appointment['AptNum']}")
    assert {row["PatNum"] for row in procedures} == {203}
    assert {row["ProcDate"] for row in procedures} == {appointment["AptDateTime"][:10]}


def test_claims_are_in_every_state(server: MockServer) -> None:
    assert {claim["ClaimStatus"] for claim in ask(server, "/claims")} == set("UHWSRI")


@pytest.mark.parametrize(
    ("sum_", "part"),
    [("ClaimFee", "FeeBilled"), ("InsPayEst", "InsPayEst"), ("InsPayAmt", "InsPayAmt"), ("WriteOff", "WriteOff"),
     ("DedApplied", "DedApplied")],
)  # fmt: skip
def test_the_sums_of_a_claim_are_those_of_its_lines(server: MockServer, sum_: str, part: str) -> None:
    for claim in ask(server, "/claims"):
        lines = ask(server, f"/claimprocs?ClaimNum={claim['ClaimNum']}")
        assert {line["PatNum"] for line in lines} == {claim["PatNum"]}
        assert claim[sum_] == pytest.approx(sum(line[part] for line in lines)), claim["ClaimNum"]


def test_a_check_is_as_large_as_its_lines(server: MockServer) -> None:
    for payment in ask(server, "/claimpayments"):
        lines = ask(server, f"/claimprocs?ClaimPaymentNum={payment['ClaimPaymentNum']}")
        assert lines
        assert float(payment["CheckAmt"]) == pytest.approx(sum(line["InsPayAmt"] for line in lines))
