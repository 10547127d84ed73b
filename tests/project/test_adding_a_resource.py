"""The steps of docs/adding-a-resource.md, taken with a made-up resource in a copy of the project."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.project_copy import ROOT, copied, run

PAGE = (ROOT / "docs/adding-a-resource.md").read_text("utf-8")
TYPES = "../api/types.json#/$defs"
ROW: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Carrier", "description": "An insurance company.", "type": "object", "additionalProperties": False,
    "x-table": {"name": "carrier", "key": "CarrierNum", "page": "apicarriers"},
    "properties": {
        "CarrierNum": {"$ref": f"{TYPES}/Id", "minimum": 1, "description": "Primary key."},
        "CarrierName": {"$ref": f"{TYPES}/Text", "maxLength": 255, "description": "The name."},
        "IsHidden": {"$ref": f"{TYPES}/Bool", "description": "Hidden from lists."},
        "ParentNum": {"$ref": f"{TYPES}/Id", "description": "The owner.", "x-references": {"resource": "carriers", "none": 0}},
        "SecDateTEdit": {"$ref": f"{TYPES}/DateTime", "description": "The last change.", "x-set": "change"},
    },
    "examples": [
        {"CarrierNum": 3, "CarrierName": "Delta", "IsHidden": "false", "ParentNum": 4, "SecDateTEdit": "2024-01-01 00:00:00"},
        {"CarrierNum": 4, "CarrierName": "Ada", "IsHidden": "false", "ParentNum": 0, "SecDateTEdit": "2024-01-01 00:00:00"},
    ],
}  # fmt: skip
OPERATIONS = """
list:
  added: "22.1"
  filters: {CarrierName: {match: starts}, ParentNum: , SecDateTEdit: {match: from}}
get:
  added: "22.1"
update:
  added: "22.3"
  permission: Insurance
"""
BODY = {
    "title": "Carriers PUT: body", "type": "object", "x-rules": {"invalid": "api.body.object"},
    "properties": {
        name: {"$ref": f"row.json#/properties/{name}", "x-rules": {"invalid": f"carriers.update.{name}.invalid"}}
        for name in ("CarrierName", "ParentNum")
    },
    "examples": [{"CarrierName": "Delta Dental"}],
}  # fmt: skip
USE = """
import json, pathlib, sys, urllib.error, urllib.request
import mockserver
assert pathlib.Path(mockserver.__file__).is_relative_to(sys.argv[1]), mockserver.__file__
from mockserver import MockServer

with MockServer(sys.argv[2]) as server:
    def send(path, body=None, base=server.url):
        headers = server.headers | {"Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(base + path, data, headers, method="GET" if body is None else "PUT")
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            return [error.code, json.load(error)]

    root = server.url.removesuffix("/api/v1")
    print(json.dumps({
        "all": send("/carriers?Limit=2"), "starts": send("/carriers?CarrierName=del"), "one": send("/carriers/2"),
        "absent": send("/carriers/77"), "parent": send("/carriers?ParentNum=77"), "changed": send("/carriers/2", {"ParentNum": 9}),
        "wrong": send("/carriers/2", {"ParentNum": 77}), "index": send("/", base=root)["operations"],
        "openapi": send("/__admin/openapi.json", base=root), "office": send("/__admin/office", base=root)["carrier"],
        "resources": {name: one.as_json() for name, one in server.contract.resources.items()},
    }))
"""
CASES = """
import json
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from mockserver.contract.case_files import shipped_cases
from mockserver.contract.contract import shipped_contract
from support.playing import Mocks
contract = shipped_contract()
contract.check()
rules = {rule.id for rule in contract.rules.values() if rule.id.startswith("carriers.")}
cases = [case for case in shipped_cases() if case.rules[0].startswith("carriers.")]
with ExitStack() as running, TemporaryDirectory() as folder:
    mocks = Mocks(running, Path(folder))
    outcomes = {case.rules[0]: str(mocks.try_to_play(case)) for case in cases}
others = {rule: outcome for rule, outcome in outcomes.items() if "outcome='holds'" not in outcome}
silent = [rule for rule in rules if contract.rules[rule].standing == "assumed" and not contract.rules[rule].note]
print(json.dumps([sorted(rules), sorted(rules - outcomes.keys()), others, silent]))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with a further resource."""
    folder = copied(tmp_path_factory.mktemp("project"))
    carriers = folder / "schemas/carriers"
    carriers.mkdir()
    (carriers / "row.json").write_text(json.dumps(ROW), encoding="utf-8")
    (carriers / "update.request.json").write_text(json.dumps(BODY), encoding="utf-8")
    (carriers / "operations.yaml").write_text(OPERATIONS, encoding="utf-8")
    return folder


def test_a_folder_is_served_validated_documented_and_counted(project: Path) -> None:
    office = project / "office.yaml"
    office.write_text("carrier: [{CarrierNum: 9}, {CarrierNum: 2, CarrierName: Delta, ParentNum: 9}, 5]")
    ended = run(project, "-c", USE, str(project), str(office))
    assert ended.returncode == 0, ended.stderr
    said = json.loads(ended.stdout)
    assert [row["CarrierNum"] for row in said["all"]] == [2, 5]
    assert [row["CarrierName"] for row in said["starts"]] == ["Delta"]
    assert said["one"]["IsHidden"] == "false"
    assert said["absent"] == said["parent"] == [404, "Carrier not found."]
    assert said["changed"]["ParentNum"] == 9
    assert said["wrong"] == [404, "Carrier not found."]
    assert said["index"]["carriers/update"] == "PUT /api/v1/carriers/{CarrierNum}"
    assert said["office"][1]["CarrierName"] == ""
    described = said["openapi"]["paths"]
    assert described["/carriers"]["get"]["operationId"] == "carriers_list"
    assert described["/carriers/{CarrierNum}"]["put"]["requestBody"]
    assert "Carrier" in said["openapi"]["components"]["schemas"]
    assert 0 < said["resources"]["carriers"]["met"] < said["resources"]["carriers"]["total"]


def test_every_rule_of_a_folder_has_a_case_that_the_mock_keeps(project: Path) -> None:
    ended = run(project, "-c", CASES)
    assert ended.returncode == 0, ended.stderr
    rules, without, others, silent = json.loads(ended.stdout)
    assert {"carriers.list.CarrierName", "carriers.get.CarrierNum.unknown", "carriers.update.ParentNum.unknown"} <= set(
        rules
    )
    assert (without, others, silent) == ([], {}, [])


def test_a_mistake_in_a_row_is_found(project: Path) -> None:
    broken = project / "broken.yaml"
    broken.write_text("carrier: [{CarrierNum: 9, CarierName: Delta}, {CarrierNum: 10, ParentNum: 8}]")
    ended = run(project, "-m", "mockserver", "check", str(broken))
    assert ended.returncode == 1
    told = ended.stdout + ended.stderr
    assert "carrier[0].CarierName is not known; did you mean CarrierName?" in told
    assert "carrier[1].ParentNum 8 is not a carrier of this office" in told


@pytest.mark.parametrize(
    "block", re.findall(r"```(?:json|yaml)\n(.*?)```", PAGE, re.S), ids=lambda block: block.split("\n")[0]
)
def test_each_block_on_the_page_is_in_its_file(block: str) -> None:
    files = ("preferences/row.json", "claims/operations.yaml", "preferences/cases.yaml")
    assert any(block in (ROOT / "schemas" / file).read_text("utf-8") for file in files)
