"""Command tests: a process with arguments, an environment, two streams and an exit code."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from support.command import NOT_ON_WINDOWS, Run, Start, environment, run_process
from support.effort import parameters
from support.processes import MAX_WAIT, STOPS_WITHIN

ROOT = Path(__file__).resolve().parents[2]

BROKEN = """\
claim:
  - ClaimNum: one
  - ClaimNum: two
"""
SMALL = """\
claim: [{ClaimNum: 77}]
claimtracking:
  - {ClaimTrackingNum: 5, ClaimNum: 77, DateTimeEntry: "2023-07-20 14:05:45"}
"""


def fixture_file(folder: Path, text: str) -> str:
    file = folder / "office.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("flags", parameters([(), ("-I",)], quick=[()]), ids=["as it is", "isolated"])
@pytest.mark.parametrize("arguments", parameters([(), ("serve",)], quick=[()]), ids=["no command", "serve"])
@NOT_ON_WINDOWS
def test_it_serves_once_the_base_url_stands_alone_on_standard_output(
    start: Start, flags: tuple[str, ...], arguments: tuple[str, ...]
) -> None:
    server = start(*arguments, "--port", "0", flags=flags)
    assert re.fullmatch(r"http://127\.0\.0\.1:[1-9][0-9]*/api/v1\n", server.ready)
    assert server.request("GET", "/claimtrackings")[0] == 200
    code, out, _ = server.stop()
    assert (code, out) == (0, "")


def test_a_port_that_is_taken_is_one_line_with_the_port_and_the_way_out(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run("--port", port)
    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert port in line
    assert "--port 0" in line


@pytest.mark.parametrize(
    "host", ["no.such.host.invalid", "a..b", "192.0.2.1"], ids=["no such name", "no name at all", "of another machine"]
)
def test_unavailable_host_is_reported_in_one_line(run: Run, host: str) -> None:
    ended = run("--port", "0", "--host", host)
    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert host in line
    assert "--host" in line


WRONG = {
    "unknown office": (["--fixtures", "defualt"], "did you mean default"),
    "empty office": (["--fixtures", ""], "--fixtures"),
    "a time in another form": (["--now", "tomorrow"], "2023-07-26 09:47:10"),
    "a day that is not": (["--now", "2023-02-30 00:00:00"], "--now"),
    "a port that is a word": (["--port", "http"], "from 0 to 65535"),
    "a port beyond the last": (["--port", "65536"], "from 0 to 65535"),
    "a port of 5 000 digits": (["--port", "9" * 5000], "from 0 to 65535"),
    "a port of Arabic digits": (["--port", "٣"], "from 0 to 65535"),
    "an empty host": (["--host", ""], "--host"),
    "a form of log": (["--log-format", "xml"], "json"),
    "an unknown flag": (["--colour", "red"], "--colour"),
    "half a flag": (["--por", "0"], "--por"),
    "an unknown command": (["sevre"], "choose from"),
    "a flag without its value": (["--port"], "--port"),
    "check of nothing": (["check"], "NAME|FILE|FOLDER"),
}


@pytest.mark.parametrize(("arguments", "told"), WRONG.values(), ids=WRONG.keys())
def test_wrong_use_ends_with_2_and_names_valid_values(run: Run, arguments: list[str], told: str) -> None:
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("OPENDENTAL_MOCK_PORT", "http", "from 0 to 65535"),
        ("OPENDENTAL_MOCK_PORT", "9" * 5000, "from 0 to 65535"),
        ("OPENDENTAL_MOCK_NOW", "tomorrow", "2023-07-26 09:47:10"),
        ("OPENDENTAL_MOCK_LOG_FORMAT", "xml", "json"),
        ("OPENDENTAL_MOCK_HOST", " ", "leave it out"),
    ],
    ids=["port", "long port", "now", "log format", "host"],
)
def test_invalid_variable_ends_with_2_and_is_named(run: Run, variable: str, value: str, told: str) -> None:
    ended = run("serve", cwd=None, **{variable: value})
    assert (ended.returncode, ended.stdout) == (2, "")
    assert variable in ended.stderr
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "arguments", [["check", "default"], ["--help"], ["serve", "--help"], ["--version"]], ids=" ".join
)
def test_a_bad_value_in_the_environment_stops_only_what_reads_it(run: Run, arguments: list[str]) -> None:
    assert run(*arguments, OPENDENTAL_MOCK_PORT="http").returncode == 0


@pytest.mark.thorough
@NOT_ON_WINDOWS
def test_a_flag_wins_over_its_variable(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        variables = {
            "OPENDENTAL_MOCK_PORT": str(taken.getsockname()[1]),
            "OPENDENTAL_MOCK_NOW": "2001-01-01 00:00:00",
            "OPENDENTAL_MOCK_FIXTURES": "status-required",
        }
        server = start("--port", "0", "--now", "2023-07-26 09:47:10", "--fixtures", "default", **variables)
    status, body = server.request("POST", "/claimtrackings", b'{"ClaimNum": 15}')
    assert status == 201
    assert json.loads(body)["DateTimeEntry"] == "2023-07-26 09:47:10"


@pytest.mark.thorough
def test_variable_overrides_the_default_unless_empty(start: Start) -> None:
    server = start(OPENDENTAL_MOCK_PORT="0", OPENDENTAL_MOCK_NOW="2001-01-01 00:00:00", OPENDENTAL_MOCK_HOST="")
    _, body = server.request("POST", "/claimtrackings", b'{"ClaimNum": 15}')
    assert json.loads(body)["DateTimeEntry"] == "2001-01-01 00:00:00"


@pytest.mark.thorough
def test_fixtures_variable_takes_several_like_a_search_path(start: Start, tmp_path: Path) -> None:
    several = os.pathsep.join(["status-required", "", fixture_file(tmp_path, SMALL)])
    server = start("--port", "0", OPENDENTAL_MOCK_FIXTURES=several)
    status, body = server.request("POST", "/claimtrackings", b'{"ClaimNum": 77}')
    assert (status, body) == (400, '"TrackingDefNum is required."')


@pytest.mark.parametrize("arguments", [["serve", "--port", "0", "--fixtures"], ["check"]], ids=["serve", "check"])
def test_broken_fixture_is_reported_by_file_line_and_column(run: Run, arguments: list[str], tmp_path: Path) -> None:
    file = fixture_file(tmp_path, BROKEN)
    ended = run(*arguments, file)
    checks = arguments == ["check"]
    lines = (ended.stdout if checks else ended.stderr).splitlines()
    assert ended.returncode == (1 if checks else 2)
    assert len(lines) == 2
    assert lines[0].startswith(f"{file}:2:15: ")
    assert lines[1].startswith(f"{file}:3:15: ")
    assert (ended.stderr if checks else ended.stdout) == ""


def test_check_says_what_it_checked_if_all_is_well(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(SMALL.replace("77", "78"), encoding="utf-8")
    ended = run("check", fixture_file(tmp_path, SMALL), str(tmp_path / "b.yaml"))
    assert (ended.returncode, ended.stdout) == (0, "")
    assert ended.stderr == "2 files, 2 claims, 2 trackings, no mistake\n"
    assert run("check", "--format", "json", "status-required").stderr == ""


def test_check_reports_a_missing_file_and_checks_the_others(run: Run, tmp_path: Path) -> None:
    ended = run("check", "missing.yaml", fixture_file(tmp_path, BROKEN))
    assert ended.returncode == 2
    assert len(ended.stdout.splitlines()) == 2
    (line,) = ended.stderr.splitlines()
    assert line.startswith("missing.yaml: ")


@NOT_ON_WINDOWS
def test_check_of_a_name_that_no_encoding_has_ends_without_a_traceback(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.yaml")
    shutil.copy(fixture_file(tmp_path, BROKEN), tmp_path / name)
    ended = run_process("check", name, cwd=tmp_path, PYTHONIOENCODING="utf-8:strict")
    assert ended.returncode == 1
    assert ended.stdout.startswith("caf\\udce9.yaml:2:15: ")
    assert ended.stderr == ""


@pytest.fixture
def unread() -> Iterator[int]:
    """Return the writing end of a pipe without a reader."""
    read, write = os.pipe()
    os.close(read)
    yield write
    os.close(write)


@NOT_ON_WINDOWS
def test_check_has_the_usual_exit_code_without_a_reader(unread: int, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mockserver", "check", fixture_file(tmp_path, BROKEN)]
    ended = subprocess.run(
        command, env=environment(), stdout=unread, stderr=subprocess.PIPE, timeout=MAX_WAIT, check=False
    )
    assert (ended.returncode, ended.stderr) == (1, b"")


@pytest.mark.thorough
@NOT_ON_WINDOWS
def test_server_runs_without_a_reader_of_standard_output(unread: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mockserver", "--port", str(port)]
    with subprocess.Popen(command, env=environment(), stdout=unread, stderr=subprocess.PIPE) as process:
        try:
            wait_for_port(port, process)
            process.terminate()
            _, errors = process.communicate(timeout=STOPS_WITHIN)
        finally:
            process.kill()
    assert (process.returncode, errors) == (0, b"")


def wait_for_port(port: int, process: "subprocess.Popen[bytes]") -> None:
    last = time.monotonic() + MAX_WAIT
    while time.monotonic() < last and process.poll() is None:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), MAX_WAIT):
            return
    pytest.fail("it does not listen")


@NOT_ON_WINDOWS
@pytest.mark.parametrize(
    "number", parameters([signal.SIGINT, signal.SIGTERM], quick=[signal.SIGTERM]), ids=["SIGINT", "SIGTERM"]
)
def test_a_signal_stops_it_with_0(start: Start, number: signal.Signals) -> None:
    server = start("--port", "0")
    server.request("GET", "/claimtrackings")
    code, out, log = server.stop(number)
    assert (code, out) == (0, "")
    assert "Traceback" not in log


@NOT_ON_WINDOWS
@pytest.mark.parametrize(
    "number", [pytest.param(signal.SIGINT, marks=pytest.mark.thorough), signal.SIGTERM], ids=["SIGINT", "SIGTERM"]
)
def test_a_signal_stops_it_with_0_while_a_body_is_still_on_its_way(start: Start, number: signal.Signals) -> None:
    server = start("--port", "0")
    address = urlsplit(server.url)
    with socket.create_connection((str(address.hostname), address.port or 0), MAX_WAIT) as client:
        client.sendall(
            b"POST /api/v1/claimtrackings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Expect: 100-continue\r\nContent-Length: 100\r\n\r\n"
        )
        assert client.recv(100).startswith(b"HTTP/1.1 100 ")
        client.sendall(b'{"ClaimNum": ')
        code, out, log = server.stop(number)
    assert (code, out) == (0, "")
    assert "Traceback" not in log


EXCHANGES: dict[str, tuple[str, str, bytes | None]] = {
    "created": ("POST", "/claimtrackings", b'{"ClaimNum": 15, "Note": "Jane Roe"}'),
    "changed": ("PUT", "/claimtrackings/45", b'{"Note": "Jane Roe", "Jane": "Roe"}'),
    "wrong type": ("POST", "/claimtrackings", b'{"ClaimNum": "Jane Roe"}'),
    "not JSON": ("POST", "/claimtrackings", b'{"ClaimNum": 15, Jane Roe}'),
    "no object": ("POST", "/claimtrackings", b'"Jane Roe"'),
    "bad UTF-8": ("POST", "/claimtrackings", b'"Jane Roe \xff"'),
    "listed": ("GET", "/claimtrackings", None),
    "no resource": ("GET", "/nothing%0ahere%1b[31m", None),
}


@NOT_ON_WINDOWS
@pytest.mark.parametrize("form", parameters(["text", "json"], quick=["text"]))
def test_the_log_has_a_line_for_each_exchange_and_no_body(start: Start, form: str) -> None:
    server = start("--port", "0", "--log-format", form)
    for method, path, body in EXCHANGES.values():
        server.request(method, path, body)
    _, out, log = server.stop()
    lines = log.splitlines()
    assert out == ""
    assert len(lines) == len(EXCHANGES)
    assert [line for line in lines if "Roe" in line] == []
    assert "\x1b" not in log


@NOT_ON_WINDOWS
def test_each_line_of_a_json_log_is_an_object_that_says_what_happened(start: Start) -> None:
    server = start("--port", "0", "--log-format", "json")
    server.request("POST", "/claimtrackings", b"{}")
    address = urlsplit(server.url)
    with socket.create_connection((str(address.hostname), address.port or 0), MAX_WAIT) as client:
        client.sendall(b"no HTTP\r\n\r\n")
        while client.recv(4096):
            pass
    refused, unreadable = map(json.loads, server.stop()[2].splitlines())
    assert refused["level"] == "info"
    assert (refused["method"], refused["path"], refused["status"]) == ("POST", "/api/v1/claimtrackings", 400)
    assert refused["explanation"] == "ClaimNum is required."
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d", refused["ts"])
    assert (unreadable["method"], unreadable["status"]) == ("-", 400)
    assert "could not be read" in unreadable["explanation"]


@pytest.mark.parametrize("arguments", [[], ["serve"], ["check"]], ids=["alone", "serve", "check"])
def test_help_has_an_example_on_one_line(run: Run, arguments: list[str]) -> None:
    ended = run(*arguments, "--help", COLUMNS="80")
    assert (ended.returncode, ended.stderr) == (0, "")
    example = ended.stdout.splitlines()[-1]
    assert re.search(r"opendental-mock( check| serve)? \S+", example)


@pytest.mark.thorough
def test_the_example_of_the_help_on_serve_is_one_that_it_takes(run: Run, start: Start) -> None:
    example = run("serve", "--help").stdout.splitlines()[-1].partition("opendental-mock ")[2]
    assert start(*example.split()).request("GET", "/claimtrackings")[0] == 200


def test_help_on_serve_names_the_variable_of_each_flag(run: Run) -> None:
    text = run("serve", "--help").stdout
    flags = re.findall(r"^  (?:-h, )?--([a-z-]+)", text, re.MULTILINE)
    flags.remove("help")
    assert flags
    assert [flag for flag in flags if f"[OPENDENTAL_MOCK_{flag.replace('-', '_').upper()}]" not in text] == []


def test_version_is_the_name_and_the_number(run: Run) -> None:
    ended = run("--version")
    assert ended.returncode == 0
    assert re.fullmatch(r"opendental-mock \d+\.\d+\.\d+\S*\n", ended.stdout)


@pytest.mark.thorough
def test_a_shipped_schema_that_is_broken_stops_the_start_and_is_named(tmp_path: Path) -> None:
    for folder in ("mockserver", "schemas", "fixtures"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    schema = tmp_path / "schemas" / "claimtrackings" / "row.json"
    schema.write_text("{", encoding="utf-8")
    ended = run_process("--port", "0", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert line.startswith(str(schema))
