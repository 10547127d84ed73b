"""Guards: only names of this machine in Host (DNS rebinding), and no pages of other origins on the admin API (CSRF)."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from mockserver.api.response import OPEN_TO_PAGES, SERVER
from mockserver.hosts import address_of, is_loopback
from mockserver.web.problem import Problem

TOKEN_HEADER = "X-Mock-Admin-Token"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
    **OPEN_TO_PAGES,
    **SERVER,
}

# A name or an address, in brackets if it has colons, and perhaps a port (RFC 3986, 3.2).
_HOST = re.compile(r"(?:\[([^\[\]%]*)\]|([^\[\]:@]*))(?::[0-9]*)?")
_MAX_REMEMBERED = 256
_MAX_REMEMBERED_LENGTH = 256  # a host name has at most 253 characters


class HostGuard:
    """A check that the Host header names this machine, or one of `allowed`.

    A server that `is_open` listens beyond the loopback interface, and may be asked by any address, which the header
    then has: DNS rebinding needs a name.
    """

    def __init__(self, allowed: Iterable[str] = (), *, is_open: bool = False) -> None:
        self._allowed = {name.lower() for name in allowed}
        self._is_open = is_open
        self._good: set[str] = set()  # Host headers that have passed, including the port

    def check(self, headers: Mapping[str, str]) -> None:
        """Raise Problem if the Host is not allowed. A request without one passes, since browsers always send it."""
        host = headers.get(hdrs.HOST)
        if host is None or host in self._good:
            return
        if self._allows(_without_port(host).lower()):
            if len(self._good) < _MAX_REMEMBERED and len(host) <= _MAX_REMEMBERED_LENGTH:
                self._good.add(host)
        else:
            raise Problem(
                403,
                f"The Host header names {host!r}, which is not this machine. Use localhost"
                f"{', or an address of this machine' if self._is_open else ''}, or start the server with --allowed-host"
                " and that name.",
            )

    def _allows(self, name: str) -> bool:
        return name in self._allowed or is_loopback(name) or (self._is_open and address_of(name) is not None)


class AdminGuard:
    """The checks on all requests for the admin API. Without a `token` (None) Host must be a loopback name."""

    def __init__(self, token: str | None, hosts: HostGuard) -> None:
        self._token = token
        self._hosts = hosts if token else HostGuard()

    def check(self, request: web.Request) -> None:
        """Raise Problem if the request is not allowed."""
        headers = request.headers
        self._hosts.check(headers)
        origin = headers.get(hdrs.ORIGIN)
        if origin is not None and _host_of(origin) != headers.get(hdrs.HOST, "").lower():
            raise Problem(403, "A page of another origin may not use the admin API.")
        if headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            raise Problem(403, "A page of another site may not use the admin API.")
        if self._token is not None and not self._has_token(headers.get(TOKEN_HEADER), headers.get(hdrs.AUTHORIZATION)):
            raise Problem(
                401,
                f"The admin API requires its token: send {TOKEN_HEADER}, or Authorization: Bearer.",
                headers={hdrs.WWW_AUTHENTICATE: "Bearer"},
            )
        if request.body_exists and request.content_type != "application/json":
            raise Problem(415, "The admin API takes JSON: send the header Content-Type: application/json.")

    def _has_token(self, header: str | None, authorization: str | None) -> bool:
        scheme, _, bearer = (authorization or "").partition(" ")
        given = header or (bearer.strip() if scheme.lower() == "bearer" else "")
        import hmac  # which takes 1 ms, and few servers have a token

        # As bytes, since compare_digest accepts only ASCII characters in text. An empty token never matches.
        return bool(self._token) and hmac.compare_digest(given.encode(errors="replace"), (self._token or "").encode())


def preflight(request: web.Request) -> web.Response | None:
    """Return the response to a CORS preflight request, or None for any other request."""
    if request.method != hdrs.METH_OPTIONS or hdrs.ACCESS_CONTROL_REQUEST_METHOD not in request.headers:
        return None
    return web.Response(headers=_PREFLIGHT)


def _without_port(host: str) -> str:
    """Return the name or address in a Host header, or an empty string if the header is invalid."""
    match = _HOST.fullmatch(host)
    return (match[1] or match[2] or "") if match else ""


def _host_of(origin: str) -> str:
    """Return the host and port of an Origin header. Raises Problem if it is invalid."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        raise Problem(400, "The Origin header is not an origin; a page's is like http://localhost:30222.") from None
