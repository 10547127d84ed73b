"""Texts: how the office keeps a note, and how it sends it."""

import re

from support.small_office.behaviour import Behaviour

_MAX_BYTES = 65_535
_BEYOND_BASIC_PLANE = re.compile("[\U00010000-\U0010ffff\ud800-\udfff]")
_LINE_BREAK = re.compile("\r\n|\r|\n")


def stored(text: str, behaviour: Behaviour) -> str:
    """Return `text` as the office keeps it. Raises Refused."""
    if behaviour.chooses("api.text.plane", "replaced"):
        text = _BEYOND_BASIC_PLANE.sub("\ufffd", text)
    if behaviour.chooses("api.text.plane", "question-mark"):
        text = _BEYOND_BASIC_PLANE.sub("?", text)
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) <= _MAX_BYTES:
        return text
    if behaviour.chooses("api.text.length", "refused"):
        raise behaviour.refusal("api.text.length", 400, "Note is invalid.")
    return raw[:_MAX_BYTES].decode("utf-8", "ignore")


def sent(text: str, behaviour: Behaviour) -> str:
    """Return `text` as the office sends it: each line break as a space."""
    return text if behaviour.deviates("line-break-kept") else _LINE_BREAK.sub(" ", text)
