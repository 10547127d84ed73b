"""Redaction: the parts of a request that may be shown to people who must not see its credentials.

Only values that are known to be safe are shown. Of a request's headers these are the values of SHOWN_HEADERS.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import unquote_plus

REDACTED = "[redacted]"

SHOWN_HEADERS = frozenset({
    "accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "connection", "content-encoding",
    "content-language", "content-length", "content-type", "date", "expect", "host", "if-modified-since",
    "if-none-match", "keep-alive", "origin", "pragma", "range", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site",
    "te", "traceparent", "transfer-encoding", "upgrade", "user-agent", "x-correlation-id", "x-mock-request-id",
    "x-request-id",
})  # fmt: skip

_CREDENTIALS = frozenset({"authorization", "proxy-authorization"})
_SCHEME = re.compile(r"(ODFHIR|Basic|Bearer) ", re.IGNORECASE)

_SECRET_NAMES = (
    "auth", "token", "secret", "pass", "pwd", "key", "cred", "session", "cookie", "signature", "jwt", "odfhir",
)  # fmt: skip
# Too short to be looked for within a name, such as AssignedTo.
_SECRET_WORDS = ("code", "sig", "otp", "pin")

# A scheme with its credentials, the user and password of a URL, and the value of a secret name, anywhere in a text. A
# name is looked at from its beginning alone, so that the time is in proportion to the text.
_IN_A_NAME = r"[\w.%\[\]-]"
_SECRET = re.compile(
    r"\b(?P<scheme>ODFHIR|Basic|Bearer)\s+[^\s\"']+|(?P<slashes>//)[^/?#\s]*@"
    rf"|(?<!{_IN_A_NAME})(?={_IN_A_NAME}*?(?:{'|'.join(_SECRET_NAMES)}"
    rf"|(?<![^\W_])(?:{'|'.join(_SECRET_WORDS)})(?![^\W_])))(?P<name>{_IN_A_NAME}++)=[^\s\"'&;#]+",
    re.IGNORECASE,
)
# Most texts contain none of these, and need no further check.
_MARKS = ("=", "//", "odfhir", "basic", "bearer")
# Nor do most targets: those of documented parameters with plain values.
_PLAIN_TARGET = re.compile(r"[\w/.-]*", re.ASCII)
_SUSPICIOUS = (*_SECRET_NAMES, *_SECRET_WORDS, "%", "+", "@")
_USER = re.compile("^((?:[a-z][a-z0-9+.-]*:)?//)?[^/?#]*@", re.IGNORECASE)
_MAX_ENCODINGS = 8
# Clients send few different targets. Looking at one with parameters takes 5 % of the time of a list of one claim.
_MAX_REMEMBERED, _MAX_REMEMBERED_LENGTH = 512, 256


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return a request's headers, each with its value if that is known to be safe.

    The scheme of an Authorization header is shown if it is ODFHIR, Basic or Bearer.
    """
    return {name: _shown_value(name.lower(), value) for name, value in headers.items()}


def shown_text(text: str) -> str:
    """Return `text` without credentials: those of a known scheme, of a URL, and values such as that of `token=`."""
    if text.isascii() and not _has_one_of(_MARKS, text):  # other scripts have letters that match too, like the long s
        return text
    return _SECRET.sub(_without_secret, text)


def shown_target(target: str) -> str:
    """Return a request's target without a URL's user and password, and without the values of secret parameters.

    Parameters may be in the query, after a semicolon in the path, or in a fragment, and encoded several times.
    """
    return _shown_once(target) if len(target) <= _MAX_REMEMBERED_LENGTH else _shown(target)


def _shown(target: str) -> str:
    if _PLAIN_TARGET.fullmatch(target) or not _has_one_of(_SUSPICIOUS, target):
        return target
    path, mark, query = target.partition("?")
    if "@" in path:
        path = _USER.sub(rf"\1{REDACTED}@", path, count=1)
    return _shown_path(path) + (f"?{'&'.join(map(_shown_parameter, query.split('&')))}" if mark else "")


_shown_once = lru_cache(_MAX_REMEMBERED)(_shown)


def _without_secret(match: re.Match[str]) -> str:
    if match["scheme"]:
        return f"{match['scheme']} {REDACTED}"
    return f"{match['slashes']}{REDACTED}@" if match["slashes"] else f"{match['name']}={REDACTED}"


def _shown_value(name: str, value: str) -> str:
    if name in _CREDENTIALS:
        scheme = _SCHEME.match(value)
        return f"{scheme[1]} {REDACTED}" if scheme else REDACTED
    return shown_text(value) if name in SHOWN_HEADERS else REDACTED


def _shown_path(path: str) -> str:
    """Return a path up to the first segment in which an encoded secret begins."""
    path = shown_text(path)
    if _has_secret(path):
        segments = path.split("/")
        counts = range(len(segments))
        first = bisect_left(counts, True, key=lambda count: _has_secret("/".join(segments[: count + 1])))
        path = "/".join([*segments[:first], REDACTED])
    return path


def _shown_parameter(pair: str) -> str:
    name, mark, value = pair.partition("=")
    if _has_secret(name):
        return REDACTED
    return f"{name}={REDACTED}" if mark and (_has_secret(f"{name}=x") or _has_secret(value)) else pair


def _has_one_of(parts: tuple[str, ...], text: str) -> bool:
    lower = text.lower()
    for part in parts:  # noqa: SIM110  # `any` takes three times as long, and each request runs this
        if part in lower:
            return True
    return False


def _has_secret(encoded: str) -> bool:
    """Return whether a text has a secret that is not redacted, however often it is encoded."""
    for _ in range(_MAX_ENCODINGS):
        text = unquote_plus(encoded)
        if shown_text(text) != text:
            return True
        if text == encoded:
            return False
        encoded = text
    return True
