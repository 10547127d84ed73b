"""The two forms of an error: the API's, one JSON string; and the admin API's, `application/problem+json`."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

SERVER = {"Server": "opendental-mock"}
# The real API was seen to be open to every page; nothing but the API is.
OPEN_TO_PAGES = {"Access-Control-Allow-Origin": "*"}
API_HEADERS = {"Content-Type": "application/json"} | SERVER | OPEN_TO_PAGES


def explain(status: int, explanation: str) -> web.Response:
    """A refusal of the API: one JSON string, and nothing else."""
    return web.Response(body=json.dumps(explanation).encode(), status=status, headers=API_HEADERS)


class Problem(Exception):
    """What is wrong with a request that is not for the API (RFC 9457). `errors`: each thing, if there are several."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Iterable[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors, self.headers = status, detail, list(errors), headers or {}

    def answer(self) -> web.Response:
        """As it looks on the wire."""
        said: dict[str, Any] = {"title": _TITLES[self.status], "status": self.status, "detail": self.detail}
        if self.errors:
            said["errors"] = self.errors
        return web.Response(
            body=json.dumps(said).encode(),
            status=self.status,
            headers={"Content-Type": "application/problem+json", **SERVER, **self.headers},
        )


_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    500: "Internal Server Error",
}
