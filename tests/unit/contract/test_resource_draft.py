"""Tests of drafts of resource folders: what is guessed can be served, and holds nothing of the response."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.own_resources import contract_with
from mockserver.contract.resource_draft import draft
from mockserver.errors import Misdeclared
from mockserver.syntax.strict_yaml import load
from support.effort import examples

ROW = {
    "PatNum": 11, "LName": "Roe", "Birthdate": "1980-01-02", "SecDateEntry": "2020-01-02 10:11:12", "Guarantor": 11, "Age": -1,
    "ProvNum": 3, "ClinicNum": "4", "IsHidden": "false", "EstBalance": 12.5, "Fee": "-12.00", "Code": "12", "Gone": None, "Is": True,
}  # fmt: skip
TYPES = {
    "PatNum": "Id", "LName": "Text", "Birthdate": "Date", "SecDateEntry": "DateTime", "Guarantor": "Int", "Age": "Int",
    "ProvNum": "Id", "ClinicNum": "IdText", "IsHidden": "Bool", "EstBalance": "Money", "Fee": "MoneyText", "Code": "Text", "Gone": "Text",
}  # fmt: skip


def written(folder: Path, name: str, response: Any) -> Path:
    path = folder / name
    path.mkdir()
    for file, text in draft(name, response).items():
        (path / file).write_text(text, encoding="utf-8")
    return path


def test_types_come_from_the_values() -> None:
    row = json.loads(draft("patients", [ROW])["row.json"])
    guessed = {name: part["$ref"].rpartition("/")[2] for name, part in row["properties"].items() if "$ref" in part}
    assert guessed == TYPES
    assert row["properties"]["Is"]["type"] == "boolean"
    assert row["properties"]["ProvNum"]["$comment"] == (
        'if it names a row: "x-references": {"resource": "providers", "none": 0}'
    )
    assert row["properties"]["Gone"]["$comment"] == "null in each row of the response"
    assert (row["title"], row["x-table"]) == ("Patient", {"name": "patient", "key": "PatNum", "page": "apipatients"})


def test_all_rows_decide() -> None:
    rows = [ROW, ROW | {"PatNum": 12, "EstBalance": 0, "Birthdate": "unknown", "IsHidden": "no", "Gone": 5, "New": "x"}]
    columns = json.loads(draft("patients", rows)["row.json"])["properties"]
    guessed = {
        name: columns[name]["$ref"].rpartition("/")[2]
        for name in ("EstBalance", "Birthdate", "IsHidden", "Gone", "New")
    }
    assert guessed == {"EstBalance": "Money", "Birthdate": "Text", "IsHidden": "Text", "Gone": "Int", "New": "Text"}


@pytest.mark.parametrize(
    ("resource", "operations"),
    [
        ("patients", {"list": {"added": "21.1", "order": ["PatNum"]}, "get": {"added": "21.1"}}),
        ("ours", {"list": {"added": "21.1", "order": ["PatNum"]}, "get": {"added": "21.1"}}),
        ("clinics", {"list": {"added": "21.1", "order": ["PatNum"]}}),
    ],
)
def test_operations_are_those_of_the_vendor(resource: str, operations: dict[str, Any]) -> None:
    assert load(draft(resource, ROW)["operations.yaml"]) == operations


def test_a_version_that_no_page_gives_is_marked() -> None:
    assert '  added: "21.1"  # not known\n' in draft("claimforms", ROW)["operations.yaml"]


def test_no_value_of_the_response_is_written() -> None:
    secret = {name: f"SECRET-{name}" if value == "Roe" else value for name, value in ROW.items()} | {
        "PatNum": 918273645
    }
    text = "".join(draft("patients", [secret]).values())
    assert [
        value for value in ("SECRET", "918273645", "1980-01-02", "10:11:12", "12.5", "-12.00") if value in text
    ] == []


def test_the_key_is_the_vendors_or_else_the_first_column_that_can_be_one() -> None:
    rows = [{"-": 1, "No": 0, "ProvNum": 3, "OurNum": 1}, {"-": 2, "No": 1, "ProvNum": 3, "OurNum": 2}]
    assert json.loads(draft("ours", rows)["row.json"])["x-table"]["key"] == "OurNum"
    rows = [{"OurNum": 1, "ProvNum": 3}, {"OurNum": 2, "ProvNum": 4}]
    assert json.loads(draft("providers", rows)["row.json"])["x-table"]["key"] == "ProvNum"


@pytest.mark.parametrize(
    ("response", "message", "where"),
    [
        ("No.", "this is not a row; a response is one object with columns, or a list of them", ()),
        ([], "the list is empty; save a response with at least one row", ()),
        ([ROW, 7], "this is not a row; a response is one object with columns, or a list of them", (1,)),
        ([ROW, ROW | {"LName": ["x"]}], "LName: a column is a text, a number or a truth value", (1, "LName")),
        (
            [ROW, ROW | {"PatNum": 12, "LName": 1}],
            "LName is of several types: number, text; give rows in which it is of one",
            (),
        ),
        ({"LName": "x"}, "no column can be the primary key: none has another whole number above zero in each row", ()),
    ],
)
def test_what_is_no_row_is_refused_at_its_place(response: Any, message: str, where: tuple[str | int, ...]) -> None:
    with pytest.raises(Misdeclared) as caught:
        draft("patients", response)
    assert (str(caught.value), caught.value.where) == (message, where)


VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.sampled_from(
    ["true", "2020-01-01", "2020-01-01 10:00:00", "5", "1.50", [1], {}]
)  # fmt: skip


@pytest.mark.thorough
@examples(20)
@given(st.lists(st.dictionaries(st.text(max_size=9) | st.sampled_from(["ANum", "$ref", "PatNum"]), VALUES), max_size=3))
def test_any_response_is_drafted_or_refused(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    rows = [row | {"OurNum": index} for index, row in enumerate(rows, 1)]
    try:
        folder = written(tmp_path_factory.mktemp("f"), "ours", rows)
    except Misdeclared:
        return
    contract_with([str(folder)])
