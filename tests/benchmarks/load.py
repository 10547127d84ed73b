"""Load generator: `wrk` if it is installed, otherwise a client in Python."""

import re
import selectors
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from benchmarks.workloads import CONNECTIONS, Request

WRK = shutil.which("wrk")
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_MAX_WAIT = 10.0
_READ_BYTES = 65_536
TRUSTING = ssl.create_default_context()
"""A context that verifies no certificate, like `wrk`."""
TRUSTING.check_hostname = False
TRUSTING.verify_mode = ssl.CERT_NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The results of one period of load: requests, requests a second, milliseconds."""

    requests: int
    per_second: float
    p50: float
    p99: float


class WrongAnswers(Exception):
    """The server sent a wrong response, so that nothing was measured."""


def measure(
    host: str,
    requests: Sequence[Request],
    seconds: int,
    connections: int = CONNECTIONS,
    *,
    in_two: bool = False,
    tls: bool = False,
    traced: bool = False,
) -> Figures:
    """Send `requests` in turn for that long, over some connections at once. Raises WrongAnswers.

    `in_two`: send the body of each after its head, with the client in Python, since `wrk` cannot do this, nor give
    each request a trace id (`traced`).
    """
    if WRK and not in_two and not traced:
        return _with_wrk(host, requests, seconds, connections, tls)
    return _with_python(host, requests, seconds, connections, in_two, tls, traced)


def _with_wrk(host: str, requests: Sequence[Request], seconds: int, connections: int, tls: bool) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "requests"
        file.write_bytes(b"\0".join(request.raw(host) for request in requests))
        command = [
            str(WRK), "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s",
            "-s", str(Path(__file__).with_name("wrk.lua")), f"{'https' if tls else 'http'}://{host}", "--", str(file),
        ]  # fmt: skip
        said = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=seconds + 30, check=True).stdout
    (line,) = (line for line in said.splitlines() if line.startswith("figures "))
    count, microseconds, p50, p99, refused, broken = map(int, line.split()[1:])
    expected = count * sum(request.status >= 400 for request in requests) / len(requests)
    # Requests without a response at the end are not counted, and may be any of them.
    if broken or abs(refused - expected) > connections:
        raise WrongAnswers(f"of {count} requests {refused} were refused, {broken} failed; {expected:.0f} were to be")
    return Figures(requests=count, per_second=count / microseconds * 1e6, p50=p50 / 1000, p99=p99 / 1000)


@dataclass(slots=True)
class _Connection:
    """A connection of the client in Python, with the request that it waits for."""

    socket: socket.socket
    began: float = 0.0
    status: bytes = b""
    second: bytes = b""
    received: bytes = b""

    def begin(self, pieces: tuple[bytes, bytes], status: int) -> None:
        """Send the first segment of a request; the second is for later."""
        first, self.second = pieces
        self.status, self.received, self.began = b"%d" % status, b"", time.perf_counter()
        self.socket.sendall(first)

    def has_response(self) -> bool:
        """Receive what has come. Return whether it is the whole response. Raises WrongAnswers."""
        data = self.socket.recv(_READ_BYTES)
        self.received += data
        while isinstance(self.socket, ssl.SSLSocket) and self.socket.pending():  # for which no selector wakes
            self.received += self.socket.recv(_READ_BYTES)
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not data or (end and head.split(b" ", 2)[1] != self.status):
            raise WrongAnswers(f"{head[:80]!r} in the place of {self.status.decode()}")
        return bool(end) and len(body) >= _length(head)


def _with_python(
    host: str, requests: Sequence[Request], seconds: int, connections: int, in_two: bool, tls: bool, traced: bool
) -> Figures:
    # One loop over blocking sockets: streams of asyncio take twice the CPU, so that they and not the server are measured.
    messages: Iterator[tuple[tuple[bytes, bytes], int]] = cycle(
        [(_pieces(request.raw(host), in_two), request.status) for request in requests]
    )
    if traced:
        messages = (
            (_pieces(request.raw(host, trace=f"{number:032x}"), in_two), request.status)
            for number, request in enumerate(cycle(requests), time.monotonic_ns())
        )
    took: list[float] = []
    address, _, port = host.partition(":")
    with ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        all_ = [_Connection(stack.enter_context(_connect(address, int(port), tls))) for _ in range(connections)]
        started = time.perf_counter()
        for one in all_:
            one.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # so that two pieces are two segments
            selector.register(one.socket, selectors.EVENT_READ, one)
            one.begin(*next(messages))
        begun, waiting = all_, connections
        while waiting:
            for one in begun:
                if one.second:
                    one.socket.sendall(one.second)
            begun = []
            ready = selector.select(_MAX_WAIT)
            if not ready:
                raise WrongAnswers(f"no response within {_MAX_WAIT} seconds")
            for key, _ in ready:
                one = key.data
                if not one.has_response():
                    continue
                took.append(time.perf_counter() - one.began)
                if time.perf_counter() < started + seconds:
                    one.begin(*next(messages))
                    begun.append(one)
                else:
                    waiting -= 1
    took.sort()
    rate = len(took) / (time.perf_counter() - started)
    p50, p99 = (took[int(len(took) * part)] * 1000 for part in (0.5, 0.99))
    return Figures(requests=len(took), per_second=rate, p50=p50, p99=p99)


def _connect(address: str, port: int, tls: bool) -> socket.socket:
    plain = socket.create_connection((address, port))
    return TRUSTING.wrap_socket(plain, server_hostname=address) if tls else plain


def _pieces(message: bytes, in_two: bool) -> tuple[bytes, bytes]:
    end = message.index(b"\r\n\r\n") + 4 if in_two else len(message)
    return message[:end], message[end:]


def _length(head: bytes) -> int:
    match = _LENGTH.search(head)
    return int(match[1]) if match else 0
