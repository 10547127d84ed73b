"""Mock server for a test suite: on its own thread, or on the caller's event loop."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from types import TracebackType
from typing import Unpack

from mockserver.journal.log_thread import LogThread
from mockserver.settings.server import Fixture, ServerKeywords, Settings, ThreadKeywords
from mockserver.testing.access import Got
from mockserver.testing.controls import Controls
from mockserver.web.event_loop import Loop


class MockServer(Controls):
    """A server on its own thread, which starts on entering its block and stops on leaving it.

    The arguments are those of `mockserver.settings.server.Settings`; fixtures may be given by position too. It listens
    on any free port, or on `port`. `start()` and `stop()` do the same as the block. Handlers of the log are called on
    another thread, so that slow ones do not delay clients; when the server has stopped, all records are handled.

        with MockServer("status-required", now="2023-07-26 09:47:10") as server:
            requests.get(server.url + "/claimtrackings", headers=server.headers)

    The constructor raises FixtureError, FixtureNotFound, NoSuchLoop, NoTls, and TypeError or ValueError for an invalid
    argument; the start raises CannotListen.
    """

    def __init__(self, *names: Fixture, **settings: Unpack[ThreadKeywords]) -> None:
        checked = Settings.of(ThreadKeywords, names, settings)
        self._kind = Loop(checked.loop)
        super().__init__(checked)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> "MockServer":
        """Start the server, and return it once it is ready.

        Raises CannotListen, and RuntimeError if it was started before.
        """
        self._begin()
        started: Future[asyncio.AbstractEventLoop] = Future()
        self._thread = threading.Thread(target=self._run, args=(started,), name="opendental-mock", daemon=True)
        self._thread.start()
        with self._ending_if_it_fails():
            self._loop = started.result()
        self._is_running = True
        return self

    def stop(self) -> None:
        """Stop the server if it runs. Office and journal can still be read. Raises RuntimeError in a forked process."""
        self._check_process()
        loop, thread = self._loop, self._thread
        self._loop = None
        self._end()
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(self._stop.set)
            thread.join()

    def __enter__(self) -> "MockServer":
        return self.start()

    def __exit__(self, *_: object) -> None:
        if not self._is_inherited:  # pragma: no branch  # a forked process leaves the block too, and has no server
            self.stop()

    def _call(self, do: Callable[[], Got]) -> Got:
        if self._loop is None or threading.current_thread() is self._thread:
            return do()

        async def done() -> Got:
            return do()

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result()

    def _run(self, started: Future[asyncio.AbstractEventLoop]) -> None:
        async def serve() -> None:
            self._stop = asyncio.Event()
            async with self._server:
                started.set_result(asyncio.get_running_loop())
                await self._stop.wait()

        try:
            with LogThread():
                self._kind.run(serve())
        except BaseException as error:
            with suppress(InvalidStateError):  # it had started
                started.set_exception(error)


class AsyncMockServer(Controls):
    """A server on the caller's own event loop, in an `async with` block or by `await start()` and `await stop()`.

    The arguments and errors are those of MockServer, without `loop`.
    """

    def __init__(self, *names: Fixture, **settings: Unpack[ServerKeywords]) -> None:
        super().__init__(Settings.of(ServerKeywords, names, settings))

    async def start(self) -> "AsyncMockServer":
        """Start the server, and return it once it is ready.

        Raises CannotListen, and RuntimeError if it was started before.
        """
        self._begin()
        with self._ending_if_it_fails():
            await self._server.__aenter__()
        self._is_running = True
        return self

    async def stop(self) -> None:
        """Stop the server if it runs. Office and journal can still be read. Raises RuntimeError in a forked process."""
        self._check_process()
        if self._is_running:
            self._end()
            await self._server.__aexit__()

    async def __aenter__(self) -> "AsyncMockServer":
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if not self._is_inherited:  # pragma: no branch  # as above
            await self.stop()

    def _call(self, do: Callable[[], Got]) -> Got:
        return do()  # nothing else runs meanwhile on the loop that both share
