"""Tests of case files: every mistake in one is told with its file and case."""

from pathlib import Path

import pytest

from mockserver.contract.case_files import read_cases, shipped_cases
from mockserver.contract.cases import filled
from mockserver.errors import ContractUnusable

CASE = "- {id: one, rules: [a.b], tier: read, call: 'GET /x?N={n}', expect: {status: 200}"


def loaded(folder: Path, text: str) -> list[str]:
    (folder / "cases.yaml").write_text(text)
    return [*read_cases([folder / "cases.yaml"])]


def test_a_case_is_there_once_for_each_value(tmp_path: Path) -> None:
    text = CASE.replace("one", "a").replace("{n}", "{value}") + ", each: {first: 1, second: 2}}"
    (tmp_path / "cases.yaml").write_text(text)
    first, second = read_cases([tmp_path / "cases.yaml"]).values()
    assert (first.id, second.id) == ("a: first", "a: second")
    assert (first.is_repeated, second.is_repeated) == (False, True)
    assert second.request({}).path == "/api/v1/x?N=2"


def test_facts_stand_encoded_in_the_path(tmp_path: Path) -> None:
    (tmp_path / "cases.yaml").write_text(CASE + "}")
    (case,) = read_cases([tmp_path / "cases.yaml"]).values()
    assert case.facts == {"n"}
    assert case.request({"n": "a b&c"}).path == "/api/v1/x?N=a%20b%26c"
    with pytest.raises(KeyError):
        case.request({})


def test_a_text_that_is_one_placeholder_keeps_the_type() -> None:
    assert filled({"a": "{n}", "b": ["{n} {n}"], "c": 1}, {"n": 5}) == {"a": 5, "b": ["5 5"], "c": 1}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {id: one", "cases.yaml"),
        (CASE + "}\n" + CASE + "}", "the case 'one' is there twice"),
        (CASE + ", colour: red}", "the case 'one': .*colour"),
        (CASE.replace("tier: read", "tier: look") + "}", "tier is one of read, probe, write, manual"),
        (CASE.replace("[a.b]", "[]") + "}", "rules has at least one id"),
        (CASE.replace("tier: read", "tier: manual") + "}", "says in `state` which office it needs"),
        (CASE + ", state: another}", "says in `state` which office it needs"),
        (CASE.replace("GET", "POST").replace("read", "probe") + ", json: {}}", "its tier is write"),
        (CASE.replace("{status: 200}", "{colour: red}") + "}", "the case 'one'"),
    ],
)
def test_a_mistake_is_told_with_its_case(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ContractUnusable, match=told):
        loaded(tmp_path, text)


def test_probes_and_reads_name_no_row_that_could_be_there() -> None:
    for case in shipped_cases():
        if case.is_harmless:
            assert case.method == "GET" or not {"tracking", "claim"} & case.facts, case.id
            path = case.call.partition(" ")[2].partition("?")[0].rpartition("/")[2]
            assert case.method == "GET" or not path.isdigit() or int(path) >= 2**62 or path == "0", case.id
