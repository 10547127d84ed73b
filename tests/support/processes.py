"""Test processes: the command as a process that a test starts, and that always ends with it."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from urllib.parse import urlsplit

MAX_WAIT = 60
# The documented limit is 5 s; the machine may be busy with other tests.
STOPS_WITHIN = 10


class Serving(AbstractContextManager["Serving"]):
    """A process `opendental-mock serve`, with the given streams and variables."""

    def __init__(
        self,
        *arguments: str,
        stdin: int | None = None,
        stderr: int = subprocess.PIPE,
        before: str = "",
        flags: tuple[str, ...] = (),
        scheme: str = "http",
        port: str = "0",
        **variables: str,
    ) -> None:
        """`before` is Python code that the process runs first. `flags` are Python's own. If `port` is "", it has no flag."""
        command = (
            ["-c", f"{before}\nfrom mockserver.__main__ import command\ncommand()"] if before else ["-m", "mockserver"]
        )
        self.process = subprocess.Popen(
            [sys.executable, *flags, *command, *arguments, *(["--port", port] if port else [])],
            env=without_settings() | variables, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, encoding="utf-8",
        )  # fmt: skip
        assert self.process.stdout is not None
        self.ready = self.process.stdout.readline()
        self.url = self.ready.strip()
        assert self.url.startswith(f"{scheme}://"), self.process.communicate()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.process.kill()
        with suppress(ValueError):
            self.process.communicate()

    @property
    def netloc(self) -> str:
        """Return host and port."""
        return urlsplit(self.url).netloc

    def ask(self, count: int, path: str = "/claimtrackings?ClaimNum=25") -> None:
        """Send so many requests on one connection, each after the response to the one before."""
        connection = http.client.HTTPConnection(self.netloc, timeout=MAX_WAIT)
        headers = {"Content-Type": "application/json", "Authorization": "ODFHIR a/b"}
        for _ in range(count):
            connection.request("GET", "/api/v1" + path, headers=headers)
            assert connection.getresponse().read()
        connection.close()

    def request(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str]:
        """Send one request below the base URL. Return its status and its body."""
        connection = http.client.HTTPConnection(self.netloc, timeout=MAX_WAIT)
        try:
            connection.request(method, urlsplit(self.url).path + path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Send a signal. Return the exit code, and the rest of standard output and standard error."""
        self.process.send_signal(number)
        out, log = self.process.communicate(timeout=STOPS_WITHIN)
        return self.process.returncode, out, log

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal. Return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOPS_WITHIN)


def without_settings() -> dict[str, str]:
    """Return the environment of this process, without the command's variables, and as if it were not in CI.

    There pytest writes longer summaries, and the tests read what it writes elsewhere.
    """
    names = [name for name in os.environ if not name.startswith("OPENDENTAL_") and name != "CI"]
    return {name: os.environ[name] for name in names}


def until(holds: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    """Wait until a condition holds. Fail if it takes too long, or if the process has ended before."""
    end = time.monotonic() + MAX_WAIT
    while not holds():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)
