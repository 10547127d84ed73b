"""Load generator: `wrk` if it is installed, otherwise a client in Python."""

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from benchmarks.workloads import CONNECTIONS, Request

WRK = shutil.which("wrk")


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
    host: str, requests: Sequence[Request], seconds: int, connections: int = CONNECTIONS, *, in_two: bool = False
) -> Figures:
    """Send `requests` in turn for that long, over some connections at once. Raises WrongAnswers.

    `in_two`: send the body of each after its head, with the client in Python, since `wrk` cannot do this.
    """
    if WRK and not in_two:
        return _with_wrk(host, requests, seconds, connections)
    return asyncio.run(_with_python(host, requests, seconds, connections, in_two))


def _with_wrk(host: str, requests: Sequence[Request], seconds: int, connections: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "requests"
        file.write_bytes(b"\0".join(request.raw(host) for request in requests))
        command = [
            str(WRK), "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s",
            "-s", str(Path(__file__).with_name("wrk.lua")), f"http://{host}", "--", str(file),
        ]  # fmt: skip
        said = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=seconds + 30, check=True).stdout
    (line,) = (line for line in said.splitlines() if line.startswith("figures "))
    count, microseconds, p50, p99, refused, broken = map(int, line.split()[1:])
    expected = count * sum(request.status >= 400 for request in requests) / len(requests)
    # Requests without a response at the end are not counted, and may be any of them.
    if broken or abs(refused - expected) > connections:
        raise WrongAnswers(f"of {count} requests {refused} were refused, {broken} failed; {expected:.0f} were to be")
    return Figures(requests=count, per_second=count / microseconds * 1e6, p50=p50 / 1000, p99=p99 / 1000)


async def _with_python(host: str, requests: Sequence[Request], seconds: int, connections: int, in_two: bool) -> Figures:
    messages = cycle([(_pieces(request.raw(host), in_two), request.status) for request in requests])
    took: list[float] = []
    address, _, port = host.partition(":")
    started = time.perf_counter()

    async def ask() -> None:
        reader, writer = await asyncio.open_connection(address, int(port))
        while (before := time.perf_counter()) < started + seconds:
            (first, second), expected = next(messages)
            writer.write(first)
            if second:
                await asyncio.sleep(0)  # asyncio turns Nagle's algorithm off, so these are two segments
                writer.write(second)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(_length(head))
            took.append(time.perf_counter() - before)
            if int(head.split(b" ", 2)[1]) != expected:
                raise WrongAnswers(f"{head.splitlines()[0].decode()} in the place of {expected}")
        writer.close()

    await asyncio.gather(*(ask() for _ in range(connections)))
    took.sort()
    rate = len(took) / (time.perf_counter() - started)
    p50, p99 = (took[int(len(took) * part)] * 1000 for part in (0.5, 0.99))
    return Figures(requests=len(took), per_second=rate, p50=p50, p99=p99)


def _pieces(message: bytes, in_two: bool) -> tuple[bytes, bytes]:
    end = message.index(b"\r\n\r\n") + 4 if in_two else len(message)
    return message[:end], message[end:]


def _length(head: bytes) -> int:
    for line in head.splitlines():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
