"""Row cost tests: one row that is put or deleted costs the same in a small office as in a big one."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mockserver import MockServer
from support.calls import calls

FIXTURE = """\
claim: [{{ClaimNum: 7, CustomTracking: 900}}, {{ClaimNum: 8}}]
definition: [{{DefNum: 900, Category: 31}}, {{DefNum: 901, Category: 31}}, {{DefNum: 902, Category: 31}}]
claimtracking: [{{ClaimNum: 7, TrackingDefNum: 900}}]
generate: {{claim: {{rows: {rows}}}, claimtracking: {{rows: {rows}, ClaimNum: 7, TrackingDefNum: 902}}}}
"""


DO: dict[str, Callable[[MockServer], object]] = {
    "put a tracking": lambda server: server.office.put("claimtracking", ClaimNum=8, TrackingDefNum=901),
    "put a claim": lambda server: server.office.put("claim", ClaimNum=8, CustomTracking=901),
    "put a definition that a claim names": lambda server: server.office.put("definition", DefNum=900, Category=31),
    "delete a definition": lambda server: server.office.delete("definition", 901),
    "delete a claim": lambda server: server.office.delete("claim", 8),
}


@pytest.mark.parametrize("do", DO.values(), ids=DO)
def test_a_row_costs_the_same_in_a_big_office(tmp_path: Path, do: Callable[[MockServer], object]) -> None:
    counts = []
    for rows in (10, 1000):
        file = tmp_path / f"{rows}.yaml"
        file.write_text(FIXTURE.format(rows=rows), encoding="utf-8")
        server = MockServer(file)
        do(MockServer(file))  # what is computed once
        counts.append(calls(lambda: do(server)))  # noqa: B023  # called at once
    assert counts[1] < counts[0] * 1.1


def test_a_definition_costs_the_claims_that_name_it(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(FIXTURE.format(rows=100), encoding="utf-8")
    server = MockServer(file)
    claims = server.call(lambda: server.tenant.office.claim)
    before = {record.number: record for record in claims.state().records}
    server.office.put(replace(server.office.definition[0], ItemName="Refused"))
    assert [record.number for record in claims.state().records if record is not before[record.number]] == [7]
