"""Router tests: the hint of a refused path names what is too much in it."""

import pytest

from mockserver.api.resources import OPERATIONS
from mockserver.api.router import Router
from mockserver.contract.contract import shipped_contract
from mockserver.errors import Refusal
from mockserver.settings.server import Settings

ROUTER = Router(OPERATIONS, shipped_contract(), Settings())
TRACKINGS = "/api/v1/claimtrackings"


@pytest.mark.parametrize(
    ("request_line", "rule", "hint"),
    [
        ("GET /api/v1/claimtrackings/45", "api.method.number", f"leave out 45: GET is {TRACKINGS}"),
        ("GET /claimtrackings/45/", "api.method.number", f"leave out 45: GET is {TRACKINGS}"),
        (
            "GET /api/v1//claimtrackings", "api.method.unknown",
            f"leave out the empty segment (//): GET is {TRACKINGS}",
        ),
        (
            "GET /api/v1/claimtrackings//45", "api.method.number",
            f"leave out the empty segment (//) and 45: GET is {TRACKINGS}",
        ),
        (
            "PUT /api/v1/claimtrackings//45", "api.method.unknown",
            f"leave out the empty segment (//): PUT is {TRACKINGS}/{{ClaimTrackingNum}}",
        ),
        ("POST /claimtrackings/45", "api.method.unknown", f"leave out 45: POST is {TRACKINGS}"),
        ("GET /claimtrackings/45/notes", "api.method.unknown", f"leave out 45 and notes: GET is {TRACKINGS}"),
        ("PUT /claimtrackings/45/notes", "api.method.unknown", f"leave out notes: PUT is {TRACKINGS}/{{ClaimTrackingNum}}"),
        ("PUT /claimtrackings/abc", "api.method.unknown", f"leave out abc: PUT is {TRACKINGS}/{{ClaimTrackingNum}}"),
        (
            "GET /api/v1/claims/15/notes", "api.method.unknown",
            "leave out notes: GET is /api/v1/claims or /api/v1/claims/{ClaimNum}",
        ),
        ("DELETE /api/v1/claimtrackings/45", "api.method.unknown", "claimtrackings has GET, POST, PUT"),
        (
            "GET //claimtrackings", "api.resource.unknown",
            "leave out the empty segment (//); resources here: "
            + ", ".join(sorted({f"/api/v1/{operation.resource}" for operation in OPERATIONS})),
        ),
    ],
)  # fmt: skip
def test_a_hint_names_what_is_too_much(request_line: str, rule: str, hint: str) -> None:
    method, path = request_line.split()
    assert ROUTER.find(method, path) is None
    with pytest.raises(Refusal) as refused:
        ROUTER.refuse(method, path)
    assert (refused.value.rule, refused.value.hint) == (rule, hint)
