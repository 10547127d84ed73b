"""Fixture command tests: init, check, export."""

import io
import json
from pathlib import Path

import pytest

from mockserver.assets import shipped
from mockserver.cli.diagnostics import as_text
from mockserver.contract.contract import shipped_contract
from mockserver.seeding.editor_schema import editor_schema
from mockserver.seeding.load import load_office, read_fixtures
from mockserver.syntax.diagnostics import Diagnostic
from support.command import NOT_ON_WINDOWS, Run, Start, run_process

WRONG = "claim: [7]\nclaimtracking:\n  - {ClaimNum: 7, Note: 保険 a@b.com}\n  - {ClaimNum: 8}\n"


class Terminal(io.StringIO):
    """A standard output that is a terminal."""

    def isatty(self) -> bool:
        return True


def wrong_file(folder: Path) -> Path:
    file = folder / "f,50%.yaml"
    file.write_text(WRONG, encoding="utf-8")
    return file


def found(folder: Path) -> list[Diagnostic]:
    draft = read_fixtures(str(wrong_file(folder)))
    return sorted([*draft.errors, *draft.warnings()])


def test_init_names_the_file_in_its_comments(run: Run, tmp_path: Path) -> None:
    assert run("init", "my office.yaml", cwd=tmp_path).returncode == 0
    text = (tmp_path / "my office.yaml").read_text("utf-8")
    assert "opendental-mock --fixtures 'my office.yaml' --watch\n" in text
    assert "opendental-mock check 'my office.yaml'\n" in text
    assert " office.yaml" not in text.replace("'my office.yaml'", "")


