"""Pytest plugin tests: the report files and the step summary, and options that need a report."""

import json

import pytest
from junitparser import JUnitXml

from support.suite import Suite

TESTS = """
import pytest

@pytest.mark.parametrize("claim", [3, 25, 99])
def test_it(opendental_mock, claim):
    ask(opendental_mock, f"/claimtrackings?ClaimNum={claim}")

@pytest.mark.opendental_mock("status-required")
def test_other(opendental_mock):
    ask(opendental_mock, body={"ClaimNum": 15})
"""


@pytest.mark.parametrize("workers", [(), pytest.param(("-n2",), marks=pytest.mark.thorough)], ids=["alone", "xdist"])
def test_each_report_is_written(suite: Suite, workers: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    summary = suite.folder / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    options = [f"--opendental-mock-{name}={name}" for name in ("junit", "ctrf", "har")]
    ended = suite.run(TESTS, *options, *workers, settings='opendental_mock_report_file = "report"')
    assert ended.returncode == 0, ended.stdout
    report = json.loads((suite.folder / "report").read_text())
    assert (report["requests"], report["total"] > report["met"] > 0) == (4, True)
    assert JUnitXml.fromfile(str(summary.with_name("junit"))).tests == report["total"]
    assert json.loads(summary.with_name("ctrf").read_text())["results"]["extra"]["met"] == report["met"]
    paths = [one["request"]["url"].partition("/api/v1")[2]
             for one in json.loads(summary.with_name("har").read_text())["log"]["entries"]]  # fmt: skip
    assert sorted(paths) == ["/claimtrackings", *(f"/claimtrackings?ClaimNum={one}" for one in (25, 3, 99))]
    assert f"**{report['met']} of {report['total']} rules met" in summary.read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        pytest.param(
            ["--opendental-mock-only=served"],
            "--opendental-mock-only chooses rules of a report that is not asked for",
            marks=pytest.mark.thorough,
        ),
        (["--opendental-mock-junit=no/where.xml"], "/no/where.xml: there is no folder"),
    ],
)
def test_an_option_without_effect_is_an_error(suite: Suite, options: list[str], error: str) -> None:
    ended = suite.run(TESTS, *options)
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert error in ended.stderr


@pytest.mark.thorough
def test_a_report_that_cannot_be_written_fails_the_run(suite: Suite) -> None:
    ended = suite.run(TESTS, "--opendental-mock-junit=/dev/full")
    assert ended.returncode == 1
    assert "FAILED: --opendental-mock-junit /dev/full: No space left on device" in ended.stdout


MARKED = """
import pytest

@pytest.mark.opendental_mock("status-required")
def test_it(opendental_mock):
    ask(opendental_mock, body={"ClaimNum": 15})
"""


CONFTEST = """
import pytest

@pytest.fixture(scope="session")
def opendental_mock_config():
    return {{"fixtures": "{fixtures}"}}
"""


@pytest.mark.thorough
@pytest.mark.parametrize(("session", "counted"), [("default", True), ("nothing", False)])
def test_the_server_of_the_session_says_what_counts(suite: Suite, session: str, counted: bool) -> None:
    conftest = CONFTEST.format(fixtures=session)
    ended = suite.run(MARKED, "--opendental-mock-report", "-v", conftest=conftest)
    assert ended.returncode == 0, ended.stdout
    assert "claimtrackings.create.TrackingDefNum.required, 400; cause: office" in ended.stdout
    assert ("  claimtrackings.create.TrackingDefNum.default   " in ended.stdout) == counted
