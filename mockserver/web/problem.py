"""Problem: an error outside the API, as `application/problem+json` (RFC 9457)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

from mockserver.api.response import SERVER


class Problem(Exception):
    """An error in a request that is not for the API (RFC 9457). `errors` lists single errors, if there are several."""

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

    def body(self) -> bytes:
        """Return the body of the response."""
        content: dict[str, Any] = {"title": _TITLES[self.status], "status": self.status, "detail": self.detail}
        if self.errors:
            content["errors"] = self.errors
        return json.dumps(content).encode()

    def response(self) -> web.Response:
        """Return the response of aiohttp."""
        return web.Response(
            body=self.body(),
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
