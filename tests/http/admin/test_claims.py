"""Claim tests of the admin API: lists that are searched page by page, and one claim with all that belongs to it."""

from pathlib import Path
from typing import Any

import pytest

from conftest import Client, MakeClient

ADMIN = "/__admin"
HEADERS = {"Authorization": "ODFHIR MockDeveloperKey/MockCustomerKey"}
NEITHER = """
definition:
  - {DefNum: 1, Category: 31, ItemName: Claim denial}
  - {DefNum: 2, Category: 31, ItemName: Sent again}
  - {DefNum: 3, Category: 36, ItemName: Not covered}
  - {DefNum: 4, Category: 31, ItemName: Denied before}
claim: [{ClaimNum: 1, PatNum: 9}, {ClaimNum: 2, PatNum: 8}, {ClaimNum: 3, PatNum: 8}, {ClaimNum: 4}]
claimproc: [{ClaimProcNum: 1, ClaimNum: 3, ClaimPaymentTracking: 3}]
claimtracking:
  - {ClaimNum: 1, DateTimeEntry: now-3d, TrackingDefNum: 1}
  - {ClaimNum: 1, DateTimeEntry: now-2d, TrackingType: ClaimUser, TrackingDefNum: 2}
  - {ClaimNum: 2, DateTimeEntry: now-3d, TrackingDefNum: 4}
  - {ClaimNum: 2, DateTimeEntry: now-2d, TrackingDefNum: 2, Note: Enclosed the CHART.}
  - {ClaimNum: 4, DateTimeEntry: now-2d, TrackingType: ClaimUser, TrackingDefNum: 1}
"""


async def get(client: Client, path: str) -> Any:
    response = await client.get(f"{ADMIN}{path}")
    assert response.status == 200, await response.text()
    return await response.json()


async def numbers(client: Client, query: str) -> list[int]:
    return [claim["ClaimNum"] for claim in (await get(client, f"/claims?{query}"))["claims"]]


async def test_an_office_with_claims_alone_is_listed(client: Client) -> None:
    listed = await get(client, "/claims")
    assert (listed["total"], listed["all"]) == (5, 5)
    claim = listed["claims"][3]
    assert (claim["ClaimNum"], claim["PatNum"], claim["patient"], claim["claimStatus"]) == (19, 14, "", "Sent")
    assert (claim["trackings"], claim["newest"]["status"], claim["newest"]["error"]) == (1, "Denied", "E-207")
    assert listed["claims"][2]["newest"] is None


async def test_claims_are_listed_by_patient_page_by_page(make_client: MakeClient) -> None:
    client = await make_client("practice")
    every = (await get(client, "/claims"))["claims"]
    assert [(one["PatNum"], one["ClaimNum"]) for one in every] == sorted(
        (one["PatNum"], one["ClaimNum"]) for one in every
    )
    assert every[2] == {
        "ClaimNum": 1003, "PatNum": 102, "patient": "Elaine Hartwell", "ClaimStatus": "S", "claimStatus": "Sent",
        "ClaimType": "S", "carrier": "Lakeshore Benefit Plan", "DateReceived": "", "ClaimFee": 277.0, "InsPayEst": 234.0,
        "InsPayAmt": 0.0, "WriteOff": 0.0, "DedApplied": 0.0, "trackings": 2,
        **{name: every[2][name] for name in ("DateService", "DateSent", "newest")},
    }  # fmt: skip
    assert every[2]["newest"]["Note"] == "EOB of the primary plan sent again."
    pages = [await get(client, f"/claims?limit=4&offset={offset}") for offset in (0, 4, 8, 12)]
    assert [one for page in pages for one in page["claims"]] == every
    assert {(page["total"], page["all"]) for page in pages} == {(15, 15)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("show=waiting", [1003, 1004, 1005, 1015, 1010, 1012, 1013, 1014]),
        ("show=late", [1003, 1004, 1005, 1010, 1014]),
        ("show=denied", [1010]),  # 1007 was denied, and then appealed
        ("q=Denied", [1007, 1010]),
        ("q=hartwell", [1001, 1002, 1003, 1004, 1005]),
        ("q=Vega,%20Mar", [1013, 1014]),
        ("q=grace%20okafor", [1007]),
        ("q=102", [1002, 1003]),
        ("q=patient%20102", [1002, 1003]),
        ("q=Claim%201003", [1003]),
        ("q=patient%201003", []),
        ("q=bitewings", [1005]),
        ("q=frequency%20limitation", [1007, 1010]),
        ("q=frequency%20limitation.", [1007]),  # ReasonUnderPaid
        ("q=queued", [1008]),
        ("q=nothing-like-it", []),
        ("PatNum=102", [1002, 1003]),
        ("PatNum=102&show=waiting&q=primary", [1003]),
    ],
)
async def test_claims_are_narrowed(make_client: MakeClient, query: str, expected: list[int]) -> None:
    client = await make_client("practice")
    assert await numbers(client, query) == expected
    assert (await get(client, f"/claims?{query}&limit=1"))["total"] == len(expected)


