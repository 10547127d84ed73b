"""Body: the JSON object in a request's body."""

import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from email.message import Message
from typing import NoReturn

from support.small_office.behaviour import Behaviour
from support.small_office.messages import Request

_MAX_CHARACTERS = 16_800_000
_MAX_LEVELS = 64
_DECODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
}


def read_object(request: Request, behaviour: Behaviour) -> dict[str, object]:
    """Return the object in the body of a request. Raises Refused."""
    text = _text(request, behaviour)
    if len(text) > _MAX_CHARACTERS:
        raise behaviour.refusal("api.body.size", 400, "The request body is too large.")
    try:
        value = json.loads(text, object_pairs_hook=_Object, parse_constant=_no_constant)
        _check_levels(value)
    except (ValueError, RecursionError):
        status = 422 if behaviour.deviates("body-not-JSON-422") else 400
        raise behaviour.refusal("api.body.json", status, "The request body is not valid JSON.") from None
    if not isinstance(value, _Object):
        status = 500 if behaviour.deviates("body-array-500") else 400
        raise behaviour.refusal("api.body.object", status, "The request body must be a JSON object.")
    return _without_doubled_keys(value, behaviour)


class _Object(list[tuple[str, object]]):
    """An object of JSON: its names and values, of which a name may occur twice."""


def _without_doubled_keys(pairs: _Object, behaviour: Behaviour) -> dict[str, object]:
    rule = "warning.doubled-key"
    if len(dict(pairs)) < len(pairs) and behaviour.chooses(rule, "refused"):
        raise behaviour.refusal(rule, 400, "The request body is not valid JSON.")
    return dict(reversed(pairs)) if behaviour.chooses(rule, "first") else dict(pairs)


def _text(request: Request, behaviour: Behaviour) -> str:
    raw = request.body
    encoding = request.headers.get("content-encoding", "identity").lower()
    try:
        raw = _DECODERS[encoding](raw)
    except (KeyError, OSError, EOFError, zlib.error):
        raise behaviour.refusal("api.body.broken", 400, "The request body could not be read.") from None
    content_type = Message()
    content_type["Content-Type"] = request.headers.get("content-type", "")
    try:
        return raw.decode(content_type.get_content_charset("utf-8")).removeprefix("\ufeff")
    except (LookupError, ValueError):
        text = "The request body is not in the charset that it claims."
        raise behaviour.refusal("api.body.charset", 400, text) from None


def _check_levels(value: object) -> None:
    """Raise ValueError if `value` is nested too deeply."""
    level = [value]
    for _ in range(_MAX_LEVELS):
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return
    if any(isinstance(one, list) for one in level):
        raise ValueError("nested too deeply")


def _inside(value: object) -> list[object]:
    if isinstance(value, _Object):
        return [inner for _, inner in value]
    return value if isinstance(value, list) else []


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
