"""Response conversion: a response of the API as one of aiohttp."""

from aiohttp import web

from mockserver.api.response import Response


def as_aiohttp(response: Response) -> web.Response:
    """Return the response as a response of aiohttp."""
    return web.Response(body=response.body, status=response.status, headers=response.all_headers())
