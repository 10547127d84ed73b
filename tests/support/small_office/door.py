"""Door: the path, the credentials and the Content-Type of a request, in the order in which the vendor checks them."""

import re
from dataclasses import dataclass

from support.small_office.behaviour import Behaviour, Refused
from support.small_office.data import DISABLED_KEYS, PERMISSIONS
from support.small_office.messages import Request

BASE_PATH = "/api/v1"

# The methods of each resource, without and with a number after it.
_WHOLE = {
    "claimtrackings": ("GET", "POST"),
    "definitions": ("GET",),
    "claims": ("GET",),
    "preferences": ("GET",),
}
_NUMBERED = {"claimtrackings": ("PUT",), "claims": ("GET",)}

_NUMBER = re.compile("-?[0-9]+")
_CREDENTIALS = re.compile(r"ODFHIR +([!-.0-~]+/[!-.0-~]+) *", re.IGNORECASE)


@dataclass(frozen=True)
class Route:
    """An operation: method, resource, and the number after it if there is one."""

    method: str
    resource: str
    number: str | None = None


def find(request: Request, behaviour: Behaviour) -> Route:
    """Return the operation that a request asks for. Raises Refused."""
    path, method = request.path, request.method
    is_below = path == BASE_PATH or path.startswith(BASE_PATH + "/")
    resource, *more = (path.removeprefix(BASE_PATH).strip("/") if is_below else path[1:]).split("/")
    rest = [part for part in more if part]
    if resource not in _WHOLE:
        status = 400 if behaviour.chooses("api.resource.unknown", "bad-request") else 404
        raise behaviour.refusal("api.resource.unknown", status, f"{resource} is not a valid resource.")
    if not is_below and behaviour.chooses("warning.base-path", "refused"):
        raise behaviour.refusal("warning.base-path", 404, f"{resource} is not a valid resource.")
    if not rest and method in _WHOLE[resource]:
        return Route(method, resource)
    if len(rest) == 1 and _NUMBER.fullmatch(rest[0]) and method in _NUMBERED.get(resource, ()):
        return Route(method, resource, rest[0])
    if method == "GET" and len(rest) == 1 and _NUMBER.fullmatch(rest[0]):
        if behaviour.chooses("api.method.number", "ignored"):
            return Route(method, resource)
        raise behaviour.refusal("api.method.number", 400, f"{resource} GET  is not a valid method.")
    raise _no_such_method(method, resource, rest, behaviour)


def admit(request: Request, route: Route, behaviour: Behaviour) -> None:
    """Check the credentials and the Content-Type. Raises Refused."""
    header = request.headers.get("authorization")
    if header is not None:
        _check_keys(header, route, behaviour)
    elif behaviour.chooses("warning.no-authorization", "refused"):
        raise behaviour.refusal("warning.no-authorization", 401, "There is no Authorization header.")
    elif behaviour.chooses("warning.no-authorization", "bad-request"):
        raise behaviour.refusal("warning.no-authorization", 400, "Malformed API request.")
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "application/json":
        return
    text = "The Content-Type must be application/json."
    if route.method != "GET":
        status = 415 if behaviour.deviates("content-type-415") else 400
        raise behaviour.refusal("api.content-type", status, text)
    if behaviour.chooses("warning.no-content-type", "refused"):
        raise behaviour.refusal("warning.no-content-type", 400, text)


def _check_keys(header: str, route: Route, behaviour: Behaviour) -> None:
    found = _CREDENTIALS.fullmatch(header)
    if found is None:
        status = 400 if behaviour.chooses("api.credentials.malformed", "bad-request") else 401
        raise behaviour.refusal("api.credentials.malformed", status, "The Authorization header is invalid.")
    if found[1] == DISABLED_KEYS:
        raise behaviour.refusal("api.credentials.disabled", 401, "The Customer Key is disabled.")
    if found[1] not in PERMISSIONS:
        status = 403 if behaviour.deviates("unknown-keys-403") else 401
        text = "The Developer Key or the Customer Key is invalid."
        raise behaviour.refusal("api.credentials.invalid", status, text)
    needed = "ReadAll" if route.method == "GET" else "Insurance"
    if needed not in PERMISSIONS[found[1]]:
        raise behaviour.refusal("api.permission", 401, f"The Customer Key does not have the permission {needed}.")


def _no_such_method(method: str, resource: str, rest: list[str], behaviour: Behaviour) -> Refused:
    if (method, resource, rest) == ("PUT", "claimtrackings", []):
        status = 404 if behaviour.deviates("update-without-number-404") else 400
        text = "ClaimTrackingNum is required."
        return behaviour.refusal("claimtrackings.update.ClaimTrackingNum.required", status, text)
    status = 400
    if behaviour.chooses("api.method.unknown", "not-found"):
        status = 404
    if behaviour.chooses("api.method.unknown", "not-allowed"):
        status = 405
    word = " ".join(part for part in rest if not _NUMBER.fullmatch(part))
    return behaviour.refusal("api.method.unknown", status, f"{resource} {method} {word} is not a valid method.")
