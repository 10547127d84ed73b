"""Vendor page tests: the examples of the page, replayed in its order against the default office."""

import json
from pathlib import Path

import pytest

from conftest import Client, MakeClient
from mockserver.office.clock import parse_moment
from mockserver.syntax.strict_yaml import load
from mockserver.web.mock import MOCK

EXAMPLES = [
    load(file.read_text("utf-8"))
    for file in sorted((Path(__file__).parents[1] / "data" / "vendor_page").glob("*.yaml"))
]
LOOK_UPS = sorted((Path(__file__).parents[1] / "data" / "vendor_page" / "look-ups").glob("*.yaml"))


async def test_every_example_of_the_page_comes_out_as_printed(client: Client) -> None:
    assert len(EXAMPLES) == 4
    for example in EXAMPLES:
        client.app[MOCK].shared.office.clock.freeze(parse_moment(example["clock"]))
        method, path = example["call"].split()
        response = await client.request(method, path, json=example.get("body"))
        answer = await response.json()
        assert response.status == example["status"], answer
        if "answer" in example:
            # Compared as text, including the order of the columns.
            assert json.dumps(answer) == json.dumps(example["answer"])
        if "begins" in example:
            assert json.dumps(answer[: len(example["begins"])]) == json.dumps(example["begins"])
        if "every" in example:
            assert answer
            assert all(example["every"].items() <= row.items() for row in answer)


@pytest.mark.parametrize("file", LOOK_UPS, ids=lambda file: file.stem)
async def test_each_example_of_a_look_up_comes_out_as_printed(
    make_client: MakeClient, file: Path, tmp_path: Path
) -> None:
    example = load(file.read_text("utf-8"))
    office = tmp_path / "office.json"
    office.write_text(json.dumps(example["office"]), encoding="utf-8")
    client = await make_client(str(office))
    method, path = example["call"].split()
    response = await client.request(method, path)
    assert (response.status, json.dumps(await response.json())) == (example["status"], json.dumps(example["answer"]))


async def test_an_answer_is_json_and_says_so(client: Client) -> None:
    response = await client.get("/claimtrackings")
    assert response.headers["Content-Type"] == "application/json"
    assert int(response.headers["Content-Length"]) == len(await response.read())
    assert "Location" not in response.headers


async def test_a_new_row_has_no_location_since_there_is_no_single_get(client: Client) -> None:
    response = await client.post("/claimtrackings", json={"ClaimNum": 15})
    assert response.status == 201
    assert "Location" not in response.headers
