"""Benchmark processes: servers that are pinned to a core, timed to their first response, measured, and ended."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.load import TRUSTING
from benchmarks.workloads import HEADERS, Request

HERE = Path(__file__).resolve().parent
MAX_WAIT = 20.0


class Process:
    """A server that prints its URL on a line once it is ready. `said` goes to its standard input."""

    def __init__(self, *command: str | Path, said: str = "", folder: Path | None = None) -> None:
        environment = plain_environment()
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(HERE.parent), environment.get("PYTHONPATH")]))
        self.started = time.perf_counter()
        with _on_core(0):
            self._process = subprocess.Popen(
                [sys.executable, *map(str, command)],
                cwd=folder, env=environment, encoding="utf-8",
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        self.pid = self._process.pid
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(said)
        self._process.stdin.close()
        url = urlsplit(self._process.stdout.readline().strip())
        self.host, self.is_tls = url.netloc, url.scheme == "https"
        if not self.host:
            self._process.wait()
            raise RuntimeError(f"{' '.join(map(str, command))} did not start")

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def answer(self, request: Request, customer_key: str = "CustomerKey") -> dict[str, Any]:
        """Send one request. Return the response, without the headers of the HTTP library itself."""
        headers = {**HEADERS, "Authorization": f"ODFHIR DeveloperKey/{customer_key}"}
        connection = http.client.HTTPConnection(self.host, timeout=MAX_WAIT)
        if self.is_tls:
            connection = http.client.HTTPSConnection(self.host, timeout=MAX_WAIT, context=TRUSTING)
        try:
            connection.request(request.method, request.path, request.body or None, headers)
            response = connection.getresponse()
            sent = {name: value for name, value in response.headers.items() if name not in _OF_THE_LIBRARY}
            return {"status": response.status, "headers": sent, "body": response.read().decode()}
        finally:
            connection.close()

    def resident(self) -> int | None:
        """Return the resident memory in kB, if the system reports it."""
        for line in _proc(self.pid, "status"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        return None

    def cpu(self) -> float | None:
        """Return the CPU time in seconds, if the system reports it."""
        for line in _proc(self.pid, "stat"):
            times = line.rpartition(")")[2].split()[11:13]  # utime and stime, after a name that may contain spaces
            return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
        return None

    @property
    def loop(self) -> str:
        """Return the kind of its event loop."""
        return "uvloop" if any("uvloop" in line for line in _proc(self.pid, "maps")) else "asyncio"


def plain_environment() -> dict[str, str]:
    """Return the environment, without variables that change a server or its start, except the event loop.

    If no bytecode may be written, a checkout is compiled at each start, but a package that pip has compiled is not.
    """
    left_out = ("OPENDENTAL_MOCK_", "PYTHONDONTWRITEBYTECODE")
    return {
        name: value
        for name, value in os.environ.items()
        if name == "OPENDENTAL_MOCK_LOOP" or not name.startswith(left_out)
    }


_OF_THE_LIBRARY = ("Content-Length", "Date")


def mock(*arguments: str | Path, folder: Path | None = None) -> Process:
    """Start the mock as its users do, on any free port. `folder` is a checkout, if not the installed package."""
    return Process("-m", "mockserver", "--port", "0", *arguments, folder=folder)


def floor(like: Process, *requests: Request) -> Process:
    """Start bare handlers that send the responses of `like` to these requests.

    Of two with one path the first counts.
    """
    answers: dict[tuple[str, str], dict[str, Any]] = {}
    for request in requests:
        answer = like.answer(request)
        if answer["status"] != request.status:
            raise RuntimeError(f"{request.method} {request.path} is answered with {answer['status']}: {answer['body']}")
        answers.setdefault((request.method, request.path), {"method": request.method, "path": request.path, **answer})
    return Process(
        HERE / "floor.py", said=json.dumps({"loop": like.loop, "tls": like.is_tls, "answers": list(answers.values())})
    )


def load_on_its_own_core() -> None:
    """Pin this process, and the load that it starts, to another core than the servers'."""
    if len(_CORES) > 1:
        os.sched_setaffinity(0, set(_CORES[1:]))


_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


@contextmanager
def _on_core(index: int) -> Iterator[None]:
    """Pin the processes that this block starts to that core."""
    if len(_CORES) < 2:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {_CORES[index]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _proc(pid: int, name: str) -> list[str]:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
