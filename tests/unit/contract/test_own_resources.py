"""Tests of a user's resource folders: served like the shipped ones, and refused at the place of a mistake."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import mockserver
from mockserver import MockServer, ResourceError
from mockserver.assets import shipped
from mockserver.cli import main
from mockserver.contract.own_resources import contract_with
from mockserver.resources.folder import shipped_folders
from support.asking import answer, ask

TYPES = "../api/types.json#/$defs"
OPERATIONS = """
list:
  added: "22.1"
  filters: {LabName: {match: contains}, PatNum: }
get: {added: "22.1"}
update: {added: "22.2", permission: Insurance}
"""
BODY = {
    "title": "Labs PUT: body", "type": "object", "x-rules": {"invalid": "api.body.object"},
    "properties": {"LabName": {"$ref": "row.json#/properties/LabName", "x-rules": {"invalid": "labs.update.LabName.invalid"}}},
    "examples": [{"LabName": "Crowns"}],
}  # fmt: skip


def row(**columns: Any) -> dict[str, Any]:
    return {
        "title": "Lab", "description": "A laboratory.", "type": "object", "additionalProperties": False,
        "x-table": {"name": "lab", "key": "LabNum", "page": "apilabs"},
        "properties": {
            "LabNum": {"$ref": f"{TYPES}/Id", "minimum": 1, "description": "Primary key."},
            "LabName": {"$ref": f"{TYPES}/Text", "description": "The name."},
            "PatNum": {"$ref": f"{TYPES}/Id", "description": "FK.", "x-references": {"resource": "patients", "none": 0}},
            **columns,
        },
        "examples": [{"LabNum": 4, "LabName": "Bridges", "PatNum": 7, **dict.fromkeys(columns, 0)}],
    }  # fmt: skip


@pytest.fixture
def labs(tmp_path: Path) -> Path:
    """The folder of a resource."""
    folder = tmp_path / "labs"
    folder.mkdir()
    (folder / "row.json").write_text(json.dumps(row(), indent=1))
    (folder / "operations.yaml").write_text(OPERATIONS)
    (folder / "update.request.json").write_text(json.dumps(BODY))
    return folder


def errors(folder: Path) -> list[str]:
    with pytest.raises(ResourceError) as caught:
        contract_with([str(folder)])
    return [str(diagnostic).replace(str(folder.parent), "") for diagnostic in caught.value.diagnostics]


def test_an_example_without_a_column_is_named(labs: Path) -> None:
    whole = row()
    whole["examples"] = [{"LabNum": 4}, *whole["examples"]]
    (labs / "row.json").write_text(json.dumps(whole, indent=1))
    assert errors(labs) == ["/labs/row.json:31:3: the example lacks LabName, PatNum; a row has all its columns"]


@pytest.mark.thorough
def test_the_shipped_folders_have_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(shipped("schemas"))]) == 0
    assert capsys.readouterr().err == f"{len(shipped_folders())} resources, no mistake\n"


@pytest.mark.thorough
def test_a_mistake_in_a_shipped_folder_is_named(tmp_path: Path) -> None:
    schemas = tmp_path / "schemas"
    shutil.copytree(shipped("schemas"), schemas)
    changed = schemas / "employees" / "row.json"
    changed.write_text(changed.read_text().replace('"MiddleI": "O"', '"MiddleI": 7').replace(', "MiddleI": "J"', ""))
    command = (sys.executable, "-m", "mockserver", "check", schemas)  # the folders before it read its rows too
    shutil.copytree(Path(mockserver.__file__).parent, tmp_path / "mockserver")  # whose schemas are beside it
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    told = done.stdout.replace(str(tmp_path), "").splitlines()
    assert told[0].startswith("/schemas/employees/row.json:41:74: the example: MiddleI must be text")
    assert told[1:] == ["/schemas/employees/row.json:45:5: the example lacks MiddleI; a row has all its columns"]


def test_it_is_served_like_a_shipped_one(labs: Path, tmp_path: Path) -> None:
    (tmp_path / "office.yaml").write_text("lab: [{LabNum: 9, LabName: Crowns, PatNum: 7}, {LabName: Bridges}]")
    with MockServer(tmp_path / "office.yaml", resources=labs) as server:
        assert [row["LabNum"] for row in ask(server, "/labs?LabName=RIDGE")] == [10]
        assert ask(server, "/labs?PatNum=7") == [{"LabNum": 9, "LabName": "Crowns", "PatNum": 7}]
        assert answer(server, "/labs?PatNum=8") == (404, "Patient not found.")
        assert answer(server, "/labs/11") == (404, "Lab not found.")
        assert server.contract.resources["labs"].met == 5
        assert "labs" not in {name for name, one in MockServer().contract.resources.items()}


def test_what_a_folder_serves_of_a_resource_of_the_vendor_is_not_501(labs: Path, tmp_path: Path) -> None:
    referrals = labs.rename(tmp_path / "referrals")
    for file in referrals.iterdir():
        file.write_text(file.read_text().replace("lab", "referral").replace("Lab", "Referral"))
    (tmp_path / "office.yaml").write_text("referral: [{ReferralNum: 9}]")
    with MockServer(tmp_path / "office.yaml", resources=referrals) as server:

        def status(method: str, path: str) -> int:
            return answer(server, path, {}, method)[0]

        assert [status("GET", path) for path in ("/referrals", "/referrals/9", "/referrals/10")] == [200, 200, 404]
        assert [status("PUT", path) for path in ("/referrals/9", "/referrals")] == [200, 400]
        assert [status(*call) for call in (("POST", "/referrals"), ("DELETE", "/referrals/9"))] == [501, 400]


def test_a_folder_of_folders_is_all_of_them(labs: Path) -> None:
    assert "labs" in contract_with([str(labs.parent)]).folders


def test_check_is_silent_when_a_folder_is_right(labs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(labs)]) == 0
    (labs / "operations.yaml").write_text("list: {added: '22.1', filter: [LabName]}")
    assert main(["check", str(labs)]) == 1
    assert "operations.yaml:1:31: list: filter is not known" in capsys.readouterr().out


MISTAKES: dict[str, tuple[str, str, str]] = {
    "no JSON": ("row.json", "{", "/labs/row.json:1:2:"),
    "a key twice": ("row.json", '{"title": "A",\n "title": "B"}', "/labs/row.json:2:2: the key title is here twice"),
    "no table": ("row.json", '{"properties": {}}', "/labs/row.json:1:1: x-table has the name, the key and the page"),
    "an annotation of no kind": (
        "row.json", json.dumps(row(A={"$ref": f"{TYPES}/Int", "description": "A.", "x-refers": {}}), indent=1),
        "A: x-refers is not an annotation",
    ),
    "a reference to nothing": (
        "row.json",
        json.dumps(row(A={"$ref": f"{TYPES}/Id", "description": "A.", "x-references": {"resource": "patint", "none": 0}}), indent=1),
        "A refers to patint, which is no resource; did you mean patients?",
    ),
    "an example that is not a row": (
        "row.json", json.dumps(row() | {"examples": [{"LabNum": 4, "LabName": 5, "PatNum": 7}]}, indent=1),
        "the example: LabName must be text, and is 5",
    ),
    "an operation of no kind": ("operations.yaml", "find: {added: '22.1'}", "/labs/operations.yaml:1:7: find: kind is one of"),
    "operations that are a list": ("operations.yaml", "- list", "/labs/operations.yaml:1:1: a mapping of names to operations"),
    "an operation that is text": ("operations.yaml", "list: x", "list: a mapping of names to values"),
    "an order that is text": ("operations.yaml", "list: {added: '22.1', order: LabName}", "list: order is a list of columns: [-LabNum]"),
    "an order of two directions": (
        "operations.yaml", "list: {added: '22.1', order: [LabName, -PatNum]}", "list: order has one direction; only the key"
    ),
    "a match of no kind": (
        "operations.yaml", "list: {added: '22.1', filters: {LabName: {match: like}}}", "LabName: match is one of equal, from"
    ),
    "a zero of no kind": (
        "operations.yaml", "list: {added: '22.1', filters: {PatNum: {zero: no}}}", "PatNum: zero is one of value, none, refused"
    ),
    "a version of a filter that is a number": (
        "operations.yaml", "list: {added: '22.1', filters: {PatNum: {since: 23.1}}}", "since is a version of Open Dental in quotes"
    ),
    "a filter in a form of no time": (
        "operations.yaml", "list: {added: '22.1', filters: {PatNum: {forms: [Day]}}}", "PatNum: forms has some of Date, DateTime"
    ),
    "a filter that is hardly required": (
        "operations.yaml", "list: {added: '22.1', filters: {PatNum: {required: maybe}}}", "PatNum: required is true or left out"
    ),
    "an empty that is no filter": ("operations.yaml", "list: {added: '22.1', empty: PatNum}", "list: empty is one of its filters"),
    "unknown parameters that are kept": ("operations.yaml", "list: {added: '22.1', unknown: kept}", "list: unknown can only be refused"),
    "a filter that another column has too": (
        "operations.yaml", "list: {added: '22.1', filters: {LabName: {also: [Name]}}}", "Name is not a column of the row"
    ),
    "a column of no operation": (
        "row.json", json.dumps(row(A={"$ref": f"{TYPES}/Int", "description": "A.", "x-in": ["show"]})),
        "A: x-in has names of operations: "
    ),
    "an update that looks at the body first": ("operations.yaml", "update: {added: '22.1', first: body}", "update: first can only be row"),
    "a list that looks for a row": ("operations.yaml", "list: {added: '22.1', first: row}", "list: only an update looks for a row first"),
    "an update that sets no column": (
        "operations.yaml", "update: {added: '22.1', sets: {Colour: 1}}", "Colour is not a column of the row"
    ),
    "a list with a location": ("operations.yaml", "list: {added: '22.1', location: true}", "list: location is true or left out"),
    "a create without a location": (
        "operations.yaml", "create: {added: '22.1', location: false}", "create: location is true or left out"
    ),
    "a list that sets a column": ("operations.yaml", "list: {added: '22.1', sets: {LabName: A}}", "list: sets is a mapping of columns"),
    "filters of one row": ("operations.yaml", "get: {added: '22.1', filters: [PatNum]}", "get: only a list has filters"),
    "a column that is joined by none": (
        "row.json", json.dumps(row(A={"$ref": f"{TYPES}/Text", "description": "A.", "x-joined": {"by": "B", "column": "C"}})),
        "A is found by B, which is not a column of the row",
    ),
    "an annotation without its first member": (
        "row.json", json.dumps(row(A={"$ref": f"{TYPES}/Id", "description": "A.", "x-references": {"none": 0}})),
        "A: x-references has some of resource, column, where, none, and resource always",
    ),
    "a row without examples": ("row.json", json.dumps(row() | {"examples": []}), "examples has a row as the API answers it"),
    "a reference in a circle": (
        "row.json", json.dumps(row(A={"$ref": "row.json#/properties/A"})), "leads back to it",
    ),
    "a case of no column": (
        "cases.yaml", "- {id: one, rules: [labs.get.row], tier: read, call: GET /labs/4, expect: {status: 200, row: {LabNam: x}}}",
        "the case 'one': LabNam is not a column of the row; did you mean LabName?",
    ),
    "a version that is a number": ("operations.yaml", "list: {added: 23.10}", "/labs/operations.yaml:1:15: added is a version"),
    "a filter of no column": (
        "operations.yaml", "list:\n  added: '22.1'\n  filters: [LabNam]", "/labs/operations.yaml:3:12: LabNam is not a column of the row"
    ),
    "a body that is not there": ("operations.yaml", "create: {added: '22.1'}", "create: its body, create.request.json, is not"),
    "a field of no column": (
        "update.request.json", json.dumps(BODY | {"properties": {"Colour": {"type": "string", "description": "C."}}}),
        "Colour is not a column of the row; only an operation in Python takes other fields (x-input)",
    ),
    "a field since a number": (
        "update.request.json", json.dumps(BODY | {"properties": {"LabName": {"type": "string", "x-since": 23.1}}}),
        "LabName: x-since is a version of Open Dental: '23.10'",
    ),
    "a field with words of no values": (
        "update.request.json", json.dumps(BODY | {"properties": {"LabName": {"type": "string", "x-words": ["No"]}}}),
        "LabName: x-words is a mapping of words to values of the column",
    ),
    "a field with a default that is no list": (
        "update.request.json", json.dumps(BODY | {"properties": {"LabName": {"type": "string", "x-default": "No"}}}),
        "LabName: x-default is a list of names, of which the first that the office has is taken",
    ),
    "a row since a number": ("operations.yaml", "create: {added: '22.1', row-since: 23.3}", "row-since is a version of Open Dental"),
    "a rule of no operation": (
        "rules.yaml", "- {id: labs.drop.x, operation: labs/drop, status: 200, says: X., page: apilabs, standing: assumed}",
        "/labs/rules.yaml:1:3: labs.drop.x: labs/drop is not an operation of the folder; there are labs/list",
    ),
    "a rule of another resource": (
        "rules.yaml", "- {id: claims.list.x, operation: labs/list, status: 200, says: X., page: apilabs, standing: assumed}",
        "/labs/rules.yaml:1:3: the rule claims.list.x belongs to another file",
    ),
    "a case that contradicts its schema": (
        "cases.yaml", "- {id: one, rules: [labs.get.row], tier: read, call: GET /labs/4, expect: {status: 200, body: {LabNum: x}}}",
        "/labs/cases.yaml:1:3: the case 'one': its body contradicts the schema",
    ),
    "a case of no rule": (
        "cases.yaml", "- {id: one, rules: [labs.get.rows], tier: read, call: GET /labs/4, expect: {status: 200}}",
        "the case 'one': there is no rule labs.get.rows; did you mean labs.get.row?",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_place(labs: Path, name: str) -> None:
    file, text, told = MISTAKES[name]
    (labs / file).write_text(text)
    found = errors(labs)
    assert any(told in error for error in found), found


def test_a_name_that_is_taken_or_is_none_is_refused(labs: Path) -> None:
    assert "claims is served already" in errors(labs.rename(labs.parent / "claims"))[0]
    assert (
        "My-Labs is not the name of a resource" in errors((labs.parent / "claims").rename(labs.parent / "My-Labs"))[0]
    )


def test_a_folder_given_twice_is_refused(labs: Path) -> None:
    with pytest.raises(ResourceError, match="labs is given twice"):
        contract_with([str(labs), str(labs)])


def test_a_folder_without_a_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match=r"neither this folder nor one in it has a row\.json"):
        contract_with([str(tmp_path)])
