"""Vendor page tests: the examples of the page, replayed in its order against the default office."""

import json
from pathlib import Path

from conftest import Client
from mockserver.office.clock import parse_moment
from mockserver.syntax.strict_yaml import load
from mockserver.web.app_keys import TENANTS

EXAMPLES = [
    load(file.read_text("utf-8"))
    for file in sorted((Path(__file__).parents[1] / "data" / "vendor_page").glob("*.yaml"))
]


async def test_every_example_of_the_page_comes_out_as_printed(client: Client) -> None:
    assert len(EXAMPLES) == 4
    for example in EXAMPLES:
        client.app[TENANTS].shared.office.clock.freeze(parse_moment(example["clock"]))
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


async def test_an_answer_is_json_and_says_so(client: Client) -> None:
    response = await client.get("/claimtrackings")
    assert response.headers["Content-Type"] == "application/json"
    assert int(response.headers["Content-Length"]) == len(await response.read())
    assert "Location" not in response.headers


async def test_a_new_row_has_no_location_since_there_is_no_single_get(client: Client) -> None:
    response = await client.post("/claimtrackings", json={"ClaimNum": 15})
    assert response.status == 201
    assert "Location" not in response.headers
