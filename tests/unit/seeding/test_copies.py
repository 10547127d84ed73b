"""Tests of copies: an office of many families is as coherent as the one that they are copied from."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mockserver.office.office import Office
from mockserver.office.row_values import columns_of
from mockserver.seeding.generate import MAX_ROWS
from mockserver.seeding.load import load_office, read_fixtures

NOW = "2026-01-01 12:00:00"
COPIES = 4
SUMS = {"ClaimFee": "FeeBilled", "InsPayEst": "InsPayEst", "InsPayAmt": "InsPayAmt", "WriteOff": "WriteOff",
        "DedApplied": "DedApplied"}  # fmt: skip
MINIMAL: dict[str, Any] = {"claim": [7], "claimtracking": [{"ClaimNum": 7}], "generate": {"copies": 2}}

Load = Callable[..., Office]
"""Loads the office of a fixture."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "office.json"


@pytest.fixture
def load(file: Path) -> Load:
    def load(**fixture: Any) -> Office:
        file.write_text(json.dumps(fixture), encoding="utf-8")
        return load_office(str(file), now=NOW)

    return load


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    file = tmp_path_factory.mktemp("copies") / "office.yaml"
    file.write_text(f"extends: practice\ngenerate: {{copies: {COPIES}}}\n", encoding="utf-8")
    assert read_fixtures(str(file), now=NOW).warnings() == []
    return load_office(str(file), now=NOW)


@pytest.fixture(scope="module")
def practice() -> Office:
    return load_office("practice", now=NOW)


def rows_by(office: Office, table: str, column: str) -> dict[int, list[Any]]:
    rows = defaultdict(list)
    for row in office.tables[table]:
        rows[getattr(row, column)].append(row)
    return rows


def named_rows(office: Office) -> Iterator[tuple[str, Any, Any]]:
    """Yield each value by which a row names another, with its place and the row that it names."""
    for table in office.tables.values():
        for column, reference in table.spec.references.items():
            for row in table:
                value = getattr(row, column)
                if value != reference.none:
                    record = office.tables[reference.table].get(value)
                    yield f"{table.spec.name}.{column} {value}", row, record and record.row


def test_each_copy_has_the_rows_of_the_families(office: Office, practice: Office) -> None:
    sizes = {name: (len(table), len(office.tables[name])) for name, table in practice.tables.items()}
    copied = {name for name, (before, now) in sizes.items() if now == before * (1 + COPIES) > 0}
    assert copied == {
        "patient", "inssub", "patplan", "procedurelog", "claim", "claimproc", "claimpayment", "claimtracking",
        "appointment", "payment", "commlog", "eobattach",
    }  # fmt: skip
    of_coverage = sum(row.PatPlanNum != 0 for row in practice.tables["benefit"])  # those of plans stay the plans'
    assert sizes.pop("benefit") == (
        len(practice.tables["benefit"]),
        len(practice.tables["benefit"]) + COPIES * of_coverage,
    )
    assert all(now == before for name, (before, now) in sizes.items() if name not in copied)
    assert [table.next_number - 1 == max(table.numbers()) for table in office.tables.values() if len(table)]


def test_every_row_that_is_named_is_there(office: Office) -> None:
    named = list(named_rows(office))
    assert len(named) > 1_000
    assert [place for place, _, row in named if row is None] == []


def test_rows_of_one_patient_name_rows_of_that_patient(office: Office) -> None:
    others = [place for place, row, other in named_rows(office)
              if "PatNum" in {*columns_of(row)} & {*columns_of(other)} and "Guarantor" not in place
              and row.PatNum != other.PatNum]  # fmt: skip
    assert others == []


def test_a_claim_is_to_a_plan_of_its_patient(office: Office) -> None:
    plans = {(plan.PatNum, plan.InsSubNum, plan.Ordinal) for plan in office.tables["patplan"]}
    subscribed = {(sub.InsSubNum, sub.PlanNum) for sub in office.tables["inssub"]}
    for claim in office.claim:
        assert (claim.PatNum, claim.InsSubNum, 2 if claim.ClaimType == "S" else 1) in plans
        assert (claim.InsSubNum, claim.PlanNum) in subscribed


