"""Observation tests: files are read strictly, newer ones win, and the contract becomes what was observed."""

from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.contract import shipped_contract
from mockserver.observations.errors import ObservationError
from mockserver.observations.files import is_observation_file, read_observations
from mockserver.observations.observation import Observation, Observations, observed

HEAD = "observed: 1\ndate: {date}\noffice: {{version: {version}, mode: remote}}\nrules:\n"
CLAMPED, EMPTY = "api.Limit.clamped", "claimtrackings.list.ClaimNum.empty"


def write(
    folder: Path, *lines: str, name: str = "observed.yaml", date: str = "2026-11-24", version: str = "25.4.48"
) -> Path:
    file = folder / name
    file.write_text(HEAD.format(date=date, version=version) + "".join(f"  {line}\n" for line in lines), "utf-8")
    return file


def test_an_observed_rule_has_the_variant_the_text_and_the_standing(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "claimtrackings.list.ClaimNum.unknown: {outcome: holds, status: 404, text: Claim not found}",
        "api.Limit.clamped: {outcome: differs, variant: refused, status: 400, text: Limit is invalid.}",
        "api.text.length: {outcome: not tried, why: it needs --claim and --may-create}",
        "api.Offset.invalid: {outcome: masked}",
        "claimtrackings.list.order: {outcome: holds, variant: newest-first}",
    )
    observations = read_observations([file])
    assert observations.warnings == []
    rules = observed(shipped_contract(), observations).rules
    unknown, clamped = rules["claimtrackings.list.ClaimNum.unknown"], rules[CLAMPED]
    assert (unknown.text, unknown.shown_standing, unknown.basis) == (
        "Claim not found",
        "observed 25.4.48, 2026-11-24",
        "documented",
    )
    assert (clamped.played, clamped.status, clamped.text) == ("refused", 400, "Limit is invalid.")
    assert clamped.says == "A Limit above the server's own limit is refused."
    assert rules["claimtrackings.list.order"].played == "newest-first"
    assert rules["claimtrackings.list.order"].observed == "25.4.48, 2026-11-24"
    for untouched in ("api.text.length", "api.Offset.invalid", EMPTY):
        assert rules[untouched] == shipped_contract().rules[untouched]
    assert rules.keys() == shipped_contract().rules.keys()


def test_the_details_of_a_file_are_kept(tmp_path: Path) -> None:
    file = write(tmp_path, "api.Limit.clamped: {outcome: not tried, why: too few rows}")
    file.write_text(
        file.read_text("utf-8") + "preference: {ClaimTrackingStatusExcludesNone: true}\ntool: opendental-mock 0.1.0\n"
    )
    (one,) = read_observations([str(file)]).files
    assert (one.date, one.version, one.mode, one.label) == ("2026-11-24", "25.4.48", "remote", "25.4.48, 2026-11-24")
    assert (one.preference, one.tool) == ({"ClaimTrackingStatusExcludesNone": True}, "opendental-mock 0.1.0")
    assert one.rules == (Observation(rule=CLAMPED, outcome="not tried", why="too few rows"),)


def test_without_observations_the_contract_stays_as_it_is() -> None:
    assert observed(shipped_contract(), Observations()) is shipped_contract()


def test_the_newer_file_counts_and_each_contradiction_is_told(tmp_path: Path) -> None:
    old = write(
        tmp_path, f"{CLAMPED}: {{outcome: holds, status: 200}}", f"{EMPTY}: {{outcome: holds}}",
        "api.Offset.invalid: {outcome: holds, text: Offset is invalid.}",
        name="old.yaml", date="2026-01-02", version="25.1.1",
    )  # fmt: skip
    new = write(
        tmp_path, f"{EMPTY}: {{outcome: holds, status: 200}}", f"{CLAMPED}: {{outcome: differs, variant: refused}}",
        "api.Offset.invalid: {outcome: holds, text: Offset is invalid}", name="new.yaml",
    )  # fmt: skip
    for order in ([old, new], [new, old]):
        observations = read_observations(order)
        rules = observed(shipped_contract(), observations).rules
        assert (rules[CLAMPED].played, rules[CLAMPED].observed) == ("refused", "25.4.48, 2026-11-24")
        assert observations.contradictions == [
            f"{CLAMPED}: holds: 200 in {old} (25.1.1, 2026-01-02), and differs: refused in {new} (25.4.48, 2026-11-24), which counts",
            f"api.Offset.invalid: holds: Offset is invalid. in {old} (25.1.1, 2026-01-02), and holds: Offset is invalid in {new}"
            " (25.4.48, 2026-11-24), which counts",
        ]
        assert [(one.file, one.line) for one in observations.warnings] == [(str(new), 6), (str(new), 7)]
    both = read_observations([new]) + read_observations([old])
    assert both.contradictions == read_observations([old, new]).contradictions


