"""Tests of `run` that run on every system: commands as they are called there, leftovers, and exit codes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver.cli.processes import Processes, exit_code
from mockserver.web import signals

MAX_WAIT = 60
PYTHON = (sys.executable, "-c")
# Its end of the pipe stays open until it ends, and the test reads that pipe to its end.
LEAVES_ONE_BEHIND = "import subprocess as s, sys; s.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])"


def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mockserver", "run", "--allow-no-requests", "--", *words],
        env=os.environ | variables, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=MAX_WAIT,
        check=False,
    )  # fmt: skip


def test_a_command_is_found_by_the_name_that_people_type(tmp_path: Path) -> None:
    (tmp_path / "tool.cmd").write_text("@echo 1 %1\r\n")  # as npm.cmd is, on Windows
    tool = tmp_path / "tool"
    tool.write_text('#!/bin/sh\necho "1 $1"\n')
    tool.chmod(0o755)
    ended = run("tool", "two", PATH=os.pathsep.join((str(tmp_path), os.environ["PATH"])))
    assert (ended.returncode, ended.stdout.partition("\n")[0].strip()) == (0, "1 two"), ended.stderr


def test_what_a_command_leaves_behind_is_ended() -> None:
    assert run(*PYTHON, LEAVES_ONE_BEHIND).returncode == 0


def test_a_terminal_sends_ctrl_c_itself_and_no_other_signal() -> None:
    alone = Processes()
    # Without `site` nothing traces it: a signal would cut off the file of what was traced.
    with alone.start((sys.executable, "-S", "-c", "input()"), {}, stdin=subprocess.PIPE) as process:
        alone.send(signal.SIGINT)
        alone.send(signal.SIGTERM)
        assert process.wait(MAX_WAIT) == (1 if sys.platform == "win32" else -signal.SIGTERM)


@pytest.mark.parametrize(
    ("code", "ends_with"), [(0, 0), (7, 7), (-15, 143), (0x7FFFFFFF, 0x7FFFFFFF), (0xC000013A, -0x3FFFFEC6)]
)
def test_each_exit_code_is_one_that_a_process_can_end_with(code: int, ends_with: int) -> None:
    assert exit_code(code) == ends_with
    assert -(2**31) <= ends_with < 2**31  # the int of C, which `os._exit` takes


@pytest.mark.usefixtures("a_process_of_its_own")
@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="it stands for the SIGBREAK of Windows")
def test_the_signals_of_a_terminal_are_handled(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    before = signal.getsignal(signal.SIGUSR1)
    monkeypatch.setattr(signals, "OF_TERMINAL", (signal.SIGINT, signal.SIGUSR1))
    try:
        signals.on_signals(told.append)
        signal.raise_signal(signal.SIGUSR1)
        signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert told == [signal.SIGUSR1, signal.SIGINT]
