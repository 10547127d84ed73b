"""Command tests in unusual places: early interrupts, no terminal, a server that is not a mock."""

import contextlib
import importlib
import io
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from mockserver.cli import main
from support.effort import parameters
from support.processes import until

MAX_WAIT = 30
MORE_THAN_A_PIPE_HOLDS = 1_000_000
# The command, even if the tests themselves run with interrupts ignored, as with a shell's `&`.
INTERRUPTIBLE = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    " from mockserver.cli import main; sys.exit(main())"
)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in the file system")
def test_an_interrupt_before_it_serves_ends_with_130_and_no_traceback(tmp_path: Path) -> None:
    pipe = tmp_path / "token"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "--port", "0", "--admin-token", f"@{pipe}"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    watchdog = threading.Timer(MAX_WAIT, process.kill)
    watchdog.start()
    with pipe.open("w") as writer:
        writer.write("x" * MORE_THAN_A_PIPE_HOLDS)
        writer.flush()  # opens when the command begins to read its token, long before it serves
        process.send_signal(signal.SIGINT)
    out, log = process.communicate(timeout=MAX_WAIT)
    watchdog.cancel()
    assert (process.returncode, out, log) == (130, "", "")


INTERRUPTED_WHILE_IMPORTING = """
import os, runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
class Finder:
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
runpy.run_module("mockserver", run_name="__main__", alter_sys=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send a process this signal")
@pytest.mark.parametrize("module", ["mockserver.cli", "mockserver.cli.flags", "aiohttp"])
def test_an_interrupt_while_it_imports_ends_with_130_and_no_traceback(module: str) -> None:
    code = INTERRUPTED_WHILE_IMPORTING.format(module=module)
    ended = subprocess.run(
        [sys.executable, "-c", code, "--port", "0"],
        capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="closes descriptors before it starts")
@pytest.mark.parametrize("closed", parameters([(0,), (2,), (0, 2), (0, 1, 2)], quick=[(0, 1, 2)]))
def test_server_starts_and_stops_with_closed_standard_streams(closed: tuple[int, ...], tmp_path: Path) -> None:
    port, report = tmp_path / "port", tmp_path / "report"
    command = [sys.executable, "-m", "mockserver", "--port", "0", "--port-file", str(port), "--report", str(report)]
    code = f"import os\nfor one in {closed}: os.close(one)\nos.execv({command[0]!r}, {command!r})"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    try:
        until(port.exists, process)
        url = f"http://127.0.0.1:{port.read_text().strip()}/api/v1/claimtrackings"
        assert urllib.request.urlopen(url, timeout=MAX_WAIT).status == 200
        process.terminate()
        out, log = process.communicate(timeout=MAX_WAIT)
    finally:
        process.kill()
    assert process.returncode == 0
    assert report.exists()
    assert (out == "") == (1 in closed)
    assert ("GET /api/v1/claimtrackings 200" in log) == (2 not in closed)


@pytest.mark.skipif(sys.platform == "win32", reason="closes descriptors before it starts")
def test_errors_are_not_printed_as_data_with_stderr_closed() -> None:
    code = (
        f"import os; os.close(2); os.execv({sys.executable!r}, [{sys.executable!r}, '-m', 'mockserver', 'check', 'no'])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=MAX_WAIT, check=False)
    assert (ended.returncode, ended.stdout) == (2, b"")


class Interrupting(io.StringIO):
    """A stream whose writing is interrupted by Ctrl-C."""

    def write(self, _text: str) -> int:
        """Raise KeyboardInterrupt."""
        raise KeyboardInterrupt


def test_an_interrupt_while_it_speaks_ends_with_130() -> None:
    with contextlib.redirect_stdout(Interrupting()):
        assert main(["env"]) == 130


def test_output_goes_to_streams_without_a_descriptor() -> None:
    out, log = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(log):
        assert main(["env", "--url", "http://127.0.0.1:5"]) == 0
    assert out.getvalue().startswith("export OPENDENTAL_BASE_URL='http://127.0.0.1:5'")
    assert log.getvalue().startswith("opendental-mock: the keys are dummies")


def test_importing_the_module_that_is_the_command_runs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(importlib.import_module("mockserver.__main__").command)
    assert capsys.readouterr().out == ""


class Stranger(BaseHTTPRequestHandler):
    """A handler that does not respond like the mock."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>It works!</html>")

    def log_message(self, format: str, *args: object) -> None:
        """Do nothing."""


@pytest.fixture
def stranger() -> Iterator[str]:
    """Return the URL of a web server that is not a mock."""
    server = HTTPServer(("127.0.0.1", 0), Stranger)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_health_exits_with_1_if_another_server_responds(stranger: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["health", "--url", stranger]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"opendental-mock: no server is ready at {stranger}: ")
    assert len(said.err.splitlines()) == 1
