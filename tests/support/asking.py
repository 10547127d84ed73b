"""Requests to a server of a test, with keys that its office accepts."""

from typing import Any

import requests

from mockserver import MockServer

_MAX_WAIT = 30


def answer(
    server: MockServer, path: str = "/claimtrackings", body: Any = None, method: str = "", *, key: str = ""
) -> tuple[int, Any]:
    """Return the status and the JSON of a response. `key` is another customer key. A body makes the request a POST."""
    headers = {**server.headers, **({"Authorization": f"ODFHIR MockDeveloperKey/{key}"} if key else {})}
    method = method or ("GET" if body is None else "POST")
    response = requests.request(method, server.url + path, json=body, headers=headers, timeout=_MAX_WAIT)
    return response.status_code, response.json()


def ask(server: MockServer, path: str = "/claimtrackings", body: Any = None, method: str = "", *, key: str = "") -> Any:
    """Return the JSON of a response that is not a refusal."""
    status, value = answer(server, path, body, method, key=key)
    assert status < 300, value
    return value
