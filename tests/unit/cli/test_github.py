"""GitHub Actions tests: the step summary is appended, and refused warnings are annotations."""

from pathlib import Path

import pytest

from mockserver.cli.github import annotations, tell_github
from mockserver.reports.report import report
from support.coverages import refusal, some_coverage, warning

REFUSED = report(some_coverage(strict=True, refusals=[refusal()], warnings=[
    warning(), warning(refused=True, rule="warning.a,b:c", text="100 %\r\nodd", count=2),
]))  # fmt: skip
LINE = "::warning title=warning.a%2Cb%3Ac::100 %25\\x0d\\x0aodd (2 x GET /a)"


def test_a_refused_warning_is_an_annotation_of_one_line() -> None:
    assert annotations(REFUSED) == [LINE]


def test_there_are_as_many_annotations_as_github_shows() -> None:
    warnings = [warning(refused=True, text=str(number)) for number in range(11)]
    assert len(annotations(report(some_coverage(warnings=warnings)))) == 10


@pytest.mark.parametrize(("value", "printed"), [("true", LINE + "\n"), ("false", ""), (None, "")])
def test_annotations_are_printed_in_github_actions_only(
    value: str | None, printed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if value is not None:
        monkeypatch.setenv("GITHUB_ACTIONS", value)
    tell_github(REFUSED, [])
    assert capsys.readouterr().out == printed


def test_the_summary_is_appended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "summary.md"
    file.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    tell_github(REFUSED, ["too little"])
    text = file.read_text("utf-8")
    assert text.startswith("before\n## Open Dental contract coverage\n")
    assert "- ❌ too little\n" in text
    assert "| `a.two` | 400 | request | 1 |" in text


def test_a_summary_that_cannot_be_written_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    tell_github(REFUSED, [])
    assert capsys.readouterr().err == f"opendental-mock: GITHUB_STEP_SUMMARY {tmp_path}: Is a directory\n"