async def test_denied_is_the_newest_status_or_a_refused_line(make_client: MakeClient, tmp_path: Path) -> None:
    file = tmp_path / "office.yaml"
    file.write_text(NEITHER, encoding="utf-8")
    client = await make_client(str(file))
    assert await numbers(client, "show=denied") == [3, 1]
    assert await numbers(client, "q=chart") == [2]
    assert await numbers(client, "") == [4, 2, 3, 1]
    line = (await get(client, "/claims/3"))["lines"][0]
    assert (line["claimPaymentTracking"], line["procCode"], line["descript"]) == ("Not covered", "", "")


async def test_late_is_measured_by_the_clock_of_the_office(make_client: MakeClient) -> None:
    client = await make_client("practice")
    await client.put(f"{ADMIN}/clock", json={"advance": 86_400 * 9})
    assert 1012 not in await numbers(client, "show=late")  # sent 5 days before: 14 days are not more than 14
    await client.put(f"{ADMIN}/clock", json={"advance": 86_400})
    assert 1012 in await numbers(client, "show=late")
    await client.put(f"{ADMIN}/clock", json={"now": "0001-01-02 00:00:00"})
    assert await numbers(client, "show=late") == []


async def test_a_claim_has_all_that_belongs_to_it(make_client: MakeClient) -> None:
    client = await make_client("practice")
    found = await get(client, "/claims/1006")
    assert found["claim"]["claimStatus"] == "Received"
    assert found["claim"]["patientPart"] == 480.0
    assert found["patient"]["FName"] == "Chidi"
    assert found["provider"] == {"ProvNum": 1, "Abbr": "CALD", "FName": "Ines", "LName": "Caldwell"}
    assert found["plan"] == {
        "PlanNum": 12, "GroupName": "Northgate Foundry", "GroupNum": "NGF-7", "PlanType": "p", "CarrierNum": 1,
        "carrier": "Cedar Mutual Dental",
    }  # fmt: skip
    assert found["subscriber"] == {"InsSubNum": 3, "Subscriber": 201, "SubscriberID": "OK-1", "name": "Chidi Okafor"}
    (line,) = found["lines"]
    assert (line["procCode"], line["descript"], line["ToothNum"]) == ("D2740", "crown, ceramic", "19")
    assert (line["FeeBilled"], line["InsPayEst"], line["InsPayAmt"], line["WriteOff"]) == (1280.0, 640.0, 480.0, 320.0)
    (check,) = found["payments"]
    assert (check["CheckNum"], check["payType"], check["paid"]) == ("EFT-881", "EFT", 480.0)
    assert [row["status"] for row in found["trackings"]] == ["Claim Received", "Waiting on information"]
    assert (await get(client, "/claims/1006?limit=1")) == {**found, "trackings": found["trackings"][:1]}


async def test_a_part_of_the_patient_is_not_known_while_a_plan_may_pay(make_client: MakeClient) -> None:
    client = await make_client("practice")
    parts = {number: (await get(client, f"/claims/{number}"))["claim"]["patientPart"] for number in (1001, 1002, 1004)}
    assert parts == {1001: 0.0, 1002: None, 1004: None}  # 1003 asks another plan for 1002; 1004 is not received


async def test_a_check_pays_a_claim_in_part(make_client: MakeClient) -> None:
    client = await make_client("practice")
    (check,) = (await get(client, "/claims/1002"))["payments"]
    assert (check["ClaimPaymentNum"], check["CheckAmt"], check["paid"]) == (51, "356", 184.0)
    assert [row["user"] for row in (await get(client, "/claims/1002"))["trackings"]] == []


async def test_what_is_missing_is_empty(client: Client, make_client: MakeClient) -> None:
    found = await get(client, "/claims/25")
    assert found["lines"] == found["payments"] == []
    assert found["patient"] is found["plan"] is found["subscriber"] is found["provider"] is None
    assert [(row["UserNum"], row["user"]) for row in found["trackings"]] == [(2, "")] * 3
    office = {"office": {"imported": "25.4.48"}, "claim": [{"ClaimNum": 1, "PatNum": 5, "PlanNum": 6, "InsSubNum": 7}]}
    office |= {"claimproc": [{"ClaimProcNum": 1, "ClaimNum": 1, "ProcNum": 8, "ClaimPaymentNum": 4, "InsPayAmt": 0.1}]}
    office |= {"claimtracking": [{"ClaimTrackingNum": 1, "ClaimNum": 1, "DateTimeEntry": "now", "TrackingDefNum": 77}]}
    office |= {"insplan": [{"PlanNum": 5}], "procedurelog": [{"ProcNum": 9, "PatNum": 1, "CodeNum": 3, "ProvNum": 2}]}
    assert (await client.put(f"{ADMIN}/office", json=office)).status == 200
    found = await get(client, "/claims/1")
    assert found["payments"] == [{"ClaimPaymentNum": 4, "paid": 0.1}]
    assert (found["lines"][0]["descript"], found["trackings"][0]["status"], found["claim"]["carrier"]) == ("", "", "")