def test_init_writes_a_valid_fixture_and_its_schema(run: Run, tmp_path: Path) -> None:
    ended = run("init", "sub/mine.yaml", cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "opendental-mock --fixtures sub/mine.yaml --watch" in ended.stdout.replace("\\", "/")
    file = tmp_path / "sub" / "mine.yaml"
    first = file.read_text("utf-8").splitlines()[0]
    schema = file.parent / first.removeprefix("# yaml-language-server: $schema=")
    assert json.loads(schema.read_text("utf-8")) == editor_schema(shipped_contract())
    assert run("check", "sub/mine.yaml", "sub", cwd=tmp_path).stdout == ""
    assert len(load_office(str(file.parent)).claimtracking) == 2


def test_commented_out_parts_of_the_starter_are_valid(tmp_path: Path) -> None:
    text = (shipped("fixtures") / "starter" / "office.yaml").read_text("utf-8")
    body = text[text.index("\n\n") :]
    names = ("extends", "preference", "apikey", "fault", "  ")
    lines = (line.removeprefix("# ") if line.startswith(tuple(f"# {name}" for name in names)) else line
             for line in body.splitlines())  # fmt: skip
    (tmp_path / "f.yaml").write_text("\n".join(lines), encoding="utf-8")
    office = load_office(str(tmp_path / "f.yaml"))
    assert (len(office.fault), list(office.apikey), len(office.claim)) == (1, ["MockCustomerKey"], 5)


def test_init_makes_the_folder_of_a_resource_that_can_be_served(run: Run, tmp_path: Path) -> None:
    (tmp_path / "referrals.json").write_text('[{"ReferralNum": 11, "LName": "Roe"}]', encoding="utf-8")
    ended = run("init", "--resource", "referrals", "referrals.json", "ours", cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert sorted(path.name for path in (tmp_path / "ours" / "referrals").iterdir()) == ["operations.yaml", "row.json"]
    assert run("check", "ours", cwd=tmp_path).stdout == ""
    again = run("init", "--resource", "referrals", "referrals.json", "ours/referrals", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (2, "")
    assert "exists already and is not empty" in again.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--resource", "referrals", "wrong.json"], "wrong.json:2:3: this is not a row;"),
        (["--resource", "referrals", "broken.json"], "broken.json:1:2: "),
        (["--resource", "referrals", "none.json"], "none.json: No such file"),
        (["--resource", "claims", "wrong.json"], "claims is served already"),
        (["office.yaml", "folder"], "FOLDER is for --resource NAME"),
    ],
)
def test_init_says_why_it_makes_no_folder(run: Run, tmp_path: Path, words: list[str], why: str) -> None:
    (tmp_path / "wrong.json").write_text('[{"ReferralNum": 11},\n  7]', encoding="utf-8")
    (tmp_path / "broken.json").write_text("[", encoding="utf-8")
    ended = run("init", *words, cwd=tmp_path)
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (2, "", 1)
    assert ended.stderr.startswith(f"opendental-mock: {why}")
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("name", "why"),
    [("there.yaml", "exists already"), ("f.json", "f.yaml"), ("there.yaml/f.yaml", "")],
    ids=["there already", "JSON", "below a file"],
)
def test_init_overwrites_nothing_and_writes_no_other_form(run: Run, tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "there.yaml").write_text("claim: [7]", encoding="utf-8")
    ended = run("init", name, cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert why in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert [(one.name, one.read_text("utf-8")) for one in tmp_path.iterdir()] == [("there.yaml", "claim: [7]")]


def test_warnings_are_printed_and_do_not_fail_the_check(run: Run, tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text("claim: [{ClaimNum: 1, ClaimNote: a@b.com}]", encoding="utf-8")
    ended = run("check", "f.yaml", cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("f.yaml:1:34: warning: claim[0].ClaimNote looks ")


@pytest.mark.parametrize("note", ["Call Mrs Smith, SSN 123-45-6789.", "Call the carrier."])
@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_with_fail_on_warning_a_warning_is_a_finding(run: Run, tmp_path: Path, note: str, form: str) -> None:
    (tmp_path / "f.yaml").write_text(
        f"claim: [7]\nclaimtracking: [{{ClaimNum: 7, Note: '{note}'}}]\n", encoding="utf-8"
    )
    ended = run("check", "--fail-on-warning", "--format", form, "f.yaml", "default", cwd=tmp_path)
    fine = "" if "SSN" in note or form == "json" else "2 files, 6 claims, 9 trackings, 7 other rows, no mistake\n"
    assert (ended.returncode, ended.stderr) == (int("SSN" in note), fine)
    assert ("social security number" in ended.stdout) == ("SSN" in note)


def test_missing_file_is_wrong_use_with_fail_on_warning_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text("definition: [{DefNum: 1, Category: 31}]", encoding="utf-8")
    assert run("check", "--fail-on-warning", "none.yaml", "f.yaml", cwd=tmp_path).returncode == 2


def test_check_as_json_is_a_list_for_programs(run: Run, tmp_path: Path) -> None:
    file = wrong_file(tmp_path)
    ended = run("check", "--format", "json", str(file), "default")
    assert ended.returncode == 1
    said = json.loads(ended.stdout)
    assert [(one["file"], one["line"], one["column"], one["severity"]) for one in said] == [
        (str(file), 3, 25, "warning"), (str(file), 4, 16, "error"),
    ]  # fmt: skip
    assert said[1]["message"] == "claimtracking[1].ClaimNum 8 is not a claim of this office; claims are 7"
    assert json.loads(run("check", "--format", "json", "default").stdout) == []


def test_check_for_github_is_annotations_whose_names_are_escaped(run: Run, tmp_path: Path) -> None:
    wrong_file(tmp_path)
    ended = run("check", "--format", "github", "f,50%.yaml", cwd=tmp_path)
    assert ended.returncode == 1
    assert ended.stdout.splitlines()[1] == (
        "::error file=f%2C50%25.yaml,line=4,col=16::"
        "claimtracking[1].ClaimNum 8 is not a claim of this office; claims are 7"
    )
    assert ended.stdout.startswith("::warning file=f%2C50%25.yaml,line=3,col=25::")


def test_on_a_terminal_the_line_and_a_caret_stand_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    diagnostics = found(tmp_path)
    lines = as_text(diagnostics, Terminal()).splitlines()
    assert lines == [
        str(diagnostics[0]),
        "    3 |   - {ClaimNum: 7, Note: 保険 a@b.com}",
        "      |                         ^",
        str(diagnostics[1]),
        "    4 |   - {ClaimNum: 8}",
        "      |                ^",
    ]
    assert as_text(diagnostics, io.StringIO()) == "\n".join(map(str, diagnostics))


def test_on_a_terminal_it_is_coloured_unless_NO_COLOR_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: N802
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\033[31m^\033[0m" in as_text(found(tmp_path), Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\033" not in as_text(found(tmp_path), Terminal())


@pytest.mark.parametrize(
    ("source", "column", "shown", "caret"),
    [
        pytest.param("x" * 500 + "HERE" + "y" * 500, 501, "x" * 60 + "HERE" + "y" * 36, 60, id="long"),
        pytest.param("a\tb\x1b[31mHERE", 9, "a b [31mHERE", 8, id="what would move the cursor"),
        pytest.param("保険HERE", 3, "保険HERE", 4, id="wide"),
        pytest.param("e\u0301HERE", 3, "e\u0301HERE", 1, id="combining"),
    ],
)
def test_the_caret_stands_below_the_place_whatever_is_before_it(
    monkeypatch: pytest.MonkeyPatch, source: str, column: int, shown: str, caret: int
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    diagnostic = Diagnostic("f.yaml", 1, column, "wrong", source=source)
    assert as_text([diagnostic], Terminal()).splitlines()[1:] == [f"    1 | {shown}", f"      | {' ' * caret}^"]


def test_check_together_looks_at_the_combination(run: Run, tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text("definition: [{DefNum: 345, Category: 43}]", encoding="utf-8")
    assert run("check", "default", "f.yaml", cwd=tmp_path).returncode == 0
    ended = run("check", "--together", "default", "f.yaml", cwd=tmp_path)
    assert ended.returncode == 1
    assert "default.yaml:" in ended.stdout
    assert "345 is of category 43, says f.yaml:1:14" in ended.stdout


@pytest.mark.thorough
@NOT_ON_WINDOWS
def test_export_prints_what_loads_back_to_the_same_office(run: Run, start: Start, tmp_path: Path) -> None:
    server = start("--port", "0", "--admin-token", "Sesame", "--fixtures", "unicode")
    assert server.request("POST", "/claimtrackings", b'{"ClaimNum": 15, "Note": "clicked \\u4fdd"}')[0] == 201
    for encoding in ("utf-8", "ascii"):
        ended = run_process(
            "export", "--url", server.url, OPENDENTAL_MOCK_ADMIN_TOKEN="Sesame", PYTHONIOENCODING=encoding
        )
        assert (ended.returncode, ended.stderr) == (0, "")
        (tmp_path / "f.yaml").write_text(ended.stdout, encoding="utf-8")
        record = load_office(str(tmp_path / "f.yaml")).claimtracking.get(9)
        assert record is not None
        assert record.row.Note == "clicked 保"
    refused = run("export", "--url", server.url)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "401" in refused.stderr
