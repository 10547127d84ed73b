"""Coverage example: a script that covers every rule of the contract, with nothing but the standard library.

    opendental-mock run --strict --resource all --fail-under 100 -- python tests/examples/every_rule.py

The tests of a real integration cover only the rules that it relies on. This file shows, in one line a rule, a request
that covers it.
"""

import http.client
import json
import os
from typing import Any
from urllib.parse import urlsplit

BASE = urlsplit(os.environ["OPENDENTAL_BASE_URL"])
KEYS = f"ODFHIR {os.environ['OPENDENTAL_DEVELOPER_KEY']}/{os.environ['OPENDENTAL_CUSTOMER_KEY']}"
HEADERS = {"Authorization": KEYS, "Content-Type": "application/json"}
TRACKINGS = BASE.path + "/claimtrackings"


def send(method: str, path: str, body: Any = None, expect: int = 200, **headers: str) -> Any:
    """Send a request, with a body as JSON or as bytes. Check the status, and return the response."""
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    connection = http.client.HTTPConnection(str(BASE.hostname), BASE.port or 80, timeout=30)
    connection.request(
        method, path, data, {**HEADERS, **{name.replace("_", "-"): value for name, value in headers.items()}}
    )
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    assert response.status == expect, f"{method} {path}: {response.status} {answer}"
    return answer


def list_(query: str = "", expect: int = 200, **headers: str) -> Any:
    return send("GET", f"{TRACKINGS}?{query}" if query else TRACKINGS, expect=expect, **headers)


def get(path: str, expect: int = 200) -> Any:
    return send("GET", BASE.path + path, expect=expect)


def create(expect: int = 201, **fields: Any) -> Any:
    return send("POST", TRACKINGS, fields, expect)


def update(expect: int = 200, number: str = "/45", **fields: Any) -> Any:
    return send("PUT", TRACKINGS + number, fields, expect)


def office(**changes: Any) -> None:
    """Change the office, as the fixture of a test would."""
    now = send("GET", "/__admin/office")
    send("PUT", "/__admin/office", {**now, **changes})


# Listing: all claims, one claim, one without trackings, none, nonsense; pages; another form of DateTime.
assert [row["ClaimTrackingNum"] for row in list_()[:3]] == [45, 46, 34]
assert {row["ClaimNum"] for row in list_("ClaimNum=25")} == {25}
assert list_("ClaimNum=15") == []
list_("ClaimNum=99", 404)
list_("ClaimNum=0", 404)
list_("ClaimNum=x", 400)
assert len(list_("Limit=2&Offset=1")) == 2
list_("Limit=1000")
list_("Limit=0", 400)
assert list_("Offset=1000") == []
list_("Offset=-1", 400)
list_("DateTimeFormatString=dd/MM/yyyy")
list_("DateTimeFormatString=x", 400)

# Creating: everything, nothing but the claim, and what is refused.
create(ClaimNum=15, Note="Missing attachment.", TrackingDefNum=339, TrackingErrorDefNum=340)
create(ClaimNum=15)
create(400)
create(400, ClaimNum=None)
create(404, ClaimNum=99)
create(400, ClaimNum=15, Note=1)
create(400, ClaimNum=15, TrackingDefNum="x")
create(400, ClaimNum=15, TrackingDefNum=340)
create(400, ClaimNum=15, TrackingErrorDefNum=True)
create(400, ClaimNum=15, TrackingErrorDefNum=339)
assert create(ClaimNum=15, Note="one\r\ntwo \U0001f600")["Note"] == "one two \ufffd"
assert len(create(ClaimNum=15, Note="x" * 70_000)["Note"]) == 65_535

# Updating: each column, none of them, and what is refused.
update(Note="Attachments sent.", TrackingDefNum=341, TrackingErrorDefNum=340)
update(TrackingDefNum=0, TrackingErrorDefNum=0)
update()
update(400, "", Note="x")
update(400, f"/{2**63}", Note="x")
update(404, "/999", Note="x")
update(400, Note=None)
update(400, TrackingDefNum=1.5)
update(400, TrackingDefNum=999)
update(400, TrackingErrorDefNum="x")
update(400, TrackingErrorDefNum=999)

# Look-ups: definitions, claims and preferences.
get("/definitions")
get("/definitions?Category=31&includeHidden=true")
get("/definitions?Category=1")
get("/definitions?Category=x", 400)
get("/definitions?includeHidden=1", 400)
get("/claims")
get("/claims?PatNum=13&ClaimStatus=R&SecDateTEdit=2020-01-01%2000:00:00")
get("/claims?PatNum=99", 404)
get("/claims?PatNum=x", 400)
get("/claims?ClaimStatus=x", 400)
get("/claims?SecDateTEdit=2020-01-01", 400)
get("/claims/99", 404)
get(f"/claims/{2**63}", 400)
office(claim=[{"ClaimNum": 15, "CustomTracking": 345}], claimtracking=[])
assert get("/claims/15")["customTracking"] == "Denied"
send("POST", "/__admin/reset")
get("/preferences")
get("/preferences?PrefName=ClaimTrackingStatusExcludesNone")
get("/preferences?PrefName=Nothing")
get(f"/preferences?PrefName={'x' * 256}", 400)

# Paths, methods, headers and bodies.
send("GET", BASE.path + "/claimtracking", expect=404)
send("DELETE", TRACKINGS + "/45", expect=400)
send("POST", TRACKINGS, b"{}", 400, Content_Type="text/plain")
send("POST", TRACKINGS, b"{", 400)
send("POST", TRACKINGS, b"[]", 400)
send("POST", TRACKINGS, b'{"Note": "\xff"}', 400)
send("POST", TRACKINGS, b"no gzip", 400, Content_Encoding="gzip")
send("POST", TRACKINGS, b" " * 16_800_001, 400)
list_(expect=401, Authorization="Bearer token")

# Other offices: a status is required; keys are listed; all numbers are used; the version is too old.
send("PATCH", "/__admin/preferences", {"ClaimTrackingStatusExcludesNone": True})
create(400, ClaimNum=15)
create(400, ClaimNum=15, TrackingDefNum=0)
update(400, TrackingDefNum=0)
send("POST", "/__admin/reset")
office(
    apikey=[
        {"DeveloperKey": "Developer", "CustomerKey": "Reports", "Permissions": ["ReadAll", "Enterprise"]},
        {"DeveloperKey": "Developer", "CustomerKey": "Closed", "State": "DisabledByCustomer"},
    ]
)
list_(Authorization="ODFHIR Developer/Reports")
list_(expect=401, Authorization="ODFHIR Developer/Nobody")
list_(expect=401, Authorization="ODFHIR Developer/Closed")
send("POST", TRACKINGS, {"ClaimNum": 15}, 401, Authorization="ODFHIR Developer/Reports")
send("POST", "/__admin/reset")
last = {"ClaimTrackingNum": 2**63 - 1, "ClaimNum": 15, "DateTimeEntry": "2023-07-01 00:00:00"}
office(claimtracking=[last])
create(400, ClaimNum=15)
send("POST", "/__admin/reset")
office(office={"version": "23.2.4"})
list_(expect=400)
create(400, ClaimNum=15)
update(400)
office(office={"version": "21.0.9"})
for path in ("/definitions", "/claims", "/claims/15", "/preferences"):
    get(path, 400)
office(office={"version": "23.3.10"})
get("/claims", 400)
