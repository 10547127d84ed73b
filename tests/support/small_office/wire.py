"""Wire: the HTTP responses of the office, its own and those of faults."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from support.small_office.behaviour import Behaviour, Refused
from support.small_office.faults import Fault
from support.small_office.messages import Answer

JSON = "application/json"


@dataclass(frozen=True)
class Response:
    """A response. Only `sent` bytes of the body are sent (None: all) before the connection is closed."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: int | None = None


def answered(answer: Answer) -> Response:
    """Return the response of an answer."""
    return Response(answer.status, _json(answer.value))


def refused(refusal: Refused, behaviour: Behaviour) -> Response:
    """Return the response of a refusal: its explanation."""
    if behaviour.chooses("api.explanation", "plain"):
        return Response(refusal.status, refusal.text.encode(), "text/plain")
    return Response(refusal.status, _json(refusal.text))


def spoiled(fault: Fault, own: Response | None) -> Response | None:
    """Return the response of a fault in place of the office's `own`; None if the connection is reset."""
    match fault.kind:
        case "401":
            return Response(401, _json("The Developer Key or the Customer Key is invalid."))
        case "429":
            return Response(429, _json("Too many requests."), headers={"Retry-After": str(fault.retry_after)})
        case "500":
            return Response(500, _json("An unexpected error has occurred."))
        case "redirect":
            return Response(302, b"", headers={"Location": "/api/v1/elsewhere"})
        case "504":
            return Response(504, _json("The request took too long."))
        case "html":
            return Response(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html")
        case "wrong-json":
            return Response(own.status if own else 200, b'{"ClaimTrackingNum": 6')
        case "truncate":
            assert own is not None, "the beginning of an answer is the office's own"
            return Response(own.status, own.body, own.content_type, sent=len(own.body) // 2)
        case "slow":
            return own
        case "reset":
            return None


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
