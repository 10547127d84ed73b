"""OpenAPI tests: a valid and complete document, which the server follows under many generated requests."""

import asyncio
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any

import pytest
import requests

from conftest import Client
from mockserver import MockServer, create_app
from mockserver.api.openapi import openapi
from mockserver.api.resources import OPERATIONS
from mockserver.cli import main
from mockserver.contract.case_files import shipped_cases
from mockserver.contract.contract import shipped_contract
from mockserver.contract.example_facts import EXAMPLE_FACTS
from mockserver.office.faults import NAMED_FAULTS
from mockserver.resources.folder import shipped_folders
from mockserver.web.server import Server

MAX_WAIT = 240


@cache
def document() -> dict[str, Any]:
    return openapi(shipped_contract(), OPERATIONS)


def operations() -> list[dict[str, Any]]:
    """Return the operations of the document."""
    return [operation for path in document()["paths"].values() for operation in path.values()]


def parts(part: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a part of a document."""
    if isinstance(part, dict):
        yield part
    if isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from parts(inner)


def _operation(call: str) -> str:
    """The name of the operation that a call is for, if there is one."""
    method, path = call.split()
    resource, *rest = path.partition("?")[0].strip("/").split("/")
    has_number = bool(rest) and re.fullmatch(r"-?[0-9]+|\{\w+\}", rest[0]) is not None
    word = "/".join(rest[has_number:])
    for one in OPERATIONS:
        if (one.method, one.resource, one.number is not None, one.word) == (method, resource, has_number, word):
            return one.name
    return ""


def mistakes(document: dict[str, Any]) -> list[Any]:
    """Return what a validator of OpenAPI finds in a document."""
    from openapi_spec_validator import OpenAPIV31SpecValidator  # slow to import, for each process of a run

    return list(OpenAPIV31SpecValidator(document).iter_errors())


def test_a_validator_of_openapi_passes_the_document() -> None:
    assert mistakes(document()) == []


@pytest.mark.thorough
def test_the_server_and_the_command_give_the_same_document() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "mockserver", "openapi"], capture_output=True, encoding="utf-8", check=True, timeout=60
    ).stdout
    assert json.loads(said) == json.loads(json.dumps(document()))


async def test_the_document_is_served(client: Client) -> None:
    assert await (await client.get("/__admin/openapi.json")).json() == json.loads(json.dumps(document()))


def test_document_has_every_operation_and_status() -> None:
    for operation in OPERATIONS:
        described = document()["paths"][operation.path][operation.method.lower()]
        cases = [case for case in shipped_cases() if case.base and _operation(case.call) == operation.name]
        sent = {str(case.expect.status) for case in cases}
        assert sent <= described["responses"].keys()
        assert str(operation.status) in sent


def test_document_has_no_own_keywords_and_no_dangling_reference() -> None:
    for part in parts(document()):
        assert not [key for key in part if key.startswith("x-")]
        if isinstance(part.get("$ref"), str):
            place = document()
            for step in part["$ref"].removeprefix("#/").split("/"):
                place = place[step]


def test_only_answers_with_a_location_say_so() -> None:
    answers = [
        (document()["paths"][one.path][one.method.lower()]["responses"][str(one.status)], one) for one in OPERATIONS
    ]
    located = {one.name for answer, one in answers if "Location" in answer["headers"]}
    assert located == {one.name for one in OPERATIONS if one.located}
    assert "procedurelogs/create" in located


def test_the_vendors_examples_are_in_it() -> None:
    text = json.dumps(document())
    assert "Missing attachment." in text
    assert "Attachments sent." in text


# The checks that are disabled, with the reasons.
_UNSUITABLE = (
    "unsupported_method",  # the vendor responds with 400 to an unknown method, without Allow
    "positive_data_acceptance",  # a claim or a definition that is valid need not exist: 404, 400
    "missing_required_header",  # no header is required: the document's security allows none
    "ignored_auth",  # an office without keys accepts any pair
)


# Methods that the document does not have are sent too, and the vendor has some of them: docs/openapi.md.
_CONFIGURATION = """
[checks.not_a_server_error]
expected-statuses = ["2xx", "4xx", "501"]
"""


@pytest.mark.thorough
@pytest.mark.parametrize("strict", [True, False])
async def test_generated_requests_find_no_violation(strict: bool, tmp_path_factory: pytest.TempPathFactory) -> None:
    if find_spec("schemathesis") is None:
        pytest.skip("Schemathesis is not installed; the extra dev has it")
    left_out = [*_UNSUITABLE] if strict else [*_UNSUITABLE, "negative_data_rejection"]  # numbers as text are accepted
    folder = tmp_path_factory.mktemp("storm")
    (folder / "schemathesis.toml").write_text(_CONFIGURATION)
    async with Server(create_app(strict=strict, now="2023-07-26 09:47:10"), port=0) as server:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run",
            server.url.removesuffix("/api/v1") + "/__admin/openapi.json", "--url", server.url,
            "--header", "Authorization: ODFHIR MockDeveloperKey/MockCustomerKey",
            "--checks", "all", "--exclude-checks", ",".join(left_out), "--max-examples", "30", "--seed", "1",
            "--generation-deterministic", "--no-color",
            cwd=folder, stdin=subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await asyncio.wait_for(process.communicate(), MAX_WAIT)
    assert process.returncode == 0, said.decode()[-6000:]


def test_no_two_components_would_become_one_class_of_a_generated_client() -> None:
    schemas = document()["components"]["schemas"]
    folders = shipped_folders()
    rows = {shipped_contract().schemas[operation.row].contents["title"] for operation in OPERATIONS}
    bodies = {
        f"{folders[one.resource].type_name}{one.name.partition('/')[2].capitalize()}" for one in OPERATIONS if one.body
    }
    assert rows > {"ClaimTracking", "Claim"}
    assert bodies >= {"ClaimTrackingCreate", "ClaimTrackingUpdate"}
    assert set(schemas) == rows | bodies | {"Explanation"}
    assert [schema["title"] for schema in schemas.values()] == list(schemas)
    listed = document()["paths"]["/claimtrackings"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert listed == {"type": "array", "items": {"$ref": "#/components/schemas/ClaimTracking"}}


def test_every_name_is_an_identifier_in_any_language() -> None:
    assert re.fullmatch("[A-Za-z]+( [A-Za-z]+)*", document()["info"]["title"]), "a package is named after it"
    names = [*document()["components"]["schemas"], *(described["operationId"] for described in operations())]
    assert [name for name in names if not re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name)] == []


def test_every_integer_says_whether_it_has_64_bits() -> None:
    integers = [part for part in parts(document()) if part.get("type") == "integer"]
    assert [one for one in integers if one.get("format") not in ("int32", "int64")] == []
    assert [one for one in integers if one["format"] == "int32" and one.get("maximum", 0) >= 2**31] == []
    row = document()["components"]["schemas"]["ClaimTracking"]["properties"]
    assert {name for name, part in row.items() if part.get("format") == "int64"} == {
        "ClaimTrackingNum", "ClaimNum", "UserNum", "TrackingDefNum", "TrackingErrorDefNum",
    }  # fmt: skip


def test_defaults_are_in_descriptions_instead_of_keywords() -> None:
    assert [part for part in parts(document()) if "default" in part] == []
    body = document()["components"]["schemas"]["ClaimTrackingCreate"]
    assert body["required"] == ["ClaimNum"]
    assert body["properties"]["TrackingErrorDefNum"]["description"].endswith(" Default 0.")
    assert body["properties"]["Note"]["description"].endswith(' Default "".')


def test_every_schema_has_a_type() -> None:
    assert [part for part in parts(document()) if "enum" in part and "type" not in part] == []


def test_every_operation_has_common_responses_with_their_senders() -> None:
    statuses = {str(named["status"]) for named in NAMED_FAULTS.values()} | {"500"}
    assert statuses == {"400", "401", "410", "429", "500", "504"}
    for described in operations():
        assert statuses <= described["responses"].keys()
        for status in ("410", "429", "500", "504"):
            assert "opendental-mock" in described["responses"][status]["description"]
        assert "Retry-After" in described["responses"]["429"]["headers"]


def test_every_parameter_and_every_tag_is_operations() -> None:
    parameters = [one for described in operations() for one in described["parameters"]]
    assert {one["in"] for one in parameters} == {"path", "query"}
    assert [one["name"] for one in parameters if not one["description"].endswith(".")] == []
    tags = {tag["name"]: tag["description"] for tag in document()["tags"]}
    assert {name for described in operations() for name in described["tags"]} == set(tags)
    assert all(tags.values())


@pytest.mark.parametrize(
    ("words", "url"),
    [
        pytest.param((), "/api/v1", id="relative", marks=pytest.mark.thorough),
        pytest.param(("--server", "http://127.0.0.1:5/api/v1/"), "http://127.0.0.1:5/api/v1", id="named"),
    ],
)
def test_the_document_names_its_server(words: tuple[str, ...], url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi", *words]) == 0
    assert json.loads(capsys.readouterr().out)["servers"] == [{"url": url}]


def test_a_server_that_is_not_a_url_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["openapi", "--server", "/api/v1"])
    assert ended.value.code == 2
    assert "http://127.0.0.1:30222/api/v1" in capsys.readouterr().err


def test_every_request_and_refusal_has_an_example_from_a_case() -> None:
    for described in operations():
        names = {name for one in described["parameters"] for name in one.get("examples", ())}
        body = described.get("requestBody", {}).get("content", {}).get("application/json", {})
        assert names or not described["parameters"] or body["examples"], described["operationId"]
        for status in {"400", "401", "404"} & described["responses"].keys():
            content = described["responses"][status]["content"]["application/json"]
            assert content["examples"], f"{described['operationId']} {status}"


def test_examples_are_what_the_default_office_is_asked_and_answers() -> None:
    played = [case for case in shipped_cases() if case.example]
    assert len(played) > 20
    with MockServer() as server:
        for case in played:
            if case.office == "default":
                request = case.request(EXAMPLE_FACTS)
                headers = {**server.headers, **{name: str(value) for name, value in request.headers.items()}}
                got = requests.request(
                    request.method,
                    server.url.removesuffix("/api/v1") + request.path,
                    data=request.body,
                    headers=headers,
                    timeout=30,
                )
                assert got.status_code == case.expect.status, case.id
                assert case.expect.text is None or got.json() == case.expect.text, case.id


def test_examples_of_a_number_in_the_path_are_numbers() -> None:
    parameters = [one for described in operations() for one in described["parameters"] if one["in"] == "path"]
    values = [example["value"] for one in parameters for example in one.get("examples", {}).values()]
    assert len(values) > 10
    assert [value for value in values if type(value) is not int] == []


def test_examples_of_a_request_are_those_of_the_page() -> None:
    body = document()["paths"]["/claimtrackings"]["post"]["requestBody"]["content"]["application/json"]
    shown = {"ClaimNum": 15, "Note": "Missing attachment.", "TrackingDefNum": 339, "TrackingErrorDefNum": 340}
    assert [one["value"] for one in body["examples"].values()] == [shown]
    listed = {one["name"]: one for one in document()["paths"]["/claimtrackings"]["get"]["parameters"]}
    assert listed["Limit"]["examples"] == {"Limit": {"summary": "Limit", "value": 2}}
    assert listed["ClaimNum"]["examples"] == {"one-claim": {"summary": "one claim", "value": 25}}


def test_a_document_for_clients_has_nothing_that_only_the_mock_sends(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi", "--for-clients"]) == 0
    text = capsys.readouterr().out
    assert "X-Mock" in json.dumps(document())
    assert "X-Mock" not in text
    for_clients = json.loads(text)
    assert mistakes(for_clients) == []
    statuses = {
        status for path in for_clients["paths"].values() for one in path.values() for status in one["responses"]
    }
    assert statuses == {"200", "201", "400", "401", "404", "410", "429", "504"}


def test_no_two_names_of_a_generated_client_are_alike(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi", "--name-mappings"]) == 0
    names = json.loads(capsys.readouterr().out)["nameMappings"]
    assert names["customTracking"] == "customTrackingName"
    for where, together in named_together(names):
        # Generators write names in camelCase, PascalCase or snake_case, which have these letters and digits.
        alike = Counter(re.sub("[^a-z0-9]", "", str(name).lower()) for name in together)
        assert [name for name, times in alike.items() if times > 1] == [], where


def named_together(names: Mapping[str, str]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the names that stand beside each other in a generated client, columns with their other `names`."""
    schemas = document()["components"]["schemas"]
    yield "classes", list(schemas)
    for schema, part in schemas.items():
        columns = part.get("properties", {})
        yield f"the members of {schema}", [names.get(column, column) for column in columns]
        for column, inner in columns.items():
            yield f"the values of {schema}.{column}", inner.get("enum", [])
    yield "methods", [method["operationId"] for method in operations()]
    for method in operations():
        yield f"the parameters of {method['operationId']}", [given["name"] for given in method["parameters"]]
