"""Fixture language tests: short forms of fixtures, and their meaning."""

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.office.office import Office
from mockserver.seeding.load import load_office

NOW = "2026-03-01 12:00:00"


def office_of(folder: Path, *texts: str) -> Office:
    files = [folder / f"{number}.yaml" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return load_office(*map(str, files), now=NOW)


def rows(office: Office) -> list[dict[str, Any]]:
    """Return all trackings in the API's form, by number."""
    return sorted(
        (json.loads(record.body) for record in office.claimtracking.state().records),
        key=lambda row: int(row["ClaimTrackingNum"]),
    )


def numbers_and_notes(office: Office) -> dict[int, str]:
    return {row["ClaimTrackingNum"]: row["Note"] for row in rows(office)}


def test_a_tracking_of_a_claim_is_all_that_must_be_said(tmp_path: Path) -> None:
    office = office_of(tmp_path, "claim: [7]\nclaimtracking: [{ClaimNum: 7}]")
    assert rows(office) == [{
        "ClaimTrackingNum": 1, "ClaimNum": 7, "TrackingType": "StatusHistory", "UserNum": 0,
        "DateTimeEntry": NOW, "Note": "", "TrackingDefNum": 0, "TrackingErrorDefNum": 0,
    }]  # fmt: skip


def test_a_claim_may_be_a_number_among_rows(tmp_path: Path) -> None:
    office = office_of(tmp_path, "claim: [7, {ClaimNum: 8, ClaimStatus: R}, 9]")
    assert {claim.ClaimNum: claim.ClaimStatus for claim in office.claim} == {7: "S", 8: "R", 9: "S"}


def test_rows_without_a_number_follow_the_highest_in_file_order(
    tmp_path: Path,
) -> None:
    office = office_of(
        tmp_path,
        "claim: [7]\nclaimtracking: [{ClaimNum: 7, Note: a}, {ClaimNum: 7, ClaimTrackingNum: 40, Note: b}]",
        "claimtracking: [{ClaimNum: 7, Note: c}, {ClaimNum: 7, ClaimTrackingNum: 50, Note: d}]",
    )
    assert numbers_and_notes(office) == {40: "b", 50: "d", 51: "a", 52: "c"}
    assert office.claimtracking.next_number == 53


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", "2026-03-01 12:00:00"),
        ("now-3d", "2026-02-26 12:00:00"),
        ("now-2h30m", "2026-03-01 09:30:00"),
        ("now-1w1d1h1m1s", "2026-02-21 10:58:59"),
        ("now+1d", "2026-03-02 12:00:00"),
        ("now-0d", "2026-03-01 12:00:00"),
        ("2023-07-20 14:05:45", "2023-07-20 14:05:45"),
    ],
)
def test_a_time_may_be_relative_to_the_start(tmp_path: Path, text: str, moment: str) -> None:
    office = office_of(tmp_path, f"claim: [7]\nclaimtracking: [{{ClaimNum: 7, DateTimeEntry: {text}}}]")
    assert [row["DateTimeEntry"] for row in rows(office)] == [moment]


GENERATE = """
definition: [{DefNum: 1, Category: 31}]
claim: [7]
claimtracking: [{ClaimNum: 7, ClaimTrackingNum: 10}]
generate:
  claim: {rows: 2, ClaimStatus: [S, R]}
  claimtracking:
    rows: 5
    DateTimeEntry: {from: now-4d, to: now}
    Note: [a, b]
    TrackingDefNum: 1
"""


def test_generated_rows_follow_given_ones_and_cycle_their_values(
    tmp_path: Path,
) -> None:
    office = office_of(tmp_path, GENERATE)
    assert {claim.ClaimNum: claim.ClaimStatus for claim in office.claim} == {7: "S", 8: "S", 9: "R"}
    columns = ("ClaimTrackingNum", "ClaimNum", "Note", "TrackingDefNum", "DateTimeEntry")
    assert [tuple(row[column] for column in columns) for row in rows(office)[1:]] == [
        (11, 7, "a", 1, "2026-02-25 12:00:00"),
        (12, 8, "b", 1, "2026-02-26 12:00:00"),
        (13, 9, "a", 1, "2026-02-27 12:00:00"),
        (14, 7, "b", 1, "2026-02-28 12:00:00"),
        (15, 8, "a", 1, "2026-03-01 12:00:00"),
    ]


def test_generated_rows_are_the_same_at_each_start(tmp_path: Path) -> None:
    assert office_of(tmp_path, GENERATE).claimtracking.state() == office_of(tmp_path, GENERATE).claimtracking.state()


@pytest.mark.thorough
def test_a_large_office_is_the_same_at_each_start() -> None:
    assert load_office("large", now=NOW).claimtracking.state() == load_office("large", now=NOW).claimtracking.state()


def test_a_tracking_may_name_a_claim_that_is_generated(tmp_path: Path) -> None:
    office = office_of(tmp_path, "generate: {claim: {rows: 3}}\nclaimtracking: [{ClaimNum: 3}]")
    assert rows(office)[0]["ClaimNum"] == 3


def test_each_file_may_generate_rows(tmp_path: Path) -> None:
    more = "generate: {claim: {rows: 2}, claimtracking: {rows: 3}}"
    office = office_of(tmp_path, more, more)
    assert list(office.claim.numbers()) == [1, 2, 3, 4]
    assert [row["ClaimTrackingNum"] for row in rows(office)] == [1, 2, 3, 4, 5, 6]
    assert {row["ClaimNum"] for row in rows(office)} == {1, 2, 3}


def test_settings_of_a_later_file_override_and_faults_are_added(tmp_path: Path) -> None:
    office = office_of(
        tmp_path,
        "office: {version: 23.2.4}\npreference: {ClaimTrackingStatusExcludesNone: true}\nfault: [{name: throttled}]",
        "preference: {ClaimTrackingStatusExcludesNone: false}\nfault: [{name: deprecated}]",
    )
    assert office.version == "23.2.4"
    assert office.preference.ClaimTrackingStatusExcludesNone is False
    assert [fault["name"] for fault in office.fault] == ["throttled", "deprecated"]
