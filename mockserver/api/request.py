"""A request for the API, whichever way it came."""

from dataclasses import dataclass

from aiohttp import web
from multidict import CIMultiDictProxy
from yarl import URL


@dataclass(slots=True)
class Asked:
    """What an exchange looks at.

    `target` is as it stands in the request line, `url` the same taken apart. `sent` is the body where all of it is
    here; otherwise `request` has still to read it. Only where there is a `request` can an answer take its time.
    """

    method: str
    target: str
    url: URL
    headers: CIMultiDictProxy[str]
    sent: bytes = b""
    request: web.Request | None = None
