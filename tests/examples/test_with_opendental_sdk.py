"""Example with opendental-sdk: the URL of the mock is its base URL."""

import pytest
from opendental.client import OpenDentalClient
from opendental.exceptions import OpenDentalAPIError

# Its models are written for pydantic 1. Needed only if your tests turn warnings into errors.
pytestmark = pytest.mark.filterwarnings("ignore:Valid config keys", "ignore:Support for class-based")


@pytest.fixture
def client(opendental_mock):
    developer_key, customer_key = opendental_mock.headers["Authorization"].removeprefix("ODFHIR ").split("/")
    client = OpenDentalClient(developer_key, customer_key, base_url=opendental_mock.url)
    yield client
    client.session.close()


@pytest.mark.opendental_mock("practice")
def test_the_lines_of_a_claim_that_waits_are_its_estimate(client):
    (claim,) = client.claims.list(status="W")
    lines = client.claim_procs.list(claim_num=claim.claim_num)
    assert {line.status for line in lines} == {"NotReceived"}
    assert sum(line.ins_pay_est for line in lines) == claim.estimated_insurance_payment


def test_a_tracking_is_written_without_a_model(client):
    created = client.post("/claimtrackings", {"ClaimNum": 15, "Note": "Missing attachment."})
    assert client.get("/claimtrackings", {"ClaimNum": 15}) == [created]


def test_a_refusal_has_the_explanation_of_the_api(client):
    with pytest.raises(OpenDentalAPIError, match="Claim not found") as refusal:
        client.claims.get(99)
    assert refusal.value.status_code == 404
