"""Response conversion: a response of the API as one of aiohttp."""

from aiohttp import web

from mockserver.api.response import API_HEADERS, Response


def as_aiohttp(response: Response) -> web.Response:
    """Return the response as a response of aiohttp."""
    headers = API_HEADERS | {"Content-Type": response.content_type} | response.headers
    return web.Response(body=response.body, status=response.status, headers=headers)
