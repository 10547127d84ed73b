"""What holds of every answer: who may ask, the exchange opened and closed, and every error in the right form."""

import asyncio
import logging
import time

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from mockserver.errors import Refusal
from mockserver.journal import Exchange
from mockserver.resources import OPERATIONS
from mockserver.web.admin import PREFIX
from mockserver.web.answers import Problem, explain
from mockserver.web.gateway import customer_key
from mockserver.web.guard import preflight
from mockserver.web.keys import ADMIN_GUARD, EXCHANGE, HOST_GUARD, SETTINGS, TENANT_OF, TENANTS
from mockserver.web.paths import refuse_path

log = logging.getLogger("mockserver")

BROKEN = "The mock broke its own contract; this is a bug in opendental-mock, not in your request. Its log says more."


@web.middleware
async def dispatch(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer for the API or for the admin API. Whatever goes wrong leaves in the form of the one or the other."""
    try:
        request.app[HOST_GUARD].check(request)
        if request.path.startswith(PREFIX + "/") and request.app[SETTINGS].admin:
            return await _administer(request, handler)
    except Problem as problem:
        return problem.answer()
    return preflight(request) or await _exchange(request, handler)


async def _administer(request: web.Request, handler: Handler) -> web.StreamResponse:
    request.app[ADMIN_GUARD].check(request)
    try:
        return await handler(request)
    except web.HTTPNotFound:
        raise Problem(404, f"The admin API has no {request.path}; README lists what it has.") from None
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        raise Problem(405, f"{request.path} takes {allowed}.", headers={hdrs.ALLOW: allowed}) from None
    except (Problem, ConnectionError):
        raise
    except Exception:
        log.exception("%s %s failed", request.method, request.raw_path)
        raise Problem(500, "The admin API failed; this is a bug in opendental-mock. Its log says more.") from None


async def _exchange(request: web.Request, handler: Handler) -> web.StreamResponse:
    app = request.app
    tenants, transparent = app[TENANTS], app[SETTINGS].transparent
    tenant = tenants.of_request(customer_key(request.headers)) if tenants.per_key else tenants.shared
    request[TENANT_OF] = tenant
    exchange = request[EXCHANGE] = tenant.journal.open(request.method, request.raw_path)
    exchange.headers = request.headers
    exchange.at = tenant.office.clock.text()
    started = time.perf_counter()
    try:
        answer: web.StreamResponse = await _answer(request, handler)
    except Refusal as refusal:
        answer = _refused(refusal, exchange, transparent=transparent)
    except (ConnectionError, asyncio.CancelledError):  # the client is gone; there is nobody to answer
        exchange.rules.clear()
        tenant.close(exchange)
        raise
    except Exception:
        log.exception("%s %s: the server broke its own contract", request.method, request.raw_path)
        exchange.explanation = BROKEN
        exchange.rules.clear()
        answer = explain(500, BROKEN)
    exchange.status = answer.status
    if isinstance(answer, web.Response) and isinstance(answer.body, bytes):
        exchange.answer = answer.body
    if not transparent:
        answer.headers["X-Mock-Request-Id"] = str(exchange.id)
        if exchange.warnings:
            answer.headers["X-Mock-Warnings"] = str(len(exchange.warnings))
        if exchange.fault:
            answer.headers["X-Mock-Fault"] = exchange.fault
    exchange.milliseconds = (time.perf_counter() - started) * 1000
    tenant.close(exchange)
    if log.isEnabledFor(logging.INFO):
        _log(exchange)
    return answer


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
        refuse_path(request.method, request.path, OPERATIONS)


def _refused(refusal: Refusal, exchange: Exchange, *, transparent: bool) -> web.Response:
    exchange.rules.append(refusal.rule)
    exchange.explanation = refusal.explanation
    answer = explain(refusal.status, refusal.explanation)
    if refusal.retry_after is not None:
        answer.headers[hdrs.RETRY_AFTER] = str(refusal.retry_after)
    if transparent:
        return answer
    answer.headers["X-Mock-Rule"] = refusal.rule
    if refusal.hint:
        # A header holds printable ASCII and no line break, whatever the request made its way into the hint.
        answer.headers["X-Mock-Hint"] = "".join(c if " " <= c <= "~" else "?" for c in refusal.hint)
    return answer


def _log(exchange: Exchange) -> None:
    warnings = [text for _, text in exchange.warnings]
    fault = f"fault {exchange.fault}" if exchange.fault else ""
    said = "".join(f"  {text}" for text in (fault, exchange.explanation, *warnings) if text)
    log.info(
        "%s %s %d %.1f ms%s",
        *(exchange.method, exchange.path, exchange.status, exchange.milliseconds, said),
        extra={
            "exchange": {
                "id": exchange.id,
                "method": exchange.method,
                "path": exchange.path,
                "status": exchange.status,
                "ms": round(exchange.milliseconds, 2),
                "operation": exchange.operation,
                "explanation": exchange.explanation,
                "warnings": warnings,
                "fault": exchange.fault,
            }
        },
    )
