"""Generate tests: each table, from the columns that an entry has to give."""

import json
from pathlib import Path

import pytest

from mockserver import MockServer
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
