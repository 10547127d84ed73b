"""Containerfile tests: there is no container engine here, so its instructions are read, and its commands run without one."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from support.processes import MAX_WAIT, without_settings

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "Containerfile").read_text("utf-8")
VENV = "/opt/opendental-mock"


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} (.+)$", TEXT.replace("\\\n", " "), re.M)


def as_array(name: str) -> list[str]:
    (text,) = instructions(name)
    words: list[str] = json.loads(text[text.index("[") :])
    return words


def environment() -> dict[str, str]:
    """Return the variables that the image sets, without PATH."""
    (line,) = instructions("ENV")
    pairs = dict(word.split("=", 1) for word in shlex.split(line))
    assert pairs.pop("PATH") == f"{VENV}/bin:$PATH"
    return pairs


def test_it_is_small_and_does_not_run_as_root() -> None:
    assert set(instructions("FROM")) == {
        "docker.io/library/python:3.13-slim AS build",
        "docker.io/library/python:3.13-slim",
    }
    last_stage = TEXT.rpartition("\nFROM ")[2]
    user, _, group = instructions("USER")[-1].partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert "RUN" not in last_stage
    assert last_stage.index("USER ") < last_stage.index("ENTRYPOINT ")
    assert f"COPY --from=build {VENV} {VENV}\n" in last_stage


def test_every_file_that_it_copies_is_there_and_no_other_is_needed() -> None:
    copied = {source for line in instructions("COPY") if "--from" not in line for source in line.split()[:-1]}
    assert all((ROOT / source).exists() for source in copied)
    wheel = re.search(r"^only-include = \[(.+)\]$", (ROOT / "pyproject.toml").read_text("utf-8"), re.M)
    assert wheel is not None
    assert copied == {"pyproject.toml", "README.md", *json.loads(f"[{wheel[1]}]")}


def check_that_it_serves(programs: Path, tmp_path: Path) -> None:
    """Run ENTRYPOINT and HEALTHCHECK, and see that they write no file."""
    empty = tmp_path / "empty"
    empty.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    variables = {
        **without_settings(), **environment(), "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(empty), "TMPDIR": str(empty), "OPENDENTAL_MOCK_PORT": str(port), "OPENDENTAL_BASE_URL": "",
    }  # fmt: skip
    token = {"OPENDENTAL_MOCK_ADMIN_TOKEN": "Sesame"}
    command = [str(programs / as_array("ENTRYPOINT")[0]), *as_array("ENTRYPOINT")[1:]]
    refused = subprocess.run(
        command, env=variables, cwd=empty, capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=False
    )
    assert (refused.returncode, "--admin-token" in refused.stderr) == (2, True)
    with subprocess.Popen(
        command, env=variables | token, cwd=empty, stdout=subprocess.PIPE, encoding="utf-8"
    ) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline() == f"http://127.0.0.1:{port}/api/v1\n"
            check = [str(programs / as_array("HEALTHCHECK")[0]), *as_array("HEALTHCHECK")[1:]]
            for secret, code in ((token, 0), ({}, 1)):
                asked = subprocess.run(
                    check,
                    env=variables | secret,
                    cwd=empty,
                    capture_output=True,
                    encoding="utf-8",
                    timeout=MAX_WAIT,
                    check=False,
                )
                assert asked.returncode == code, asked.stderr
        finally:
            server.terminate()
    assert list(empty.iterdir()) == []


@pytest.mark.thorough
def test_its_commands_serve_and_write_nothing(tmp_path: Path) -> None:
    check_that_it_serves(Path(sysconfig.get_path("scripts")), tmp_path)


@pytest.mark.thorough
@pytest.mark.skipif(os.name != "posix", reason="its commands are those of a Linux image")
def test_it_builds_from_what_it_copies(tmp_path: Path) -> None:
    source, venv = tmp_path / "src", tmp_path / "venv"
    for line in instructions("COPY"):
        *names, target = line.split()
        for name in names if "--from" not in line else ():
            copied = source / target / (name if target.endswith("/") else "")
            copied.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, copied)
    (command,) = instructions("RUN")
    command = command.replace(VENV, str(venv)).replace("python -m", f"{sys.executable} -m", 1)
    ended = subprocess.run(
        ["sh", "-c", command], cwd=source, capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    check_that_it_serves(venv / "bin", tmp_path)
