"""Middleware: the checks of Host and of the admin API's guard, and the API's handler on aiohttp's slow path."""

import asyncio
import logging
from functools import partial

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware
from multidict import CIMultiDict
from yarl import URL

from mockserver.api.request import Request
from mockserver.api.response import Response, explain
from mockserver.journal.redaction import shown_target
from mockserver.reports.coverage import HOST, UNREADABLE
from mockserver.syntax.text import valid_text
from mockserver.tenants.tenant import Lifetime
from mockserver.web.added_code import explain_error
from mockserver.web.admin.bodies import PREFIX
from mockserver.web.aiohttp_response import as_aiohttp
from mockserver.web.fault_injection import inject_fault
from mockserver.web.guards import AdminGuard, preflight
from mockserver.web.mock import Mock
from mockserver.web.problem import Problem
from mockserver.web.request_body import read_body
from mockserver.web.transport import abort

log = logging.getLogger("mockserver")

LIFETIME = web.RequestKey("LIFETIME", Lifetime)
"""The lifetime of a request whose head arrived on the fast path."""


class ApiMiddleware:
    """The middleware of the app and the handler of the API. Errors have the form of the API that the request is for."""

    def __init__(self, mock: Mock) -> None:
        self._dispatcher = mock.dispatcher
        self._hosts = mock.hosts
        self._admin_guard = AdminGuard(mock.settings.admin_token, mock.hosts) if mock.settings.admin else None

    def middleware(self) -> Middleware:
        """Return the middleware of the whole app."""

        @web.middleware
        async def dispatch(request: web.Request, handler: Handler) -> web.StreamResponse:
            request = _with_valid_text(request)
            try:
                self._hosts.check(request.headers)
            except Problem as problem:
                return self._refuse_host(request, problem)
            try:
                if self._admin_guard is not None and _is_administrative(request):
                    self._admin_guard.check(request)
                    return await _administer(request, handler)
            except Problem as problem:
                return problem.response()
            if request.match_info.http_exception is not None:  # a target that is not a path, like `*`
                return await self.handle(request)
            return preflight(request) or await handler(request)

        return dispatch

    def _refuse_host(self, request: web.Request, problem: Problem) -> web.Response:
        # In the shared office: a stranger makes none.
        shared = self._dispatcher.lifetime_of({})
        early = Request(request.method, request.raw_path, request.rel_url, request.headers, b"", shared)
        response = Response(problem.status, problem.body())
        self._dispatcher.record_early(HOST, early, response, problem.detail, is_kept=not _is_administrative(request))
        return problem.response()

    async def handle(self, request: web.Request) -> web.Response:
        """Handle an API request. If the office's lifetime ends before there is a response, the connection is closed."""
        lifetime = request.get(LIFETIME) or self._dispatcher.lifetime_of(request.headers)
        try:
            with lifetime.watched(partial(abort, request)):
                try:
                    response = as_aiohttp(await self._respond(request, lifetime))
                except ConnectionError:
                    if not lifetime.ended:
                        raise
                    abort(request)
                    return web.Response()  # not sent, since the connection is closed
        finally:
            # Now that its end closes this connection no more: a hook may reset the office.
            lifetime.tenant.hooks.run()
        if hdrs.UPGRADE in request.headers and request.body_exists:
            # aiohttp's parser drops data after the body of a request that has an Upgrade header.
            response.force_close()
        return response

    async def _respond(self, request: web.Request, lifetime: Lifetime) -> Response:
        lifetime.check()
        dispatcher = self._dispatcher
        api_request = Request(request.method, request.raw_path, request.rel_url, request.headers, b"", lifetime)
        try:
            api_request.body = await read_body(request)
        except (ConnectionError, asyncio.CancelledError):
            dispatcher.record_incomplete(api_request)
            raise
        prepared = dispatcher.prepare(api_request)
        if prepared.fault is None:
            return dispatcher.finish(prepared)
        try:
            return await inject_fault(prepared.fault, prepared, dispatcher, request)
        except asyncio.CancelledError:
            dispatcher.record_disconnect(prepared)
            raise


def refuse_unreadable(mock: Mock, method: str, target: str, explanation: str) -> web.Response:
    """Return the response to a request that cannot be read, and record it."""
    response = explain(400, explanation)
    request = Request(method, target, URL("/"), {}, b"", mock.dispatcher.lifetime_of({}))
    mock.dispatcher.record_early(UNREADABLE, request, response, explanation)
    return as_aiohttp(response)


def _with_valid_text(request: web.Request) -> web.Request:
    """Return a request whose target and headers are valid text. aiohttp has lone surrogates for other than UTF-8."""
    text = "".join([request.raw_path, *request.headers.keys(), *request.headers.values()])
    if valid_text(text) == text:
        return request
    url = URL(valid_text(str(request.rel_url)), encoded=True)
    headers = [(valid_text(name), valid_text(value)) for name, value in request.headers.items()]
    return request.clone(rel_url=url, headers=CIMultiDict(headers))


def _is_administrative(request: web.Request) -> bool:
    return (request.path + "/").startswith(PREFIX + "/")


async def _administer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPNotFound:
        raise Problem(404, f"The admin API has no {request.path}; GET {PREFIX}/ lists what it has.") from None
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        raise Problem(405, f"{request.path} takes {allowed}.", headers={hdrs.ALLOW: allowed}) from None
    except (Problem, ConnectionError):
        raise
    except Exception as error:
        log.exception("%s %s failed", request.method, shown_target(request.raw_path))
        bug = "The admin API failed; this is a bug in opendental-mock. Its log says more."
        raise Problem(500, explain_error(error, bug)) from None
