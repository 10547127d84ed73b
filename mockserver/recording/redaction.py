"""Redaction: the parts of a request that may be shown to people who must not see its credentials.

Only values that are known to be safe are shown. Of a request's headers these are the values of SHOWN_HEADERS.
"""

import re
from collections.abc import Mapping
from urllib.parse import unquote_plus

REDACTED = "[redacted]"

SHOWN_HEADERS = frozenset({
    "accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "connection", "content-encoding",
    "content-language", "content-length", "content-type", "date", "expect", "host", "if-modified-since",
    "if-none-match", "keep-alive", "origin", "pragma", "range", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site",
    "te", "transfer-encoding", "upgrade", "user-agent", "x-mock-request-id",
})  # fmt: skip

_CREDENTIALS = frozenset({"authorization", "proxy-authorization"})
_SCHEME = re.compile(r"(ODFHIR|Basic|Bearer) ", re.IGNORECASE)

# A scheme with its credentials, and the user and password of a URL, anywhere in a text.
_SECRET = re.compile(r"\b(ODFHIR|Basic|Bearer)\s+[^\s\"']+|(//)[^/?#\s]*@", re.IGNORECASE)
# Most texts contain none of these, and need no further check.
_MARKS = ("//", "odfhir", "basic", "bearer")
_SECRET_NAMES = (
    "auth", "token", "secret", "pass", "pwd", "key", "cred", "session", "cookie", "signature", "jwt", "odfhir",
)  # fmt: skip
# Most targets contain none of these, and need no further check.
_SUSPICIOUS = (*_SECRET_NAMES, "%", "+", "@")
_USER = re.compile("^((?:[a-z][a-z0-9+.-]*:)?//)?[^/?#]*@", re.IGNORECASE)


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return a request's headers, each with its value if that is known to be safe.

    The scheme of an Authorization header is shown if it is ODFHIR, Basic or Bearer.
    """
    return {name: _shown_value(name.lower(), value) for name, value in headers.items()}


def shown_text(text: str) -> str:
    """Return `text` without credentials of a known scheme, and without the user and password of a URL."""
    if text.isascii() and not _has_one_of(_MARKS, text):  # other scripts have letters that match too, like the long s
        return text
    return _SECRET.sub(lambda match: f"{match[1]} {REDACTED}" if match[1] else f"{match[2]}{REDACTED}@", text)


def shown_target(target: str) -> str:
    """Return a request's target without a URL's user and password, and without the values of secret parameters."""
    if not ("?" in target or "@" in target) or not _has_one_of(_SUSPICIOUS, target):
        return target
    path, mark, query = target.partition("?")
    if "@" in path:
        path = _USER.sub(rf"\1{REDACTED}@", path, count=1)
    return f"{path}?{'&'.join(map(_shown_parameter, query.split('&')))}" if mark else path


def _shown_value(name: str, value: str) -> str:
    if name in _CREDENTIALS:
        scheme = _SCHEME.match(value)
        return f"{scheme[1]} {REDACTED}" if scheme else REDACTED
    return shown_text(value) if name in SHOWN_HEADERS else REDACTED


def _shown_parameter(pair: str) -> str:
    name, mark, value = pair.partition("=")
    if _is_secret(name):
        return REDACTED
    if mark and (_has_one_of(_SECRET_NAMES, unquote_plus(name)) or _is_secret(value)):
        return f"{name}={REDACTED}"
    return pair


def _has_one_of(parts: tuple[str, ...], text: str) -> bool:
    lower = text.lower()
    for part in parts:  # noqa: SIM110  # `any` takes three times as long, and each request runs this
        if part in lower:
            return True
    return False


def _is_secret(encoded: str) -> bool:
    text = unquote_plus(encoded)
    return shown_text(text) != text
