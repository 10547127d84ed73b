"""Page example tests: the rows of each page's example, which leave as the page prints them."""

import json
from pathlib import Path

import pytest

from conftest import MakeClient
from mockserver.contract.example_offices import example_office
from mockserver.contract.family_cases import answered_examples, listing
from mockserver.office.clock import parse_moment
from mockserver.resources.folder import Folder, shipped_folders
from mockserver.web.mock import MOCK

FOLDERS = [folder for folder in shipped_folders().values() if folder.is_in_fixtures]
READS = [(folder, spec.name) for folder in FOLDERS for spec in folder.operations.values() if spec.method == "GET"]


@pytest.mark.parametrize(("folder", "operation"), READS, ids=[f"{folder.name}/{name}" for folder, name in READS])
async def test_each_row_of_an_example_comes_out_as_printed(
    make_client: MakeClient, folder: Folder, operation: str, tmp_path: Path
) -> None:
    spec, office = folder.operations[operation], tmp_path / "office.json"
    office.write_text(json.dumps(example_office(folder, shipped_folders(), spec)), encoding="utf-8")
    client = await make_client(str(office))
    rows = answered_examples(folder, shipped_folders(), spec)
    for place, row in enumerate(rows):
        for column in folder.columns_of(spec).values():
            if column.set_on == "answer":  # the rows of one example may be those of several answers
                client.app[MOCK].shared.office.clock.freeze(parse_moment(row[column.name]))
        if spec.has_number:
            answer = await (await client.get(f"/{folder.name}/{row[folder.key]}")).json()
        else:
            answers = await (await client.get(listing(folder, shipped_folders(), spec))).json()
            assert len(answers) == len(rows)
            answer = answers[place]
        # Compared as text, including the order of the columns.
        assert json.dumps(answer) == json.dumps(row)
