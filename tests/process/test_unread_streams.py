"""Unread stream tests: streams of the command without a reader delay neither clients nor the end."""

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from support.processes import MAX_WAIT, STOPS_WITHIN, Serving, until, without_settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send a process these signals")

MORE_THAN_A_PIPE_HOLDS = 2_000  # lines
LONG = "/claimtrackings?note=" + "x" * 2_000
MORE_LONG_ONES_THAN_WAIT = 1_000


@pytest.mark.thorough
@pytest.mark.parametrize(("form", "stderr"), [("text", subprocess.PIPE), ("json", subprocess.STDOUT)])
def test_unread_log_delays_neither_clients_nor_the_end(form: str, stderr: int) -> None:
    with Serving("--log-format", form, stderr=stderr) as server:
        server.ask(MORE_THAN_A_PIPE_HOLDS)
        assert server.end() == 0


@pytest.mark.thorough
def test_log_that_is_read_late_is_complete_and_in_order() -> None:
    with Serving("--log-format", "json") as server:
        server.ask(MORE_THAN_A_PIPE_HOLDS)
        server.process.terminate()
        _, log = server.process.communicate(timeout=MAX_WAIT)
        assert server.process.returncode == 0
    assert [json.loads(line)["id"] for line in log.splitlines()] == list(range(1, MORE_THAN_A_PIPE_HOLDS + 1))


@pytest.mark.thorough
def test_lines_that_were_dropped_are_counted_in_their_place() -> None:
    with Serving("--log-format", "json") as server:
        server.ask(MORE_LONG_ONES_THAN_WAIT, LONG)
        assert server.process.stderr is not None
        lines: list[dict[str, Any]] = []
        while not (lines and "dropped" in lines[-1]["event"]):
            lines.append(json.loads(server.process.stderr.readline()))
        server.ask(1)
        server.process.terminate()
        lines += map(json.loads, server.process.stderr)
    number = 0
    for line in lines:
        dropped = re.fullmatch(r"(\d+) lines of the log were dropped", line["event"])
        number += int(dropped[1]) if dropped else 1
        assert dropped or line["id"] == number
        assert line["level"] == ("warning" if dropped else "info")
    assert number == MORE_LONG_ONES_THAN_WAIT + 1


@pytest.mark.thorough
def test_a_standard_output_that_is_full_keeps_the_server_from_nothing(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.set_blocking(write, False)
    with suppress(BlockingIOError):
        while True:
            os.write(write, b"x" * 4096)
    os.set_blocking(write, True)
    process = subprocess.Popen(
        [sys.executable, "-m", "mockserver", "--port", "0", "--port-file", str(tmp_path / "port")],
        env=without_settings(), stdout=write, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    try:
        until((tmp_path / "port").exists, process)
        process.terminate()
        assert process.wait(STOPS_WITHIN) == 0
    finally:
        process.kill()
        process.communicate()
        os.close(read)
        os.close(write)