def test_sums_are_those_of_the_lines(office: Office) -> None:
    lines = rows_by(office, "claimproc", "ClaimNum")
    for claim in office.claim:
        assert {(line.PlanNum, line.InsSubNum) for line in lines[claim.ClaimNum]} == {(claim.PlanNum, claim.InsSubNum)}
        for sum_, part in SUMS.items():
            assert getattr(claim, sum_) == pytest.approx(sum(getattr(line, part) for line in lines[claim.ClaimNum]))
    paid = rows_by(office, "claimproc", "ClaimPaymentNum")
    for check in office.tables["claimpayment"]:
        assert float(check.CheckAmt) == pytest.approx(sum(line.InsPayAmt for line in paid[check.ClaimPaymentNum]))


def test_families_have_names_and_numbers_of_their_own(office: Office) -> None:
    patients = rows_by(office, "patient", "Guarantor")
    assert {len({patient.LName for patient in family}) for family in patients.values()} == {1}
    assert len({family[0].LName for family in patients.values()}) == len(patients)
    for table, column in (("inssub", "SubscriberID"), ("claimpayment", "CheckNum")):
        assert len({getattr(row, column) for row in office.tables[table]}) == len(office.tables[table])


def test_copies_are_spread_over_the_year_before(office: Office, practice: Office) -> None:
    (sent, *copies) = [claim.DateSent for claim in office.claim if claim.ClaimNum % 15 == 1001 % 15]
    assert (sent, copies) == ("2025-11-04", ["2025-02-03", "2025-05-05", "2025-08-04", "2025-11-03"])
    unsent = {claim.ClaimStatus for claim in office.claim if claim.DateSent == "0001-01-01"}
    assert unsent == {claim.ClaimStatus for claim in practice.claim if claim.DateSent == "0001-01-01"}
    assert max(row.DateTimeEntry for row in office.claimtracking) <= NOW


def test_each_start_gives_the_same_rows(office: Office, load: Load) -> None:
    again = load(extends="practice", generate={"copies": COPIES})
    for name, table in office.tables.items():
        assert [*again.tables[name]] == [*table]


def test_rows_without_a_patient_are_copied_too(load: Load) -> None:
    office = load(**MINIMAL)
    assert [row.ClaimNum for row in office.claim] == [7, 8, 9]
    assert sorted(row.ClaimNum for row in office.claimtracking) == [7, 8, 9]


def test_generated_rows_name_copies_too(load: Load) -> None:
    office = load(claim=[7], generate={"claim": {"rows": 2}, "copies": 2, "claimtracking": {"rows": 10}})
    assert [row.ClaimNum for row in office.claim] == [7, 8, 9, 10, 11]
    assert {row.ClaimNum for row in office.claimtracking} == {7, 8, 9, 10, 11}


def test_copies_of_several_files_add_up(load: Load, file: Path) -> None:
    load(**MINIMAL)
    more = file.with_name("more.json")
    more.write_text('{"generate": {"copies": 3}}', encoding="utf-8")
    assert len(load_office(str(file), str(more), now=NOW).claim) == 6


def test_a_text_has_the_length_of_its_column(load: Load) -> None:
    office = load(claimpayment=[{"ClaimPaymentNum": 1, "CheckNum": "X" * 25}], generate={"copies": 10})
    assert [row.CheckNum for row in office.tables["claimpayment"]][1::8] == ["X" * 23 + "-1", "X" * 23 + "-9"]


@pytest.mark.parametrize(
    ("fixture", "message"),
    [
        ({**MINIMAL, "generate": {"copies": MAX_ROWS // 2, "claim": {"rows": 1}}},
         "generate.copies makes the generated rows 2,000,001; an office has 2,000,000 or fewer"),
        ({"claim": [2**63 - 2], "generate": {"copies": 2}},
         "generate.copies has no ClaimNum left: 9223372036854775806 at"),
        ({"claim": [7], "generate": {"copies": 2}, "claimtracking": [{"ClaimNum": 10}]},
         "claimtracking[0].ClaimNum 10 is not a claim of this office; claims are 7, 8, 9"),
        ({"claim": [7], "generate": {"copy": 2}}, "generate.copy is not known; did you mean copies?"),
        ({"claim": [7], "generate": {"copies": "2"}, "claimtracking": [{"ClaimNum": 8}]},
         'generate.copies must be a whole number, and is "2"; leave out the quotes'),
    ],
)  # fmt: skip
def test_a_mistake_has_one_diagnostic(fixture: dict[str, Any], message: str, file: Path) -> None:
    file.write_text(json.dumps(fixture), encoding="utf-8")
    (error,) = read_fixtures(str(file), now=NOW).errors
    assert error.message.startswith(message)
