"""Command `opendental-mock`: run to its end in a process of its own, or as a server."""

import http.client
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

MAX_WAIT = 60
STOPS_WITHIN = 5

NOT_ON_WINDOWS = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send a process this signal")

ASK = (
    "import os, urllib.request as r; "
    "r.urlopen(r.Request(os.environ['OPENDENTAL_BASE_URL'] + '/claimtrackings', headers={"
    "'Authorization': 'ODFHIR %s/%s' % (os.environ['OPENDENTAL_DEVELOPER_KEY'], os.environ['OPENDENTAL_CUSTOMER_KEY']), "
    "'Content-Type': 'application/json'{more}})).read()"
)
PYTHON = (sys.executable, "-c")
FINE = (*PYTHON, ASK.replace("{more}", ""))
"""A command that sends one request to the server of `run`."""

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Start = Callable[..., "Running"]


def environment(**variables: str) -> dict[str, str]:
    """Return this process's environment without the command's variables, and wide enough for argparse's short lines."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENDENTAL_")}
    return kept | {"COLUMNS": "200"} | variables


def run_process(*words: str, cwd: Path | None = None, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end in a process of its own, which only tests of what is around the command need."""
    return subprocess.run(
        [sys.executable, "-m", "mockserver", *words], stdin=subprocess.DEVNULL,
        cwd=cwd, env=environment(**variables), capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=False,
    )  # fmt: skip


class Running:
    """The command as a server, in its own process."""

    def __init__(self, arguments: tuple[str, ...], flags: tuple[str, ...], variables: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *flags, "-m", "mockserver", *arguments],
            env=environment(**variables), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
        watchdog = threading.Timer(MAX_WAIT, self.process.kill)
        watchdog.start()
        assert self.process.stdout is not None
        self.ready = self.process.stdout.readline()
        watchdog.cancel()
        if not self.ready:
            pytest.fail(f"it did not start: {self.process.communicate()[1]}")
        self.url = self.ready.strip()

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str]:
        """Send one request below the base URL. Return its status and its body."""
        address = urlsplit(self.url)
        connection = http.client.HTTPConnection(address.netloc, timeout=MAX_WAIT)
        try:
            connection.request(method, address.path + path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        """Send a signal. Return the exit code, and the rest of standard output and standard error."""
        self.process.send_signal(number)
        out, log = self.process.communicate(timeout=STOPS_WITHIN)
        return self.process.returncode, out, log

    def kill(self) -> None:
        """End it, whatever it does."""
        self.process.kill()
        self.process.communicate()
