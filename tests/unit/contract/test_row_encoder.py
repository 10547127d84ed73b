"""Row encoder tests: a row is sent as its schema has it, whatever rows were sent before."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from mockserver.contract.contract import shipped_contract
from mockserver.contract.row_encoder import row_encoder
from mockserver.contract.schema import Schema
from mockserver.errors import ContractBroken
from mockserver.resources.folder import Folder, shipped_folders


def schema_of(**parts: Any) -> Schema:
    return Schema("things/row", {"type": "object", "properties": parts})


@pytest.mark.parametrize("folder", shipped_folders().values(), ids=lambda folder: folder.name)
def test_the_rows_of_the_page_are_sent_as_they_are(folder: Folder) -> None:
    encode = row_encoder(shipped_contract().schemas[f"{folder.name}/row"])
    for row in folder.row["examples"] * 2:  # the second time from what is known by then
        held = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
        assert encode(SimpleNamespace(**held)) == json.dumps(row, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize("value", [0, -1, 2**64, "7", 7.5, None])
def test_a_wrong_value_is_refused_after_a_right_one(value: object) -> None:
    encode = row_encoder(schema_of(Num={"type": "integer", "minimum": 1, "maximum": 2**63}, Note={"type": "string"}))
    assert encode(SimpleNamespace(Num=7, Note="a\nb")) == b'{"Num":7,"Note":"a b"}'
    with pytest.raises(ContractBroken, match=r"things/row: \$\.Num"):
        encode(SimpleNamespace(Num=value, Note=""))


@pytest.mark.parametrize(("value", "equal"), [(250, 250.0), (-0.0, 0.0)])
def test_equal_amounts_are_sent_alike(value: float, equal: float) -> None:
    encode = row_encoder(schema_of(Amt={"type": "number"}, Num={"type": "integer"}))
    assert encode(SimpleNamespace(Amt=value, Num=1)) == f'{{"Amt":{equal},"Num":1}}'.encode()


def test_a_rule_over_several_columns_is_checked() -> None:
    part = {"type": "integer"}
    schema = Schema("things/row", {"properties": {"A": part, "B": part}, "if": {"properties": {"A": {"const": 1}}},
                                   "then": {"properties": {"B": {"const": 1}}}})  # fmt: skip
    assert row_encoder(schema)(SimpleNamespace(A=2, B=3)) == b'{"A":2,"B":3}'
    with pytest.raises(ContractBroken, match=r"things/row: \$\.B"):
        row_encoder(schema)(SimpleNamespace(A=1, B=3))
