"""Batch: the requests that arrive in one iteration of the event loop."""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from aiohttp.http import RawRequestMessage

from mockserver.recording.redaction import shown_target
from mockserver.tenants.tenant import Lifetime, LifetimeEnded

log = logging.getLogger("mockserver")

Respond = Callable[[RawRequestMessage, bytes, Lifetime | None], bytes | None]


class Sender(Protocol):
    """The connection that a request came over."""

    def send(self, response: bytes | None) -> None:
        """Send the response to the request that was added; None: go aiohttp's way with it."""

    def abort(self) -> None:
        """Close the connection at once."""


class Batch:
    """Requests of several connections: first all are read, then all are answered, then all responses are sent.

    One by one the same requests take 1.6 times as long: around each system call a processor loses much of its caches,
    and the code that answers would have to be fetched again for each of them.
    """

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self._loop = asyncio.get_running_loop()
        self._added: list[tuple[Sender, RawRequestMessage, bytes, Lifetime | None]] = []

    def add(self, sender: Sender, message: RawRequestMessage, body: bytes, lifetime: Lifetime | None) -> None:
        """Answer a request, whose body is here to its last byte, before the next iteration."""
        if not self._added:
            self._loop.call_soon(self.flush)
        self._added.append((sender, message, body, lifetime))

    def flush(self) -> None:
        """Answer what was added. May come early; then there is nothing left to do when its time comes."""
        added, self._added = self._added, []
        responses: list[tuple[Sender, bytes | None]] = []
        for sender, message, body, lifetime in added:
            try:
                responses.append((sender, self._respond(message, body, lifetime)))
            except LifetimeEnded:
                sender.abort()
            except Exception:
                path = shown_target(message.path)
                log.exception("%s %s: the server broke its own contract", message.method, path)
                sender.abort()
        for sender, response in responses:
            sender.send(response)
