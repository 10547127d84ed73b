"""The steps of docs/adding-a-resource.md, taken with a made-up resource in a copy of the project."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/adding-a-resource.md").read_text("utf-8")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
ROW = {
    "CarrierNum": {"$ref": "../api/types.json#/$defs/Id", "minimum": 1, "description": "Primary key."},
    "CarrierName": {"$ref": "../api/types.json#/$defs/Text", "maxLength": 255, "description": "The name."},
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "carriers/row": {
        "title": "Carrier", "description": "An insurance company.", "type": "object", "additionalProperties": False,
        "x-table": {"name": "carrier", "key": "CarrierNum", "page": "apicarriers"},
        "properties": ROW, "examples": [{"CarrierNum": 1, "CarrierName": "Delta"}],
    },
    "carriers/list.query": {
        "title": "Carriers GET: parameters", "type": "object",
        "properties": {
            "CarrierName": {"description": "Optional.", "type": "string", "maxLength": 255,
                            "x-rules": {"invalid": "carriers.list.CarrierName.invalid"}},
            "Limit": {"$ref": "../api/list.query.json#/properties/Limit"},
            "Offset": {"$ref": "../api/list.query.json#/properties/Offset"},
        },
    },
    "carriers/list.response": {
        "title": "Carriers GET: 200 OK", "type": "array", "items": {"$ref": "row.json"},
        "examples": [[{"CarrierNum": 1, "CarrierName": "Delta"}]],
    },
}  # fmt: skip
RULES = """
- {id: carriers.list.all, operation: carriers/list, status: 200, says: All are listed., page: apicarriers, standing: documented}
- {id: carriers.list.CarrierName, operation: carriers/list, status: 200, says: One is listed., page: apicarriers, standing: documented}
- {id: carriers.list.CarrierName.invalid, operation: carriers/list, status: 400, says: Long., text: CarrierName is invalid., cause: request, page: apicarriers, standing: documented}
- {id: carriers.list.version, operation: carriers/list, status: 400, says: Old., text: It is old., cause: office, page: apicarriers, standing: documented}
"""
CASES = """
- {id: carriers, rules: [carriers.list.all], tier: read, call: GET /carriers, expect: {status: 200}}
- id: one carrier
  rules: [carriers.list.CarrierName]
  tier: read
  call: GET /carriers?CarrierName=Delta
  expect: {status: 200, every: {CarrierName: Delta}}
  example: true
"""
MODULE = '''
"""Carriers: insurance companies."""

from mockserver.api.listing import is_given, is_left_out, listing
from mockserver.api.operation import Operation

OPERATIONS = (
    Operation(
        name="carriers/list", method="GET", status=200, permission="ReadAll", added="22.1",
        query="carriers/list.query", response="carriers/list.response", row="carriers/row",
        run=listing("carrier", "CarrierName"),
        covered={".all": is_left_out("CarrierName"), ".CarrierName": is_given("CarrierName")},
    ),
)
'''
# A command writes the first one; the page refers its readers to the others.
NOT_CHANGED = {
    "schemas/fixture.schema.json", "schemas/api/types.json", "mockserver/office/rows.py", "mockserver/office/tables.py",
    "mockserver/contract/expectation.py", "mockserver/contract/example_facts.py",
}  # fmt: skip
USE = """
import json, pathlib, sys, urllib.request
import mockserver
assert pathlib.Path(mockserver.__file__).is_relative_to(sys.argv[1]), mockserver.__file__
from mockserver import MockServer

with MockServer(sys.argv[2]) as server:
    def get(path, base=server.url):
        with urllib.request.urlopen(urllib.request.Request(base + path, headers=server.headers), timeout=30) as response:
            return json.load(response)

    root = server.url.removesuffix("/api/v1")
    print(json.dumps({
        "all": get("/carriers?Limit=2"), "one": get("/carriers?CarrierName=Delta"), "index": get("/", root)["operations"],
        "openapi": get("/__admin/openapi.json", root), "office": get("/__admin/office", root)["carrier"],
        "contract": get("/__admin/contract", root)["rules"], "resources": {name: one.as_json() for name, one in server.contract.resources.items()},
    }))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with a fifth resource."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("mockserver", "schemas", "fixtures"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))

    def insert(file: str, before: str, text: str) -> None:
        old = (folder / file).read_text("utf-8")
        assert before in old, f"{file} has changed: {before}"
        (folder / file).write_text(old.replace(before, text + before, 1), encoding="utf-8")

    (folder / "schemas/carriers").mkdir()
    for name, schema in SCHEMAS.items():
        (folder / f"schemas/{name}.json").write_text(json.dumps({"$schema": DIALECT, **schema}), encoding="utf-8")
    (folder / "schemas/carriers/rules.yaml").write_text(RULES, encoding="utf-8")
    (folder / "schemas/carriers/cases.yaml").write_text(CASES, encoding="utf-8")
    insert("schemas/fixtures/fault.json", '"claims/get"', '"carriers/list", ')
    insert("schemas/fixtures/fault.json", '"PrefName":', '"CarrierName": {}, ')
    (folder / "mockserver/api/resources/carriers.py").write_text(MODULE.lstrip(), encoding="utf-8")
    insert("mockserver/api/resources/__init__.py", "claims, claimtrackings,", "carriers, ")
    insert("mockserver/api/resources/__init__.py", "claimtrackings, definitions, claims, preferences)", "carriers, ")
    return folder


