"""Tests of the office `practice`: an integration finds its way through it by the API, and its money adds up."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from mockserver import MockServer


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer("practice") as running:
        yield running


def get(server: MockServer, path: str) -> Any:
    response = requests.get(f"{server.url}{path}", headers=server.headers, timeout=30)
    assert response.status_code == 200, response.text
    return response.json()


def test_a_name_leads_to_the_check(server: MockServer) -> None:
    (patient,) = get(server, "/patients/Simple?LName=okafor&FName=chidi")
    (claim,) = get(server, f"/claims?PatNum={patient['PatNum']}")
    lines = get(server, f"/claimprocs?ClaimNum={claim['ClaimNum']}")
    (check,) = {line["ClaimPaymentNum"] for line in lines}
    payment = get(server, f"/claimpayments/{check}")
    assert (claim["ClaimStatus"], claim["InsPayAmt"], payment["CheckNum"]) == ("R", 480.0, "EFT-881")
    history = get(server, f"/claimtrackings?ClaimNum={claim['ClaimNum']}")
    assert [row["TrackingErrorDefNum"] for row in history] == [0, 431]


def test_a_patient_leads_to_the_carrier(server: MockServer) -> None:
    plans = get(server, "/patplans?PatNum=102")
    subscriptions = [get(server, f"/inssubs/{plan['InsSubNum']}") for plan in plans]
    insplans = [get(server, f"/insplans/{subscription['PlanNum']}") for subscription in subscriptions]
    carriers = [get(server, f"/carriers/{insplan['CarrierNum']}")["CarrierName"] for insplan in insplans]
    assert ([plan["Ordinal"] for plan in plans], carriers) == (
        [1, 2],
        ["Cedar Mutual Dental", "Lakeshore Benefit Plan"],
    )


def test_an_appointment_leads_to_its_procedures(server: MockServer) -> None:
    (appointment,) = get(server, "/appointments?PatNum=203&AptStatus=Complete")
    procedures = get(server, f"/procedurelogs?AptNum={appointment['AptNum']}")
    assert {row["PatNum"] for row in procedures} == {203}
    assert {row["ProcDate"] for row in procedures} == {appointment["AptDateTime"][:10]}


def test_claims_are_in_every_state(server: MockServer) -> None:
    assert {claim["ClaimStatus"] for claim in get(server, "/claims")} == set("UHWSRI")


@pytest.mark.parametrize(
    ("sum_", "part"),
    [("ClaimFee", "FeeBilled"), ("InsPayEst", "InsPayEst"), ("InsPayAmt", "InsPayAmt"), ("WriteOff", "WriteOff"),
     ("DedApplied", "DedApplied")],
)  # fmt: skip
def test_the_sums_of_a_claim_are_those_of_its_lines(server: MockServer, sum_: str, part: str) -> None:
    for claim in get(server, "/claims"):
        lines = get(server, f"/claimprocs?ClaimNum={claim['ClaimNum']}")
        assert {line["PatNum"] for line in lines} == {claim["PatNum"]}
        assert claim[sum_] == pytest.approx(sum(line[part] for line in lines)), claim["ClaimNum"]


def test_a_check_is_as_large_as_its_lines(server: MockServer) -> None:
    for payment in get(server, "/claimpayments"):
        lines = get(server, f"/claimprocs?ClaimPaymentNum={payment['ClaimPaymentNum']}")
        assert lines
        assert float(payment["CheckAmt"]) == pytest.approx(sum(line["InsPayAmt"] for line in lines))
