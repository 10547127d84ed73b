"""Who answers a request, the API or the admin API, and the two ways by which one comes to the API."""

import logging
from collections.abc import Coroutine
from typing import Any

from aiohttp import hdrs, web
from aiohttp.http import RawRequestMessage
from aiohttp.typedefs import Handler, Middleware

from mockserver.api.dispatcher import Api
from mockserver.api.request import Asked
from mockserver.api.response import Reply
from mockserver.web.admin.bodies import PREFIX
from mockserver.web.guards import AdminGuard, HostGuard, preflight
from mockserver.web.problem import Problem

log = logging.getLogger("mockserver")


class Front:
    """Lets in, and passes on. Whatever goes wrong leaves in the form of the API that was asked."""

    def __init__(self, api: Api, hosts: HostGuard, admin_guard: AdminGuard | None) -> None:
        self._api = api
        self._hosts = hosts
        self._admin_guard = admin_guard

    def at_once(self, message: RawRequestMessage, body: bytes) -> bytes | None:
        """The answer to a request that is here to its last byte, as it goes over the connection.

        None, and nothing is done yet, where it has to go aiohttp's own way: what is not for an operation of the API,
        and what a fault may make wait.
        """
        found = self._api.find(message.method, message.url.path_safe)
        if found is None or self._api.tenant_of(message.headers).faults:
            return None
        try:
            self._hosts.check(message.headers)
        except Problem:
            return None
        asked = Asked(message.method, message.path, message.url, message.headers, body)
        return run_to_end(self._api.exchange(asked, found)).wire()

    def middleware(self) -> Middleware:
        """The other way: everything, as aiohttp wants it."""

        @web.middleware
        async def dispatch(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                self._hosts.check(request.headers)
                if self._admin_guard is not None and (request.path + "/").startswith(PREFIX + "/"):
                    self._admin_guard.check(request)
                    return await _administer(request, handler)
            except Problem as problem:
                return problem.answer()
            if request.match_info.http_exception is not None:  # a target that is no path, like `*`
                return await self.answer(request)
            return preflight(request) or await handler(request)

        return dispatch

    async def answer(self, request: web.Request) -> web.Response:
        """Answer for the API."""
        asked = Asked(request.method, request.raw_path, request.rel_url, request.headers, request=request)
        reply = await self._api.exchange(asked, self._api.find(asked.method, asked.url.path_safe))
        return reply.response()


def run_to_end(exchange: Coroutine[Any, Any, Reply]) -> Reply:
    """What an exchange gives that has nothing to wait for."""
    try:
        exchange.send(None)
    except StopIteration as end:
        reply: Reply = end.value
        return reply
    exchange.close()
    raise RuntimeError("an exchange waits, although all of its request is here")


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
    except Exception:
        log.exception("%s %s failed", request.method, request.raw_path)
        raise Problem(500, "The admin API failed; this is a bug in opendental-mock. Its log says more.") from None
