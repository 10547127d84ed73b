"""A server for the time of a `with` block: on a thread of its own, or on the caller's event loop."""

import asyncio
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar, Unpack

from mockserver.api.settings import Fixture, ServerKeywords, Settings, ThreadKeywords
from mockserver.testing.controls import Controls
from mockserver.web.app import make_app
from mockserver.web.event_loop import Loop
from mockserver.web.server import Server

Got = TypeVar("Got")


class MockServer(Controls):
    """A server in a thread of its own, ready when the block is entered and gone when it is left.

    `fixtures` and `settings` are those of `create_app`; it listens on `host` and any free port, or on `port`. Its event
    loop is uvloop's where that is installed, or the one that `loop` names: asyncio or uvloop.

        with MockServer("status-required", now="2023-07-26 09:47:10") as server:
            requests.get(server.url + "/claimtrackings", headers=server.headers)

    Raises FixtureError, FixtureNotFound, NoSuchLoop when made, CannotListen when entered.
    """

    def __init__(self, *names: Fixture, **settings: Unpack[ThreadKeywords]) -> None:
        told = Settings.of(ThreadKeywords, names, settings)
        self._kind = Loop(told.loop)
        super().__init__(make_app(told))
        self._server = Server(self.app, host=told.host, port=told.port)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._used = False

    @property
    def url(self) -> str:
        """The base URL to give to a client, with /api/v1."""
        return self._server.url

    def call(self, do: Callable[[], Got]) -> Got:
        """What `do()` gives, run on the server's own thread between two requests."""
        if self._loop is None or threading.current_thread() is self._thread:
            return do()

        async def done() -> Got:
            return do()

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result()

    def __enter__(self) -> "MockServer":
        if self._used:
            raise RuntimeError("this server was used already; make another")
        self._used = True
        started: _Started = _Started()
        self._thread = threading.Thread(target=self._run, args=(started,), name="opendental-mock", daemon=True)
        self._thread.start()
        self._loop = started.wait()
        return self

    def __exit__(self, *_: object) -> None:
        loop, thread = self._loop, self._thread
        self._loop = None
        assert loop is not None
        assert thread is not None
        loop.call_soon_threadsafe(self._stop.set)
        thread.join()

    def _run(self, started: "_Started") -> None:
        async def serve() -> None:
            self._stop = asyncio.Event()
            async with self._server:
                started.tell(asyncio.get_running_loop())
                await self._stop.wait()

        try:
            self._kind.run(serve())
        except BaseException as error:
            started.fail(error)


class AsyncMockServer(Controls):
    """The same on the caller's own event loop, in an `async with` block."""

    def __init__(self, *names: Fixture, **settings: Unpack[ServerKeywords]) -> None:
        told = Settings.of(ServerKeywords, names, settings)
        super().__init__(make_app(told))
        self._server = Server(self.app, host=told.host, port=told.port)

    @property
    def url(self) -> str:
        """The base URL to give to a client, with /api/v1."""
        return self._server.url

    def call(self, do: Callable[[], Got]) -> Got:
        """What `do()` gives; nothing else runs meanwhile on the loop that both share."""
        return do()

    async def __aenter__(self) -> "AsyncMockServer":
        await self._server.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._server.__aexit__(kind, error, traceback)


class _Started:
    """How the thread tells the one that started it that it serves, or why it cannot."""

    def __init__(self) -> None:
        self._told = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._error: BaseException | None = None

    def tell(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._told.set()

    def fail(self, error: BaseException) -> None:
        self._error = error
        self._told.set()

    def wait(self) -> asyncio.AbstractEventLoop:
        self._told.wait()
        if self._loop is None:
            assert self._error is not None
            raise self._error
        return self._loop
