"""Handler of the fast path: responses to plain API requests."""

from mockserver.api.dispatcher import Dispatcher
from mockserver.api.request import Request
from mockserver.tenants.tenant import Lifetime
from mockserver.web.fast.heads import Head, HeadParser
from mockserver.web.fast.known_heads import KnownHeads
from mockserver.web.guards import HostGuard


class FastPath:
    """A parser of heads, and a handler of plain requests. For other requests it returns None and does nothing."""

    def __init__(self, dispatcher: Dispatcher, hosts: HostGuard) -> None:
        self._dispatcher = dispatcher
        self.parse = KnownHeads(HeadParser(dispatcher, hosts).parse).parse

    def lifetime_of(self, head: Head) -> Lifetime:
        """Return the current lifetime of the office of a request."""
        return self._dispatcher.lifetime_of(head.headers)

    def respond(self, head: Head, body: bytes, lifetime: Lifetime | None) -> tuple[bytes, ...] | None:
        """Return the response to a request with all its body, as pieces of bytes for the connection.

        `lifetime` is that of a request whose body came after its head. None: a fault may delay the response. Raises
        LifetimeEnded.
        """
        lifetime = lifetime or self.lifetime_of(head)
        if lifetime.tenant.faults:
            return None
        prepared = self._dispatcher.prepare(_request(head, body, lifetime), head.found)
        response = self._dispatcher.finish(prepared).pieces()
        if lifetime.tenant.hooks.due:
            lifetime.tenant.hooks.run()
        return response

    def record_incomplete(self, head: Head, lifetime: Lifetime) -> None:
        """Record a request whose client disconnected before the end of its body."""
        self._dispatcher.record_incomplete(_request(head, b"", lifetime))
        lifetime.tenant.hooks.run()


def _request(head: Head, body: bytes, lifetime: Lifetime) -> Request:
    return Request(head.method, head.target, head.url, head.headers, body, lifetime, head.header_bytes)
