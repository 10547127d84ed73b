"""HAR: exchanges as an HTTP Archive 1.2, which browsers and HTTP tools open, without credentials."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from mockserver.assets import version
from mockserver.journal.exchange import COMPLETE, Exchange
from mockserver.journal.exchange_forms import body_text
from mockserver.journal.redaction import shown_headers
from mockserver.syntax.json_writer import array

_HTTP = "HTTP/1.1"
_JSON = "application/json"
_PHRASES = {int(status): status.phrase for status in HTTPStatus}
_UNKNOWN = -1  # what the format writes for a size that is not known


def as_har(exchanges: Iterable[Exchange], *, is_https: bool = False) -> Iterator[str]:
    """Yield the pieces of the HTTP Archive of some exchanges with a server.

    The times are those of the office's clock. Names that begin with an underscore are the mock's own, as the format
    allows.
    """
    return har_of(json.dumps(as_entry(exchange, is_https=is_https)) for exchange in exchanges)


def har_of(entries: Iterable[str]) -> Iterator[str]:
    """Yield the pieces of the HTTP Archive with these entries, which are JSON."""
    creator = {"name": "opendental-mock", "version": version()}
    yield f'{{"log": {{"version": "1.2", "creator": {json.dumps(creator)}, "entries": '
    yield from array(entries)
    yield "}}\n"


def as_entry(exchange: Exchange, *, is_https: bool = False) -> dict[str, Any]:
    """Return an exchange as an entry of an HTTP Archive."""
    milliseconds = round(exchange.milliseconds, 3)
    entry = {
        "startedDateTime": _moment(exchange.at),
        "time": milliseconds,
        "request": _request(exchange, "https" if is_https else "http"),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "_id": exchange.id,
        "_operation": exchange.operation,
        "_outcome": exchange.outcome,
        "_rules": list(exchange.rules),
        "_warnings": [{"rule": rule, "text": text} for rule, text in exchange.warnings],
    }
    optional = {
        "_refusedBy": exchange.refused_by, "_explanation": exchange.explanation, "_hint": exchange.hint,
        "_fault": exchange.fault, "_kept": exchange.kept, "_cut": exchange.cut,
    }  # fmt: skip
    return entry | {name: value for name, value in optional.items() if value}


def _request(exchange: Exchange, scheme: str) -> dict[str, Any]:
    headers = shown_headers(exchange.headers)
    by_name = {name.lower(): value for name, value in headers.items()}
    path, _, query = exchange.path.partition("?")
    request: dict[str, Any] = {
        "method": exchange.method,
        "url": f"{scheme}://{by_name.get('host') or 'localhost'}{exchange.path}"
        if path.startswith("/")
        else exchange.path,
        "httpVersion": _HTTP,
        "cookies": [],
        "headers": _pairs(headers.items()),
        "queryString": _pairs(parse_qsl(query, keep_blank_values=True)),
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN if exchange.cut else len(exchange.sent),
    }
    if exchange.sent:
        mime = by_name.get("content-type", "")
        request["postData"] = {"mimeType": mime, "params": [], "text": body_text(exchange.sent)}
    return request


def _response(exchange: Exchange) -> dict[str, Any]:
    text = body_text(exchange.answer)
    return {
        "status": exchange.status,
        "statusText": _PHRASES.get(exchange.status, ""),
        "httpVersion": _HTTP,
        "cookies": [],
        "headers": _pairs([("Content-Type", _JSON)]) if text else [],
        "content": {"size": len(exchange.answer), "mimeType": _JSON, **({"text": text} if text else {})},
        "redirectURL": "",
        "headersSize": _UNKNOWN,
        "bodySize": len(exchange.answer) if exchange.outcome == COMPLETE and not exchange.cut else _UNKNOWN,
    }


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _moment(at: datetime) -> str:
    """Return the time with the time zone of the machine, which is the office's."""
    try:
        return at.astimezone().isoformat(timespec="milliseconds")
    except (OverflowError, ValueError):  # in the first or last year that there is
        return at.isoformat(timespec="milliseconds") + "Z"
