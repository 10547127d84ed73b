"""Page example tests: the rows of each page's example, which leave as the page prints them."""

import json
from pathlib import Path
from typing import Any

import pytest

from conftest import MakeClient
from mockserver.contract.families import case_entries
from mockserver.resources.folder import Folder, shipped_folders

FOLDERS = [folder for folder in shipped_folders().values() if folder.is_in_fixtures and "list" in folder.operations]


def list_of_examples(folder: Folder) -> dict[str, Any]:
    """Return the case of a family that lists the rows of the example."""
    rule = f"{folder.name}.list.row"
    return next(case for case in case_entries(folder, shipped_folders(), ()) if case["rules"] == [rule])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
async def test_each_row_of_an_example_comes_out_as_printed(
    make_client: MakeClient, folder: Folder, tmp_path: Path
) -> None:
    case, office = list_of_examples(folder), tmp_path / "office.json"
    office.write_text(json.dumps(case["office"]), encoding="utf-8")
    client = await make_client(str(office))
    rows = await (await client.get(f"/{folder.name}")).json()
    # Compared as text, including the order of the columns.
    assert json.dumps(rows) == json.dumps(case["expect"]["body"])
    if "get" in folder.operations:
        for row in case["expect"]["body"]:
            response = await client.get(f"/{folder.name}/{row[folder.key]}")
            assert json.dumps(await response.json()) == json.dumps(row)
