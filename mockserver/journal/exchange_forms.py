"""Forms of an exchange: a line and a JSON object for the log, lines for people, JSON for programs; no credentials."""

import json
import os
from collections.abc import Mapping
from typing import Any

from mockserver.contract.rules import Rule
from mockserver.journal.exchange import COMPLETE, Exchange
from mockserver.journal.redaction import shown_headers, shown_text
from mockserver.messages import shortened
from mockserver.office.clock import write_moment
from mockserver.syntax.strict_json import decode_body
from mockserver.syntax.text import printable

# How much of an exchange is quoted; the journal has already cut the texts of warnings.
_MAX_REQUEST_LENGTH = 500  # characters
_MAX_BODY_LENGTH = 1_000  # characters
_MAX_WARNINGS = 10
_ROWS = os.urandom(16).hex()  # which no text of an exchange contains


def line(exchange: Exchange) -> str:
    """Return an exchange as one line for people: without bodies and headers, and with long texts cut."""
    text = _beginning(exchange)
    if exchange.fault:
        text += f"  fault {exchange.fault}"
    if exchange.kept:
        text += f"  kept: {exchange.kept}"
    if exchange.explanation:
        text += f"  {exchange.explanation}"
    if exchange.warnings:
        text += "".join(f"  {warning}" for warning in _warnings(exchange))
    return text


def event(exchange: Exchange) -> dict[str, object]:
    """Return an exchange as a JSON object of the log."""
    return {
        "id": exchange.id,
        "method": shortened(exchange.method, _MAX_REQUEST_LENGTH),
        "path": shortened(exchange.path, _MAX_REQUEST_LENGTH),
        "status": exchange.status,
        "outcome": exchange.outcome,
        "kept": exchange.kept or None,
        "ms": round(exchange.milliseconds, 2),
        "operation": exchange.operation,
        "explanation": exchange.explanation,
        "warnings": _warnings(exchange),
        "fault": exchange.fault,
    }


def as_text(exchange: Exchange, rules: Mapping[str, Rule]) -> str:
    """Return the lines on an exchange: request, bodies, refusal, warnings, fault. `rules` are those of the contract."""
    facts = {
        "sent": shortened(body_text(exchange.sent), _MAX_BODY_LENGTH),
        "answered": shortened(body_text(exchange.answer), _MAX_BODY_LENGTH),
        "refused by": exchange.refused_by and f"{exchange.refused_by}: {rules[exchange.refused_by].says}",
        "hint": exchange.hint,
    }
    lines = [f"{exchange.id}  {_beginning(exchange)}"]
    lines += (f"     {name}  {fact}" for name, fact in facts.items() if fact)
    lines += (f"     warning  {text}" for _, text in exchange.warnings)
    if exchange.fault:
        lines.append(f"     fault  {exchange.fault}")
    return "\n".join(map(printable, lines))


def as_json_text(exchange: Exchange, rules: Mapping[str, Rule]) -> str:
    """Return `as_json` as JSON on one line. The rows of a response are not decoded: they are JSON as they were sent."""
    is_rows = exchange.kept == 0 and exchange.status in (200, 201) and exchange.operation and not exchange.fault
    if not (is_rows and exchange.answer) or exchange.cut or exchange.outcome is not COMPLETE:
        return json.dumps(as_json(exchange, rules))
    text = json.dumps(as_json(exchange, rules, answer=_ROWS))
    return text.replace(f'"{_ROWS}"', exchange.answer.decode(), 1)


def as_json(exchange: Exchange, rules: Mapping[str, Rule], answer: Any = None) -> dict[str, Any]:
    """Return an exchange as the admin API shows it, with `answer` in the place of the response's body if it is given.

    `rules` are those of the contract.
    """
    return {
        "id": exchange.id,
        "at": write_moment(exchange.at),
        "operation": exchange.operation,
        "request": {
            "method": exchange.method,
            "path": exchange.path,
            "headers": shown_headers(exchange.headers),
            "body": body_value(exchange.sent),
        },
        "response": {
            "status": exchange.status,
            "outcome": exchange.outcome,
            "body": answer or body_value(exchange.answer),
        },
        "kept": exchange.kept or None,
        "cut": exchange.cut,
        "explanation": exchange.explanation,
        "refusal": {
            "rule": exchange.refused_by,
            "standing": rules[exchange.refused_by].shown_standing,
            "cause": rules[exchange.refused_by].cause,
            "says": rules[exchange.refused_by].says,
            "hint": exchange.hint,
        }
        if exchange.refused_by
        else None,
        "rules": exchange.rules,
        "warnings": [{"rule": rule, "text": text} for rule, text in exchange.warnings],
        "fault": exchange.fault,
        "fault_fields": exchange.fault_fields or None,
        "ms": round(exchange.milliseconds, 3),
    }


def body_value(body: bytes) -> Any:
    """Return the JSON of a body, or its text if it is none, or None if it is empty.

    Texts may quote credentials, which are redacted; objects and arrays are shown as they are.
    """
    try:
        value = decode_body(body)
    except ValueError:
        value = body.decode(errors="replace") or None
    return shown_text(value) if isinstance(value, str) else value


def body_text(body: bytes) -> str:
    """Return the text of a body as it came, without credentials like `body_value`."""
    text = body.decode(errors="replace")
    return text if isinstance(body_value(body), dict | list) else shown_text(text)


def _beginning(exchange: Exchange) -> str:
    request = shortened(f"{exchange.method} {exchange.path}", _MAX_REQUEST_LENGTH)
    return f"{request} {exchange.status or exchange.outcome} {exchange.milliseconds:.1f} ms"


def _warnings(exchange: Exchange) -> list[str]:
    texts = [text for _, text in exchange.warnings[:_MAX_WARNINGS]]
    more = len(exchange.warnings) - len(texts)
    return [*texts, f"and {more} more warnings"] if more else texts
