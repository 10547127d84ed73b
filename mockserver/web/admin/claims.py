"""Claims over HTTP: the claims of an office as people look at them, in a list and one by one."""

from aiohttp import web

from mockserver.office.claim_details import claim_details
from mockserver.office.claim_list import SHOWS, claim_list, newest_trackings
from mockserver.office.patient_details import patient_details
from mockserver.suggestions import alternatives
from mockserver.web.admin.bodies import PREFIX, as_json
from mockserver.web.admin.filters import MAX_ID, whole
from mockserver.web.admin.route import Handlers, Route
from mockserver.web.admin.selection import page_of
from mockserver.web.problem import Problem

_LIMIT, _MAX_LIMIT = 100, 1_000
_LIST = ("limit", "offset", "q", "show", "PatNum", "office")


class ClaimHandlers(Handlers):
    """Handlers that read claims with what belongs to them."""

    def routes(self) -> list[Route]:
        """Return all routes."""
        return [
            ("GET", "/claims", self.get_claims),
            ("GET", "/trackings", self.get_trackings),
            ("GET", "/claims/{number:[0-9]{1,19}}", self.get_claim),
            ("GET", "/patients/{number:[0-9]{1,19}}", self.get_patient),
        ]

    async def get_claims(self, request: web.Request) -> web.Response:
        """Return the claims by patient, each with names, state, amounts and its newest tracking.

        Query: `show`, `q`, `PatNum`, `limit`, `offset`.
        """
        _check_names(request, _LIST)
        offset, limit = _page(request)
        show, patient = request.query.get("show", ""), request.query.get("PatNum")
        if show and show not in SHOWS:
            raise Problem(400, f"{show!r} is not a value of show; {alternatives(show, SHOWS)}")
        number = None if patient is None else whole(patient, "PatNum", MAX_ID)
        office, text = self.tenant_of(request).office, request.query.get("q", "")
        return as_json(claim_list(office, show=show, q=text, limit=limit, offset=offset, patient=number))

    async def get_trackings(self, request: web.Request) -> web.Response:
        """Return the newest trackings, each with its claim and names.

        Query: `limit`, `offset`.
        """
        _check_names(request, ("limit", "offset", "office"))
        offset, limit = _page(request)
        return as_json(newest_trackings(self.tenant_of(request).office, limit=limit, offset=offset))

    async def get_claim(self, request: web.Request) -> web.Response:
        """Return one claim with its patient, plan, lines, payments and trackings, each with its names.

        Query: `limit` of the trackings.
        """
        _check_names(request, ("limit", "office"))
        _, limit = _page(request)
        number = int(request.match_info["number"])
        details = claim_details(self.tenant_of(request).office, number, limit=limit)
        if details is None:
            raise Problem(404, f"There is no claim {number} in this office; GET {PREFIX}/claims lists them.")
        return as_json(details)

    async def get_patient(self, request: web.Request) -> web.Response:
        """Return one patient with claims, plans and appointments, or those that name a patient without a row."""
        _check_names(request, ("office",))
        number = int(request.match_info["number"])
        details = patient_details(self.tenant_of(request).office, number)
        if details is None:
            raise Problem(404, f"There is no patient {number} in this office, and no claim that names one.")
        return as_json(details)


def _page(request: web.Request) -> tuple[int, int]:
    """Return `offset` and `limit`. Raises Problem."""
    offset, limit = page_of(request)
    if limit is not None and limit > _MAX_LIMIT:
        raise Problem(400, f"limit must be a whole number from 0 to {_MAX_LIMIT}; offset gives the next ones.")
    return offset, _LIMIT if limit is None else limit


def _check_names(request: web.Request, known: tuple[str, ...]) -> None:
    for name in request.query:
        if name not in known:
            raise Problem(400, f"{name!r} is not a parameter of this path; {alternatives(name, known)}")
