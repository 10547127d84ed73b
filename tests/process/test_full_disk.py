"""Full disk tests: a command whose data does not get out says so, and exits with 1."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from mockserver import MockServer
from mockserver.cli import main
from support.effort import parameters
from support.processes import MAX_WAIT, until, without_settings

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no such device")

FULL = "No space left on device"
OF_A_SERVER = ["export", "report --allow-no-requests", "health", "env"]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with MockServer() as server:
        yield server.url


@pytest.mark.parametrize(
    "command",
    [*OF_A_SERVER, "openapi", "docs", "check default --format json", "--version", "--help", "docs --help"],
)  # fmt: skip
def test_command_says_that_its_data_did_not_get_out(command: str, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = [*command.split(), *(["--url", url] if command in OF_A_SERVER else [])]
    with open("/dev/full", "w") as full, redirect_stdout(full):
        assert main(words) == 1
    assert capsys.readouterr().err == f"opendental-mock: standard output: {FULL}\n"


def test_init_says_so_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open("/dev/full", "w") as full, redirect_stdout(full):
        assert main(["init", str(tmp_path / "office.yaml")]) == 1
    assert FULL in capsys.readouterr().err


@pytest.mark.parametrize("command", [*OF_A_SERVER, "openapi", "docs"])
def test_reader_that_is_gone_is_no_error(command: str, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    with open(write, "w") as gone, redirect_stdout(gone):
        assert main([*command.split(), *(["--url", url] if command in OF_A_SERVER else [])]) == 0
    assert capsys.readouterr().err == ""


def test_everything_that_can_be_written_is_written(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["report", "--allow-no-requests", "--url", url, "--junit", "/dev/full"]
    out = io.StringIO()
    with redirect_stdout(out):
        assert main([*command, "--ctrf", str(tmp_path / "ctrf.json")]) == 2
    assert capsys.readouterr().err == f"opendental-mock: --junit /dev/full: {FULL}\n"
    assert "Contract coverage:" in out.getvalue()
    with open("/dev/full", "w") as full, redirect_stdout(full):
        assert main([*command, "--report", str(tmp_path / "report.json")]) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"opendental-mock: standard output: {FULL}", f"opendental-mock: --junit /dev/full: {FULL}",
    ]  # fmt: skip
    assert sorted(file.name for file in tmp_path.iterdir()) == ["ctrf.json", "report.json"]


def test_run_writes_its_report_and_exits_with_1(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    command = ["run", "--allow-no-requests", "--report", str(report), "--", sys.executable, "-c", ""]
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "mockserver", *command], stdout=full, stderr=subprocess.PIPE,
            env=without_settings(), encoding="utf-8", timeout=MAX_WAIT, check=False,
        )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (1, f"opendental-mock: standard output: {FULL}\n")
    assert report.exists()


@pytest.mark.thorough
def test_server_logs_its_address_if_it_cannot_be_printed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with open("/dev/full", "w") as full, log.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "mockserver", "--port", "0"], env=without_settings(), stdout=full, stderr=stderr,
            encoding="utf-8",
        )  # fmt: skip
    try:
        until(lambda: f"ERROR standard output: {FULL}; the server is at http://127.0.0.1:" in log.read_text(), process)
    finally:
        process.kill()
        process.wait()


SMALL_DISK = """
import resource, sys
from mockserver.cli import main
sys.dont_write_bytecode = True
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
sys.exit(main(["init", sys.argv[1]]))
"""


def without_coverage() -> dict[str, str]:
    """Return an environment in which coverage does not start: its file would be too large as well."""
    return {name: value for name, value in without_settings().items() if not name.startswith("COVERAGE_")}


@pytest.mark.parametrize("size", parameters([100, 2000], quick=[2000]))
def test_init_leaves_no_half_file(tmp_path: Path, size: int) -> None:
    file = tmp_path / "office.yaml"
    ended = subprocess.run(
        [sys.executable, "-c", SMALL_DISK, str(file), str(size)],
        capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=False, env=without_coverage(),
    )  # fmt: skip
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.endswith(": File too large\n")
    assert str(tmp_path) in ended.stderr
    assert list(tmp_path.iterdir()) == []
