"""Benchmark floor: bare aiohttp handlers that send fixed bytes, without any state or validation.

Run as a program. It reads from standard input, as JSON, the kind of event loop, whether it speaks TLS, and the responses
(method, path, status, headers, body), and prints its base URL once it listens.
"""

import asyncio
import json
import ssl
import sys
from collections.abc import Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler


def handler(answer: dict[str, Any]) -> Handler:
    """Return a handler that always sends that response."""
    body, status, headers = answer["body"].encode(), answer["status"], answer["headers"]
    has_body = answer["method"] in ("POST", "PUT")

    async def handle(request: web.Request) -> web.Response:
        if has_body:
            await request.read()
        return web.Response(body=body, status=status, headers=headers)

    return handle


def certified() -> ssl.SSLContext:
    """Return a context with a new certificate."""
    import trustme  # slow to import, and no part of a start without TLS

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return context


async def serve(answers: list[dict[str, Any]], context: ssl.SSLContext | None) -> None:
    """Serve until killed."""
    app = web.Application()
    for answer in answers:
        app.router.add_route(answer["method"], answer["path"].partition("?")[0], handler(answer))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    assert runner.server is not None
    listener = await asyncio.get_running_loop().create_server(runner.server, "127.0.0.1", 0, backlog=1024, ssl=context)
    print(f"{'https' if context else 'http'}://127.0.0.1:{listener.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Read the responses, and serve them."""
    said = json.load(sys.stdin)
    new_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    if said["loop"] == "uvloop":
        import uvloop  # type: ignore[import-not-found,unused-ignore]  # only if the mock runs on it too

        new_loop = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(serve(said["answers"], certified() if said["tls"] else None))


if __name__ == "__main__":
    main()
