"""Tests of what an operations.yaml declares: filters, hidden rows, references, versions, creates and updates."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mockserver import MockServer
from support.asking import answer, ask

TYPES = "../api/types.json#/$defs"
ROW = {
    "title": "LabOrder", "description": "An order.", "type": "object", "additionalProperties": False,
    "x-table": {"name": "laborder", "key": "OrderNum", "page": "apilaborders"},
    "properties": {
        "OrderNum": {"$ref": f"{TYPES}/Id", "minimum": 1, "description": "Primary key."},
        "Name": {"$ref": f"{TYPES}/Text", "description": "The name."},
        "PatNum": {"$ref": f"{TYPES}/Id", "description": "FK.", "x-references": {"resource": "patients", "none": 0}},
        "ClaimNum": {"$ref": f"{TYPES}/Id", "description": "FK.", "x-references": {"resource": "claims", "none": 0}},
        "DefNum": {"$ref": f"{TYPES}/Id", "description": "FK.", "x-references": {"resource": "definitions", "none": 0}},
        "defName": {"$ref": f"{TYPES}/Text", "description": "Its name.", "x-joined": {"by": "DefNum", "column": "ItemName"}},
        "Kind": {"$ref": f"{TYPES}/Int", "description": "The kind."},
        "kind": {"$ref": f"{TYPES}/Text", "description": "In words.", "x-words": {"by": "Kind", "words": {"1": "Crown"}}},
        "Fee": {"$ref": f"{TYPES}/Money", "description": "The fee."},
        "FormNum": {"$ref": f"{TYPES}/IdText", "description": "The form."},
        "IsHidden": {"$ref": f"{TYPES}/Bool", "description": "Hidden."},
        "DateStart": {"$ref": f"{TYPES}/Date", "description": "Created.", "x-set": "create"},
        "SecDateTEdit": {"$ref": f"{TYPES}/DateTime", "description": "Changed.", "x-set": "change"},
        "ParentNum": {"$ref": f"{TYPES}/Id", "description": "FK.", "x-references": {"resource": "laborders", "none": 0}},
    },
    "examples": [{
        "OrderNum": 4, "Name": "Bridge", "PatNum": 7, "ClaimNum": 0, "DefNum": 0, "defName": "", "Kind": 1, "kind": "Crown",
        "Fee": 12.5, "FormNum": "3", "IsHidden": "false", "DateStart": "2024-01-01", "SecDateTEdit": "2024-01-01 00:00:00",
        "ParentNum": 0,
    }],
}  # fmt: skip
OPERATIONS = """
list:
  added: "22.1"
  order: [-SecDateTEdit, OrderNum]
  filters:
    Name: {match: contains}
    PatNum: {zero: none}
    ClaimNum: {zero: refused}
    Start: {column: DateStart, match: from, since: "24.1"}
    ParentNum: {required-before: "23.1", or: PatNum}
    FormNum:
  hides: {column: IsHidden, values: ["true"], unless: showHidden}
get: {added: "22.1"}
create: {added: "22.2", permission: Insurance}
update: {added: "22.2", permission: Insurance}
"""
OFFICE = """
definition: [{DefNum: 1, Category: 31, ItemName: Denied}]
claim: [15]
laborder:
  - {OrderNum: 1, Name: Bridge, PatNum: 7, DefNum: 1, DateStart: "2024-01-02", SecDateTEdit: "2024-01-02 00:00:00"}
  - {OrderNum: 2, Name: Crown, PatNum: 8, IsHidden: true, SecDateTEdit: "2024-01-02 00:00:00"}
  - {OrderNum: 3, Name: crown two, ClaimNum: 15, Kind: 1, FormNum: 9, ParentNum: 1, SecDateTEdit: "2024-01-03 00:00:00"}
