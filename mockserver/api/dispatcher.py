"""Dispatcher: the vendor's API without sockets, which prepares a request, runs it at most once, and finishes it."""

import logging
import time
from collections.abc import Mapping

from mockserver.api.admission import customer_key
from mockserver.api.prepared import Prepared
from mockserver.api.request import Request
from mockserver.api.resources import operations_of
from mockserver.api.response import EXPLANATION, PLAIN, Response, explain, explain_plainly
from mockserver.api.router import Found, Router
from mockserver.contract.contract import Contract
from mockserver.errors import Refusal
from mockserver.journal.access_log import ExchangeLog
from mockserver.journal.exchange import COMPLETE, LOST, TRUNCATED, Exchange
from mockserver.messages import shortened
from mockserver.office.pages import Record
from mockserver.settings.server import Settings
from mockserver.tenants.registry import Tenants
from mockserver.tenants.tenant import Lifetime

log = logging.getLogger("mockserver")

# Clients and proxies refuse longer headers, and a hint may quote what the client sent.
MAX_HINT_LENGTH = 1_000

BROKEN = "The mock broke its own contract; this is a bug in opendental-mock, not in your request. Its log says more."


class Dispatcher:
    """The vendor's API for all offices of a server. No method waits."""

    def __init__(self, contract: Contract, tenants: Tenants, settings: Settings) -> None:
        self._tenants = tenants
        self._transparent = settings.transparent
        self._router = Router(operations_of(contract), contract, settings)
        self._rules = contract.rules
        self.explain = explain_plainly if contract.rules[EXPLANATION].played == PLAIN else explain
        """Returns a refusal, with its status and explanation, in the form that the office has for it."""
        self._log = ExchangeLog(log)
        self.find = self._router.find

    def lifetime_of(self, headers: Mapping[str, str]) -> Lifetime:
        """Return the current lifetime of the office of a request with these headers."""
        tenants = self._tenants
        tenant = tenants.of_request(customer_key(headers)) if tenants.per_key else tenants.shared
        return tenant.lifetime

    def prepare(self, request: Request, found: Found | None = None) -> Prepared:
        """Decide everything that does not need the operation. Raises LifetimeEnded.

        `found` is the request's endpoint, if it is known.
        """
        request.lifetime.check()
        prepared = self._open(request)
        try:
            found = found or self._router.find(request.method, request.url.path_safe)
            if found is None:
                self._router.refuse(request.method, request.url.path)
            found[0].prepare(request, found[1], prepared)
        except Refusal as refusal:
            if isinstance(request.body, bytes):
                prepared.exchange.sent = request.body  # which nothing has looked at, perhaps
            self._refuse(prepared, refusal)
        except Exception:
            self._fail(prepared)
        return prepared

    def run(self, prepared: Prepared) -> Response:
        """Return the office's own response. The first call runs the operation. Raises LifetimeEnded."""
        prepared.lifetime.check()
        if prepared.response is None:
            operation, call = prepared.operation, prepared.call
            assert operation is not None, "a request without an operation is refused when it is prepared"
            assert call is not None
            try:
                result = operation.run(prepared.lifetime.tenant.office, call)
                response = prepared.response = Response(operation.status, prepared.encode(result))
                if prepared.location:
                    assert isinstance(result, Record), "only a create has it"
                    response.headers["Location"] = f"{prepared.location}/{result.number}"
                call.rules.extend(prepared.covered.of(call, result))
            except Refusal as refusal:
                self._refuse(prepared, refusal)
            except Exception:
                self._fail(prepared)
        assert prepared.response is not None
        return prepared.response

    def finish(self, prepared: Prepared, faulty: Response | None = None, outcome: str = COMPLETE) -> Response:
        """Close the exchange, and return the response for the client.

        That is the office's own, for which the operation runs if it has not run yet, or `faulty` in its place.
        `outcome` is the part of it that reaches the client. Raises LifetimeEnded.
        """
        response = self.run(prepared) if faulty is None else faulty
        exchange = prepared.exchange
        exchange.status = response.status if outcome is COMPLETE else 0
        exchange.outcome = outcome
        exchange.answer = response.body if outcome is not TRUNCATED else response.body[: len(response.body) // 2]
        if faulty is not None or outcome is not COMPLETE:
            exchange.kept = prepared.kept
        if not self._transparent:
            _add_mock_headers(response, exchange)
        self._close(prepared)
        return response

    def record_disconnect(self, prepared: Prepared) -> None:
        """Close the exchange of a client that disconnected before the response."""
        prepared.exchange.outcome = LOST
        prepared.exchange.kept = prepared.kept
        prepared.exchange.rules.clear()
        self._close(prepared)

    def record_incomplete(self, request: Request) -> None:
        """Record a request whose client disconnected before the end of its body."""
        prepared = self._open(request)
        found = self._router.find(request.method, request.url.path_safe)
        if found is not None:
            prepared.exchange.operation = found[0].name
        self.record_disconnect(prepared)

    def record_early(
        self, reason: str, request: Request, response: Response, explanation: str, *, is_kept: bool = True
    ) -> None:
        """Record a request that was refused before it reached the API, by HOST or UNREADABLE. It covers no rule.

        `is_kept`: in the journal too, and not only in the log.
        """
        tenant, exchange = request.lifetime.tenant, self._open(request).exchange
        exchange.status, exchange.answer, exchange.explanation = response.status, response.body, explanation
        tenant.coverage.refused_early[reason] += 1
        if is_kept:
            tenant.journal.close(exchange)
        self._log.add(exchange)
        if not self._transparent:
            _add_mock_headers(response, exchange)

    def flush(self) -> None:
        """Log the exchanges that are not logged yet."""
        self._log.flush()

    def _open(self, request: Request) -> Prepared:
        tenant = request.lifetime.tenant
        exchange = tenant.journal.open(request.method, request.target)
        exchange.headers, exchange.header_bytes = request.headers, request.header_bytes
        exchange.at = tenant.office.clock.now()
        return Prepared(request.lifetime, exchange, time.perf_counter())

    def _close(self, prepared: Prepared) -> None:
        exchange = prepared.exchange
        exchange.milliseconds = (time.perf_counter() - prepared.started) * 1000
        prepared.lifetime.close(exchange)
        self._log.add(exchange)

    def _refuse(self, prepared: Prepared, refusal: Refusal) -> None:
        exchange, rule = prepared.exchange, self._rules[refusal.rule]
        is_strict = rule.status < 400  # otherwise the request is served with a warning
        status = rule.strict_status if is_strict else rule.status
        explanation = rule.explanation(refusal.names)
        exchange.rules += (refusal.rule,) if rule.is_of_mock else (refusal.rule, EXPLANATION)
        exchange.refused_by = refusal.rule
        exchange.is_refused_warning = is_strict
        exchange.explanation = explanation
        exchange.hint = refusal.hint
        response = prepared.response = self.explain(status, explanation)
        prepared.is_refused = True
        if refusal.retry_after is not None:
            response.headers["Retry-After"] = str(refusal.retry_after)
        if not self._transparent:
            response.headers["X-Mock-Rule"] = refusal.rule
            response.headers["X-Mock-Standing"] = rule.shown_standing
            if refusal.hint:
                response.headers["X-Mock-Hint"] = _for_header(refusal.hint)

    def _fail(self, prepared: Prepared) -> None:
        exchange = prepared.exchange
        log.exception("%s %s: the server broke its own contract", exchange.method, exchange.path)
        exchange.explanation = BROKEN
        exchange.rules.clear()
        prepared.response = explain(500, BROKEN)
        prepared.is_refused = True


def _for_header(text: str) -> str:
    """Return `text`, which may quote a request, as a header value: printable ASCII on one line, limited in length."""
    text = shortened(text, MAX_HINT_LENGTH)
    if text.isascii() and text.isprintable():
        return text
    return "".join([c if " " <= c <= "~" else "?" for c in text])


def _add_mock_headers(response: Response, exchange: Exchange) -> None:
    """Add the mock's own headers."""
    response.is_exposed = True
    response.headers["X-Mock-Request-Id"] = str(exchange.id)
    if exchange.warnings:
        response.headers["X-Mock-Warnings"] = str(len(exchange.warnings))
    if exchange.fault:
        response.headers["X-Mock-Fault"] = exchange.fault
