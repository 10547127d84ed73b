"""Stream: a long response of the admin API, during which other requests have their turns."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from types import MappingProxyType

from aiohttp import web

from mockserver.api.response import SERVER

_SLICE = 16_384
"""The number of characters that are written in one turn of the event loop: a few milliseconds for an office."""


async def stream(
    request: web.Request,
    pieces: Iterable[str],
    kind: str = "application/json",
    headers: Mapping[str, str] = MappingProxyType({}),
) -> web.StreamResponse:
    """Send a response whose pieces are made one after the other, and end if the client has gone.

    Each piece is short: a row, or an exchange. A response of one slice is returned whole, with its length.
    """
    headers = {"Content-Type": kind, **SERVER, **headers}
    slices = _slices(pieces)
    first = list(islice(slices, 2))
    if len(first) < 2:
        return web.Response(body=b"".join(first), headers=headers)
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    for data in chain(first, slices):
        await response.write(data)
        await asyncio.sleep(0)  # `write` itself waits only for a client that reads slowly
    await response.write_eof()
    return response


def _slices(pieces: Iterable[str]) -> Iterator[bytes]:
    waiting, size = [], 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _SLICE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    if waiting:
        yield "".join(waiting).encode()