def test_an_outcome_of_no_known_variant_is_told_and_not_played(tmp_path: Path) -> None:
    observations = read_observations([write(tmp_path, "api.Offset.beyond: {outcome: differs, status: 410}")])
    assert [str(one) for one in observations.warnings] == [
        f"{tmp_path / 'observed.yaml'}:5:3: warning: api.Offset.beyond: differs: 410; that is not a known variant, and is not played"
    ]
    assert observed(shipped_contract(), observations).rules["api.Offset.beyond"].standing == "assumed"


UNKNOWN = "claimtrackings.list.ClaimNum.unknown"
NOT_PLAYED = "that is not a known variant, and is not played"
OWN_TEXT = "the status is played, and the text is not, since it is not a known one"


@pytest.mark.parametrize(
    ("rule", "outcome", "told"),
    [
        (UNKNOWN, "status: 400, text: Claim not found., form: json", ""),
        (UNKNOWN, "status: 400, form: json", f"differs: 400, body: json; {OWN_TEXT}"),
        (UNKNOWN, "status: 400, form: plain", f"differs: 400, body: plain; {NOT_PLAYED}"),
        (UNKNOWN, "status: 200", f"differs: 200; {NOT_PLAYED}"),
        ("api.Offset.beyond", "status: 410, form: json", f"differs: 410, body: json; {NOT_PLAYED}"),
        ("claimtrackings.list.row", "status: 200", f"differs: 200; {NOT_PLAYED}"),
        ("claimtrackings.create.CustomTracking", "status: 201", f"differs: 201; {NOT_PLAYED}"),
        ("api.Limit.default", "status: 200, rows: 50", ""),
        ("api.Limit.default", "rows: 50", ""),
        ("api.Limit.default", "status: 400, rows: 50", f"differs: 400, rows: 50; {NOT_PLAYED}"),
        ("api.Limit.default", "status: 200", f"differs: 200; {NOT_PLAYED}"),
    ],
)
def test_each_unknown_outcome_is_played_or_named(rule: str, outcome: str, told: str, tmp_path: Path) -> None:
    observations = read_observations([write(tmp_path, f"{rule}: {{outcome: differs, {outcome}}}")])
    assert [one.message for one in observations.warnings] == ([f"{rule}: {told}"] if told else [])
    is_played = observed(shipped_contract(), observations).rules[rule].observed != ""
    assert is_played == (NOT_PLAYED not in told)


def test_the_rule_of_a_page_tells_the_rows_that_were_observed(tmp_path: Path) -> None:
    observations = read_observations([write(tmp_path, "api.Limit.default: {outcome: differs, rows: 50}")])
    contract = observed(shipped_contract(), observations)
    assert (shipped_contract().page_size, contract.page_size) == (100, 50)
    assert (
        contract.rules["api.Limit.default"].says
        == "Without Limit a page has as many rows as the server's own limit, 50."
    )