async def test_looking_changes_nothing(make_client: MakeClient) -> None:
    client = await make_client(throttle=True)
    before = [await get(client, path) for path in ("/office", "/requests", "/contract", "/tables")]
    for path in ("/claims", "/claims?show=denied&q=x", "/claims/25", "/tables"):
        await get(client, path)
    assert [await get(client, path) for path in ("/office", "/requests", "/contract", "/tables")] == before
    response = await client.get("/api/v1/claims", headers=HEADERS)
    assert response.status == 200  # the throttle has counted none


async def test_the_newest_trackings_come_with_their_claims(make_client: MakeClient) -> None:
    client = await make_client("practice")
    await client.post("/api/v1/claimtrackings", json={"ClaimNum": 1014, "TrackingDefNum": 404}, headers=HEADERS)
    found = await get(client, "/trackings?limit=2")
    assert found["total"] == 13
    told = [(row["ClaimNum"], row["patient"], row["status"]) for row in found["trackings"]]
    assert told == [(1014, "Marisol Vega", "Denied"), (1007, "Grace Okafor", "Appealed")]
    assert (await get(client, "/trackings?limit=1&offset=1"))["trackings"] == found["trackings"][1:]


async def test_a_patient_has_claims_plans_and_appointments(make_client: MakeClient) -> None:
    client = await make_client("practice")
    found = await get(client, "/patients/102")
    assert (found["patient"], found["Gender"]) == ("Elaine Hartwell", "Female")
    assert [claim["ClaimNum"] for claim in found["claims"]] == [1002, 1003]
    assert [(plan["Ordinal"], plan["carrier"], plan["GroupName"], plan["subscriber"]) for plan in found["plans"]] == [
        (1, "Cedar Mutual Dental", "Hillside School District", "Robert Hartwell"),
        (2, "Lakeshore Benefit Plan", "Lakeshore Transit", "Elaine Hartwell"),
    ]
    assert [one["AptNum"] for one in found["appointments"]] == [5]
    other = await make_client()
    found = await get(other, "/patients/15")
    assert (found["patient"], found["Birthdate"], found["plans"], found["appointments"]) == ("", "", [], [])
    assert [claim["ClaimNum"] for claim in found["claims"]] == [25]


async def test_a_plan_without_its_subscriber_has_no_names(client: Client) -> None:
    office = {"office": {"imported": "25.4.48"}, "patient": [{"PatNum": 5}], "inssub": [{"InsSubNum": 1}]}
    office |= {"patplan": [{"PatPlanNum": 1, "PatNum": 5, "InsSubNum": 9}]}
    assert (await client.put(f"{ADMIN}/office", json=office)).status == 200
    (plan,) = (await get(client, "/patients/5"))["plans"]
    assert (plan["carrier"], plan["GroupName"], plan["subscriber"]) == ("", "", "")


async def test_tables_with_rows_are_counted(client: Client) -> None:
    assert await get(client, "/tables") == {"tables": {"claim": 5, "claimtracking": 8, "definition": 7}}


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/claims?show=deny", 400, "'deny' is not a value of show; "),
        ("/claims?limit=1001", 400, "limit must be a whole number from 0 to 1000; offset gives the next ones."),
        ("/claims?offset=x", 400, "offset must be a whole number"),
        ("/claims?PatNum=x", 400, "PatNum must be a whole number"),
        ("/claims?query=x", 400, "'query' is not a parameter of this path; "),
        ("/claims/25?offset=1", 400, "'offset' is not a parameter of this path; "),
        ("/claims/99", 404, "There is no claim 99 in this office; GET /__admin/claims lists them."),
        ("/patients/99", 404, "There is no patient 99 in this office, and no claim that names one."),
        ("/patients/15?limit=1", 400, "'limit' is not a parameter of this path; "),
        ("/claims?office=Mine", 400, "There is one office for all keys"),
    ],
)
async def test_what_cannot_be_is_a_problem(client: Client, path: str, status: int, words: str) -> None:
    response = await client.get(f"{ADMIN}{path}")
    assert response.status == status
    assert words in (await response.json())["detail"]
