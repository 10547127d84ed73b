"""Output file tests: complete or absent, never written through a foreign link, and without endless waiting."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from mockserver.cli import files, main
from mockserver.cli.files import write_file
from mockserver.cli.output import CannotWrite
from support.effort import parameters
from support.processes import MAX_WAIT, Serving, without_settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


@pytest.mark.parametrize("flag", ["--junit", "--report", "--port-file"])
@pytest.mark.parametrize(
    ("name", "told"),
    [("none/x", "there is no folder"), ("", "is a folder; give a file"), ("file/x", "there is no folder"), ("x" * 300 + "/x", "too long")],
)  # fmt: skip
def test_a_file_that_cannot_be_written_is_refused_before_anything_starts(
    flag: str, name: str, told: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    path = str(tmp_path / name)
    command = ["serve"] if flag == "--port-file" else ["run"]
    with pytest.raises(SystemExit) as ended:
        main([*command, flag, path, *(["--", sys.executable, "-c", "print('began')"] if command == ["run"] else [])])
    assert ended.value.code == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert flag in said.err
    assert path in said.err
    assert told in said.err


@pytest.mark.parametrize("command", ["serve", "report"])
def test_the_variable_and_the_other_commands_refuse_it_too(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENDENTAL_MOCK_REPORT", "/no/such/folder/x")
    with pytest.raises(SystemExit):
        main([command])
    assert "OPENDENTAL_MOCK_REPORT: /no/such/folder/x: there is no folder /no/such/folder" in capsys.readouterr().err


def test_new_file_follows_umask_and_replaced_file_keeps_its_mode(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    old.write_text("a longer text")
    old.chmod(0o604)
    for file in (new, old):
        write_file("--report", str(file), "text")
        assert file.read_text() == "text"
    (tmp_path / "any").touch()
    assert stat.S_IMODE(new.stat().st_mode) == stat.S_IMODE((tmp_path / "any").stat().st_mode)
    assert stat.S_IMODE(old.stat().st_mode) == 0o604
    assert sorted(one.name for one in tmp_path.iterdir()) == ["any", "new", "old"]


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    for name, there in (("file", True), ("nothing yet", False)):
        target, link = tmp_path / name, tmp_path / f"link to {name}"
        if there:
            target.write_text("before")
        link.symlink_to(target.name)
        write_file("--report", str(link), "text")
        assert link.is_symlink()
        assert target.read_text() == "text"


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "report.json.part").symlink_to(victim)
    write_file("--report", str(tmp_path / "report.json"), "text")
    assert victim.read_text() == "mine"
    assert (tmp_path / "report.json.part").is_symlink()


def test_a_device_is_written_to_and_stays() -> None:
    write_file("--report", "/dev/null", "text")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    with pytest.raises(CannotWrite, match=r"^--report /dev/full: No space left on device$"):
        write_file("--report", "/dev/full", "text")


def test_pipe_gets_the_text_or_is_given_up_without_a_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_file("--report", str(pipe), "text" * 100_000)
    reader.join(MAX_WAIT)
    assert read == ["text" * 100_000]
    monkeypatch.setattr(files, "_SECONDS", 0.1)
    with pytest.raises(CannotWrite, match="pipe: no process reads it"):
        write_file("--report", str(pipe), "text")
    assert pipe.is_fifo()
    assert pipe.read_text() == "text"  # lets waiting threads go on


def test_device_that_cannot_be_written_is_an_error_without_a_reader() -> None:
    with pytest.raises(CannotWrite, match=r"^--port-file /dev/full: No space left on device$"):
        write_file("--port-file", "/dev/full", "1", waits=False)


def test_reader_that_wants_no_more_is_no_error(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def read_little() -> None:
        with pipe.open("rb", buffering=0) as reader:
            reader.read(1)

    thread = threading.Thread(target=read_little)
    thread.start()
    write_file("--report", str(pipe), "text" * 100_000)
    thread.join(MAX_WAIT)


FULL = """
import resource, sys
from mockserver.cli.files import write_file
from mockserver.cli.output import CannotWrite
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_file("--report", sys.argv[1], "x" * 2000)
except CannotWrite as error:
    print(error)
