"""HAR tests: a whole HTTP Archive 1.2, without credentials."""

import json
from datetime import datetime
from typing import Any

import pytest

from conftest import Client, MakeClient
from mockserver.assets import version
from mockserver.journal.exchange import RESET, Exchange
from mockserver.journal.har import as_har

API = "/api/v1/claimtrackings"
SECRET = "hunter2"
# What HAR 1.2 requires of each object.
REQUIRED = {
    "entry": {"startedDateTime", "time", "request", "response", "cache", "timings"},
    "request": {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"},
    "response": {"status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize"},
}  # fmt: skip


def entry(**fields: Any) -> dict[str, Any]:
    given = {"id": 1, "method": "GET", "path": "/", "at": datetime(2026, 1, 15, 10), **fields}
    (only,) = json.loads("".join(as_har([Exchange(**given)])))["log"]["entries"]
    return dict(only)


async def har(client: Client, query: str = "") -> dict[str, Any]:
    response = await client.get(f"/__admin/requests.har{query}")
    assert response.status == 200, await response.text()
    document: dict[str, Any] = await response.json()
    return document


async def test_an_exchange_has_all_that_the_format_requires(client: Client) -> None:
    await client.post(
        f"{API}?a=1&b=&a=2", json={"ClaimNum": 15}, headers={"Host": "localhost:1", "Authorization": "ODFHIR A/B"}
    )
    log = (await har(client))["log"]
    assert (log["version"], log["creator"]) == ("1.2", {"name": "opendental-mock", "version": version()})
    (one,) = log["entries"]
    assert one.keys() >= REQUIRED["entry"]
    assert one["request"].keys() == REQUIRED["request"] | {"postData"}
    assert one["response"].keys() == REQUIRED["response"]
    assert datetime.fromisoformat(one["startedDateTime"]).replace(tzinfo=None) == datetime(2023, 7, 26, 9, 47, 10)
    assert datetime.fromisoformat(one["startedDateTime"]).tzinfo is not None
    assert one["time"] == one["timings"]["wait"] > 0
    assert one["request"]["url"] == f"http://localhost:1{API}?a=1&b=&a=2"
    assert [tuple(pair.values()) for pair in one["request"]["queryString"]] == [("a", "1"), ("b", ""), ("a", "2")]
    assert one["request"]["postData"] == {"mimeType": "application/json", "params": [], "text": '{"ClaimNum": 15}'}
    assert one["request"]["bodySize"] == 16
    assert (one["response"]["status"], one["response"]["statusText"]) == (201, "Created")
    assert json.loads(one["response"]["content"]["text"])["ClaimTrackingNum"] == 52
    assert one["response"]["content"]["size"] == one["response"]["bodySize"] == len(one["response"]["content"]["text"])
    assert (one["_id"], one["_operation"], one["_outcome"]) == (1, "claimtrackings/create", "complete")
    assert {warning["rule"] for warning in one["_warnings"]} == {"warning.undocumented-parameter"}
    assert not {"_refusedBy", "_explanation", "_hint", "_fault", "_kept", "_cut"} & one.keys()


async def test_a_refusal_names_its_rule(client: Client) -> None:
    await client.post(API, json={"ClaimNum": 15, "TrackingDefNum": 340})
    (one,) = (await har(client))["log"]["entries"]
    assert one["_refusedBy"] == "claimtrackings.create.TrackingDefNum.category"
    assert one["_explanation"] == "TrackingDefNum is invalid."
    assert one["_hint"].startswith("definitions of category 31")


async def test_the_filters_are_those_of_the_journal(client: Client) -> None:
    for number in range(101):
        await client.get(f"{API}?ClaimNum={15 if number else 99}")
    assert len((await har(client))["log"]["entries"]) == 101
    assert [one["_id"] for one in (await har(client, "?status=404"))["log"]["entries"]] == [1]
    assert [one["_id"] for one in (await har(client, "?limit=2"))["log"]["entries"]] == [100, 101]
    assert (await har(client, "?limit=0"))["log"]["entries"] == []
    assert (await client.get("/__admin/requests.har?status=4o4")).status == 400
    assert (await client.get("/__admin/requests.har?stats=404")).status == 400


async def test_no_credential_is_in_it(make_client: MakeClient) -> None:
    client = await make_client()
    headers = {
        "Authorization": f"ODFHIR Mock/{SECRET}", "Cookie": f"session={SECRET}", "X-Api-Key": SECRET,
        "Proxy-Authorization": f"Basic {SECRET}", "Referer": f"http://user:{SECRET}@host/",
    }  # fmt: skip
    await client.get(f"{API}?token={SECRET}&ClaimNum=ODFHIR+a/{SECRET}", headers=headers)
    await client.post(API, data=f"Basic {SECRET}", headers=headers)
    await client.post(API, data=json.dumps(f"Bearer {SECRET}"), headers=headers | {"Content-Type": "application/json"})
    document = await har(client)
    assert len(document["log"]["entries"]) == 3
    assert SECRET not in json.dumps(document)
    assert {"name": "Authorization", "value": "ODFHIR [redacted]"} in document["log"]["entries"][0]["request"][
        "headers"
    ]


def test_a_request_without_a_body_has_no_post_data() -> None:
    assert "postData" not in entry()["request"]


def test_a_response_that_did_not_arrive_has_no_size() -> None:
    one = entry(status=0, outcome=RESET, fault="reset", kept=201)
    assert (one["response"]["status"], one["response"]["statusText"], one["response"]["bodySize"]) == (0, "", -1)
    assert (one["_fault"], one["_kept"], one["_outcome"]) == ("reset", 201, "connection reset")
    assert one["response"]["headers"] == []
    assert "text" not in one["response"]["content"]


def test_sizes_of_a_trimmed_exchange_are_unknown() -> None:
    one = entry(sent=b"[1, ", answer=b"[2, ", status=200, cut=True)
    assert (one["request"]["bodySize"], one["response"]["bodySize"], one["_cut"]) == (-1, -1, True)
    assert one["request"]["postData"] == {"mimeType": "", "params": [], "text": "[1, "}


def test_a_body_that_is_not_json_is_text() -> None:
    assert entry(sent=b"\xff" + b"[" * 100_000)["request"]["postData"]["text"].startswith("\ufffd[[")
    assert entry(sent=b"[" * 100_000)["request"]["postData"]["text"] == "[" * 100_000


@pytest.mark.parametrize(
    ("path", "headers", "url"),
    [
        ("/a", {}, "http://localhost/a"),
        ("/a", {"HOST": "x:1"}, "http://x:1/a"),
        ("http://y/a?b", {"Host": "x"}, "http://y/a?b"),
    ],
)
def test_the_url_is_absolute(path: str, headers: dict[str, str], url: str) -> None:
    assert entry(path=path, headers=headers)["request"]["url"] == url


@pytest.mark.parametrize("at", [datetime.min, datetime.max.replace(microsecond=0)], ids=["first", "last"])
def test_every_time_can_be_written(at: datetime) -> None:
    written = datetime.fromisoformat(entry(at=at)["startedDateTime"])
    assert written.replace(tzinfo=None) == at
    assert written.tzinfo is not None


@pytest.mark.parametrize("status", [299, 599])
def test_a_status_without_a_phrase_has_none(status: int) -> None:
    assert entry(status=status)["response"]["statusText"] == ""
