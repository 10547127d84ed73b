"""Routes of the page: negotiation at `/`, and the assets below `/__page/`."""

import json
from functools import cache
from pathlib import Path

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from mockserver.api.response import SERVER
from mockserver.assets import version
from mockserver.web.admin.bodies import prefers
from mockserver.web.problem import Problem

PREFIX = "/__page"
ASSETS = Path(__file__).parent / "assets"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types lit-html"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    **SERVER,
}
_KINDS = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
}


def page_routes(mode: str, listing: Handler) -> list[web.RouteDef]:
    """Return the routes of a page that is `on` or `read-only`. A program that asks for `/` gets the `listing`."""

    async def root(request: web.Request) -> web.StreamResponse:
        response = _file("index.html") if prefers(request, "text/html") else await listing(request)
        response.headers[hdrs.VARY] = hdrs.ACCEPT
        return response

    async def settings(_request: web.Request) -> web.Response:
        content = {"page": mode, "version": version()}
        return _response(json.dumps(content).encode(), "application/json")

    return [
        web.get("/", root),
        web.get(f"{PREFIX}/settings.json", settings),
        web.get(f"{PREFIX}/{{name:[a-z][a-z/-]*\\.(?:js|css|svg)}}", _asset),
    ]


async def _asset(request: web.Request) -> web.Response:
    try:
        return _file(request.match_info["name"])
    except FileNotFoundError:
        return Problem(404, f"The page has no {request.path}.").response()


def _file(name: str) -> web.Response:
    """Return an asset. Raises FileNotFoundError if there is none of that name."""
    return _response(_read(name), _KINDS[name.rpartition(".")[2]])


@cache
def _read(name: str) -> bytes:
    return (ASSETS / name).read_bytes()


def _response(body: bytes, kind: str) -> web.Response:
    return web.Response(body=body, headers={hdrs.CONTENT_TYPE: kind, **_HEADERS})
