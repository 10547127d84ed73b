"""What holds of every answer: an exchange is opened and closed, and every error gets the API's form."""

import json
import logging
import time

from aiohttp import web
from aiohttp.typedefs import Handler

from mockserver.errors import Refusal
from mockserver.journal import Exchange
from mockserver.resources import OPERATIONS
from mockserver.web.endpoint import HEADERS
from mockserver.web.gateway import refuse_path
from mockserver.web.keys import EXCHANGE, JOURNAL

log = logging.getLogger("mockserver")

BROKEN = "The mock broke its own contract; this is a bug in opendental-mock, not in your request. Its log says more."


@web.middleware
async def exchanges(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Open the exchange, answer, close it. Whatever goes wrong leaves as one JSON string."""
    journal = request.app[JOURNAL]
    exchange = request[EXCHANGE] = journal.open(request.method, request.raw_path)
    started = time.perf_counter()
    try:
        answer: web.StreamResponse = await _answer(request, handler)
    except Refusal as refusal:
        answer = _refused(refusal, exchange)
    except ConnectionError:  # the client is gone; there is nobody to answer
        raise
    except Exception:
        log.exception("%s %s: the server broke its own contract", request.method, request.raw_path)
        exchange.explanation = BROKEN
        answer = explain(500, BROKEN)
    exchange.status = answer.status
    answer.headers["X-Mock-Request-Id"] = str(exchange.id)
    if exchange.warnings:
        answer.headers["X-Mock-Warnings"] = str(len(exchange.warnings))
    journal.close(exchange)
    if log.isEnabledFor(logging.INFO):
        _log(exchange, (time.perf_counter() - started) * 1000)
    return answer


def explain(status: int, explanation: str) -> web.Response:
    """A refusal's body: one JSON string, and nothing else."""
    return web.Response(body=json.dumps(explanation).encode(), status=status, headers=HEADERS)


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
        refuse_path(request.method, request.path, OPERATIONS)


def _refused(refusal: Refusal, exchange: Exchange) -> web.Response:
    exchange.rules.append(refusal.rule)
    exchange.explanation = refusal.explanation
    answer = explain(refusal.status, refusal.explanation)
    answer.headers["X-Mock-Rule"] = refusal.rule
    if refusal.hint:
        # A header holds printable ASCII and no line break, whatever the request made its way into the hint.
        answer.headers["X-Mock-Hint"] = "".join(c if " " <= c <= "~" else "?" for c in refusal.hint)
    return answer


def _log(exchange: Exchange, milliseconds: float) -> None:
    details = {
        "id": exchange.id,
        "method": exchange.method,
        "path": exchange.path,
        "status": exchange.status,
        "ms": round(milliseconds, 2),
        "operation": exchange.operation,
        "explanation": exchange.explanation,
        "warnings": [text for _, text in exchange.warnings],
    }
    said = "".join(f"  {text}" for text in (exchange.explanation, *details["warnings"]) if text)  # type: ignore[misc]
    log.info(
        "%s %s %d %.1f ms%s", exchange.method, exchange.path, exchange.status, milliseconds, said,
        extra={"exchange": details},
    )  # fmt: skip