"""
Send = Callable[..., tuple[int, Any]]


def body(operation: str, required: list[str]) -> dict[str, Any]:
    names = ("Name", "PatNum", "ClaimNum", "DefNum", "Kind", "Fee", "FormNum", "IsHidden", "ParentNum")
    properties = {
        name: {"$ref": f"row.json#/properties/{name}", "x-rules": {"invalid": f"laborders.{operation}.{name}.invalid"}}
        for name in names
    }
    for name in required:
        properties[name]["x-rules"]["required"] = f"laborders.{operation}.{name}.required"  # type: ignore[index]
    return {
        "title": "LabOrders: body", "type": "object", "x-rules": {"invalid": "api.body.object"}, "required": required,
        "properties": properties, "examples": [{"Name": "Bridge"}],
    }  # fmt: skip


@pytest.fixture(scope="module")
def resource(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("resources") / "laborders"
    folder.mkdir()
    (folder / "row.json").write_text(json.dumps(ROW))
    (folder / "operations.yaml").write_text(OPERATIONS)
    (folder / "create.request.json").write_text(json.dumps(body("create", ["Name"])))
    (folder / "update.request.json").write_text(json.dumps(body("update", [])))
    return folder


@pytest.fixture(scope="module")
def server(resource: Path) -> Iterator[MockServer]:
    office = resource.parent / "office.yaml"
    office.write_text(OFFICE)
    with MockServer(office, resources=resource, now="2024-02-03 04:05:06") as server:
        yield server


@pytest.fixture
def send(server: MockServer) -> Send:
    """Return a function that sends a request for the resource, and returns the status and the JSON of the response."""
    server.reset()

    def send(method: str, path: str = "", **sent: Any) -> tuple[int, Any]:
        return answer(server, f"/laborders{path}", sent or None, method)

    return send


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [3, 1]), ("?showHidden=true", [3, 1, 2]), ("?showHidden=false", [3, 1]), ("?Name=CROWN", [3]),
        ("?Name=crown&showHidden=true", [3, 2]), ("?PatNum=7", [1]), ("?PatNum=0", [3, 1]), ("?ClaimNum=15", [3]),
        ("?Start=2024-01-03", [3]), ("?ParentNum=1", [3]), ("?ParentNum=0", [1]), ("?FormNum=9", [3]), ("?Limit=1", [3]),
    ],
)  # fmt: skip
def test_a_list_is_narrowed(send: Send, query: str, numbers: list[int]) -> None:
    status, rows = send("GET", query)
    assert (status, [row["OrderNum"] for row in rows]) == (200, numbers)


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("?PatNum=9", (404, "Patient not found.")), ("?ClaimNum=0", (404, "Claim not found.")),
        ("?ClaimNum=16", (404, "Claim not found.")), ("?ParentNum=77", (404, "LabOrder not found.")),
        ("?Start=yesterday", (400, "Start format must be yyyy-MM-dd.")), ("?FormNum=x", (400, "FormNum is invalid.")),
        ("?showHidden=1", (400, "showHidden is invalid.")), ("/9", (404, "LabOrder not found.")),
    ],
)  # fmt: skip
def test_a_list_refuses_what_is_not_there(send: Send, query: str, refusal: tuple[int, str]) -> None:
    assert send("GET", query) == refusal


def test_a_row_has_the_columns_of_other_rows(send: Send) -> None:
    row = send("GET", "/1")[1]
    assert (row["defName"], row["kind"], row["Fee"]) == ("Denied", "0", 0.0)
    assert send("GET", "/3")[1]["kind"] == "Crown"


def test_a_row_is_created_with_defaults_and_times(send: Send) -> None:
    status, row = send("POST", Name="New \U0001f600", DefNum=1, FormNum="5", Fee=3.5, IsHidden="true")
    assert (status, row["OrderNum"], row["Name"], row["defName"]) == (201, 4, "New \ufffd", "Denied")
    assert (row["DateStart"], row["SecDateTEdit"], row["PatNum"]) == ("2024-02-03", "2024-02-03 04:05:06", 0)
    assert send("POST", PatNum=7) == (400, "Name is required.")
    assert send("POST", Name="x", ClaimNum=99) == (404, "Claim not found.")
    assert send("POST", Name="x", PatNum=99)[0] == 201, (
        "the office has no rows of patients, so that every number is one"
    )


def test_an_update_changes_the_given_columns(send: Send) -> None:
    before = send("GET", "/1")[1]
    assert send("PUT", "/1", Name="Bridge") == (200, before)
    changed = send("PUT", "/1", Kind=1, ParentNum=3)[1]
    assert changed == before | {"Kind": 1, "kind": "Crown", "ParentNum": 3, "SecDateTEdit": "2024-02-03 04:05:06"}
    assert send("PUT", "/1", ParentNum=99) == (404, "LabOrder not found.")
    assert send("PUT", "/99", Name="x") == (404, "LabOrder not found.")


def test_versions_decide_which_parameters_count(resource: Path, tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text("office: {version: '22.1'}\n" + OFFICE)
    with MockServer(tmp_path / "old.yaml", resources=resource) as server:
        assert answer(server, "/laborders") == (400, "ParentNum is required.")
        assert [row["OrderNum"] for row in ask(server, "/laborders?PatNum=7&Start=2030-01-01")] == [1]


def test_numbers_end(resource: Path, tmp_path: Path) -> None:
    (tmp_path / "full.yaml").write_text(f"laborder: [{{OrderNum: {2**63 - 1}}}]")
    with MockServer(tmp_path / "full.yaml", resources=resource) as server:
        assert answer(server, "/laborders", {"Name": "x"}) == (400, "OrderNum is exhausted.")


def test_a_number_that_is_text_in_answers_names_a_row(tmp_path: Path) -> None:
    (tmp_path / "office.yaml").write_text(
        "definition: [{DefNum: 9, Category: 27, ItemName: Misc}]\ncommlog: [{CommlogNum: 1, PatNum: 15, CommType: '9'}]"
    )
    with MockServer(tmp_path / "office.yaml") as server:
        server.office.put("definition", DefNum=9, Category=27, ItemName="Other")
        (row,) = ask(server, "/commlogs?PatNum=15")
        assert (row["CommType"], row["commType"]) == ("9", "Other")
        with pytest.raises(ValueError, match="commlogs that name it as CommType are 1"):
            server.office.delete("definition", 9)
        with pytest.raises(ValueError, match="CommType 8 is not a definition of this office"):
            server.office.put("commlog", CommlogNum=1, CommType="8")
        server.office.put("commlog", CommlogNum=2, CommType="9")
