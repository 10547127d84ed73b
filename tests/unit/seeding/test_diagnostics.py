"""Diagnostic tests: broken fixtures with one mistake each, and valid ones with warnings."""

import os
from pathlib import Path

import jsonschema
import pytest

from mockserver.contract.contract import shipped_contract
from mockserver.messages import listed
from mockserver.resources.folder import shipped_folders
from mockserver.seeding.editor_schema import editor_schema
from mockserver.seeding.load import load_office, read_fixtures
from mockserver.seeding.phi import find_phi
from mockserver.syntax.strict_yaml import load
from mockserver.syntax.yaml_events import YamlError

NOW = "2026-01-01 12:00:00"
FOLDER = Path(__file__).resolve().parents[2] / "data" / "broken_fixtures"
BROKEN = sorted(FOLDER.glob("*.yaml"))
TABLES = shipped_folders().tables()
KNOWN = {
    "{generated}": [*TABLES, "copies"],
    "{sections}": ["extends", "observed", "office", "apikey", "preference", "fault", *TABLES, "generate"],
}
"""The lists of names that stand in the first line of a broken fixture as a placeholder."""
HEAD = "definition: [{DefNum: 1, Category: 31}, {DefNum: 2, Category: 43}]\nclaim: [7]\nclaimtracking:\n  - {ClaimNum: 7, TrackingDefNum: 1"


def said_first(file: Path) -> tuple[str, str]:
    """Return the two lines at the top of a broken fixture: the diagnostic, and whether editors show it."""
    first, second = file.read_text("utf-8").splitlines()[:2]
    for name, known in KNOWN.items():
        first = first.replace(name, listed(known))
    return first.removeprefix("# "), second.removeprefix("# ")


def warnings_of(*files: Path) -> list[str]:
    draft = read_fixtures(*map(str, files), now=NOW)
    assert draft.errors == []
    return [f"{one.line}:{one.column}: {one.message}" for one in draft.warnings()]


@pytest.mark.parametrize(
    ("word", "hint"), [("Sent", "; did you mean S?"), ("waiting", "; did you mean W?"), ("Lost", ""), ("", "")]
)
def test_a_word_for_a_claim_status_is_told_its_letter(tmp_path: Path, word: str, hint: str) -> None:
    file = tmp_path / "office.yaml"
    file.write_text(f'claim: [{{ClaimNum: 1, ClaimStatus: "{word}"}}]', encoding="utf-8")
    (diagnostic,) = read_fixtures(str(file)).errors
    assert str(diagnostic).endswith(f'must be one of U, H, W, S, R, I, and is "{word}"{hint}')


def test_there_are_forty_broken_fixtures_or_more() -> None:
    assert len(BROKEN) >= 40


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_broken_fixture_has_the_diagnostic_of_its_first_line(file: Path) -> None:
    diagnostics = [
        str(one).replace(f"{FOLDER}{os.sep}", "").replace("\\", "/") for one in read_fixtures(str(file), now=NOW).errors
    ]
    assert diagnostics == [said_first(file)[0]]


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_editor_schema_refuses_broken_fixtures_if_it_can(file: Path) -> None:
    validator = jsonschema.Draft7Validator(editor_schema(shipped_contract()))
    try:
        refused = not validator.is_valid(load(file.read_text("utf-8")))
    except YamlError:
        refused = False  # by the editor itself, and not by the schema
    expected = "The schema for editors says so too." if refused else "The schema for editors cannot know."
    assert said_first(file)[1] == expected


