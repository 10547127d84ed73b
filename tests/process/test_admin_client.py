"""Admin client tests: the commands that use a server's address, and the admin token of a public server."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mockserver import MockServer
from support.command import Run, run_process
from support.effort import parameters

MAX_WAIT = 30
ELSEWHERE = {name: value for name, value in os.environ.items() if not name.startswith("OPENDENTAL_")}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """Return the base URL of a server on all interfaces, whose admin API requires a token from a file."""
    token = tmp_path / "token"
    token.write_text("Sesame\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "mockserver", "--host", "0.0.0.0", "--port", "0", "--admin-token", f"@{token}",
         "--port-file", str(tmp_path / "port")],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.communicate(timeout=MAX_WAIT)


def test_health_exits_with_0_if_a_server_is_ready_and_else_1(run: Run, served: str, tmp_path: Path) -> None:
    asked = run("health", "--url", served, OPENDENTAL_MOCK_ADMIN_TOKEN="Sesame")
    assert asked.returncode == 0
    assert json.loads(asked.stdout)["status"] == "ok"
    without = run("health", "--url", served)
    assert (without.returncode, without.stdout) == (1, "")
    assert "401" in without.stderr
    for variables in (
        {"OPENDENTAL_BASE_URL": served},
        {"OPENDENTAL_MOCK_PORT": (tmp_path / "port").read_text().strip()},
    ):
        for command in ("health", "export", "report"):
            more = {"OPENDENTAL_MOCK_ALLOW_NO_REQUESTS": "1"} if command == "report" else {}
            found = run(command, OPENDENTAL_MOCK_ADMIN_TOKEN="Sesame", **variables, **more)
            assert found.returncode == 0, found.stderr
    nobody = run("health", "--url", "http://127.0.0.1:9/api/v1")
    assert nobody.returncode == 1
    assert len(nobody.stderr.splitlines()) == 1
    assert (tmp_path / "port").read_text() == served.split(":")[-1].removesuffix("/api/v1") + "\n"


@pytest.mark.parametrize("command", parameters(["health", "export", "report", "env"], quick=["export"]))
def test_clients_read_the_token_from_the_file_that_the_server_reads(
    run: Run, command: str, served: str, tmp_path: Path
) -> None:
    flags = ["--allow-no-requests"] if command == "report" else []
    asked = run(command, "--url", served, *flags, OPENDENTAL_MOCK_ADMIN_TOKEN=f"@{tmp_path / 'token'}")
    assert (asked.returncode, asked.stderr) == (0, "")


@pytest.mark.parametrize("command", ["serve", "health", "export", "report", "env"])
def test_a_token_that_no_header_can_carry_is_refused_and_not_shown(run: Run, command: str) -> None:
    asked = run(command, OPENDENTAL_MOCK_ADMIN_TOKEN="Sesame\r")
    assert (asked.returncode, asked.stdout) == (2, "")
    assert "environment variable OPENDENTAL_MOCK_ADMIN_TOKEN: it has spaces around it" in asked.stderr
    assert "Sesame" not in asked.stderr


@pytest.mark.parametrize("url", ["nonsense", "file:///etc/passwd", "http://[", "ftp://127.0.0.1/"])
def test_invalid_url_is_wrong_use(run: Run, url: str) -> None:
    asked = run("health", "--url", url)
    assert (asked.returncode, asked.stdout) == (2, "")
    assert "http://127.0.0.1:30222/api/v1" in asked.stderr


def test_invalid_base_url_variable_is_wrong_use_and_named(run: Run) -> None:
    asked = run("health", OPENDENTAL_BASE_URL="127.0.0.1:30222")
    assert (asked.returncode, asked.stdout) == (2, "")
    assert "OPENDENTAL_BASE_URL" in asked.stderr


def test_env_uses_the_port_variable_and_not_the_base_url(run: Run) -> None:
    said = run(
        "env", "--format", "json", OPENDENTAL_MOCK_PORT="5", OPENDENTAL_BASE_URL="https://live.test/api/v1"
    ).stdout
    assert json.loads(said)["OPENDENTAL_BASE_URL"] == "http://127.0.0.1:5/api/v1"


def test_env_is_for_a_shell_or_a_program(run: Run) -> None:
    url = "http://127.0.0.1:5/it's"
    given = json.loads(run("env", "--url", url, "--format", "json").stdout)
    assert given["OPENDENTAL_BASE_URL"] == url
    script = run("env", "--url", url).stdout + '\nprintf %s "$OPENDENTAL_BASE_URL $OPENDENTAL_CUSTOMER_KEY"'
    if os.name == "posix":
        said = subprocess.run(["sh", "-c", script], capture_output=True, encoding="utf-8", check=True).stdout
        assert said == f"{url} {given['OPENDENTAL_CUSTOMER_KEY']}"


@pytest.fixture
def keys_served() -> Iterator[str]:
    """Return the base URL of a server with several customer keys and an admin token."""
    with MockServer("keys", admin_token="Sesame") as server:
        yield server.url


def test_env_gives_the_keys_and_the_admin_url_of_the_server(run: Run, keys_served: str) -> None:
    told = run("env", "--url", keys_served, "--format", "json", "--admin-token", "Sesame")
    assert json.loads(told.stdout) == {
        "OPENDENTAL_BASE_URL": keys_served,
        "OPENDENTAL_ADMIN_URL": keys_served.replace("/api/v1", "/__admin"),
        "OPENDENTAL_DEVELOPER_KEY": "MockDeveloperKey",
        "OPENDENTAL_CUSTOMER_KEY": "FrontDesk",
    }
    assert told.stderr == ""


@pytest.mark.parametrize(("is_up", "reason"), [(True, "it answers 401"), (False, "no server listens there")])
def test_env_says_why_its_keys_are_dummies(run: Run, keys_served: str, is_up: bool, reason: str) -> None:
    told = run("env", "--url", keys_served if is_up else "http://127.0.0.1:9/api/v1", "--format", "json")
    assert told.returncode == 0
    assert json.loads(told.stdout)["OPENDENTAL_CUSTOMER_KEY"] == "MockCustomerKey"
    (note,) = told.stderr.splitlines()
    assert note.startswith("opendental-mock: the keys are dummies")
    assert reason in note


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_the_admin_api_is_not_opened_to_others_without_a_token(run: Run, host: str) -> None:
    ended = run("--host", host, "--port", "0")
    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert "--admin-token" in line
    assert "--no-admin" in line


def test_a_token_file_that_cannot_be_had_is_one_line(run: Run, tmp_path: Path) -> None:
    ended = run("--port", "0", "--admin-token", f"@{tmp_path}/none")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
    assert "--admin-token" in ended.stderr


@pytest.mark.skipif(os.name != "posix", reason="stops the server with a signal")
def test_the_server_writes_its_report_when_it_stops(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    process = subprocess.Popen(
        [sys.executable, "-m", "mockserver", "--port", "0", "--report", str(file)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with urllib.request.urlopen(url + "/claimtrackings", timeout=MAX_WAIT) as answer:
            assert answer.status == 200
        process.terminate()
        process.communicate(timeout=MAX_WAIT)
    finally:
        process.kill()
    assert process.returncode == 0
    report = json.loads(file.read_text())
    assert "claimtrackings.list.all" in {rule["id"] for rule in report["rules"] if rule["met"]}
    assert report["percent"] > 0


@pytest.mark.thorough
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_service_link_is_logged_and_does_not_stop_the_command(run: Run, form: str) -> None:
    link: dict[str, Any] = {"OPENDENTAL_MOCK_PORT": "tcp://10.0.171.239:30222"}
    ended = run_process("run", "--allow-no-requests", "--log-format", form, "--", sys.executable, "-c", "", **link)
    assert ended.returncode == 0
    (line,) = (line for line in ended.stderr.splitlines() if "OPENDENTAL_MOCK_PORT is ignored" in line)
    assert form == "text" or json.loads(line)["level"] == "warning"
    asked = run("health", **link)
    assert "OPENDENTAL_MOCK_PORT is ignored" in asked.stderr.splitlines()[0]
    assert "http://127.0.0.1:30222/api/v1" in asked.stderr.splitlines()[1]


def test_an_unknown_flag_is_named_without_its_value(run: Run) -> None:
    ended = run("serve", "--admin-tokn=Sesame")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "there is no --admin-tokn; did you mean --admin-token?" in ended.stderr
    assert "Sesame" not in ended.stderr
