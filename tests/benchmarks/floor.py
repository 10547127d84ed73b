"""The floor: a bare aiohttp handler that sends the bytes it was started with, keeps nothing and checks nothing.

Run as a program. It reads an answer as JSON from standard input (method, path, status, headers, body, loop), and
prints its base URL once it listens.
"""

import asyncio
import json
import sys
from typing import Any

from aiohttp import web


async def serve(answer: dict[str, Any]) -> None:
    """Serve until killed."""
    body, status, headers = answer["body"].encode(), answer["status"], answer["headers"]
    has_body = answer["method"] in ("POST", "PUT")

    async def handle(request: web.Request) -> web.Response:
        if has_body:
            await request.read()
        return web.Response(body=body, status=status, headers=headers)

    app = web.Application()
    app.router.add_route(answer["method"], answer["path"].partition("?")[0], handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    assert runner.server is not None
    listener = await asyncio.get_running_loop().create_server(runner.server, "127.0.0.1", 0, backlog=1024)
    print(f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Read what to answer, and answer it."""
    answer = json.load(sys.stdin)
    if answer["loop"] == "uvloop":
        from uvloop import run  # type: ignore[import-not-found,unused-ignore]  # only where the mock runs on it too
    else:
        run = asyncio.run
    run(serve(answer))


if __name__ == "__main__":
    main()
