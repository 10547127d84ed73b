"""Message tests: texts on values and on times, as functions."""

import io
from pathlib import Path

import pytest

from mockserver.cli import main
from mockserver.cli.diagnostics import as_text
from mockserver.seeding.diagnostics import FixtureError
from mockserver.seeding.load import load_office
from mockserver.seeding.relative_times import guess_time
from mockserver.syntax.diagnostics import Diagnostic
from mockserver.violations import expected_text


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"enum": ["U", "S"]}, "one of U, S"),
        ({"type": "integer", "minimum": 1}, "a whole number of 1 or more"),
        ({"type": "string", "examples": ["23.2.4"]}, "text such as 23.2.4"),
        ({"type": "boolean"}, "true or false"),
    ],
)
def test_expected_text_describes_columns(schema: dict[str, object], words: str) -> None:
    assert expected_text(schema) == words


@pytest.mark.parametrize("value", [5, None, [1], {"a": 1}])
def test_only_a_text_is_nearly_a_time(value: object) -> None:
    assert guess_time(value) is None


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_diagnostic_without_source_is_one_line_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert as_text([Diagnostic("office.yaml", 1, 1, "is empty")], Terminal()) == "office.yaml:1:1: is empty"


@pytest.mark.parametrize(
    "entry", ["{from: 2023-02-30 00:00:00, to: 2023-03-01 00:00:00}", "5", "{from: 5, to: 2023-03-01 00:00:00}"]
)
def test_a_time_that_is_none_is_said_once(tmp_path: Path, entry: str) -> None:
    file = tmp_path / "office.yaml"
    file.write_text(f"claim: [1]\ngenerate:\n  claimtracking: {{rows: 2, DateTimeEntry: {entry}}}\n")
    with pytest.raises(FixtureError) as wrong:
        load_office(str(file))
    assert "DateTimeEntry" in str(wrong.value)
    assert len(wrong.value.diagnostics) == 1


def test_init_reports_an_invalid_target_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    for place in ("file/office.yaml", "file/folder/office.yaml"):
        assert main(["init", str(tmp_path / place)]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
