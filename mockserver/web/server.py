"""Server: the app on a socket, with its start and stop."""

import asyncio
import errno
import os
import socket
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from mockserver.api.router import BASE_PATH
from mockserver.web.accepting import Accepting
from mockserver.web.connection import Connection, with_begin_handling
from mockserver.web.fast.connection import fast_connections
from mockserver.web.middleware import refuse_unreadable
from mockserver.web.mock import MOCK
from mockserver.web.signals import on_signals
from mockserver.web.unreadable import refuse
from mockserver.web.uploads import Uploads

if TYPE_CHECKING:
    from mockserver.web.tls import Tls

# aiohttp waits this long for requests to finish, and as long again for them to be cancelled; together less than the 5 s
# in which the whole process must end. A TLS connection waits as long for its client to close it too.
SHUTDOWN_SECONDS = 2.0

# The lowest number of an error of Winsock, about which `os.strerror` knows nothing.
_WINSOCK = 10_000

_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}


class CannotListen(Exception):
    """The server cannot listen on its address. `wrong` is the part of it to change: host or port."""

    def __init__(self, host: str, port: int, error: OSError | UnicodeError) -> None:
        if isinstance(error, UnicodeError | socket.gaierror):
            self.wrong, why = "host", "there is no such host"
        elif error.errno in (errno.EADDRNOTAVAIL, None):  # None: asyncio skipped such an address, and had no other
            self.wrong, why = "host", "that is not an address of this machine"
        elif error.errno == errno.EADDRINUSE:
            self.wrong, why = "port", "another program listens there"
        else:
            self.wrong, why = "port", _text_of(error.errno)
        super().__init__(f"cannot listen on {host} port {port}: {why}")


def _text_of(number: int) -> str:
    """Return the text of the number of an error. Windows has numbers of its own for most errors of sockets."""
    import ctypes  # only for this, and it takes milliseconds of a start

    of_windows = getattr(ctypes, "FormatError", None)
    text = str(of_windows(number)) if of_windows and number >= _WINSOCK else os.strerror(number)
    return text.strip().rstrip(".").lower()


class Server:
    """An app listening on `host` and `port` (0: any free one) while its `async with` block runs.

    It speaks https if it has a `tls`. Raises CannotListen on entering.
    """

    def __init__(
        self, app: web.Application, *, host: str = "127.0.0.1", port: int = 30222, tls: "Tls | None" = None
    ) -> None:
        self._app = app
        self._tls = tls
        self._runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN_SECONDS)
        self._host, self.port = host, port

    @property
    def url(self) -> str:
        """Return the base URL for a client on this machine."""
        host = _WILDCARDS.get(self._host, self._host)
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}{BASE_PATH}"

    async def __aenter__(self) -> "Server":
        await self._runner.setup()
        try:
            self._listener = await self._listen()
        except BaseException as error:
            await self._runner.cleanup()
            if isinstance(error, OSError | UnicodeError):  # UnicodeError: a name that cannot be encoded with IDNA
                raise CannotListen(self._host, self.port, error) from error
            raise
        self._accepting.start()
        self.port = self._listener.sockets[0].getsockname()[1]
        return self

    async def _listen(self) -> asyncio.Server:
        if not 0 <= self.port < 65536:  # asyncio raises it too, but uvloop truncates the number
            raise OverflowError(f"a port is a number from 0 to 65535, and not {self.port}")
        loop, manager = asyncio.get_running_loop(), self._runner.server
        assert manager is not None
        manager.request_factory = with_begin_handling(manager.request_factory)
        mock = self._app.get(MOCK)
        self._uploads = Uploads()
        common = partial(
            Connection, manager, loop=loop, uploads=self._uploads,
            refuse=refuse if mock is None else partial(refuse_unreadable, mock),
        )  # fmt: skip
        connect: Callable[[], Connection] = common
        connect = fast_connections(self._app, common) or connect  # without this line aiohttp handles all requests
        found = socket.getaddrinfo(self._host, None, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
        self._accepting = Accepting(connect)
        listen = partial(loop.create_server, self._accepting, addresses, backlog=1024)
        if self._tls is not None:
            listen = partial(listen, ssl=self._tls.context, ssl_shutdown_timeout=SHUTDOWN_SECONDS)
        return await _on_one_port(listen, self.port)

    async def __aexit__(self, *_: object) -> None:
        self._listener.close()
        self._accepting.stop()
        self._uploads.stop()
        manager = self._runner.server
        assert manager is not None
        transports = [one.transport for one in manager.connections if one.transport is not None]
        for connection in manager.connections:
            if connection.writing_paused and connection.transport is not None:
                connection.transport.abort()  # its client does not read, and aiohttp would wait for it
        await self._runner.cleanup()
        if self._tls is not None:
            for transport in transports:
                transport.abort()  # otherwise it waits until its client has closed it too
            await asyncio.sleep(0)  # in which the sockets are closed


async def _on_one_port(
    listen: Callable[[int], Awaitable[asyncio.Server]], port: int, attempts: int = 20
) -> asyncio.Server:
    """Return a server with one port for all addresses of its host. Raises OSError.

    `listen(0)` selects a port for each address, and `localhost` often has two: 127.0.0.1 and ::1.
    """
    server = await listen(port)
    first, *others = {socket.getsockname()[1] for socket in server.sockets}
    if not others:
        return server
    server.close()
    await asyncio.sleep(0)  # in which uvloop closes the sockets
    try:
        return await listen(first)
    except OSError:  # another process has that port at another address
        if attempts == 1:
            raise
    return await _on_one_port(listen, port, attempts - 1)


async def serve(
    app: web.Application,
    *,
    host: str,
    port: int,
    tls: "Tls | None" = None,
    ready: Callable[[str, int], None],
    on_signal: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP. `ready` gets the base URL and the port once the server accepts
    connections.

    `on_signal` is called for each signal, in the signal handler itself. Raises CannotListen.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def handle(_number: int) -> None:
        on_signal()
        if not loop.is_closed():  # a second signal, after the end of the loop
            loop.call_soon_threadsafe(stop.set)

    on_signals(handle)
    async with Server(app, host=host, port=port, tls=tls) as server:
        ready(server.url, server.port)
        await stop.wait()
