"""Generate tests: each table, from the columns that an entry has to give."""

import json
from pathlib import Path

import pytest

from mockserver import FixtureError, MockServer, load_office
from mockserver.contract.example_offices import example_office
from mockserver.resources.fixture_rows import generated_rows
from mockserver.resources.folder import Folder, shipped_folders

FOLDERS = [folder for folder in shipped_folders().values() if folder.is_in_fixtures]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_rows_of_each_table_are_generated_with_defaults(folder: Folder, tmp_path: Path) -> None:
    operation = next(iter(folder.operations.values()))
    given = example_office(folder, shipped_folders(), operation)
    names = [name for name in generated_rows(folder)["required"] if name != "rows"]
    entry = {"rows": 3, **{name: given[folder.table][0][name] for name in names}}
    office = tmp_path / "office.json"
    office.write_text(json.dumps({**given, "generate": {folder.table: entry}}), encoding="utf-8")
    with MockServer(office) as server:
        assert len(server.tenant.office.tables[folder.table]) == len(given[folder.table]) + 3


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_column_that_an_entry_leaves_out_is_told(folder: Folder, tmp_path: Path) -> None:
    office = tmp_path / "office.json"
    office.write_text(json.dumps({"generate": {folder.table: {}}}), encoding="utf-8")
    with pytest.raises(FixtureError) as told:
        load_office(str(office))
    missing = [f"generate.{folder.table}.{name} is missing; " for name in generated_rows(folder)["required"]]
    assert all(any(sentence in one.message for one in told.value.diagnostics) for sentence in missing)


def test_a_column_that_is_left_out_may_have_one_value_or_several(tmp_path: Path) -> None:
    office = tmp_path / "office.yaml"
    office.write_text("generate: {definition: {rows: 2}}", encoding="utf-8")
    with pytest.raises(FixtureError, match=r"Category is missing; a whole number or a list such as \[1\]$"):
        load_office(str(office))
