"""Request: a request for the API as values, without a socket."""

from collections.abc import Mapping
from dataclasses import dataclass

from multidict import istr
from yarl import URL

from mockserver.tenants.tenant import Lifetime

# The multidicts of aiohttp look up names of type istr faster.
AUTHORIZATION = istr("Authorization")
CONTENT_TYPE = istr("Content-Type")
HOST = istr("Host")


@dataclass(frozen=True, slots=True)
class UnreadableBody:
    """A body that could not be read, in place of its bytes. `reason` tells the client why."""

    reason: str
    is_too_large: bool = False


@dataclass(slots=True)
class Request:
    """One request. `target` is the text in the request line, `url` the same parsed.

    `lifetime` is that of the request's office when the request's head arrived. `header_bytes` is the approximate size
    of the headers in memory, if it is known.
    """

    method: str
    target: str
    url: URL
    headers: Mapping[str, str]
    body: bytes | UnreadableBody
    lifetime: Lifetime
    header_bytes: int | None = None
