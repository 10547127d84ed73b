"""The contract as OpenAPI: valid, complete, and what the live server keeps to under a storm of generated requests."""

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from conftest import Client
from mockserver import create_app
from mockserver.api.openapi import openapi
from mockserver.api.resources import OPERATIONS
from mockserver.contract.contract import shipped_contract
from mockserver.web.server import Server
from support.cases import CASES

DOCUMENT = openapi(shipped_contract(), OPERATIONS)
LONGEST_WAIT = 240


def test_a_validator_of_openapi_passes_the_document() -> None:
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


def test_the_server_and_the_command_give_the_same_document() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "mockserver", "openapi"], capture_output=True, encoding="utf-8", check=True, timeout=60
    ).stdout
    assert json.loads(said) == json.loads(json.dumps(DOCUMENT))


async def test_the_document_is_served(client: Client) -> None:
    assert await (await client.get("/__admin/openapi.json")).json() == json.loads(json.dumps(DOCUMENT))


def test_every_operation_and_every_status_of_the_contract_is_in_the_document() -> None:
    for operation in OPERATIONS:
        path = f"/{operation.resource}" + (f"/{{{operation.number.column}}}" if operation.number else "")
        described = DOCUMENT["paths"][path][operation.method.lower()]
        cases = [case for case in CASES if case.call.startswith(f"{operation.method} /api/v1/{operation.resource}")]
        sent = {str(case.status) for case in cases}
        assert sent <= described["responses"].keys()
        assert str(operation.status) in sent


def test_nothing_of_the_mocks_own_schema_words_is_left_and_every_reference_resolves() -> None:
    def walk(part: Any) -> None:
        if isinstance(part, list):
            for inner in part:
                walk(inner)
        elif isinstance(part, dict):
            assert not [key for key in part if key.startswith("x-")]
            if isinstance(part.get("$ref"), str):
                place = DOCUMENT
                for step in part["$ref"].removeprefix("#/").split("/"):
                    place = place[step]
            for inner in part.values():
                walk(inner)

    walk({key: part for key, part in DOCUMENT.items() if key != "info"})


def test_the_vendors_examples_are_in_it() -> None:
    text = json.dumps(DOCUMENT)
    assert "Missing attachment." in text
    assert "Attachments sent." in text


# What is switched off, and why.
_UNSUITABLE = (
    "unsupported_method",  # the vendor answers 400 to a method that is not there, and sends no Allow
    "positive_data_acceptance",  # a claim or a definition that fits its schema need not exist: 404, 400
    "missing_required_header",  # no header is required: the document's security allows none
    "ignored_auth",  # an office that lists no keys takes any pair
)


@pytest.mark.parametrize("strict", [True, False])
async def test_a_storm_of_generated_requests_finds_nothing(
    strict: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    left_out = [*_UNSUITABLE] if strict else [*_UNSUITABLE, "negative_data_rejection"]  # numbers as text are taken
    async with Server(create_app(strict=strict, now="2023-07-26 09:47:10"), port=0) as server:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run",
            server.url.removesuffix("/api/v1") + "/__admin/openapi.json", "--url", server.url,
            "--header", "Authorization: ODFHIR MockDeveloperKey/MockCustomerKey",
            "--checks", "all", "--exclude-checks", ",".join(left_out), "--max-examples", "30", "--seed", "1",
            "--generation-deterministic", "--no-color",
            cwd=tmp_path_factory.mktemp("storm"), stdin=subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await asyncio.wait_for(process.communicate(), LONGEST_WAIT)
    assert process.returncode == 0, said.decode()[-6000:]


def test_no_two_components_would_become_one_class_of_a_generated_client() -> None:
    titles = [schema["title"] for schema in DOCUMENT["components"]["schemas"].values()]
    assert len(titles) == len(set(titles))
    listed = DOCUMENT["paths"]["/claimtrackings"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert listed == {"type": "array", "items": {"$ref": "#/components/schemas/claimtrackings.row"}}
