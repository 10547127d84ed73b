"""Tests of the command `verify`: its texts, files and exit codes, and that no secret reaches any of them."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from junitparser import JUnitXml

from mockserver import MockServer
from mockserver.cli import main
from mockserver.cli.verify import Progress
from mockserver.contract.cases import CaseRequest
from mockserver.http_client import Answer
from mockserver.verify.client import OfficeClient
from support.creates import answered
from support.practice import CLAIM, FULL_KEYS, READ_ONLY_KEYS, SECRETS, Practice
from support.processes import until
from support.spoiling_proxy import Forward, Reply, Request, Spoil, Spoiled, fault

MAX_WAIT = 60
WRITES = ("--claim", str(CLAIM), "--may-create", "40")
ALL_FILES = ("save", "junit", "ctrf", "report")

pytestmark = pytest.mark.usefixtures("a_process_of_its_own", "no_waiting")


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no time pass between requests: the clock of the practice goes on by itself."""
    monkeypatch.setattr(time, "sleep", lambda _: None)


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFICE_KEYS", FULL_KEYS)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with Practice(tmp_path) as practice:
        yield practice


def unknown_claim_is(status: int, text: str) -> Spoil:
    """Return a practice with another refusal of a claim that is not there."""

    def spoil(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        is_it = request.method == "GET" and "claimtrackings?ClaimNum=9" in request.path and reply.status == 404
        return reply.with_value(text, status) if is_it else reply

    return spoil


def verify(practice: Practice, *words: str) -> int:
    return main(["verify", "--url", practice.url, "--keys-from", "OFFICE_KEYS", *words])


def files(folder: Path, *names: str) -> list[str]:
    return [word for name in names for word in (f"--{name}", str(folder / name))]


def test_reads_alone_contradict_nothing(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(practice) == 0
    told = capsys.readouterr().out
    assert "Nothing that is documented or was observed is contradicted." in told
    assert "it needs --claim and --may-create" in told
    assert "warning.no-authorization" in told
    assert practice.written == practice.changed == []
    assert all(len(line) <= 80 for line in told.splitlines())


@pytest.mark.thorough
def test_writes_are_told_by_number(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(practice, *WRITES) == 0
    numbers = ", ".join(map(str, sorted(practice.written)))
    told = " ".join(capsys.readouterr().out.split())
    assert f"Rows that stay there, with a Note that says so (ClaimTrackingNum): {numbers}" in told


def test_the_plan_sends_nothing_but_reads(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(practice, "--plan", *WRITES) == 0
    told = capsys.readouterr().out
    assert "Rows that would stay in the office: " in told
    assert {seen.method for seen in practice.received} == {"GET"}
    assert practice.written == []
    assert verify(practice, "--plan", "--verbose") == 0
    told = capsys.readouterr().out
    assert "No row would be written." in told
    assert "an office whose version is below 23.2.5" in " ".join(told.split())
    assert verify(practice, "--plan", "--rule", "api.Limit") == 0
    assert "Writes" not in capsys.readouterr().out


def test_a_contradiction_is_exit_1_and_in_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Practice(tmp_path, spoil=unknown_claim_is(400, "Claim not found.")) as practice:
        assert verify(practice, *files(tmp_path, *ALL_FILES)) == 1
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
        before = len(practice.received)
        assert verify(practice, "--last-failed", str(tmp_path / "report"), "--report", str(tmp_path / "again")) == 1
        again = json.loads((tmp_path / "again").read_text())
        assert {one["id"] for one in again["rules"]} == {
            one["id"] for one in report["rules"] if one["outcome"] == "differs"
        }
        assert len(practice.received) - before < 40


@pytest.mark.thorough
def test_no_secret_reaches_a_report_or_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def spoil_rows(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        is_list = request.method == "GET" and reply.body[:1] == b"["
        return reply.with_value([row | {"Extra": row.get("Note", "")} for row in reply.value]) if is_list else reply

    def echo(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        told = f"ClaimNum is invalid. {request.headers.get('authorization')}"
        return reply.with_value(told) if reply.status >= 400 else reply

    def is_late(request: Request) -> bool:
        return "Offset" in request.path and "Limit" not in request.path

    spoils: list[Spoil] = [
        lambda _, forward: forward(),
        spoil_rows,
        unknown_claim_is(404, "No claim of Jane Doe at SECRET-PRACTICE."),
        echo,
        fault(is_late, "wrong-json", times=99),
        fault(is_late, "html", times=99),
    ]
    for number, spoil in enumerate(spoils):
        folder = tmp_path / str(number)
        folder.mkdir()
        with Practice(tmp_path, spoil=spoil) as practice:
            verify(practice, *WRITES, "--verbose", *files(folder, *ALL_FILES))
            written = "".join(file.read_text() for file in folder.iterdir()) + "".join(capsys.readouterr())
            assert len(written) > 10_000
            for secret in (*SECRETS, practice.url, *map(str, (CLAIM, 48213, 48290, 48117))):
                assert secret not in written, secret


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--claim", "15"), "--claim and --may-create go together"),
        (("--may-create", "5"), "--claim and --may-create go together"),
        (("--claim", "99", "--may-create", "5"), "the office has no such claim"),
        (("--rule", "claimtrackings.list.odrer"), "did you mean claimtrackings.list.order?"),
        (("--rule", "mock.unserved"), "--rule: mock.unserved is a rule of the mock, which no office has"),
        (("--keys-from", "NOTHING"), "there is no variable NOTHING"),
        (("--url", "http://example.test/api/v1"), "unencrypted"),
        (("--last-failed", "no/such/file"), "No such file"),
        (("--last-failed", "pyproject.toml"), "not a file of verify --report"),
        (("--not-tried", "no/such/file"), "No such file"),
        (("--baseline", "pyproject.toml"), "--baseline: pyproject.toml"),
    ],
)
def test_wrong_use_is_exit_2(
    words: tuple[str, ...], told: str, practice: Practice, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(practice, *words) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("pace", ["soon", "-1", "1e9"])
def test_a_pace_is_a_number_of_seconds(pace: str, practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        verify(practice, "--pace", pace)
    assert "give auto, or 0 to 3600" in capsys.readouterr().err


def test_last_failed_without_failures_is_told(
    practice: Practice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "report"
    assert verify(practice, "--rule", "api.Limit", "--report", str(file)) == 0
    assert verify(practice, "--last-failed", str(file)) == 2
    assert "no rule differs there" in capsys.readouterr().err


def test_nothing_compared_is_exit_3(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(practice, "--rule", "claimtrackings.list.version") == 3
    assert "Nothing could be compared." in capsys.readouterr().out
    assert verify(practice, "--rule", "claimtrackings.list.version", "--rule", "api.Limit") == 3
    assert "Asked for, and not measured: claimtrackings.list.version" in capsys.readouterr().out


def test_an_office_that_is_not_there_is_exit_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--url", "http://127.0.0.1:1/api/v1", "--keys-from", "OFFICE_KEYS"]) == 3
    assert "nothing could be compared: no server listens there" in capsys.readouterr().err


def test_wrong_keys_end_the_run(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OFFICE_KEYS", "Nobody/Nobody")
    assert verify(practice) == 3
    assert "the office refused the keys (401)" in capsys.readouterr().err
    assert len(practice.received) == 1


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
        assert "A mock answers there, not an office." in capsys.readouterr().out


def test_a_rule_that_has_changed_since_it_was_observed_is_contradicted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = str(tmp_path / "saved.yaml")
    rule = "api.Limit.clamped"
    for choice, words, code in (("refused", ("--save", saved), 0), ("refused", ("--observed", saved), 0),
                                ("clamped", ("--observed", saved), 1)):  # fmt: skip
        with Practice(tmp_path, variants={rule: choice}) as practice:
            assert verify(practice, "--rule", rule, *words) == code
    assert "Contradicted, although documented or observed: 1 rule." in capsys.readouterr().out


def test_observations_that_cannot_be_read_are_told(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(practice, "--observed", "pyproject.toml") == 2
    assert "--observed: pyproject.toml" in capsys.readouterr().err


def test_a_claim_whose_own_status_changes_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--rule", "claimtrackings.create.TrackingDefNum", *WRITES)

    def spoil(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        return (
            reply.with_value(reply.value | {"CustomTracking": len(moving.written)})
            if "/claims/48" in request.path
            else reply
        )

    with Practice(tmp_path, spoil=spoil) as moving:
        assert verify(moving, *words) == 0
    assert "the claim's own status (CustomTracking) has changed" in capsys.readouterr().err


def test_a_row_of_somebody_else_is_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theirs: list[int] = []

    def spoil(request: Request, forward: Forward) -> Spoiled:
        if request.is_create and not theirs:
            reply = forward(replace(request, body=json.dumps({"ClaimNum": CLAIM, "Note": "Theirs."}).encode()))
            theirs.append(reply.value["ClaimTrackingNum"])
        return forward()

    with Practice(tmp_path, spoil=spoil) as practice:
        assert verify(practice, "--rule", "claimtrackings.update.Note", *WRITES) == 0
        assert practice.notes(theirs) == ["Theirs."]
    told = " ".join(capsys.readouterr().out.split())
    assert f"Rows that are new since the run began, perhaps written by others (ClaimTrackingNum): {theirs[0]}" in told


def test_rules_of_one_standing_are_verified(practice: Practice, tmp_path: Path) -> None:
    report = tmp_path / "report"
    assert verify(practice, "--only", "observed", "--report", str(report)) == 0
    assert {rule["standing"] for rule in json.loads(report.read_text())["rules"]} == {"observed"}


def test_a_create_without_a_response_that_cannot_be_found_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Practice(tmp_path, spoil=fault(lambda request: request.is_create, "reset")) as practice:
        assert verify(practice, "--rule", "claimtrackings.create.Note", *WRITES) == 3
    assert "Creates whose outcome is unknown: 1." in capsys.readouterr().out


def test_a_terminal_shows_where_the_run_is(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert verify(practice, "--rule", "api.Offset.beyond") == 0
    assert "2 of 2, about 0 min 0 s left: an Offset beyond the last row" in terminal.getvalue()


def test_ctrl_c_tells_the_rows_and_saves_what_was_seen(tmp_path: Path) -> None:
    is_answered = threading.Event()

    def hold(_: Reply) -> None:
        is_answered.wait(MAX_WAIT)

    words = ["verify", "--rule", "claimtrackings.create.Note", *WRITES, *files(tmp_path, "report")]
    with Practice(tmp_path, spoil=answered(hold)) as practice:
        process = subprocess.Popen(
            [sys.executable, "-m", "mockserver", *words, "--url", practice.url, "--keys-from", "OFFICE_KEYS"],
            env={**os.environ, "OFFICE_KEYS": FULL_KEYS}, stdout=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
        until(lambda: practice.written != [], process)
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=MAX_WAIT)
        is_answered.set()
        assert process.returncode == 130
        assert "The run ended early: the run was interrupted." in told
        assert f"a Note that says so (ClaimTrackingNum): {practice.written[0]}" in " ".join(told.split())
        assert json.loads((tmp_path / "report").read_text())["ended"] == "the run was interrupted"


@pytest.mark.thorough
def test_ctrl_c_while_it_looks_at_the_office_is_no_traceback(tmp_path: Path) -> None:
    is_answered = threading.Event()

    def hold(request: Request, forward: Forward) -> Spoiled:
        if "definitions" in request.path:
            is_answered.wait(MAX_WAIT)
        return forward()

    with Practice(tmp_path, spoil=hold) as practice:
        process = subprocess.Popen(
            [sys.executable, "-m", "mockserver", "verify", "--url", practice.url, "--keys-from", "OFFICE_KEYS"],
            env={**os.environ, "OFFICE_KEYS": FULL_KEYS}, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
        until(lambda: any("definitions" in request.path for request in practice.received), process)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=MAX_WAIT)
        is_answered.set()
    assert process.returncode == 130
    assert told == (
        "opendental-mock: interrupted during the survey of the office: nothing was compared, and nothing was written\n"
    )


def test_a_second_ctrl_c_still_tells_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with Practice(tmp_path) as practice:
        real = OfficeClient.send

        def send(client: OfficeClient, request: CaseRequest) -> Answer:
            if practice.written:
                interrupt()
            return real(client, request)

        monkeypatch.setattr(OfficeClient, "send", send)
        assert verify(practice, "--rule", "claimtrackings.create.Note", *WRITES) == 130
        told = " ".join(capsys.readouterr().out.split())
        assert f"Rows that stay there, without such a Note (ClaimTrackingNum): {practice.written[0]}" in told
        assert "The office's list could not be compared at the end. Look for the Note 'opendental-mock verify" in told


def test_a_claim_has_a_number_of_64_bits(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(practice, "--claim", str(2**63 - 1), "--may-create", "5") == 2
    assert f"--claim {2**63 - 1}: the office has no such claim" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        verify(practice, "--claim", str(2**63), "--may-create", "5")


def test_a_key_that_may_only_read_is_exit_0(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OFFICE_KEYS", READ_ONLY_KEYS)
    assert verify(practice, "--verbose") == 0
    told = capsys.readouterr().out
    assert "api.permission" in told.partition("Holds:")[2].partition("Not tried:")[0]
    assert "the keys may not write there (401)" in " ".join(told.split()).replace("The keys", "the keys")


def test_a_probe_that_is_served_is_exit_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def spoil(request: Request, forward: Forward) -> Spoiled:
        return Reply(201, b"{}") if request.method == "PATCH" else forward()

    with Practice(tmp_path, spoil=spoil) as practice:
        assert verify(practice, "--report", str(tmp_path / "report")) == 1
    assert "The office has served a probe, and may have written a row" in " ".join(capsys.readouterr().out.split())
    assert json.loads((tmp_path / "report").read_text())["probe_served"].endswith("PATCH")


def unknown_limit(status: int) -> Spoil:
    """Return a practice that refuses a Limit above the page size in a way that is no variant."""

    def spoil(request: Request, forward: Forward) -> Spoiled:
        return Reply(status, b'"Offset is invalid."') if "Limit=100000" in request.path else forward()

    return spoil


@pytest.mark.thorough
def test_an_unknown_answer_is_remembered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule, saved = "api.Limit.default", str(tmp_path / "saved.yaml")

    def pages_of(size: int) -> Spoil:
        def spoil(request: Request, forward: Forward) -> Spoiled:
            reply = forward()
            is_page = request.path == "/api/v1/claimtrackings"
            return reply.with_value(reply.value[:size]) if is_page else reply

        return spoil

    expected = ((50, ("--save", saved), 1), (50, ("--observed", saved), 0), (50, ("--baseline", saved), 0),
                (60, ("--observed", saved), 1), (60, ("--baseline", saved), 1),
                (100, ("--baseline", saved), 0), (100, ("--observed", saved), 1))  # fmt: skip
    for size, words, code in expected:
        with Practice(tmp_path, spoil=pages_of(size)) as practice:
            assert verify(practice, "--rule", rule, *words) == code, words
    told = capsys.readouterr().out
    assert "Holds now, and differed before: 1 rule" in told
    assert "Rows in a page: 60. Before: differs: 200, rows: 50. Now: differs: rows: 60." in " ".join(told.split())
    for status, words, code in (
        (410, ("--save", saved), 0),
        (410, ("--observed", saved), 0),
        (409, ("--observed", saved), 1),
    ):
        with Practice(tmp_path, spoil=unknown_limit(status)) as practice:
            assert verify(practice, "--rule", "api.Limit.clamped", *words) == code, words
    told = " ".join(capsys.readouterr().out.split())
    assert "Differs as before, or as the baseline accepts: 1 rule" in told
    assert (
        "Before: differs: 410, Offset is invalid., body: json. Now: differs: 409, Offset is invalid., body: json."
        in told
    )


def test_reports_name_the_case_and_its_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Practice(tmp_path, spoil=unknown_claim_is(400, "Claim not found.")) as practice:
        verify(practice, "--rule", "claimtrackings.list.ClaimNum.unknown", *files(tmp_path, "junit", "ctrf", "report"))
    told = "Case: a claim that is not there. Request: GET /claimtrackings?ClaimNum={unknown_claim}"
    assert told in " ".join(capsys.readouterr().out.split())
    assert told in (tmp_path / "junit").read_text()
    assert told in (tmp_path / "ctrf").read_text()
    (rule,) = json.loads((tmp_path / "report").read_text())["rules"]
    assert (rule["case"], rule["request"]) == (
        "a claim that is not there",
        "GET /claimtrackings?ClaimNum={unknown_claim}",
    )


def test_a_run_goes_on_where_another_ended(
    practice: Practice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = str(tmp_path / "report")
    assert verify(practice, "--rule", "api.Limit", "--rule", "claimtrackings.create.Note", "--report", report) == 3
    assert verify(practice, "--not-tried", report, "--report", report, *WRITES) == 0
    assert [rule["id"] for rule in json.loads(Path(report).read_text())["rules"]] == ["claimtrackings.create.Note"]
    assert verify(practice, "--not-tried", report) == 2
    assert "every rule was measured there" in capsys.readouterr().err


def test_without_a_terminal_progress_is_a_line_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    now = iter([0.0, 0.0, 30.0, 60.0, 90.0, 125.0])
    progress = Progress(lambda: next(now))
    for number in range(5):
        progress(number, 9, "a case")
    assert capsys.readouterr().err.splitlines() == [
        "opendental-mock: 3 of 9, about 3 min 30 s left: a case",
        "opendental-mock: 5 of 9, about 2 min 36 s left: a case",
    ]


def test_check_knows_a_file_of_observations(
    practice: Practice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "saved.yaml"
    verify(practice, "--rule", "api.Limit", "--save", str(saved))
    assert main(["check", str(saved)]) == 0
    saved.write_text(saved.read_text().replace("api.Limit:", "api.Limt:"))
    capsys.readouterr()
    assert main(["check", str(saved)]) == 1
    assert "there is no rule api.Limt; did you mean api.Limit?" in capsys.readouterr().out


def test_a_step_summary_has_the_report_without_numbers(
    practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert verify(practice, "--rule", "claimtrackings.create.Note", *WRITES) == 0
    text = summary.read_text()
    assert text.startswith("## opendental-mock verify\n\n```text\n")
    assert "Nothing that is documented or was observed is contradicted." in text
    assert not any(str(number) in text for number in (CLAIM, *practice.written))
