"""Tests of the observation files that fixtures name."""

from pathlib import Path

import pytest

from conftest import MakeClient
from mockserver import FixtureError, create_app, load_office
from mockserver.seeding.load import read_fixtures
from mockserver.web.mock import MOCK
from support.observations import of_variant, write_observed

ZERO, LIMIT = "claimtrackings.list.ClaimNum.zero", "api.Limit.clamped"


def fixture(folder: Path, text: str, name: str = "office.yaml") -> str:
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


async def test_a_fixture_names_its_observations_relative_to_itself(make_client: MakeClient, tmp_path: Path) -> None:
    (tmp_path / "seen").mkdir()
    write_observed(tmp_path / "seen", {ZERO: of_variant(ZERO, "all")})
    file = fixture(tmp_path, "extends: default\nobserved: [seen/observed.yaml]\n")
    for settings in ({"fixtures": [file]}, {"office": load_office(file), "now": None}):
        client = await make_client(**settings)
        assert len(await (await client.get("/api/v1/claimtrackings?ClaimNum=0")).json()) == 8


def test_files_of_all_layers_and_of_the_setting_count_and_the_newest_wins(tmp_path: Path) -> None:
    write_observed(
        tmp_path, {ZERO: of_variant(ZERO, "all"), LIMIT: of_variant(LIMIT, "refused")}, "old.yaml", "2025-01-01"
    )
    write_observed(tmp_path, {LIMIT: of_variant(LIMIT, "clamped")}, "new.yaml")
    between = write_observed(tmp_path, {LIMIT: of_variant(LIMIT, "refused")}, "between.yaml", "2026-01-01")
    fixture(tmp_path, "observed: [new.yaml]\n", "base.yaml")
    file = fixture(tmp_path, "extends: base.yaml\nobserved: [old.yaml, old.yaml]\n")
    rules = create_app(file, observed=between)[MOCK].contract.rules
    assert (rules[ZERO].played, rules[ZERO].observed) == ("all", "25.4.48, 2025-01-01")
    assert (rules[LIMIT].played, rules[LIMIT].observed) == ("clamped", "25.4.48, 2026-11-24")


def test_what_files_say_differently_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_observed(tmp_path, {LIMIT: of_variant(LIMIT, "refused")}, "old.yaml", "2025-01-01")
    write_observed(tmp_path, {LIMIT: of_variant(LIMIT, "clamped")}, "new.yaml")
    file = fixture(tmp_path, "observed: [new.yaml, old.yaml]\n")
    (warning,) = read_fixtures(file).warnings()
    assert (warning.file, warning.is_warning) == (str(tmp_path / "new.yaml"), True)
    create_app(file)
    assert [record.getMessage() for record in caplog.records] == [warning.message]
    assert warning.message.startswith("api.Limit.clamped: differs: refused in ")


@pytest.mark.parametrize(
    ("named", "place", "message"),
    [
        ("[missing.yaml]", "office.yaml:2:12", "observed[0]: there is no file missing.yaml beside this one"),
        ("[observed.yaml, ../x/]", "office.yaml:2:27", "observed[1]: there is no file ../x/ beside this one"),
        ('["a\\0b"]', "office.yaml:2:12", "observed[0]: there is no file"),
        (f"[{'x' * 5000}]", "office.yaml:2:12", "observed[0]: there is no file xxx"),
        ("observed.yaml", "office.yaml:2:11", 'observed must be a list, and is "observed.yaml"'),
        ("[5]", "office.yaml:2:12", "observed[0] must be text, and is 5; put it in quotes"),
        ('[""]', "office.yaml:2:12", 'observed[0] must not be empty, and is ""'),
        ("[wrong.yaml]", "wrong.yaml:", "there is no rule api.Limit.clampt; did you mean api.Limit.clamped?"),
    ],
)
def test_a_mistake_is_told_where_it_is(tmp_path: Path, named: str, place: str, message: str) -> None:
    write_observed(tmp_path, {})
    write_observed(tmp_path, {"api.Limit.clampt": {"outcome": "holds"}}, "wrong.yaml")
    with pytest.raises(FixtureError) as refused:
        load_office(fixture(tmp_path, f"claim: [7]\nobserved: {named}\n"))
    (one,) = refused.value.diagnostics
    assert str(one).startswith(str(tmp_path / place))
    assert one.message.startswith(message)


@pytest.mark.parametrize("named", ["[observed.yaml]", "observed.yaml"])
async def test_no_file_is_opened_over_http(
    named: str, make_client: MakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_observed(tmp_path, {"api.Limit.clampt": {"outcome": "holds"}})
    monkeypatch.chdir(tmp_path)
    client = await make_client()
    refused = await client.put("/__admin/office", json={"claim": [7], "observed": named})
    errors = (await refused.json())["errors"]
    assert (refused.status, [one["message"] for one in errors]) == (
        400,
        ["observed: only a file can name others; leave it out"],
    )
