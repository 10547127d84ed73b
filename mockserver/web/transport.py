"""Transport under a request of aiohttp's: whether its client is there, and how it is cut."""

from aiohttp import web


def is_gone(request: web.Request) -> bool:
    """Whether nobody waits for the response: the client has closed the connection, or its own half of it."""
    transport = request.transport
    return transport is None or transport.is_closing() or getattr(request.protocol, "is_half_closed", False)


def abort(request: web.Request) -> None:
    """Close the connection at once, whatever is still to be sent over it."""
    if request.transport is not None:
        request.transport.abort()
