"""Shutdown tests: the process ends within 5 s of a signal, with its report, even if the server is busy."""

import json
import select
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from support.processes import MAX_WAIT, STOPS_WITHIN, Serving

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send a process these signals")

MANY = 150_000
BUSY = """
import logging, signal, sys
from mockserver.cli.shutdown import Shutdown
from mockserver.cli.output import CannotWrite
from mockserver.journal.log_format import log_to_stderr

def last():
    print("done", flush=True)
    if sys.argv[1] == "fails":
        raise CannotWrite("--report x: no")
    while sys.argv[1] == "hangs":
        pass
    return int(sys.argv[1])

log = log_to_stderr("text").__enter__()
logging.getLogger("mockserver").info("logged")
with Shutdown(last, log) as shutdown:
    signal.signal(signal.SIGTERM, lambda *_: shutdown.request_stop())
    print("ready", flush=True)
    while True:
        pass
"""


@pytest.mark.thorough
@pytest.mark.parametrize(("last", "code", "signals"), [("7", 7, 1), ("7", 7, 2), ("fails", 2, 2), ("hangs", 2, 2)])
def test_a_process_that_is_too_busy_to_end_is_ended(last: str, code: int, signals: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", BUSY, last], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        if signals == 2:
            # Two equal signals may be merged into one; this lets the main thread handle the first one before.
            threading.Timer(0.5, process.terminate).start()
        out, log = process.communicate(timeout=STOPS_WITHIN)
    finally:
        process.kill()
    assert (process.returncode, out) == (code, "done\n")
    assert log.partition("\n")[0].endswith("INFO logged")
    assert ("--report x: no" in log) == (last == "fails")


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a fixture that takes seconds to load, and whose office takes seconds to export."""
    file = tmp_path_factory.mktemp("big") / "office.json"
    rows = [{"ClaimTrackingNum": number, "ClaimNum": 7} for number in range(1, MANY + 1)]
    file.write_text(json.dumps({"claim": [7], "claimtracking": rows}), encoding="utf-8")
    return file


@pytest.mark.thorough
def test_a_server_that_is_busy_with_one_request_ends_with_its_report(
    big: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As the process exits, coverage saves what it has traced; of 20 times it crashes once, if a thread is busy then.
    monkeypatch.delenv("COVERAGE_PROCESS_START", raising=False)
    report = tmp_path / "report.json"
    with Serving("--fixtures", str(big), "--report", str(report)) as server:
        server.ask(3, "/claimtrackings")
        host, port = server.netloc.split(":")
        with socket.create_connection((host, int(port)), MAX_WAIT) as client:
            client.sendall(b"GET /__admin/office HTTP/1.1\r\nHost: localhost\r\n\r\n")
            select.select([client], [], [], 0.2)  # it has begun, and has not ended
            assert server.end(signal.SIGHUP) == 0
    assert json.loads(report.read_text())["met"] > 0


@pytest.mark.thorough
def test_a_server_that_loads_a_fixture_again_ends_without_waiting_for_it(big: Path, tmp_path: Path) -> None:
    fixture = tmp_path / "office.json"
    fixture.write_text('{"claim": [7]}', encoding="utf-8")
    with Serving("--fixtures", str(fixture), "--watch") as server:
        server.ask(1, "/claimtrackings")
        fixture.write_bytes(big.read_bytes())
        # The time that the watcher needs to see the end of the save, and to begin.
        threading.Event().wait(1)
        assert server.end() == 0


def test_second_signal_ends_a_waiting_server_with_its_report(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with Serving("--report", str(report), "--log-format", "json") as server:
        host, port = server.netloc.split(":")
        with socket.create_connection((host, int(port)), MAX_WAIT) as client:
            client.sendall(b"POST /claimtrackings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
            server.ask(1)
            server.process.terminate()
            threading.Timer(0.3, server.process.terminate).start()
            assert server.process.wait(STOPS_WITHIN) == 0
        assert server.process.stderr is not None
        assert "/claimtrackings" in server.process.stderr.read()
    assert report.exists()


def test_a_hangup_that_is_ignored_stays_so() -> None:
    code = (
        "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
        "from mockserver.web.signals import on_signals; on_signals(print);"
        "signal.raise_signal(signal.SIGHUP); signal.raise_signal(signal.SIGTERM)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=MAX_WAIT, check=True)
    assert ended.stdout.split() == [b"15"]
