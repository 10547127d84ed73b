"""Tests of the client for JavaScript: the command prints it, and it controls a server under Node's test runner."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from mockserver import MockServer
from mockserver.cli import main

HERE = Path(__file__).parent
FILE = "opendental-mock.mjs"


def test_the_command_prints_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["client", "js"]) == 0
    text = capsys.readouterr().out
    assert text == (HERE.parents[1] / "mockserver" / "testing" / FILE).read_text("utf-8")
    assert "import " not in text.replace("export ", "")


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node on this machine")
def test_it_controls_a_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["client", "js"]) == 0
    (tmp_path / FILE).write_text(capsys.readouterr().out, encoding="utf-8")
    shutil.copy(HERE / "client.test.mjs", tmp_path)
    with MockServer(admin_token="Sesame") as server:
        variables = {"OPENDENTAL_BASE_URL": server.url, "OPENDENTAL_MOCK_ADMIN_TOKEN": "Sesame"}
        ended = subprocess.run(
            ["node", "--test", "client.test.mjs"], env=os.environ | variables,
            cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip
    assert ended.returncode == 0, ended.stdout
