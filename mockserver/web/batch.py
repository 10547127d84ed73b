"""What is asked in one turn of the event loop."""

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from aiohttp.http import RawRequestMessage
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader

if TYPE_CHECKING:
    from mockserver.web.connection import Connection

log = logging.getLogger("mockserver")


class Turn:
    """Requests of several connections: first all of a turn are read, then all are answered, then all answers are sent.

    One by one the same requests take 1.6 times as long: around each call of the system a processor loses much of what
    it had at hand, and the code that answers would have to be fetched again for each of them.

    `answer` gives the answer to a message with its body, or None where the message has to go aiohttp's own way.
    """

    def __init__(self, answer: Callable[[RawRequestMessage, bytes], bytes | None]) -> None:
        self._answer = answer
        self._loop = asyncio.get_running_loop()
        self._taken: list[tuple[Connection, RawRequestMessage, StreamReader]] = []

    def take(self, connection: "Connection", message: RawRequestMessage, body: StreamReader) -> None:
        """Answer a message, whose body is here to its last byte, before the next turn."""
        if not self._taken:
            self._loop.call_soon(self.end)
        self._taken.append((connection, message, body))

    def end(self) -> None:
        """Answer what was taken. May come early; then there is nothing left to do when its time comes."""
        taken, self._taken = self._taken, []
        answers: list[tuple[Connection, bytes]] = []
        for connection, message, body in taken:
            # Not by the reader's own methods: they ask the connection for what comes next, and this comes first.
            sent = b"" if body is EMPTY_PAYLOAD else b"".join(body._buffer)
            try:
                answer = self._answer(message, sent)
            except Exception:
                log.exception("%s %s: the server broke its own contract", message.method, message.path)
                connection.force_close()
                continue
            if answer is None:
                connection.pass_on(message, body)
            else:
                answers.append((connection, answer))
        for connection, answer in answers:
            connection.send(answer)
