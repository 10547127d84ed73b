"""Workloads: the measured operations, the mix of a soak test, and their offices."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

BASE = "/api/v1"
CONNECTIONS = 16
HEADERS = {"Authorization": "ODFHIR DeveloperKey/CustomerKey", "Content-Type": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, and the status of its response."""

    method: str = "GET"
    path: str = f"{BASE}/claimtrackings"
    body: bytes = b""
    status: int = 200

    def raw(self, host: str, trace: str = "") -> bytes:
        """Return the bytes of the request, with that trace id."""
        headers = {"Host": host, **HEADERS}
        if trace:
            headers["traceparent"] = f"00-{trace}-{trace[:16]}-01"
        if self.body:
            headers["Content-Length"] = str(len(self.body))
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One line of the table: requests sent in turn, and the wanted minimum ratio to the floor.

    `in_two`: the head of each request is a segment, and its body another. `tls`: over TLS, as the floor's. `traced`: each
    request has a trace id of its own, so that no two heads are the same.
    """

    name: str
    requests: tuple[Request, ...]
    budget: float | None = None
    connections: int = CONNECTIONS
    in_two: bool = False
    tls: bool = False
    traced: bool = False


def _to_create(**fields: Any) -> bytes:
    return json.dumps({"ClaimNum": 3, "Note": "Sent by mail.", "TrackingDefNum": 1} | fields).encode()


def _updates(number: int) -> tuple[Request, ...]:
    # In turn, since an update without changes writes nothing.
    path = f"{BASE}/claimtrackings/{number}"
    notes = ("Received by the carrier.", "Rejected by the carrier.")
    return tuple(Request(method="PUT", path=path, body=json.dumps({"Note": note}).encode()) for note in notes)


LIST = Request()
ONE_CLAIM = Request(path=f"{BASE}/claimtrackings?ClaimNum=3")
CREATE = Request(method="POST", body=_to_create(), status=201)
UNSERVED = Request(path=f"{BASE}/adjustments?PatNum=1", status=501)
NO_SUCH_CLAIM = Request(method="POST", body=_to_create(ClaimNum=999), status=404)

OPERATIONS = (
    Operation(name="list of 100 rows", requests=(LIST,), budget=1.2),
    Operation(name="list of one claim", requests=(ONE_CLAIM,)),
    Operation(name="create", requests=(CREATE,), budget=0.95),
    Operation(name="update", requests=_updates(50), budget=0.95),
    Operation(name="refusal", requests=(NO_SUCH_CLAIM,), budget=0.95),
    # Cases that the others do not have: a list that each create changes, and a client that waits for each response.
    Operation(name="create and list of 100 rows", requests=(CREATE, LIST), budget=0.9),
    Operation(name="list of 100, one connection", requests=(LIST,), connections=1),
    Operation(name="create, one connection", requests=(CREATE,), connections=1),
    # As requests, httpx and http.client send it: the body after its head, in a segment of its own.
    Operation(name="create in two segments", requests=(CREATE,), budget=0.95, in_two=True),
    Operation(name="create in two, one connection", requests=(CREATE,), budget=0.95, connections=1, in_two=True),
    Operation(name="list of 100 rows over TLS", requests=(LIST,), tls=True),
    Operation(name="create over TLS", requests=(CREATE,), tls=True),
)

TRACED = tuple(
    Operation(name=f"{name}, traced", requests=requests, budget=0.9, traced=True)
    for name, requests in (
        ("list of 100 rows", (LIST,)), ("list of one claim", (ONE_CLAIM,)), ("create", (CREATE,)),
        ("update", _updates(50)), ("refusal", (NO_SUCH_CLAIM,)),
    )
)  # fmt: skip

COPIED = {"extends": "practice", "generate": {"copies": 12}}
"""The shipped office with families, and each family twelve times more, as a fixture."""


def lists_and_writes() -> Iterator[Operation]:
    """Yield a list of each resource that needs no parameter, and the updates of a tracking and of a line, at COPIED."""
    from mockserver.api.resources import OPERATIONS as SERVED  # the other measures start the mock, of any version
    from mockserver.contract.contract import shipped_contract

    folders = shipped_contract().folders
    for operation in SERVED:
        spec = folders[operation.resource].operations[operation.name.partition("/")[2]]
        if operation.is_list and not spec.required:
            path = f"{BASE}{operation.path}"
            yield Operation(name=f"list: {operation.path[1:]}", requests=(Request(path=path),), budget=1.1)
    yield Operation(name="update of a tracking", requests=_updates(1))
    # The line of a claim with two lines, whose sums follow.
    bodies = (json.dumps({"InsPayAmt": amount}).encode() for amount in (10.5, 11.5))
    lines = tuple(Request(method="PUT", path=f"{BASE}/claimprocs/9007", body=body) for body in bodies)
    yield Operation(name="update of a line, with sums", requests=lines)


# For the default office, which a soak runs in; half of it reads, a third writes, the rest is refused.
MIX = (
    LIST,
    Request(path=f"{BASE}/claimtrackings?ClaimNum=19"),
    Request(path=f"{BASE}/claimtrackings?Limit=2&Offset=1"),
    Request(path=f"{BASE}/claimtrackings?DateTimeFormatString=yyyy-MM-dd"),
    Request(path="/claimtrackings"),
    Request(method="POST", body=b'{"ClaimNum": 15, "Note": "Sent by mail."}', status=201),
    *_updates(45),
    Request(path=f"{BASE}/claimtrackings?ClaimNum=999", status=404),
    Request(path=f"{BASE}/nothing", status=404),
    Request(method="POST", body=b'{"ClaimNum": "x"', status=400),
    Request(method="DELETE", path=f"{BASE}/claimtrackings/45", status=400),
)


def rows(count: int) -> Iterator[dict[str, Any]]:
    """Return so many ClaimTrackings, five to each claim, one a minute."""
    for number in range(1, count + 1):
        minutes = number % 1_440
        yield {
            "ClaimTrackingNum": number,
            "ClaimNum": (number - 1) // 5 + 1,
            "UserNum": 1,
            "DateTimeEntry": f"2023-{number % 12 + 1:02}-{number % 28 + 1:02} {minutes // 60:02}:{minutes % 60:02}:00",
            "Note": "Received by the carrier.",
            "TrackingDefNum": 1,
            "TrackingErrorDefNum": 2,
        }


def fixture(count: int) -> dict[str, Any]:
    """Return an office with so many ClaimTrackings, as a fixture."""
    return {
        "claim": [{"ClaimNum": number} for number in range(1, (count - 1) // 5 + 2)],
        "definition": [
            {"DefNum": 1, "Category": 31, "ItemName": "Received"},
            {"DefNum": 2, "Category": 43, "ItemName": "Missing X-ray"},
        ],
        "claimtracking": list(rows(count)),
    }
