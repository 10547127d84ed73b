"""Fixtures of the tests of the command: functions that run it to its end, and that start servers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from mockserver.cli import main
from support.command import Run, Start, environment
from support.processes import Serving


@pytest.fixture
def run(a_process_of_its_own: None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command to its end, in this process."""

    def runner(*words: str, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        capfd.readouterr()
        with monkeypatch.context() as changed, open(os.devnull) as nothing:
            for name in os.environ.keys() - environment().keys():
                changed.delenv(name)
            for name, value in environment(**variables).items():
                changed.setenv(name, value)
            changed.setattr(sys, "stdin", nothing)
            if cwd is not None:
                changed.chdir(cwd)
            try:
                code = main(words)
            except SystemExit as ended:  # of argparse
                code = int(ended.code or 0)
        return subprocess.CompletedProcess(words, code, *capfd.readouterr())

    return runner


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts servers with those arguments. They are killed after the test."""
    with ExitStack() as running:
        yield lambda *words, **more: running.enter_context(Serving(*words, port="", **more))