WARNED_OF = {
    "a definition that nothing uses": ("}", []),
    "a tracking of the future": (", DateTimeEntry: 2026-01-01 12:00:01}", [
        "4:53: claimtracking[0].DateTimeEntry is 2026-01-01 12:00:01, newer than the office's clock,"
        " 2026-01-01 12:00:00; did you mean now?"]),
    "a tracking of the future by an hour": (", DateTimeEntry: now+1h}", [
        "4:53: claimtracking[0].DateTimeEntry is 2026-01-01 13:00:00, newer than the office's clock,"
        " 2026-01-01 12:00:00; did you mean now?"]),
    "a tracking of now": (", DateTimeEntry: now}", []),
    "generated trackings of the future": (
        "}\ngenerate: {claimtracking: {rows: 2, DateTimeEntry: {from: now-1d, to: now+1d}}}", [
            "5:71: generate.claimtracking.DateTimeEntry.to is 2026-01-02 12:00:00, newer than the office's clock,"
            " 2026-01-01 12:00:00; did you mean now?"]),
    "patient data": (", Note: Born 3/5/1971.}", [
        "4:44: claimtracking[0].Note looks like it holds a date of birth; fixtures are committed and hold nothing real:"
        " leave it out"]),
    "patient data in generated notes": ("}\ngenerate: {claimtracking: {rows: 2, Note: ['', a@b.com]}}", [
        "5:48: generate.claimtracking.Note[1] looks like it holds an e-mail address; fixtures are committed and hold"
        " nothing real: use one at example.com"]),
}  # fmt: skip


@pytest.mark.parametrize(("end", "expected"), WARNED_OF.values(), ids=WARNED_OF)
def test_suspicious_fixture_has_a_warning_and_loads(tmp_path: Path, end: str, expected: list[str]) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(HEAD + end, encoding="utf-8")
    assert warnings_of(file) == expected
    load_office(str(file), now=NOW)


def test_broken_fixture_has_no_warning_besides_its_error() -> None:
    draft = read_fixtures(str(FOLDER / "time-with-spaces.yaml"), now=NOW)
    assert len(draft.errors) == 1
    assert draft.warnings() == []


def test_phi_has_a_warning_even_beside_errors(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(HEAD + ", TrackingErrorDefNum: 5, Note: 'SSN 123-45-6789'}", encoding="utf-8")
    draft = read_fixtures(str(file), now=NOW)
    assert len(draft.errors) == 1
    assert [one.is_warning for one in draft.warnings()] == [True]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("DOB: 4/12/61", ["a date of birth"]),
        ("dob 1961-04-12", ["a date of birth"]),
        ("Patient born on 04.12.1961 called.", ["a date of birth"]),
        ("Seen 4/12/1961.", ["a date of birth"]),
        ("Split claim original entry timestamp: 2023-07-12 08:30:00", []),
        ("Resent 7/12/2023, 7/13/23.", []),
        ("Stillborn claim", []),
        ("SSN 123-45-6789", ["a social security number"]),
        ("SSN 123 45 6789", ["a social security number"]),
        ("SSN 000-12-3456, 987-65-4321, 666-12-3456", []),
        ("Claim 123456789, check 12-345-6789", []),
        ("Write to jane.doe@gmail.com.", ["an e-mail address"]),
        ("Write to jane@example.com, jane@mail.example.org or jane@carrier.test.", []),
        ("jane@example.com.mx", ["an e-mail address"]),
        ("Call (503) 363-5432", ["a telephone number"]),
        ("Call 503-363-5432 or +1 503.363.5432", ["a telephone number"]),
        ("Call 503-555-0142 or (503) 555-0199", []),
        ("Reference 5033635432, order 12-34-56", []),
        ("Jane, 4/12/1961, 503-363-5432", ["a date of birth", "a telephone number"]),
        ("", []),
    ],
)
def test_find_phi_ignores_reserved_values(text: str, kinds: list[str]) -> None:
    assert [kind for kind, _ in find_phi(text)] == kinds


@pytest.mark.parametrize("text", ["a" * 60_000 + "@", "1-" * 30_000, "born " * 12_000, "(503) " * 10_000])
def test_no_text_takes_long_to_look_through(text: str) -> None:
    assert find_phi(text) == []
