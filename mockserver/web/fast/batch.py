"""Batch: the requests that arrive in one iteration of the event loop."""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from mockserver.journal.redaction import shown_target
from mockserver.tenants.tenant import Lifetime, LifetimeEnded
from mockserver.web.fast.heads import Head

log = logging.getLogger("mockserver")

Respond = Callable[[Head, bytes, Lifetime | None], tuple[bytes, ...] | None]


class Sender(Protocol):
    """The connection of a request."""

    def send(self, response: tuple[bytes, ...] | None) -> None:
        """Send the response to the request that was added. None: let aiohttp handle the request."""

    def abort(self) -> None:
        """Close the connection at once."""


class Batch:
    """Requests of several connections: all requests are read, then all responses are made, then all are sent.

    One by one the same requests take 1.6 times as long: each system call evicts much of the processor's caches, and the
    code that makes responses would have to be loaded again.
    """

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self._loop = asyncio.get_running_loop()
        self._added: list[tuple[Sender, Head, bytes, Lifetime | None]] = []

    def add(self, sender: Sender, head: Head, body: bytes, lifetime: Lifetime | None) -> None:
        """Queue a request with its whole body for a response before the next iteration."""
        if not self._added:
            self._loop.call_soon(self.flush)
        self._added.append((sender, head, body, lifetime))

    def flush(self) -> None:
        """Respond to the queued requests. If it is called early, its scheduled call does nothing."""
        added, self._added = self._added, []
        responses: list[tuple[Sender, tuple[bytes, ...] | None]] = []
        for sender, head, body, lifetime in added:
            try:
                responses.append((sender, self._respond(head, body, lifetime)))
            except LifetimeEnded:
                sender.abort()
            except Exception:
                path = shown_target(head.target)
                log.exception("%s %s: the server broke its own contract", head.method, path)
                sender.abort()
        for sender, response in responses:
            sender.send(response)
