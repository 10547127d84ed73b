"""The app on a socket: started, announced, stopped."""

import asyncio
import logging
import signal
from collections.abc import Callable
from types import FrameType

from aiohttp import web

from mockserver.web.gateway import BASE_PATH
from mockserver.web.middlewares import explain

log = logging.getLogger("mockserver")

# Shorter than the 5 s in which the whole process must be gone.
SHUTDOWN_SECONDS = 4.0


class _Connection(web.RequestHandler):
    """A connection that answers even what is not HTTP in the API's form, and not with text or HTML."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,  # noqa: ARG002  # aiohttp's signature
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        log.info("not an HTTP request that can be read: %s", message or exc)
        answer = explain(status, "The request could not be read.")
        answer.force_close()
        return answer


class Server:
    """An app listening on `host` and `port` (0: any free one) while its `async with` block runs.

    Raises OSError on entering where the address cannot be had.
    """

    def __init__(self, app: web.Application, *, host: str = "127.0.0.1", port: int = 30222) -> None:
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        self._host, self._port = host, port

    @property
    def url(self) -> str:
        """The base URL to give to a client."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}{BASE_PATH}"

    async def __aenter__(self) -> "Server":
        loop = asyncio.get_running_loop()
        await self._runner.setup()
        manager = self._runner.server
        assert manager is not None
        try:
            self._listener = await loop.create_server(
                lambda: _Connection(manager, loop=loop), self._host, self._port, backlog=1024
            )
        except BaseException:
            await self._runner.cleanup()
            raise
        self._port = self._listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listener.close()
        await self._runner.cleanup()


async def serve(app: web.Application, *, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` gets the base URL once connections are taken.

    Raises OSError where the address cannot be had.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)

    # `signal.signal` and not `loop.add_signal_handler`, which Windows does not have.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    async with Server(app, host=host, port=port) as server:
        ready(server.url)
        await stop.wait()
