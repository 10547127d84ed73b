"""Bounds: what a bad fixture costs, however big it is."""

import json
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.contract import shipped_contract
from mockserver.observations.errors import ObservationError
from mockserver.observations.files import read_observations
from mockserver.seeding.diagnostics import FixtureError
from mockserver.seeding.load import load_office, office_from_text, read_fixtures
from mockserver.syntax.diagnostics import Diagnostic
from mockserver.syntax.document import MAX_BYTES, Document, Findings, Unreadable
from support.calls import calls
from support.effort import parameters

BAD: dict[str, Callable[[int], Any]] = {
    "wrong rows": lambda count: {"claim": [{"ClaimNumm": 1}] * count},
    "rows of the wrong type": lambda count: {"claim": [None] * count},
    "fractions": lambda count: {"claim": [1.5] * count},
    "dangling references": lambda count: {
        "claim": [number * 7 for number in range(1, count)], "claimtracking": [{"ClaimNum": n * 7 + 1} for n in range(count)],
    },
    "rows of another category": lambda count: {
        "definition": [{"DefNum": 1, "Category": 1}], "claim": [{"ClaimNum": n, "CustomTracking": 1} for n in range(1, count)],
    },
    "numbers given twice": lambda count: {"claim": [1] * count},
    "unknown names": lambda count: {f"claimm{number}": 1 for number in range(count)},
    "unknown columns": lambda count: {"claim": [{"ClaimNum": 1, **{f"X{number}": 1 for number in range(count)}}]},
    "preferences that are set elsewhere": lambda count: {"preference": {f"P {number}": "x" for number in range(count)}},
    "times that are none": lambda count: {
        "claim": [1], "claimtracking": [{"ClaimNum": 1, "DateTimeEntry": "2023-02-30 00:00:00"}] * count,
    },
    "generated values": lambda count: {"claim": [1], "generate": {"claimtracking": {"rows": 1, "TrackingDefNum": [9] * count}}},
}  # fmt: skip


def diagnostics(text: str) -> list[Diagnostic]:
    with pytest.raises(FixtureError) as refused:
        office_from_text(text, contract=shipped_contract())
    return refused.value.diagnostics


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_at_most_100_errors_are_shown_and_the_others_counted(bad: Callable[[int], Any]) -> None:
    text = json.dumps(bad(300), indent=1)
    *shown, rest = diagnostics(text)
    assert len(shown) == 100
    assert rest.message.startswith("at least ")
    assert rest.message.endswith(" more errors are not shown")
    assert (rest.line, rest.column) == (text.count("\n") + 1, 2)


@pytest.mark.parametrize("bad", parameters(BAD.values(), quick=[*BAD.values()][:4]), ids=BAD)
def test_each_check_is_linear(bad: Callable[[int], Any]) -> None:
    diagnostics(json.dumps(bad(2)))  # what is computed once
    counts = [calls(lambda: diagnostics(json.dumps(bad(count)))) for count in (150, 600)]  # noqa: B023  # called at once
    assert counts[1] < 5 * counts[0]


@pytest.mark.parametrize("bad", parameters(BAD.values(), quick=[*BAD.values()][:1]), ids=BAD)
def test_memory_is_a_small_multiple_of_the_text(bad: Callable[[int], Any]) -> None:
    text = json.dumps(bad(4_000))
    diagnostics(json.dumps(bad(2)))
    tracemalloc.start()
    try:
        diagnostics(text)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 200 * len(text)


@pytest.mark.thorough
def test_one_key_many_times_is_linear() -> None:
    def seconds(count: int) -> float:
        document = Document("f.yaml", "claim: [7]\n" * count)
        start = time.process_time()
        (*_, rest) = document.read().placed()
        assert rest.message == f"at least {count - 101:,} more errors are not shown"
        assert document.data == {"claim": [7] * count}
        return time.process_time() - start

    assert min(seconds(60_000) for _ in range(2)) < 8 * seconds(15_000)


def test_an_alias_does_not_share_the_rows_of_a_duplicate_key(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text("claim: &x [1]\npatient: *x\nclaim: [2]\nclaim: [3]\n", encoding="utf-8")
    layer = read_fixtures(str(tmp_path / "f.yaml"))._layers[0]
    assert layer.data == {"claim": [1, 2, 3], "patient": [1]}


def test_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    for number in (1, 2):
        with (tmp_path / f"{number}.yaml").open("wb") as file:
            file.write(b"#\n")
            file.truncate(MAX_BYTES - 1 + number // 2 * 2)
    words = "the file is too large: 32,000,000 bytes are read, together with the files before it"
    with pytest.raises(FixtureError) as refused:
        load_office(str(tmp_path / "2.yaml"))
    assert str(refused.value) == f"{tmp_path / '2.yaml'}:1:1: {words}"
    with pytest.raises(ObservationError) as unread:
        read_observations([tmp_path / "2.yaml"])
    assert str(unread.value) == f"{tmp_path / '2.yaml'}:1:1: {words}"


def test_files_that_are_too_large_together_are_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("#" * (MAX_BYTES // 2 + 1), encoding="utf-8")
    with pytest.raises(FixtureError, match=r"b\.yaml:1:1: the file is too large: 32,000,000 bytes are read, together"):
        load_office(str(tmp_path))


@pytest.mark.parametrize(
    ("text", "is_json", "message"),
    [
        ("[7, {a: 7}, 7]", False, "1:13: more than 5 names and values"),
        ('[7, {"a": 7}, ",:[{"]', True, "1:15: more than 5 names and values"),
        ("[&x [7, 7], *x]", False, ""),
        ("- &x " + "x" * 1000 + "\n- *x" * 32_001, False, "32002:3: aliases repeat more than 32,000,000 characters"),
    ],
    ids=["YAML", "JSON", "aliases", "characters"],
)
def test_more_values_than_are_read_are_refused(text: str, is_json: bool, message: str) -> None:
    document = Document("f", text, is_json=is_json, max_values=5 if len(text) < 100 else 100_000)
    try:
        findings = document.read()
    except Unreadable as error:
        findings = Findings([error.finding])
    assert [f"{one.line}:{one.column}: {one.message}" for one in findings.placed()] == ([message] if message else [])


def test_generated_rows_are_bounded_over_all_tables_and_layers(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("generate: {claim: {rows: 1000000}, claimtracking: {rows: 999999}}\n")
    (tmp_path / "b.yaml").write_text("generate: {claim: {rows: 1}}\n")
    assert read_fixtures(str(tmp_path)).errors == []
    (tmp_path / "b.yaml").write_text("generate: {claim: {rows: 2}}\n")
    (error,) = read_fixtures(str(tmp_path)).errors
    assert error.message.endswith("makes the generated rows 2,000,001; an office has 2,000,000 or fewer")
