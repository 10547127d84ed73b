"""Tests of --observed, on each command that has it."""

import json
import sys
from pathlib import Path

import pytest

from mockserver.cli import main
from mockserver.settings.setting import PREFIX
from support.command import FINE, run_process
from support.observations import LABEL, of_variant, write_observed

LIMIT, BEYOND = "api.Limit.clamped", "api.Offset.beyond"
ASK_FOR_MANY = FINE[2].replace("/claimtrackings'", "/claimtrackings?Limit=1000'")
REFUSED = (sys.executable, "-c", f"import contextlib\nwith contextlib.suppress(OSError): exec({ASK_FOR_MANY!r})")


def test_run_answers_as_observed_and_says_so(tmp_path: Path) -> None:
    old = write_observed(tmp_path, {LIMIT: of_variant(LIMIT, "clamped")}, "old.yaml", "2025-01-01")
    new = write_observed(tmp_path, {LIMIT: of_variant(LIMIT, "refused"), BEYOND: {"outcome": "differs", "status": 410},
                                    "claimtrackings.list.all": {"outcome": "holds"}})  # fmt: skip
    report = tmp_path / "report.json"
    ended = run_process(
        "run", "--observed", str(new), "--observed", str(old), "--report", str(report), "--verbose", "--", *REFUSED
    )
    assert ended.returncode == 0, ended.stderr
    assert (
        "         api.Limit.clamped, 400; cause: request\n         A Limit above the server's own limit is refused.\n"
        in ended.stdout
    )
    assert f"  claimtrackings.list.all                                   observed {LABEL}, 200\n" in ended.stdout
    told = ended.stderr.splitlines()
    assert len(told) == 2, told
    assert (
        f"api.Limit.clamped: holds in {old} (25.4.48, 2025-01-01), and differs: refused in {new} ({LABEL}), which counts"
        in told[0]
    )
    assert "api.Offset.beyond: differs: 410; that is not a known variant, and is not played" in told[1]
    made = json.loads(report.read_text())
    rules = {rule["id"]: rule for rule in made["rules"] + made["mistakes"]}
    assert (rules[LIMIT]["met"], rules[LIMIT]["variant"], rules[LIMIT]["observed"]) == (1, "refused", LABEL)


def test_the_variable_names_files_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PREFIX + "OBSERVED", str(write_observed(tmp_path, {LIMIT: of_variant(LIMIT, "refused")})))
    assert main(["openapi"]) == 0
    assert LABEL not in capsys.readouterr().out  # it describes the rules of operations, and this one is of all
    assert main(["docs"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if f"`{LIMIT}`" in line and "| any |" in line)
    assert f"| 400 | observed {LABEL} |" in line
    assert line.endswith("| clamped, **refused** |")


def test_openapi_describes_the_office_that_was_observed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invalid, form = "claimtrackings.list.ClaimNum.invalid", "api.explanation"
    file = write_observed(tmp_path, {invalid: of_variant(invalid, "not-found"), form: of_variant(form, "plain")})
    assert main(["openapi", "--observed", str(file)]) == 0
    described = json.loads(capsys.readouterr().out)["paths"]["/claimtrackings"]["get"]
    sentence = "A ClaimNum that is not a whole number of 64 bits is refused with 404."
    assert f"- {sentence} (observed {LABEL}: `{invalid}`)" in described["description"]
    assert sentence in described["responses"]["404"]["description"]
    assert list(described["responses"]["404"]["content"]) == ["text/plain"]
    assert "X-Mock-Standing" in described["responses"]["404"]["headers"]


@pytest.mark.parametrize(
    "command", [["serve"], ["openapi"], ["docs"], ["run", "--", "true"]], ids=lambda words: words[0]
)
def test_a_wrong_file_is_wrong_use(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], a_process_of_its_own: None
) -> None:
    file = write_observed(tmp_path, {"api.Limit.clampt": {"outcome": "holds"}})
    assert main([command[0], "--observed", str(file), *command[1:]]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"{file}:1:")
    assert "there is no rule api.Limit.clampt; did you mean api.Limit.clamped?" in captured.err


def test_check_takes_files_of_observations_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unknown = write_observed(tmp_path, {BEYOND: {"outcome": "differs", "status": 410}}, "unknown.yaml")
    wrong = write_observed(tmp_path, {"api.Limit.clampt": {"outcome": "holds"}}, "wrong.yaml")
    assert main(["check", "default", "--observed", str(unknown)]) == 0
    assert "warning: api.Offset.beyond: differs: 410" in capsys.readouterr().out
    assert main(["check", "default", "--observed", str(unknown), "--fail-on-warning"]) == 1
    assert main(["check", "default", "--observed", str(wrong)]) == 1
    assert "there is no rule api.Limit.clampt" in capsys.readouterr().out
    assert main(["check", "default"]) == 0
