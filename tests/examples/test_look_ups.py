"""Example of an integration that looks up statuses and claims before it writes."""

from office_session import office_session


def report_denials(url, headers):
    """Give each sent claim without a history the status Denied; return the new trackings."""
    session = office_session(headers)

    def get(path, **parameters):
        response = session.get(url + path, params=parameters, timeout=30)
        response.raise_for_status()
        return response.json()

    (denied,) = [row["DefNum"] for row in get("/definitions", Category=31) if row["ItemName"] == "Denied"]
    created = []
    for claim in get("/claims", ClaimStatus="S"):
        if not get("/claimtrackings", ClaimNum=claim["ClaimNum"]):
            body = {"ClaimNum": claim["ClaimNum"], "TrackingDefNum": denied}
            response = session.post(url + "/claimtrackings", json=body, timeout=30)
            response.raise_for_status()
            created.append(response.json())
    return created


def test_a_claim_without_a_history_is_denied(opendental_mock):
    (created,) = report_denials(opendental_mock.url, opendental_mock.headers)
    assert (created["ClaimNum"], created["TrackingDefNum"]) == (15, 345)
    assert report_denials(opendental_mock.url, opendental_mock.headers) == []


def test_the_preference_can_be_looked_up(opendental_mock):
    opendental_mock.preferences["ClaimTrackingStatusExcludesNone"] = True
    response = office_session(opendental_mock.headers).get(
        opendental_mock.url + "/preferences", params={"PrefName": "ClaimTrackingStatusExcludesNone"}, timeout=30
    )
    assert [row["ValueString"] for row in response.json()] == ["1"]
