"""Tests of what Windows needs, as far as any system can show it."""

import ctypes
import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver import MockServer
from mockserver.cli import files, main
from mockserver.cli.env import FORMS
from mockserver.cli.files import write_file
from mockserver.web.server import CannotListen

HARD = {"OPENDENTAL_BASE_URL": "http://127.0.0.1:1/api/v1", "OPENDENTAL_CUSTOMER_KEY": 'it\'s 5 % "of" $all'}


@pytest.mark.parametrize(
    ("form", "lines"),
    [
        ("sh", ["export OPENDENTAL_BASE_URL='http://127.0.0.1:1/api/v1'",
                "export OPENDENTAL_CUSTOMER_KEY='it'\\''s 5 % \"of\" $all'"]),
        ("powershell", ["$env:OPENDENTAL_BASE_URL = 'http://127.0.0.1:1/api/v1'",
                        "$env:OPENDENTAL_CUSTOMER_KEY = 'it''s 5 % \"of\" $all'"]),
        ("cmd", ['set "OPENDENTAL_BASE_URL=http://127.0.0.1:1/api/v1"',
                 'set "OPENDENTAL_CUSTOMER_KEY=it\'s 5 %% "of" $all"']),
    ],
)  # fmt: skip
def test_variables_are_quoted_as_each_shell_reads_them(form: str, lines: list[str]) -> None:
    assert FORMS[form](HARD).splitlines() == lines


def test_env_prints_the_form_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    for form, line in (("powershell", "$env:OPENDENTAL_BASE_URL = '"), ("cmd", 'set "OPENDENTAL_BASE_URL=')):
        assert main(["env", "--url", "http://127.0.0.1:9/api/v1", "--format", form]) == 0
        assert capsys.readouterr().out.startswith(line + "http://127.0.0.1:9/api/v1")


def test_openapi_writes_a_file_in_utf_8(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "openapi.json"
    assert main(["openapi", "--output", str(file)]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads(file.read_bytes().decode("utf-8"))["openapi"] == "3.1.0"


def test_export_writes_a_fixture_in_utf_8(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office, file = tmp_path / "office.yaml", tmp_path / "export.yaml"
    office.write_text("claim: [7]\nclaimtracking: [{ClaimNum: 7, Note: naïve}]\n", encoding="utf-8")
    with MockServer(str(office)) as server:
        assert main(["export", "--url", server.url, "--output", str(file)]) == 0
    assert capsys.readouterr().out == ""
    assert "naïve" in file.read_bytes().decode("utf-8")
    assert main(["check", str(file)]) == 0


class Held(PermissionError):
    """A sharing violation, with the number that Windows gives it."""

    winerror = 32


def refusals(times: float) -> Callable[[Path, Path], Path]:
    """Return a rename that is refused so many times, as Windows does while another process holds the file open."""
    rename = Path.replace
    refused: list[Path] = []

    def replace(part: Path, target: Path) -> Path:
        if len(refused) < times:
            refused.append(target)
            raise Held(errno.EACCES, "The process cannot access the file")
        return rename(part, target)

    return replace


@pytest.mark.parametrize("times", [3, float("inf")], ids=["for a moment", "for long"])
def test_a_file_that_a_reader_holds_open_is_written(
    times: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report.json"
    file.write_text("before")
    before = file.stat().st_ino
    monkeypatch.setattr(Path, "replace", refusals(times))
    monkeypatch.setattr(files, "_SECONDS", 0.3)
    write_file("--report", str(file), "after")
    assert file.read_text() == "after"
    assert (file.stat().st_ino == before) == (times > 3), (
        "it is replaced when that can be done, and otherwise overwritten"
    )
    assert list(tmp_path.iterdir()) == [file]


def test_an_error_of_winsock_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {10047: "An address incompatible with the requested protocol was used.\r\n"}
    monkeypatch.setattr(ctypes, "FormatError", texts.__getitem__, raising=False)
    told = {
        number: str(CannotListen("::1", 5, OSError(number, "error while attempting to bind"))) for number in (13, 10047)
    }
    assert told == {
        13: "cannot listen on ::1 port 5: permission denied",
        10047: "cannot listen on ::1 port 5: an address incompatible with the requested protocol was used",
    }
