"""Bodies of the admin API: reading, validation and writing."""

import json
from functools import partial
from typing import Any

from aiohttp import web

from mockserver.api.request import UnreadableBody
from mockserver.api.response import SERVER
from mockserver.contract.schema import Schema
from mockserver.syntax.strict_json import count_duplicate_keys, decode
from mockserver.tenants.tenant import Lifetime
from mockserver.violations import error_texts
from mockserver.web.problem import Problem
from mockserver.web.request_body import read_body
from mockserver.web.transport import abort
from mockserver.web.urls import ADMIN_PATH

PREFIX = ADMIN_PATH

# Each name that is not known costs a suggestion; those of a whole office take minutes.
MAX_OBJECT_BYTES = 100_000
MAX_OBJECT_NAMES = 1_000


def as_json(value: Any, status: int = 200) -> web.Response:
    """Return a response of the admin API."""
    text = json.dumps(value, indent=2) + "\n"
    return web.Response(body=text.encode(), status=status, headers={"Content-Type": "application/json", **SERVER})


def prefers(request: web.Request, kind: str) -> bool:
    """Return whether the client accepts that media type, and names it before JSON."""
    kinds = (part.partition(";")[0].strip().lower() for part in request.headers.get("Accept", "").split(","))
    return next((one for one in kinds if one in ("application/json", kind)), "") == kind


def wants_yaml(request: web.Request) -> bool:
    """Return whether the client prefers YAML to JSON."""
    return prefers(request, "application/yaml")


async def read_text(request: web.Request, lifetime: Lifetime, max_bytes: int) -> str:
    """Return the body of at most `max_bytes`, for the office of `lifetime`.

    If that ends meanwhile, the connection is closed. Raises Problem.
    """
    too_large = Problem(413, f"The body is too large; at most {max_bytes:,} bytes are read here.")
    if (request.content_length or 0) > max_bytes:
        raise too_large
    with lifetime.watched(partial(abort, request)):
        body = await read_body(request.clone(client_max_size=max_bytes))
    lifetime.check()
    if isinstance(body, bytes) and len(body) > max_bytes:  # once its Content-Encoding is undone
        raise too_large
    if isinstance(body, UnreadableBody):
        if body.is_too_large:
            raise too_large
        raise Problem(400, f"The body could not be read: {body.reason}.")
    try:
        return body.decode()
    except ValueError:
        raise Problem(400, "The body is not UTF-8.") from None


async def read_value(request: web.Request, lifetime: Lifetime) -> Any:
    """Return the JSON of a body of at most MAX_OBJECT_BYTES, otherwise like `read_text`. Raises Problem."""
    text = await read_text(request, lifetime, MAX_OBJECT_BYTES)
    try:
        read = decode(text)
    except ValueError as error:
        raise Problem(400, f"The body is not JSON: {error}") from None
    if count_duplicate_keys(read):
        raise Problem(400, "An object in the body has a name twice; remove one.")
    if isinstance(read, dict) and len(read) > MAX_OBJECT_NAMES:
        raise Problem(400, f"The body has {len(read)} names; at most {MAX_OBJECT_NAMES} are read here.")
    return read


async def read_object(request: web.Request, schema: Schema, lifetime: Lifetime) -> dict[str, Any]:
    """Return the JSON object in the body, validated against `schema`, otherwise like `read_value`. Raises Problem."""
    given: dict[str, Any] = await read_value(request, lifetime)
    if schema.allows(given):
        return given
    errors = [
        {"pointer": "".join(f"/{part}" for part in path), "message": sentence}
        for error in schema.errors(given)
        for path, sentence in error_texts(error, "the body")
    ]
    distinct = [one for number, one in enumerate(errors) if one not in errors[:number]]
    raise Problem(400, f"The body is not valid; GET {PREFIX}/schemas/{schema.name} is its schema.", errors=distinct)