"""


@pytest.mark.parametrize("before", ["", "before"])
def test_a_disk_that_is_full_leaves_nothing_behind_and_says_which_file(tmp_path: Path, before: str) -> None:
    file = tmp_path / "report.json"
    if before:
        file.write_text(before)
    said = subprocess.run(
        [sys.executable, "-c", FULL, str(file)], capture_output=True, encoding="utf-8", timeout=MAX_WAIT, check=True
    )
    assert said.stdout == f"--report {file}: File too large\n"
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == (
        [("report.json", "before")] if before else []
    )


@pytest.mark.parametrize("where", parameters(["pipe", "file"], quick=["file"]))
def test_its_own_standard_output_is_written_to_and_not_replaced(tmp_path: Path, where: str) -> None:
    command = [
        sys.executable,
        "-m",
        "mockserver",
        "run",
        "--allow-no-requests",
        "--report",
        "/dev/stdout",
        "--",
        sys.executable,
        "-c",
        "",
    ]
    if where == "pipe":
        out = subprocess.run(
            command, stdout=subprocess.PIPE, encoding="utf-8", timeout=MAX_WAIT, check=True, env=without_settings()
        ).stdout
    else:
        with (tmp_path / "out").open("w") as file:
            subprocess.run(command, stdout=file, timeout=MAX_WAIT, check=True, env=without_settings())
        out = (tmp_path / "out").read_text()
    text, brace, _ = out.partition("\n{")
    assert "Contract coverage:" in text
    assert brace


@pytest.mark.thorough
def test_the_port_may_go_into_a_pipe_that_is_read_when_it_suits(tmp_path: Path) -> None:
    pipe, report = tmp_path / "port", tmp_path / "report"
    os.mkfifo(pipe)
    os.mkfifo(report)
    with Serving("--port-file", str(pipe), "--report", str(report)) as server:
        server.ask(1)
        assert server.netloc.endswith(":" + pipe.read_text().strip())
        assert pipe.is_fifo()
        assert server.end() == 2
        assert server.process.stderr is not None
        assert f"opendental-mock: --report {report}: no process reads it" in server.process.stderr.read()


IN_A_FOLDER_OF_ANOTHER_USER = """
import os, sys
from mockserver.cli.files import write_file
from mockserver.cli.output import CannotWrite
user = os.geteuid()
if user == 0:
    os.seteuid(65534)  # no folder is read-only for root
for name, text in (("old", "text"), ("new", "text")):
    try:
        write_file("--report", f"{sys.argv[1]}/{name}", text)
    except CannotWrite as error:
        print(error)
os.seteuid(user)
"""


def test_file_in_a_read_only_folder_is_overwritten_and_a_new_one_refused() -> None:
    with tempfile.TemporaryDirectory() as name:
        old = Path(name) / "old"
        old.write_text("a longer text")
        old.chmod(0o666)
        Path(name).chmod(0o555)
        ended = subprocess.run(
            [sys.executable, "-c", IN_A_FOLDER_OF_ANOTHER_USER, name],
            stdout=subprocess.PIPE, encoding="utf-8", timeout=MAX_WAIT, check=True,
        )  # fmt: skip
        Path(name).chmod(0o755)
        assert ended.stdout == f"--report {name}/new: Permission denied\n"
        assert {one.name: one.read_text() for one in Path(name).iterdir()} == {"old": "text"}


ON_A_MOUNT_POINT = """
touch a b && mount --bind a b || exit 77
"$0" -c 'from mockserver.cli.files import write_file; write_file("--report", "b", "text")'
"""


def test_file_that_is_a_mount_point_is_overwritten(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    command = [unshare or "", "--mount", "sh", "-c", ON_A_MOUNT_POINT, sys.executable]
    mounts = unshare and subprocess.run([unshare, "--mount", "true"], capture_output=True, check=False).returncode == 0
    if not mounts or subprocess.run(command, cwd=tmp_path, timeout=MAX_WAIT, check=False).returncode == 77:
        pytest.skip("only the superuser can mount a file")
    assert {one.name: one.read_text() for one in tmp_path.iterdir()} == {"a": "text", "b": ""}
