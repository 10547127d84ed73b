"""A request for the API, as values: it has no socket and nothing to wait for."""

from collections.abc import Mapping
from dataclasses import dataclass

from multidict import istr
from yarl import URL

from mockserver.tenants.tenant import Lifetime

# Names of this kind are found faster in the mappings that aiohttp makes.
AUTHORIZATION = istr("Authorization")
CONTENT_TYPE = istr("Content-Type")


@dataclass(frozen=True, slots=True)
class UnreadableBody:
    """A body that could not be read, in place of its bytes. `reason`: why, for the client."""

    reason: str
    is_too_large: bool = False


@dataclass(slots=True)
class Request:
    """One request. `target` is as it stands in the request line, `url` the same taken apart.

    `lifetime` is that of the office it is for, as it was when the request's head arrived.
    """

    method: str
    target: str
    url: URL
    headers: Mapping[str, str]
    body: bytes | UnreadableBody
    lifetime: Lifetime
