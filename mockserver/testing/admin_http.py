"""Admin API over HTTP: one request to a server that runs already, and the reason if it is not answered."""

import json
import ssl
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from mockserver.http_client import NO_TLS, NOT_JSON, NOT_TRUSTED, Answer, HttpClient, LostError
from mockserver.web.urls import admin_url

SECONDS = 5.0
MAX_BYTES = 512_000_000
_NONE: Mapping[str, Any] = MappingProxyType({})
NO_MOCK = "the server there is not opendental-mock, or is another version of it"
_WHY = {
    401: "; --admin-token (token=) gives the token that the server requires",
    403: "; name the server by its address, or start it with --allowed-host",
    404: ": it is not opendental-mock, or it runs with --no-admin",
}
_REMEDIES = {
    NOT_TRUSTED: " or not trusted; --tls-ca (tls_ca=) names the file of its CA, which the server writes with that flag",
    NO_TLS: "; if the server has no --tls, ask it over http",
}
_REDIRECT = ", a redirect, which is not followed; give the address of the server itself"


class AdminError(ConnectionError):
    """The reason why a server does not do what it was asked for, as a clause."""


class AdminHttp:
    """The admin API of the server with the base URL `url`, for one office of it: that of a customer key, or None.

    `tls_ca` is a file with a CA that is trusted besides those of the system.
    """

    def __init__(self, url: str, *, token: str | None, tls_ca: str | None, office: str | None = None) -> None:
        self.url = url
        self._token, self._tls_ca, self._office = token, tls_ca, office

    def of_office(self, customer_key: str) -> "AdminHttp":
        """Return the same for the office of a customer key."""
        return AdminHttp(self.url, token=self._token, tls_ca=self._tls_ca, office=customer_key)

    def value(
        self, method: str, path: str, body: Any = None,
        *, query: Mapping[str, Any] = _NONE, seconds: float = SECONDS,
    ) -> Any:  # fmt: skip
        """Return the JSON of the response to a request for a path below /__admin.

        Raises AdminError, and ValueError if the server refuses what the body says.
        """
        answer = self.answer(method, path, body, query=query, seconds=seconds)
        problem = answer.value if isinstance(answer.value, dict) else {}
        if answer.status in (400, 404, 413) and "detail" in problem:
            raise ValueError("\n".join([problem["detail"], *(one["message"] for one in problem.get("errors", ()))]))
        return json_of(answer)

    def answer(
        self, method: str, path: str, body: Any = None,
        *, query: Mapping[str, Any] = _NONE, kind: str = "application/json", seconds: float = SECONDS,
        max_bytes: int = MAX_BYTES,
    ) -> Answer:  # fmt: skip
        """Return the response to a request, whatever its status is. Raises AdminError if there is none."""
        url = urlsplit(f"{admin_url(self.url)}/{quote(path)}")
        given = urlencode({**query} | ({} if self._office is None else {"office": self._office}))
        headers = {"Accept": kind, "Connection": "close", "X-Mock-Admin-Token": self._token}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        client = HttpClient(url, seconds=seconds, max_bytes=max_bytes, context=_trusting(self._tls_ca))
        try:
            return client.send(method, f"{url.path}?{given}" if given else url.path, headers, data)
        except LostError as error:
            raise AdminError(f"{error}{_REMEDIES.get(str(error), '')}") from None


def check_status(answer: Answer) -> None:
    """Raise AdminError if a response is none of success."""
    if not 200 <= answer.status < 300:
        why = _REDIRECT if 300 <= answer.status < 400 else _WHY.get(answer.status, "")
        raise AdminError(f"it answers {answer.status}{why}")


def json_of(answer: Answer) -> Any:
    """Return the JSON of a successful response. Raises AdminError."""
    check_status(answer)
    if answer.value is NOT_JSON:
        raise AdminError(NO_MOCK)
    return answer.value


def check_health(health: Any) -> None:
    """Raise AdminError if that is not the JSON of `GET /__admin/health`."""
    if not isinstance(health, dict) or health.get("status") != "ok" or "claimtrackings" not in health:
        raise AdminError(NO_MOCK)


def _trusting(ca: str | None) -> ssl.SSLContext | None:
    """Return a context that also trusts the CA in a file, or None without one. Raises AdminError."""
    if ca is None:
        return None
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(ca)
    except ssl.SSLError:
        raise AdminError(f"--tls-ca {ca} has no certificate in PEM form") from None
    except OSError as error:
        raise AdminError(f"--tls-ca {ca}: {error.strerror}") from None
    return context
