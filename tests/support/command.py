"""Command `opendental-mock`: run to its end in a process of its own, and what starts it as a server."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.processes import MAX_WAIT, Serving, without_settings

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
Start = Callable[..., Serving]


def environment(**variables: str) -> dict[str, str]:
    """Return the environment of a command, with lines that are wide enough for argparse's short ones."""
    return without_settings() | {"COLUMNS": "200"} | variables


def run_process(*words: str, cwd: Path | None = None, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end in a process of its own, which only tests of what is around the command need."""
    return subprocess.run(
        [sys.executable, "-m", "mockserver", *words], stdin=subprocess.DEVNULL,
        cwd=cwd, env=environment(**variables), capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=False,
    )  # fmt: skip
