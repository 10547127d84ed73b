"""The form of an error that is not the API's own: `application/problem+json`."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

from mockserver.api.response import SERVER


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

    def response(self) -> web.Response:
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