def test_another_number_of_rows_is_news() -> None:
    def page_of(rows: int) -> Observation:
        return Observation(rule="api.Limit.default", outcome="differs", rows=rows)

    assert [page_of(50).contradicts(page_of(rows)) for rows in (50, 60, 0)] == [False, True, False]


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("api.Limit.clampt: {outcome: holds}", 3, "there is no rule api.Limit.clampt; did you mean api.Limit.clamped?"),
        ("api.Limit.clamped: {outcome: hold}", 32, "rules[\"api.Limit.clamped\"].outcome must be one of holds, differs, masked, not tried, and is \"hold\"; did you mean holds?"),
        ("api.Limit.clamped: {outcome: differs, variant: Refused}", 50, "api.Limit.clamped has no variant \"Refused\"; choose clamped, refused"),
        ("api.Limit: {outcome: differs, variant: refused}", 42, "api.Limit has no variant \"refused\"; it has no variants; leave it out"),
        ("api.Limit.clamped: {outcome: differs, variant: clamped}", 50, "clamped is the rule as it stands; its outcome is holds"),
        ("api.Limit.clamped: {outcome: holds, variant: refused}", 48, "refused differs from the rule as it stands; its outcome is differs"),
        ("api.Limit.clamped: {outcome: differs, variant: refused, status: 404}", 67, "404 is not the status of the variant refused, which is 400"),
        ("api.Limit.clamped: {outcome: holds, status: 400}", 47, "400 is not the status of the variant clamped, which is 200"),
        ("api.body.json: {outcome: holds, status: 404}", 43, "404 is not the status of the rule, which is 400"),
        ("api.Limit.clamped: {outcome: holds, text: Ms. Smith is late.}", 45, "the text \"Ms. Smith is late.\" is not in the vocabulary; leave it out"),
        ("api.Limit.clamped: {outcome: holds, txt: x}", 39, "rules[\"api.Limit.clamped\"].txt is not known; did you mean text?"),
        ("api.Offset: {outcome: differs, rows: 5}", 34, "api.Offset tells no number of rows; leave it out"),
        ("api.Limit.default: {outcome: differs, rows: 0}", 47, "rules[\"api.Limit.default\"].rows must be 1 or more, and is 0"),
        ("api.Limit.clamped: holds", 22, "rules[\"api.Limit.clamped\"] must be a mapping of names to values, and is \"holds\""),
        ("api.Limit: {outcome: holds}\n  api.Limit: {outcome: holds}", 3, "the key api.Limit is here twice; remove one"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(tmp_path: Path, line: str, column: int, message: str) -> None:
    with pytest.raises(ObservationError) as refused:
        read_observations([write(tmp_path, line)])
    (one,) = refused.value.diagnostics
    assert (one.message, one.column) == (message, column)
    assert str(refused.value) == str(one)


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (b"observed: 1\n  date: x", "':"),
        (b"\xff", "not UTF-8; save the file as UTF-8"),
        (b"[]", "an observation file must be a mapping of names to values, and is []"),
        (b"", "an observation file must be a mapping of names to values, and is null"),
        (b"observed: 2\ndate: 2026-11-24\noffice: {version: 25.4.48}\nrules: {}", "observed must be 1, and is 2"),
        (b"observed: 1\ndate: today\noffice: {version: 25.4.48}\nrules: {}", 'date must have the form of 2026-11-24, and is "today"'),
        (b"observed: 1\ndate: 2026-11-24\noffice: {version: 25.4}\nrules: {}", "office.version must be text, and is 25.4; put it in quotes"),
        (b"observed: 1\ndate: 2026-11-24\nrules: {}", "office is missing"),
        (b"observed: 1\ndate: 2026-11-24\noffice: {version: 25.4.48}\nrules: []", "rules must be a mapping of names to values, and is []"),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_refused(tmp_path: Path, contents: bytes, message: str) -> None:
    file = tmp_path / "observed.yaml"
    file.write_bytes(contents)
    with pytest.raises(ObservationError) as refused:
        read_observations([file])
    assert message in str(refused.value)


def test_the_errors_of_all_files_are_told_together(tmp_path: Path) -> None:
    wrong = write(tmp_path, "api.Limt: {outcome: holds}")
    with pytest.raises(ObservationError) as refused:
        read_observations([tmp_path / "missing.yaml", wrong, tmp_path])
    assert [one.file for one in refused.value.diagnostics] == sorted(
        [str(tmp_path / "missing.yaml"), str(wrong), str(tmp_path)]
    )
    assert refused.value.diagnostics[1].message == "the observation file cannot be read: No such file or directory"


def test_the_example_of_the_schema_is_one() -> None:
    schema: Any = shipped_contract().schemas["observed"]
    assert all(schema.allows(example) for example in schema.contents["examples"])


def test_a_path_that_is_too_long_for_the_system_is_no_observation_file() -> None:
    assert not is_observation_file("x" * 5_000)
