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
    """A process `opendental-mock serve` on a free port, with the given streams."""

    def __init__(
        self,
        *arguments: str,
        stdin: int | None = None,
        stderr: int = subprocess.PIPE,
        before: str = "",
        scheme: str = "http",
    ) -> None:
        """`before` is Python code that the process runs first."""
        command = (
            ["-c", f"{before}\nfrom mockserver.__main__ import command\ncommand()"] if before else ["-m", "mockserver"]
        )
        self.process = subprocess.Popen(
            [sys.executable, *command, "--port", "0", *arguments],
            env=without_settings(), stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, encoding="utf-8",
        )  # fmt: skip
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
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

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal. Return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOPS_WITHIN)


def without_settings() -> dict[str, str]:
    """Return the environment of this process, without the command's variables, and as if it were not in CI.

    There pytest writes longer summaries, and the tests read what it writes elsewhere.
    """
    names = [name for name in os.environ if not name.startswith("OPENDENTAL_MOCK_") and name != "CI"]
    return {name: os.environ[name] for name in names}


def until(holds: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    """Wait until a condition holds. Fail if it takes too long, or if the process has ended before."""
    end = time.monotonic() + MAX_WAIT
    while not holds():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)
