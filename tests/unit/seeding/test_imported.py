"""Imported offices: rows that name rows that are not there, with a warning, as in a database with a history."""

from pathlib import Path

import pytest
import requests

from mockserver import MockServer
from mockserver.seeding.diagnostics import FixtureError
from mockserver.seeding.export import Export
from mockserver.seeding.load import load_office, read_fixtures

DANGLING = "claim: [3]\nclaimtracking:\n  - {ClaimTrackingNum: 1, ClaimNum: 21, TrackingDefNum: 9}\n"


def write(folder: Path, text: str) -> str:
    file = folder / "office.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_row_of_an_imported_office_may_name_what_is_not_there(tmp_path: Path) -> None:
    file = write(tmp_path, f'office: {{imported: "25.4.48"}}\n{DANGLING}')
    assert [row.ClaimNum for row in load_office(file).claimtracking] == [21]
    told = [str(one).partition(" ")[2] for one in read_fixtures(file).warnings()]
    assert told == [
        "warning: claimtracking[0].ClaimNum 21 is not a claim of this office; claims are 3",
        "warning: claimtracking[0].TrackingDefNum 9 is not a definition of this office; of category 31 are none",
    ]


def test_a_row_of_another_office_may_not(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="ClaimNum 21 is not a claim of this office"):
        load_office(write(tmp_path, DANGLING))


def test_an_office_with_a_deleted_claim_is_exported_and_loads(tmp_path: Path) -> None:
    with MockServer("practice") as server:
        assert "imported" not in "".join(Export(server.tenant.office).as_json())
        claims = (claim.ClaimNum for claim in server.tenant.office.claim if claim.ClaimStatus == "S")
        number = next(one for one in claims if server.tenant.office.claimtracking.has("ClaimNum", one))
        assert requests.delete(f"{server.url}/claims/{number}", headers=server.headers, timeout=30).content == b""
        text = "".join(Export(server.tenant.office).as_yaml())
    assert 'imported: "25.4.48"' in text
    file = write(tmp_path, text)
    assert number in {row.ClaimNum for row in load_office(file).claimtracking}
    assert number not in load_office(file).claim
    assert any(f"ClaimNum {number} is not a claim" in str(one) for one in read_fixtures(file).warnings())


def test_columns_of_a_newer_version_and_blanks_are_no_mistakes(tmp_path: Path) -> None:
    rows = (
        "  - {ClaimNum: 3, TrackingType: '', Newer: 1}\n  - {ClaimNum: 3, Newer: [2]}\n  - {ClaimNum: 3, UserNum2: 1}\n"
    )
    text = f"claim: [3]\nclaimtracking:\n{rows}"
    file = write(tmp_path, f'office: {{imported: "25.4.48"}}\n{text}')
    assert [row.TrackingType for row in load_office(file).claimtracking] == ["StatusHistory"] * 3
    assert [str(one).partition("office.yaml:")[2] for one in read_fixtures(file).warnings()] == [
        "4:37: warning: claimtracking[0].Newer is not known, and is left out, in 2 rows",
        "6:19: warning: claimtracking[2].UserNum2 is not known, and is left out, in 1 row",
    ]
    with pytest.raises(FixtureError) as raised:
        load_office(write(tmp_path, text))
    assert len(raised.value.diagnostics) == 4


def test_a_misspelt_column_is_a_mistake_in_an_imported_office_too(tmp_path: Path) -> None:
    text = "claim: [3]\nclaimtracking:\n  - {ClaimNum: 3, TrackingDefNumm: 1}\n"
    with pytest.raises(FixtureError, match="TrackingDefNumm is not known; did you mean TrackingDefNum"):
        load_office(write(tmp_path, f'office: {{imported: "25.4.48"}}\n{text}'))
