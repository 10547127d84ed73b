"""From the bytes of a request to a JSON object, or a refusal: whatever the bytes."""

import json
from typing import Any, NoReturn

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from mockserver.errors import BadRequest
from mockserver.wording import shown

# The vendor's limit is in characters (API Implementation); one character is at most four bytes.
MOST_CHARACTERS = 16_800_000
MOST_BYTES = 4 * MOST_CHARACTERS


class Doubled(dict[str, Any]):
    """An object in which a key stood twice; the last one counts."""


async def read_object(request: web.Request) -> dict[str, Any]:
    """The JSON object in the body. Raises BadRequest on anything else."""
    try:
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise _too_large() from None
    except (web.RequestPayloadError, HttpProcessingError) as error:
        raise BadRequest("The request body could not be read.", rule="api.body.broken", hint=str(error)) from None
    text = _text(raw, request)
    if len(text) > MOST_CHARACTERS:
        raise _too_large()
    value = _parse(text)
    if not isinstance(value, dict):
        raise BadRequest(
            "The request body must be a JSON object.", rule="api.body.object", hint=f"it is {shown(value)}"
        )
    return value


def _text(raw: bytes, request: web.Request) -> str:
    try:
        # .NET clients like to put a byte order mark in front; the vendor's .NET server drops it.
        return raw.decode(request.charset or "utf-8").removeprefix("\ufeff")
    except (LookupError, ValueError):
        raise BadRequest(
            "The request body is not in the charset that it claims.",
            rule="api.body.charset",
            hint=f"sent as {shown(request.charset or 'utf-8')}; send UTF-8",
        ) from None


def _parse(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}: {error.msg}"
    except ValueError as error:  # NaN, or an integer of thousands of digits
        where = str(error)
    except RecursionError:
        where = "nested too deeply"
    raise BadRequest(
        "The request body is not valid JSON.",
        rule="api.body.json",
        hint="the body is empty; send a JSON object" if not text.strip() else where,
    ) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    return value if len(value) == len(pairs) else Doubled(value)


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _too_large() -> BadRequest:
    return BadRequest(
        "The request body is too large.", rule="api.body.size", hint=f"at most {MOST_CHARACTERS} characters"
    )


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
