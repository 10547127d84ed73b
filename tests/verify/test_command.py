"""Tests of the command `verify`: its texts, files and exit codes, and that no secret reaches any of them."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from junitparser import JUnitXml

from mockserver import MockServer
from mockserver.cli import main
from support.processes import until
from support.small_office import Fault, SmallOffice
from support.small_office.messages import Request
from support.verifying import CLAIM

MAX_WAIT = 60
WRITES = ("--claim", str(CLAIM), "--may-create", "40")
ALL_FILES = ("save", "junit", "ctrf", "report")

pytestmark = pytest.mark.usefixtures("a_process_of_its_own", "no_waiting")


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no time pass between requests: the clock of the small office goes on by itself."""
    monkeypatch.setattr(time, "sleep", lambda _: None)


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallOffice]:
    with SmallOffice() as office:
        monkeypatch.setenv("OFFICE_KEYS", office.keys)
        yield office


def verify(office: SmallOffice, *words: str) -> int:
    return main(["verify", "--url", office.url, "--keys-from", "OFFICE_KEYS", *words])


def files(folder: Path, *names: str) -> list[str]:
    return [word for name in names for word in (f"--{name}", str(folder / name))]


def test_reads_alone_contradict_nothing(office: SmallOffice, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(office) == 0
    told = capsys.readouterr().out
    assert "Nothing that is documented or was observed is contradicted." in told
    assert "it needs --claim and --may-create" in told
    assert "warning.no-authorization" in told
    assert office.created == office.changed == []
    assert all(len(line) <= 80 for line in told.splitlines())


def test_writes_are_told_by_number(office: SmallOffice, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(office, *WRITES) == 0
    numbers = ", ".join(map(str, sorted(office.created)))
    told = " ".join(capsys.readouterr().out.split())
    assert f"Rows that stay there, with a Note that says so (ClaimTrackingNum): {numbers}" in told


def test_the_plan_sends_nothing_but_reads(office: SmallOffice, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(office, "--plan", *WRITES) == 0
    told = capsys.readouterr().out
    assert "Rows that would stay for ever: " in told
    assert {seen.method for seen in office.requests} == {"GET"}
    assert office.created == []
    assert verify(office, "--plan", "--verbose") == 0
    told = capsys.readouterr().out
    assert "No row would be written." in told
    assert "an office whose version is below 23.2.5" in " ".join(told.split())


def test_a_contradiction_is_exit_1_and_in_every_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with SmallOffice(deviations=["list-unknown-claim-400"]) as office:
        monkeypatch.setenv("OFFICE_KEYS", office.keys)
        assert verify(office, *files(tmp_path, *ALL_FILES)) == 1
        rule = "claimtrackings.list.ClaimNum.unknown"
        assert f"  {rule:<58} documented" in capsys.readouterr().out
        report = json.loads((tmp_path / "report").read_text())
        assert report["contradictions"] == [rule]
        failed = [case.name for case in next(iter(JUnitXml.fromfile(str(tmp_path / "junit")))) if not case.is_passed
                  and not case.is_skipped]  # fmt: skip
        assert failed == [rule]
        ctrf = json.loads((tmp_path / "ctrf").read_text())
        assert [test["name"] for test in ctrf["results"]["tests"] if test["status"] == "failed"] == [rule]
        assert f"  {rule}: {{outcome: differs, status: 400" in (tmp_path / "save").read_text()
        before = len(office.requests)
        assert verify(office, "--last-failed", str(tmp_path / "report"), "--report", str(tmp_path / "again")) == 1
        again = json.loads((tmp_path / "again").read_text())
        assert {one["id"] for one in again["rules"]} == {
            one["id"] for one in report["rules"] if one["outcome"] == "differs"
        }
        assert len(office.requests) - before < 40


def test_no_secret_reaches_a_report_or_the_terminal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def is_late(request: Request) -> bool:
        return "Offset" in request.target and "Limit" not in request.target

    for number, options in enumerate[dict[str, Any]](
        [
            {},
            {"deviations": ["row-with-extra-column", "list-ignores-ClaimNum"]},
            {"texts": {"claimtrackings.list.ClaimNum.unknown": "No claim of Jane Doe at SECRET-PRACTICE."}},
            {"faults": [Fault(when=is_late, kind="wrong-json", times=99)]},
            {"faults": [Fault(when=is_late, kind="html", times=99)]},
        ]
    ):
        with SmallOffice(**options) as office:
            monkeypatch.setenv("OFFICE_KEYS", office.keys)
            folder = tmp_path / str(number)
            folder.mkdir()
            verify(office, *WRITES, "--verbose", *files(folder, *ALL_FILES))
            written = "".join(file.read_text() for file in folder.iterdir()) + "".join(capsys.readouterr())
            assert len(written) > 10_000
            for secret in (*office.secrets, office.url, *map(str, (CLAIM, 48213, 48290, 48117))):
                assert secret not in written, secret


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--claim", "15"), "--claim and --may-create go together"),
        (("--may-create", "5"), "--claim and --may-create go together"),
        (("--claim", "99", "--may-create", "5"), "the office has no such claim"),
        (("--rule", "claimtrackings.list.odrer"), "did you mean claimtrackings.list.order?"),
        (("--keys-from", "NOTHING"), "there is no variable NOTHING"),
        (("--url", "http://example.test/api/v1"), "unencrypted"),
        (("--last-failed", "no/such/file"), "No such file"),
        (("--last-failed", "pyproject.toml"), "not a file of verify --report"),
        (("--url", "http://127.0.0.1:1/api/v1"), "no server listens there"),
    ],
)
def test_wrong_use_is_exit_2(
    words: tuple[str, ...], told: str, office: SmallOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(office, *words) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("pace", ["soon", "-1", "1e9"])
def test_a_pace_is_a_number_of_seconds(pace: str, office: SmallOffice, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        verify(office, "--pace", pace)
    assert "give auto, or 0 to 3600" in capsys.readouterr().err


def test_last_failed_without_failures_is_told(
    office: SmallOffice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "report"
    assert verify(office, "--rule", "api.Limit", "--report", str(file)) == 0
    assert verify(office, "--last-failed", str(file)) == 2
    assert "no rule differs there" in capsys.readouterr().err


def test_nothing_compared_is_exit_2(office: SmallOffice, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(office, "--rule", "claimtrackings.list.version") == 2
    assert "Nothing could be compared." in capsys.readouterr().out


def test_wrong_keys_end_the_run(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OFFICE_KEYS", "Nobody/Nobody")
    assert verify(office) == 2
    assert "the office refused the keys (401)" in capsys.readouterr().err
    assert len(office.requests) == 1


@pytest.mark.parametrize("transparent", [False, True])
def test_a_mock_is_recognised_and_nothing_is_saved_from_it(
    transparent: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OFFICE_KEYS", "Dev/Cust")
    with MockServer(transparent=transparent) as mock:
        words = ["verify", "--url", mock.url, "--keys-from", "OFFICE_KEYS", "--rule", "api.Limit"]
        assert main([*words, "--save", str(tmp_path / "saved")]) == 2
        assert "a mock answers there" in capsys.readouterr().err
        assert not (tmp_path / "saved").exists()
        assert main(words) == 0
        assert "A mock answers there, and not an office." in capsys.readouterr().out


def test_a_rule_that_has_changed_since_it_was_observed_is_contradicted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = str(tmp_path / "saved.yaml")
    rule = "api.Limit.clamped"
    for choice, words, code in (("refused", ("--save", saved), 0), ("refused", ("--observed", saved), 0),
                                ("clamped", ("--observed", saved), 1)):  # fmt: skip
        with SmallOffice(choices={rule: choice}) as office:
            monkeypatch.setenv("OFFICE_KEYS", office.keys)
            assert verify(office, "--rule", rule, *words) == code
    assert "Contradicted, although documented or observed: 1 rule." in capsys.readouterr().out


def test_observations_that_cannot_be_read_are_told(office: SmallOffice, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(office, "--observed", "pyproject.toml") == 2
    assert "--observed: pyproject.toml" in capsys.readouterr().err


def test_a_claim_whose_own_status_changes_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--rule", "claimtrackings.create.TrackingDefNum", *WRITES)
    with SmallOffice(sets_claim=True) as office:
        monkeypatch.setenv("OFFICE_KEYS", office.keys)
        assert verify(office, *words) == 0
    assert "the claim's own status (CustomTracking) has changed" in capsys.readouterr().err


def test_a_create_without_a_response_that_cannot_be_found_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def is_create(request: Request) -> bool:
        return request.method == "POST" and request.target == "/api/v1/claimtrackings"

    with SmallOffice(faults=[Fault(when=is_create, kind="reset")]) as office:
        monkeypatch.setenv("OFFICE_KEYS", office.keys)
        assert verify(office, "--rule", "claimtrackings.create.Note", *WRITES) == 2
    assert "Creates without a response, which may have left a row: 1." in capsys.readouterr().out


def test_a_terminal_shows_where_the_run_is(office: SmallOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert verify(office, "--rule", "api.Offset.beyond") == 0
    assert "2 of 2: an Offset beyond the last row" in terminal.getvalue()


def test_ctrl_c_tells_the_rows_and_saves_what_was_seen(tmp_path: Path) -> None:
    def is_create(request: Request) -> bool:
        return request.method == "POST" and request.target == "/api/v1/claimtrackings"

    words = ["verify", "--rule", "claimtrackings.create.Note", *WRITES, *files(tmp_path, "report")]
    with SmallOffice(faults=[Fault(when=is_create, kind="slow")]) as office:
        process = subprocess.Popen(
            [sys.executable, "-m", "mockserver", *words, "--url", office.url, "--keys-from", "OFFICE_KEYS"],
            env={**os.environ, "OFFICE_KEYS": office.keys}, stdout=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
        until(lambda: office.created != [], process)
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=MAX_WAIT)
        assert process.returncode == 130
        assert "The run ended early: the run was interrupted." in told
        assert f"a Note that says so (ClaimTrackingNum): {office.created[0]}" in " ".join(told.split())
        assert json.loads((tmp_path / "report").read_text())["ended"] == "the run was interrupted"
