"""Response of the API as aiohttp sends it."""

from aiohttp import web

from mockserver.api.response import API_HEADERS, Response


def as_aiohttp(response: Response) -> web.Response:
    """The same as a response of aiohttp's."""
    return web.Response(body=response.body, status=response.status, headers=API_HEADERS | response.headers)
