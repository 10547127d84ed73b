"""Export tests: an exported office is a fixture that loads as the same office."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import Client
from mockserver.contract.contract import shipped_contract
from mockserver.office.office import Office
from mockserver.seeding.export import Export
from mockserver.seeding.load import load_office, office_from_text
from mockserver.syntax.strict_yaml import load
from mockserver.syntax.yaml_writer import flow
from support.effort import examples

NUMBERS = st.integers(1, 2**63 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [
        "",
        "yes",
        "null",
        "~",
        "1.5",
        "- a",
        "a: b",
        "#",
        "now-3d",
        "2023-07-20 14:05:45",
        "a\r\nb",
        "\x85\u2028\ufeff",
        "<<",
    ]
)
MOMENTS = st.datetimes().map(lambda moment: moment.replace(microsecond=0).isoformat(" ").rjust(19, "0"))
PERMISSIONS = st.lists(st.sampled_from(["ReadAll", "Insurance", "Enterprise"]), unique=True)


@st.composite
def fixtures(draw: st.DrawFn) -> dict[str, Any]:
    """Return a strategy for valid fixtures that use every column of every table."""
    claims, statuses, errors, numbers = (draw(st.lists(NUMBERS, unique=True, min_size=1, max_size=4)) for _ in range(4))
    definitions = dict.fromkeys(errors, 43) | dict.fromkeys(statuses, 31)
    of_category = {category: [0, *(n for n, its in definitions.items() if its == category)] for category in (31, 43)}
    return {
        "office": {"version": draw(st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,4}){1,3}", fullmatch=True))},
        "preference": {"ClaimTrackingStatusExcludesNone": draw(st.booleans())},
        "apikey": [
            {"DeveloperKey": "d", "CustomerKey": key, "State": "DisabledByHQ", "Permissions": draw(PERMISSIONS)}
            for key in draw(st.lists(st.from_regex(r"[!-.0-~]+", fullmatch=True), unique=True, max_size=2))
        ],
        "fault": [
            {"then": "delay", "delay": draw(st.floats(0, 300)), "match": {key: draw(TEXTS | st.just("long" * 400) | st.none() | st.booleans())}}
            for key in draw(st.lists(st.sampled_from(["Note", "ClaimNum"]), max_size=2))
        ],
        "definition": [
            {"DefNum": number, "Category": category, "ItemName": draw(TEXTS), "IsHidden": draw(st.booleans())}
            for number, category in definitions.items()
        ],
        "claim": [{"ClaimNum": number, "ClaimStatus": draw(st.sampled_from("SWR"))} for number in claims],
        "claimtracking": [
            {
                "ClaimTrackingNum": number, "ClaimNum": draw(st.sampled_from(claims)), "UserNum": draw(st.integers(0, 9)),
                "TrackingType": draw(st.sampled_from(["StatusHistory", "ClaimUser"])), "DateTimeEntry": draw(MOMENTS),
                "Note": draw(TEXTS), "TrackingDefNum": draw(st.sampled_from(of_category[31])),
                "TrackingErrorDefNum": draw(st.sampled_from(of_category[43])),
            }
            for number in numbers
        ],
    }  # fmt: skip


def same(one: Office, other: Office) -> bool:
    return (
        list(Export(one).as_json()) == list(Export(other).as_json())
        and one.claimtracking.state() == other.claimtracking.state()
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("export")


@examples(200)
@given(fixtures())
def test_an_exported_office_loads_back_equal(folder: Path, fixture: dict[str, Any]) -> None:
    office = office_from_text(json.dumps(fixture), contract=shipped_contract())
    (folder / "f.yaml").write_text("".join(Export(office).as_yaml()), encoding="utf-8", newline="\n")
    (folder / "f.json").write_text("".join(Export(office).as_json()), encoding="utf-8")
    assert same(load_office(str(folder / "f.yaml")), office)
    assert same(load_office(str(folder / "f.json")), office)


@pytest.mark.parametrize(
    "name", ["default", "keys", "flaky", "random-keys", "unicode", "paging", "empty", "old-version"]
)
def test_a_shipped_office_that_is_exported_loads_back_equal(tmp_path: Path, name: str) -> None:
    office = load_office(name)
    (tmp_path / "f.yaml").write_text("".join(Export(office).as_yaml()), encoding="utf-8", newline="\n")
    assert same(load_office(str(tmp_path / "f.yaml")), office)


def test_defaults_are_not_exported() -> None:
    text = '{"claim": [7], "claimtracking": [{"ClaimNum": 7, "DateTimeEntry": "2023-07-20 14:05:45", "Note": "a: b"}]}'
    office = office_from_text(text, contract=shipped_contract(), now=datetime(2023, 7, 26, 9, 47, 10))
    assert "".join(Export(office).as_yaml()).splitlines()[2:] == [
        "office:", '  version: "25.4.48"', "", "claim:", "  - {ClaimNum: 7, SecDateTEdit: 2023-07-26 09:47:10}", "", "claimtracking:",
        '  - {ClaimTrackingNum: 1, ClaimNum: 7, DateTimeEntry: 2023-07-20 14:05:45, Note: "a: b"}',
    ]  # fmt: skip


def test_a_column_that_each_row_has_to_give_is_exported_with_its_default() -> None:
    office = office_from_text('{"definition": [{"DefNum": 5, "Category": 0}]}', contract=shipped_contract())
    assert "".join(Export(office).as_yaml()).endswith("\n\ndefinition:\n  - {DefNum: 5, Category: 0}\n")


def test_an_office_whose_first_row_is_not_the_named_one_loads_again() -> None:
    text = '{"claim": [7], "claimtracking": [{"ClaimNum": 7, "UserNum": 1}]}'
    office = office_from_text(text, contract=shipped_contract())
    userod = office.tables["userod"].spec
    for number, imported in ((1, ""), (999, office.version)):
        office.reset()
        row = userod.row(**{**userod.defaults, "UserNum": number, "UserName": "maria"})
        office.put("userod", row)
        assert office.imported == imported
        again = office_from_text("".join(Export(office).as_json()), contract=shipped_contract())
        assert [*again.tables["userod"]] == [row]


@pytest.mark.parametrize("form", [Export.as_json, Export.as_yaml])
def test_an_export_is_of_one_moment(form: Callable[[Export], Iterator[str]]) -> None:
    office = load_office("paging", now="2023-07-26 09:47:10")
    before = list(form(Export(office)))
    pieces = form(Export(office))
    begun = list(islice(pieces, len(before) // 2))
    for row in list(office.claimtracking):
        office.put("claimtracking", replace(row, Note="changed"))
    office.claimtracking.delete(next(iter(office.claimtracking.numbers())))
    assert [*begun, *pieces] == before
    assert max(map(len, before)) < 1_000, "a piece has more than one row"


ATOMS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS


@examples(300)
@given(st.recursive(ATOMS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=8))
@example({"x" * 2000: ["\x00\x7f\x9f\ufffe\uffff\U0001f600"]})
def test_plain_data_is_read_back_as_it_was_written(value: Any) -> None:
    assert load(flow(value)) == value


async def test_admin_api_sends_yaml_on_request(client: Client, tmp_path: Path) -> None:
    body = {"ClaimNum": 15, "Note": "clicked: together", "TrackingDefNum": 345}
    await client.post("/api/v1/claimtrackings", json=body)
    answer = await client.get("/__admin/office", headers={"Accept": "application/yaml"})
    assert answer.headers["Content-Type"] == "application/yaml"
    (tmp_path / "f.yaml").write_text(await answer.text(), encoding="utf-8")
    as_json = await (await client.get("/__admin/office")).json()
    assert json.loads("".join(Export(load_office(str(tmp_path / "f.yaml"))).as_json())) == as_json
    assert as_json["claimtracking"][-1]["Note"] == "clicked: together"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [("*/*", "json"), ("application/json, application/yaml", "json"), ("text/html, Application/YAML;q=0.9", "yaml")],
)
async def test_the_admin_api_gives_json_unless_yaml_is_asked_for_first(client: Client, accept: str, kind: str) -> None:
    answer = await client.get("/__admin/office", headers={"Accept": accept})
    assert answer.content_type == f"application/{kind}"


async def test_times_in_put_office_are_relative_to_its_clock(client: Client) -> None:
    office = {"claim": [7], "claimtracking": [{"ClaimNum": 7, "DateTimeEntry": "now-1d"}]}
    assert (await client.put("/__admin/office", json=office)).status == 200
    (row,) = await (await client.get("/api/v1/claimtrackings")).json()
    assert row["DateTimeEntry"] == "2023-07-25 09:47:10"
