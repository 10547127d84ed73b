"""Known heads: heads that were parsed, for those that are equal to them, or alike."""

import re
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from multidict import CIMultiDict, CIMultiDictProxy

from mockserver.web.fast.heads import DECISIVE, Head

_Key = TypeVar("_Key")
_Kept = TypeVar("_Kept")

_MAX_REMEMBERED = 512
_MAX_REMEMBERED_LENGTH = 2_048

# Values that each parser of HTTP takes as they are (RFC 9110, 5.5 and 8.6).
_VALUE = re.compile(rb"[!-~](?:[ -~]*[!-~])?")
_LENGTH = re.compile(rb"[0-9]{1,9}")


class KnownHeads:
    """A parser of heads that remembers what `parse` returned.

    Clients send equal heads again and again, and parsing one takes longer than a list of rows. Where only the values of
    some headers differ from request to request, as a trace id does, reading those takes a third of the time.
    """

    def __init__(self, parse: Callable[[bytes], Head | None]) -> None:
        self._parse = parse
        self._heads: dict[bytes, Head] = {}
        self._models: dict[tuple[bytes, int], _Model] = {}

    def parse(self, data: bytes) -> Head | None:
        """Return the head in `data`, or None like the function that parses."""
        head = self._heads.get(data)
        if head is not None:
            return head
        if len(data) > _MAX_REMEMBERED_LENGTH:
            return self._parse(data)
        # Clients that send other headers nearly always differ in the length too, and do not take each other's model.
        alike = data[: data.find(b"\r\n")], len(data)
        model = self._models.get(alike)
        head = None if model is None else model.head_of(data)
        if head is not None:
            return head
        head = self._parse(data)
        if head is not None:
            _remember(self._heads, data, head)
            _remember(self._models, alike, _Model(head, data, []) if model is None else _model(head, data, model))
        return head


class _Varying(NamedTuple):
    """A header whose value varies: its name, the form of its value, and the bytes from there to the next such value."""

    name: str
    form: re.Pattern[bytes]
    after: bytes


class _Model(NamedTuple):
    """The last head with some request line and length that was parsed, and the bytes around the values that vary."""

    head: Head
    start: bytes
    varying: list[_Varying]

    def head_of(self, data: bytes) -> Head | None:
        """Return the head in `data`, which is as long, if it differs from the model only in values that vary."""
        if not data.startswith(self.start):
            return None
        method, target, url, same, header_bytes, found, length, expects_continue = self.head
        headers, at = CIMultiDict(same), len(self.start)
        for name, form, after in self.varying:
            match = form.match(data, at)
            if match is None or not data.startswith(after, match.end()):
                return None
            at = match.end() + len(after)
            headers[name] = value = match[0].decode()
            if form is _LENGTH:
                length = int(value)
        return Head(method, target, url, CIMultiDictProxy(headers), header_bytes, found, length, expects_continue)


def _model(head: Head, data: bytes, before: _Model) -> _Model:
    """Return a head as a model, without values that vary if its bytes are not just ASCII headers with different names.

    A value varies if it differs from that of the model before, or varied there, unless it decides how a head is read.
    """
    others, varied = before.head.headers, {one.name for one in before.varying}
    constant = _Model(head, data, [])
    line, *fields = data.removesuffix(b"\r\n\r\n").split(b"\r\n")
    is_plain = len(fields) == len(head.headers) == len({*map(str.lower, head.headers)})
    if not (is_plain and data.isascii()):
        return constant
    names, parts = [], [line]
    for field, (name, value) in zip(fields, head.headers.items(), strict=True):
        start = field[: len(name) + 2]
        if field != start + value.encode():
            return constant
        parts[-1] += b"\r\n" + start
        if name.lower() not in DECISIVE and (name in varied or others.get(name, value) != value):
            names.append(name)
            parts.append(b"")
        else:
            parts[-1] += value.encode()
    parts[-1] += b"\r\n\r\n"
    forms = [_LENGTH if name.lower() == "content-length" else _VALUE for name in names]
    return _Model(head, parts[0], [*map(_Varying, names, forms, parts[1:])])


def _remember(kept: dict[_Key, _Kept], key: _Key, value: _Kept) -> None:
    """Keep a value, in the place of the oldest one if there are too many."""
    if len(kept) >= _MAX_REMEMBERED and key not in kept:
        del kept[next(iter(kept))]
    kept[key] = value
