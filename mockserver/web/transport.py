"""Transport of a request of aiohttp: its state, and how to close it."""

from aiohttp import web


def is_gone(request: web.Request) -> bool:
    """Return whether no client waits for the response: it has closed the connection, or its own half of it."""
    transport = request.transport
    return transport is None or transport.is_closing() or getattr(request.protocol, "is_half_closed", False)


def abort(request: web.Request) -> None:
    """Close the connection at once, with data that is not sent yet."""
    if request.transport is not None:
        request.transport.abort()
