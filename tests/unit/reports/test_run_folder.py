"""Tests of the run folder: what servers write there comes back, whatever was written last."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from mockserver import MockServer
from mockserver.contract.contract import shipped_contract
from mockserver.journal.exchange import Exchange
from mockserver.reports.report import merged, report
from mockserver.reports.run_folder import FOLDER, Recorder, RunFolder, note_allowed

ROW = """{"title": "Lab", "description": "A laboratory.", "type": "object", "additionalProperties": false,
"x-table": {"name": "lab", "key": "LabNum", "page": "apilabs"}, "examples": [{"LabNum": 4}],
"properties": {"LabNum": {"$ref": "../api/types.json#/$defs/Id", "minimum": 1, "description": "Primary key."}}}"""
RULE = "claimtrackings.list.all"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[RunFolder]:
    monkeypatch.delenv(FOLDER, raising=False)
    made = RunFolder()
    monkeypatch.setenv(FOLDER, made.path)
    yield made
    made.remove()


def exchange(number: int) -> Exchange:
    return Exchange(
        id=number, method="GET", path="/claimtrackings", status=200, rules=[RULE], warnings=[("warning.w", "Odd.")]
    )


def test_a_run_below_another_one_has_its_folder_there_and_leaves_it(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(folder.path, shipped_contract(), strict=False)
    recorder.add(exchange(1))
    inner = RunFolder()
    monkeypatch.setenv(FOLDER, inner.path)
    Recorder(inner.path, shipped_contract(), strict=True).add(exchange(1))
    assert (inner.read().coverage.requests, folder.read().coverage.requests) == (1, 2)
    inner.remove()
    assert folder.read().strict
    folder.remove()
    assert not Path(folder.path).exists()
    recorder.add(exchange(2))  # the run has ended
    assert folder.read().coverage.requests == 0


def test_a_half_line_of_a_process_that_was_killed_is_left_out(folder: RunFolder) -> None:
    recorder = Recorder(folder.path, shipped_contract(), strict=False)
    recorder.add(exchange(1))
    (file,) = Path(folder.path).iterdir()
    file.write_bytes(file.read_bytes() + b'{"exchange": {"id": 2, "met')
    read = folder.read().as_json(shipped_contract())
    assert {rule["id"]: rule["met"] for rule in read["rules"] if rule["met"]} == {RULE: 1}
    assert [(one["text"], one["count"]) for one in read["warnings"]] == [("Odd.", 1)]


def test_a_server_that_counts_again_from_0_does_so_in_the_run_too(folder: RunFolder) -> None:
    recorder = Recorder(folder.path, shipped_contract(), strict=False)
    for number in (1, 2):
        recorder.add(exchange(number))
    recorder.clear()
    recorder.add(exchange(3))
    assert folder.read().coverage.requests == 1


def test_what_may_not_be_served_is_told(folder: RunFolder) -> None:
    note_allowed(["recalls"])
    note_allowed([])
    assert folder.read().allowed == ["recalls"]


def test_a_resource_that_the_run_does_not_have_is_counted_too(folder: RunFolder, tmp_path: Path) -> None:
    (labs := tmp_path / "labs").mkdir()
    (labs / "row.json").write_text(ROW)
    (labs / "operations.yaml").write_text('get: {added: "22.1"}')
    with MockServer(resources=str(labs)) as server:
        requests.get(f"{server.url}/labs/4", headers=server.headers)
    made = report(merged(MockServer().coverage(), [folder.read().as_json(shipped_contract())]))
    assert "labs.get.LabNum.unknown" in {rule.id for rule in made.rules if rule.met}
    assert [refusal.rule for refusal in made.refusals] == ["labs.get.LabNum.unknown"]


def test_a_run_whose_outer_one_has_ended_has_a_folder_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path / "gone"))
    alone = RunFolder()
    assert Path(alone.path).is_dir()
    alone.remove()
    assert not Path(alone.path).exists()
