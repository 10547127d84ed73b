"""An exchange of the API: opened, answered whatever happens, and kept."""

import asyncio
import logging
import time
from collections.abc import Mapping

from aiohttp import hdrs

from mockserver.api.admission import customer_key
from mockserver.api.paths import refuse_path
from mockserver.api.request import Asked
from mockserver.api.resources import OPERATIONS
from mockserver.api.response import EXPOSED, Reply, explain
from mockserver.api.router import Found, Routes
from mockserver.api.settings import Settings
from mockserver.contract.contract import Contract
from mockserver.errors import Refusal
from mockserver.recording.access_log import ExchangeLog
from mockserver.recording.journal import Exchange
from mockserver.tenants.registry import Tenants
from mockserver.tenants.tenant import Tenant

log = logging.getLogger("mockserver")

BROKEN = "The mock broke its own contract; this is a bug in opendental-mock, not in your request. Its log says more."


class Api:
    """The vendor's API, of the offices that there are."""

    def __init__(self, contract: Contract, tenants: Tenants, settings: Settings) -> None:
        self._tenants = tenants
        self._transparent = settings.transparent
        self._routes = Routes(OPERATIONS, contract, settings)
        self._log = ExchangeLog(log)
        self.find = self._routes.find

    def tenant_of(self, headers: Mapping[str, str]) -> Tenant:
        """Whose office a request with these headers is for."""
        tenants = self._tenants
        return tenants.of_request(customer_key(headers)) if tenants.per_key else tenants.shared

    async def exchange(self, asked: Asked, found: Found | None) -> Reply:
        """Answer a request; `found` is the operation that it names, if it names one."""
        tenant = self.tenant_of(asked.headers)
        exchange = tenant.journal.open(asked.method, asked.target)
        exchange.headers = asked.headers
        exchange.at = tenant.office.clock.now()
        started = time.perf_counter()
        try:
            if found is None:
                refuse_path(asked.method, asked.url.path, OPERATIONS)
            reply = await found[0].answer(asked, found[1], tenant, exchange)
        except Refusal as refusal:
            reply = self._refused(refusal, exchange)
        except (ConnectionError, asyncio.CancelledError):  # the client is gone; there is nobody to answer
            exchange.rules.clear()
            tenant.close(exchange)
            raise
        except Exception:
            log.exception("%s %s: the server broke its own contract", asked.method, asked.target)
            exchange.explanation = BROKEN
            exchange.rules.clear()
            reply = explain(500, BROKEN)
        exchange.status, exchange.answer = reply.status, reply.body
        if not self._transparent:
            _sign(reply, exchange)
        exchange.milliseconds = (time.perf_counter() - started) * 1000
        tenant.close(exchange)
        self._log.add(exchange)
        return reply

    def finish(self) -> None:
        """Log what is not logged yet."""
        self._log.flush()

    def _refused(self, refusal: Refusal, exchange: Exchange) -> Reply:
        exchange.rules.append(refusal.rule)
        exchange.explanation = refusal.explanation
        reply = explain(refusal.status, refusal.explanation)
        if refusal.retry_after is not None:
            reply.headers[hdrs.RETRY_AFTER] = str(refusal.retry_after)
        if not self._transparent:
            reply.headers["X-Mock-Rule"] = refusal.rule
            if refusal.hint:
                reply.headers["X-Mock-Hint"] = _for_header(refusal.hint)
        return reply


def _for_header(text: str) -> str:
    """A header holds printable ASCII and no line break, whatever of the request made its way into `text`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join([c if " " <= c <= "~" else "?" for c in text])


def _sign(reply: Reply, exchange: Exchange) -> None:
    """The mock's own headers."""
    reply.headers |= EXPOSED
    reply.headers["X-Mock-Request-Id"] = str(exchange.id)
    if exchange.warnings:
        reply.headers["X-Mock-Warnings"] = str(len(exchange.warnings))
    if exchange.fault:
        reply.headers["X-Mock-Fault"] = exchange.fault
