"""What holds of every answer: who may ask, the exchange opened and closed, and every error in the right form."""

import asyncio
import logging
import time

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from mockserver.errors import Refusal
from mockserver.exchange_log import ExchangeLog
from mockserver.journal import Exchange
from mockserver.resources import OPERATIONS
from mockserver.tenants import Tenants
from mockserver.web.admin_bodies import PREFIX
from mockserver.web.answers import Problem, explain
from mockserver.web.gateway import customer_key
from mockserver.web.guard import AdminGuard, HostGuard, preflight
from mockserver.web.keys import EXCHANGE, TENANT_OF
from mockserver.web.paths import refuse_path
from mockserver.web.settings import Settings

log = logging.getLogger("mockserver")

BROKEN = "The mock broke its own contract; this is a bug in opendental-mock, not in your request. Its log says more."


class Dispatcher:
    """Answers for the API or for the admin API. Whatever goes wrong leaves in the form of the one or the other."""

    def __init__(self, tenants: Tenants, settings: Settings, hosts: HostGuard, admin_guard: AdminGuard) -> None:
        self._tenants = tenants
        self._admin = settings.admin
        self._transparent = settings.transparent
        self._hosts = hosts
        self._admin_guard = admin_guard
        self._log = ExchangeLog(log)

    def middleware(self) -> Middleware:
        """As aiohttp wants it."""

        @web.middleware
        async def dispatch(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                self._hosts.check(request)
                if self._admin and request.path.startswith(PREFIX + "/"):
                    return await self._administer(request, handler)
            except Problem as problem:
                return problem.answer()
            if request.method == hdrs.METH_OPTIONS:
                return preflight(request) or await self._exchange(request, handler)
            return await self._exchange(request, handler)

        return dispatch

    async def finish(self, _app: web.Application) -> None:
        """Log what is not logged yet."""
        self._log.flush()

    async def _administer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self._admin_guard.check(request)
        try:
            return await handler(request)
        except web.HTTPNotFound:
            raise Problem(404, f"The admin API has no {request.path}; docs/admin.md lists what it has.") from None
        except web.HTTPMethodNotAllowed as error:
            allowed = ", ".join(sorted(error.allowed_methods))
            raise Problem(405, f"{request.path} takes {allowed}.", headers={hdrs.ALLOW: allowed}) from None
        except (Problem, ConnectionError):
            raise
        except Exception:
            log.exception("%s %s failed", request.method, request.raw_path)
            raise Problem(500, "The admin API failed; this is a bug in opendental-mock. Its log says more.") from None

    async def _exchange(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        tenants = self._tenants
        tenant = tenants.of_request(customer_key(request.headers)) if tenants.per_key else tenants.shared
        exchange = tenant.journal.open(request.method, request.raw_path)
        exchange.headers = request.headers
        exchange.at = tenant.office.clock.now()
        request[TENANT_OF], request[EXCHANGE] = tenant, exchange
        started = time.perf_counter()
        answer: web.StreamResponse
        try:
            answer = await handler(request)
        except Refusal as refusal:
            answer = self._refused(refusal, exchange)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            answer = self._nowhere(request, exchange)
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
        if not self._transparent:
            _sign(answer, exchange)
        exchange.milliseconds = (time.perf_counter() - started) * 1000
        tenant.close(exchange)
        self._log.add(exchange)
        return answer

    def _nowhere(self, request: web.Request, exchange: Exchange) -> web.Response:
        try:
            refuse_path(request.method, request.path, OPERATIONS)
        except Refusal as refusal:
            return self._refused(refusal, exchange)

    def _refused(self, refusal: Refusal, exchange: Exchange) -> web.Response:
        exchange.rules.append(refusal.rule)
        exchange.explanation = refusal.explanation
        answer = explain(refusal.status, refusal.explanation)
        if refusal.retry_after is not None:
            answer.headers[hdrs.RETRY_AFTER] = str(refusal.retry_after)
        if self._transparent:
            return answer
        answer.headers["X-Mock-Rule"] = refusal.rule
        if refusal.hint:
            # A header holds printable ASCII and no line break, whatever the request made its way into the hint.
            answer.headers["X-Mock-Hint"] = "".join(c if " " <= c <= "~" else "?" for c in refusal.hint)
        return answer


def _sign(answer: web.StreamResponse, exchange: Exchange) -> None:
    """The mock's own headers."""
    headers = answer.headers
    headers["X-Mock-Request-Id"] = str(exchange.id)
    if exchange.warnings:
        headers["X-Mock-Warnings"] = str(len(exchange.warnings))
    if exchange.fault:
        headers["X-Mock-Fault"] = exchange.fault