def run(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(project)}
    return subprocess.run(
        [sys.executable, *words], cwd=project, env=environment, capture_output=True, encoding="utf-8", timeout=120,
        check=False,
    )  # fmt: skip


@pytest.mark.thorough
def test_a_fifth_resource_is_served_validated_documented_and_counted(project: Path) -> None:
    office = project / "office.yaml"
    office.write_text("carrier: [{CarrierNum: 9}, {CarrierNum: 2, CarrierName: Delta}, {CarrierNum: 5}]")
    ended = run(project, "-c", USE, str(project), str(office))
    assert ended.returncode == 0, ended.stderr
    said = json.loads(ended.stdout)
    delta = {"CarrierNum": 2, "CarrierName": "Delta"}
    assert said["all"] == [delta, {"CarrierNum": 5, "CarrierName": ""}]
    assert said["one"] == [delta]
    assert said["index"]["carriers/list"] == "GET /api/v1/carriers"
    assert said["office"][0] == delta
    assert said["openapi"]["paths"]["/carriers"]["get"]["operationId"] == "carriers_list"
    assert "Carrier" in said["openapi"]["components"]["schemas"]
    parameters = said["openapi"]["paths"]["/carriers"]["get"]["parameters"]
    assert parameters[0]["examples"] == {"one-carrier": {"summary": "one carrier", "value": "Delta"}}
    assert {rule["id"]: rule["met"] for rule in said["contract"] if rule["id"].startswith("carriers.")} == {
        "carriers.list.all": 1, "carriers.list.CarrierName": 1, "carriers.list.CarrierName.invalid": 0,
        "carriers.list.version": 0,
    }  # fmt: skip
    assert said["resources"]["carriers"] == {"met": 2, "total": 4, "percent": 50}


@pytest.mark.thorough
def test_a_mistake_in_a_row_of_a_fifth_resource_is_found(project: Path) -> None:
    broken = project / "broken.yaml"
    broken.write_text("carrier: [{CarrierNum: 9, CarierName: Delta}]")
    ended = run(project, "-m", "mockserver", "check", str(broken))
    assert ended.returncode == 1
    assert "carrier[0].CarierName is not known; did you mean CarrierName?" in ended.stdout + ended.stderr


def test_the_page_names_every_file_that_the_steps_change(project: Path) -> None:
    named = set(re.findall(r"`((?:schemas|mockserver)/[\w./<>]+\.\w+)`", PAGE))
    changed = {
        path.relative_to(project).as_posix()
        for path in project.rglob("*")
        if path.suffix in (".py", ".json", ".yaml") and path.relative_to(project).parts[0] in ("mockserver", "schemas")
        if not (ROOT / path.relative_to(project)).exists() or path.read_bytes() != (ROOT / path.relative_to(project)).read_bytes()
    }  # fmt: skip
    expected = {name.replace("preferences", "carriers").replace("<table>", "carrier") for name in named}
    assert changed == expected - NOT_CHANGED


def test_the_case_on_the_page_is_in_its_file() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    assert block in (ROOT / "schemas/preferences/cases.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    "block", re.findall(r"```(?:python|json)\n(.*?)```", PAGE, re.S), ids=lambda block: block.split("\n")[1]
)
def test_each_block_of_code_is_in_its_file(block: str) -> None:
    files = ("mockserver/api/resources/preferences.py", "schemas/preferences/row.json")
    texts = ["".join((ROOT / file).read_text("utf-8").split()) for file in files]
    assert any("".join(block.split()) in text for text in texts)
