"""The steps of docs/adding-a-resource.md and docs/cases.md, taken with a made-up resource in a copy of the project."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.project_copy import ROOT, copied, run

PAGES = "".join((ROOT / f"docs/{name}.md").read_text("utf-8") for name in ("adding-a-resource", "cases"))
TYPES = "../api/types.json#/$defs"
ROW: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Referral", "description": "An insurance company.", "type": "object", "additionalProperties": False,
    "x-table": {"name": "referral", "key": "ReferralNum", "page": "apireferrals"},
    "properties": {
        "ReferralNum": {"$ref": f"{TYPES}/Id", "minimum": 1, "description": "Primary key."},
        "ReferralName": {"$ref": f"{TYPES}/Text", "maxLength": 255, "description": "The name."},
        "IsHidden": {"$ref": f"{TYPES}/Bool", "description": "Hidden from lists."},
        "ParentNum": {"$ref": f"{TYPES}/Id", "description": "The owner.", "x-references": {"resource": "referrals", "none": 0}},
        "SecDateTEdit": {"$ref": f"{TYPES}/DateTime", "description": "The last change.", "x-set": "change"},
    },
    "examples": [
        {"ReferralNum": 3, "ReferralName": "Delta", "IsHidden": "false", "ParentNum": 4, "SecDateTEdit": "2024-01-01 00:00:00"},
        {"ReferralNum": 4, "ReferralName": "Ada", "IsHidden": "false", "ParentNum": 0, "SecDateTEdit": "2024-01-01 00:00:00"},
    ],
}  # fmt: skip
OPERATIONS = """
list:
  added: "22.1"
  filters: {ReferralName: {match: starts}, ParentNum: , SecDateTEdit: {match: from}}
get:
  added: "22.1"
update:
  added: "22.3"
  permission: Insurance
"""
FIELDS: dict[str, dict[str, Any]] = {
    "ReferralName": {"x-words": {"None": ""}}, "ParentNum": {"x-since": "22.5"}, "IsHidden": {"enum": ["True"]},
}  # fmt: skip
BODY = {
    "title": "Referrals PUT: body", "type": "object", "x-rules": {"invalid": "api.body.object"},
    "properties": {
        name: {"$ref": f"row.json#/properties/{name}", "x-rules": {"invalid": f"referrals.update.{name}.invalid"}, **more}
        for name, more in FIELDS.items()
    },
    "examples": [{"ReferralName": "Delta Dental"}],
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
        "all": send("/referrals?Limit=2"), "starts": send("/referrals?ReferralName=del"), "one": send("/referrals/2"),
        "absent": send("/referrals/77"), "parent": send("/referrals?ParentNum=77"), "changed": send("/referrals/2", {"ParentNum": 9}),
        "wrong": send("/referrals/2", {"ParentNum": 77}), "words": send("/referrals/2", {"ReferralName": "None", "IsHidden": "True"}),
        "index": send("/", base=root)["operations"],
        "openapi": send("/__admin/openapi.json", base=root), "office": send("/__admin/office", base=root)["referral"],
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
rules = {rule.id for rule in contract.rules.values() if rule.id.startswith("referrals.")}
cases = [case for case in shipped_cases() if case.rules[0].startswith("referrals.")]
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
    referrals = folder / "schemas/referrals"
    referrals.mkdir()
    (referrals / "row.json").write_text(json.dumps(ROW), encoding="utf-8")
    (referrals / "update.request.json").write_text(json.dumps(BODY), encoding="utf-8")
    (referrals / "operations.yaml").write_text(OPERATIONS, encoding="utf-8")
    return folder


def test_a_folder_is_served_validated_documented_and_counted(project: Path) -> None:
    office = project / "office.yaml"
    office.write_text("referral: [{ReferralNum: 9}, {ReferralNum: 2, ReferralName: Delta, ParentNum: 9}, 5]")
    ended = run(project, "-c", USE, str(project), str(office))
    assert ended.returncode == 0, ended.stderr
    said = json.loads(ended.stdout)
    assert [row["ReferralNum"] for row in said["all"]] == [2, 5]
    assert [row["ReferralName"] for row in said["starts"]] == ["Delta"]
    assert said["one"]["IsHidden"] == "false"
    assert said["absent"] == said["parent"] == [404, "Referral not found."]
    assert said["changed"]["ParentNum"] == 9
    assert said["wrong"] == [404, "Referral not found."]
    assert (said["words"]["ReferralName"], said["words"]["IsHidden"]) == ("", "true")
    assert said["index"]["referrals/update"] == "PUT /api/v1/referrals/{ReferralNum}"
    assert said["office"][1]["ReferralName"] == ""
    described = said["openapi"]["paths"]
    assert described["/referrals"]["get"]["operationId"] == "referrals_list"
    assert described["/referrals/{ReferralNum}"]["put"]["requestBody"]
    assert "Referral" in said["openapi"]["components"]["schemas"]
    assert 0 < said["resources"]["referrals"]["met"] < said["resources"]["referrals"]["total"]


@pytest.mark.thorough
def test_every_rule_of_a_folder_has_a_case_that_the_mock_keeps(project: Path) -> None:
    ended = run(project, "-c", CASES)
    assert ended.returncode == 0, ended.stderr
    rules, without, others, silent = json.loads(ended.stdout)
    assert {
        "referrals.list.ReferralName",
        "referrals.get.ReferralNum.unknown",
        "referrals.update.ParentNum.unknown",
        "referrals.update.ParentNum.since",
        "referrals.update.SecDateTEdit.unchanged",
    } <= set(rules)
    assert (without, others, silent) == ([], {}, [])


def test_a_mistake_in_a_row_is_found(project: Path) -> None:
    broken = project / "broken.yaml"
    broken.write_text("referral: [{ReferralNum: 9, CarierName: Delta}, {ReferralNum: 10, ParentNum: 8}]")
    ended = run(project, "-m", "mockserver", "check", str(broken))
    assert ended.returncode == 1
    told = ended.stdout + ended.stderr
    assert "referral[0].CarierName is not known; did you mean ReferralName?" in told
    assert "referral[1].ParentNum 8 is not a referral of this office" in told


@pytest.mark.parametrize(
    "block", re.findall(r"```(?:json|yaml)\n(.*?)```", PAGES, re.S), ids=lambda block: block.split("\n")[0]
)
def test_each_block_on_the_page_is_in_its_file(block: str) -> None:
    files = ("preferences/row.json", "claims/operations.yaml", "preferences/cases.yaml")
    assert any(block in (ROOT / "schemas" / file).read_text("utf-8") for file in files)
