"""Import tests: saved responses become a fixture, scrubbed unless its user insists."""

import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import requests

from mockserver import MockServer
from mockserver.assets import shipped_offices
from mockserver.cli import main
from mockserver.contract.contract import shipped_contract
from mockserver.office.row_values import columns_of
from mockserver.seeding.export import Export
from mockserver.seeding.load import load_office, read_fixtures
from support.effort import parameters

FOLDERS = shipped_contract().folders
NOW = "2026-01-01 12:00:00"
CANARY, BORN = "ZQCanary", "1931-02-03"
TRACKING = {"ClaimTrackingNum": 4, "ClaimNum": 21, "DateTimeEntry": "2024-05-06 07:08:09", "Note": "n"}
PATIENT = {"PatNum": 5, "LName": "Doe", "FName": "Al", "priProvAbbr": "X", "TxtMsgOk": "Yes", "Ward": None}


def saved(folder: Path, name: str, data: Any) -> str:
    file = folder / name
    file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return str(file)


def imported(folder: Path, *arguments: str) -> Path:
    """Import, and return the fixture."""
    file = folder / "office.yaml"
    assert main(["import", *arguments, "-o", str(file)]) == 0
    return file


def rows(file: Path, table: str) -> list[dict[str, Any]]:
    return [columns_of(row) for row in load_office(str(file)).tables[table]]


def entry(path: str, body: Any, method: str = "GET", status: int = 200, key: str = "ODFHIR a/b") -> dict[str, Any]:
    """Return the entry of a HAR."""
    request = {"method": method, "url": f"https://api.opendental.com/api/v1{path}",
               "headers": [{"name": "Accept", "value": "*/*"}, {"name": "Authorization", "value": key}]}  # fmt: skip
    return {"request": request, "response": {"status": status, "content": {"text": json.dumps(body)}}}


def har(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"log": {"version": "1.2", "entries": entries}}


def canaries() -> dict[str, list[dict[str, Any]]]:
    """Return a row of each resource, with a canary in each text that is not said to be harmless, and in others."""
    office = {}
    for folder in FOLDERS.values():
        row = {**folder.row["examples"][0], "NewColumn": CANARY}
        for name, column in folder.columns.items():
            if column.phi == "birthdate":
                row[name] = BORN
            elif column.type == "Text" and column.phi != "none":
                row[name] = CANARY[: column.sent.get("maxLength")]
        office[folder.name] = [row]
    office["preferences"][0]["PrefName"] = "PracticeTitle"
    return office


@pytest.mark.parametrize("flags", [*product(["", "--keep-numbers"], ["", "--keep-dates"], ["", "--seed=1"])])
def test_nothing_of_a_patient_comes_out(
    tmp_path: Path, flags: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    office = canaries()
    files = [saved(tmp_path, "all.json", {**office, "apikey": [{"CustomerKey": CANARY}], "fault": [{"name": CANARY}]}),
             saved(tmp_path, "all.har", har(*(entry(f"/{name}", rows) for name, rows in office.items()))),
             *(f"{name}={saved(tmp_path, f'{name}.json', rows)}" for name, rows in office.items())]  # fmt: skip
    file = imported(tmp_path, *files, *filter(None, flags))
    text = file.read_text("utf-8")
    assert read_fixtures(str(file)).errors == []
    assert CANARY[:2] not in text
    assert BORN not in text
    assert CANARY not in capfd.readouterr().err
    assert text.count("\n  - ") == sum(folder.is_in_fixtures for folder in FOLDERS.values())
    unscrubbed = imported(tmp_path, files[0], "--no-scrub", "real-data").read_text("utf-8")
    assert unscrubbed.count(CANARY) > 50


def test_each_text_says_whether_it_has_data_of_a_patient() -> None:
    columns = [(folder.name, column) for folder in FOLDERS.values() for column in folder.columns.values()]
    assert [(name, one.name) for name, one in columns if one.is_stored and one.type == "Text" and not one.phi] == []


def test_a_text_of_a_resource_of_ones_own_is_left_out_until_it_is_marked(tmp_path: Path) -> None:
    row = {"ReferralNum": 3, "LName": CANARY, "IsDoctor": "true", "PatNum": 17, "Fee": "1.50", "Since": "2024-05-06"}
    file, own = saved(tmp_path, "referrals.json", [row]), tmp_path / "own"
    assert main(["init", "--resource", "referrals", file, str(own)]) == 0
    arguments = (file, "--resources", str(own), "--keep-numbers", "--keep-dates")
    kept = '{ReferralNum: 3, IsDoctor: "true", PatNum: 17, Fee: "1.50", Since: "2024-05-06"}'
    assert f"\nreferral:\n  - {kept}\n" in imported(tmp_path, *arguments).read_text("utf-8")
    declared = own / "referrals" / "row.json"
    text = declared.read_text("utf-8")
    declared.write_text(text.replace('"description": "LName."', '"description": "LName.", "x-phi": "name"'), "utf-8")
    (name,) = re.findall("LName: ([A-Za-z-]+),", imported(tmp_path, *arguments).read_text("utf-8"))
    assert name != CANARY


def test_a_seed_gives_the_same_office_again(tmp_path: Path) -> None:
    file = saved(tmp_path, "all.json", canaries())
    texts = [
        imported(tmp_path, file, *flags).read_text("utf-8") for flags in [("--seed", "1")] * 2 + [("--seed", "2"), ()]
    ]
    assert texts[0] == texts[1]
    assert len({*texts}) == 3


def test_each_name_has_a_made_up_one_of_its_own(tmp_path: Path) -> None:
    people = [{**PATIENT, "PatNum": number, "LName": f"{CANARY}{number}"} for number in range(1, 200)]
    names = {row["LName"] for row in rows(imported(tmp_path, saved(tmp_path, "p.json", people)), "patient")}
    assert len(names) == len(people)


def test_a_family_stays_a_family(tmp_path: Path) -> None:
    family = [{**PATIENT, "PatNum": number, "FName": name, "Guarantor": 900, "Birthdate": born}
              for number, name, born in ((900, "Al", "1980-01-01"), (901, "Bo", "2015-01-01"))]  # fmt: skip
    claim = {"ClaimNum": 21, "PatNum": 901, "DateService": "2024-05-01", "ClaimFee": 12.5}
    other = {**PATIENT, "PatNum": 950, "LName": "Roe", "FName": "Bo", "Birthdate": "1899-12-31"}
    file = imported(tmp_path, saved(tmp_path, "x.json", {"patients": [*family, other], "claims": claim}), "--seed", "3")
    first, second, third = rows(file, "patient")
    assert [first["Guarantor"], second["Guarantor"]] == [first["PatNum"]] * 2
    assert first["LName"] == second["LName"] not in ("Doe", third["LName"])
    assert second["FName"] == third["FName"] not in ("Bo", first["FName"])
    assert first["Birthdate"] < "1980-01-01" < second["Birthdate"] < "2015-01-01"
    assert third["Birthdate"] > "1935"
    (paid,) = rows(file, "claim")
    assert (paid["PatNum"], paid["ClaimFee"]) == (second["PatNum"], 12.5)
    assert paid["DateService"] < "2024-05-01"


def test_numbers_and_dates_are_kept_if_asked(tmp_path: Path) -> None:
    file = saved(tmp_path, "claimtrackings.json", [TRACKING])
    (row,) = rows(imported(tmp_path, file, "--keep-numbers", "--keep-dates"), "claimtracking")
    assert (row["ClaimTrackingNum"], row["ClaimNum"], row["DateTimeEntry"]) == (4, 21, "2024-05-06 07:08:09")
    assert row["Note"] == ""


def test_rows_are_merged_and_converted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [saved(tmp_path, "one.json", [[PATIENT], [{"PatNum": 6, "LName": "B", "FName": "C", "Email": "e"}]]),
             saved(tmp_path, "patients-2.json", {"PatNum": 5, "City": "Salem", "NewColumn": 1}),
             saved(tmp_path, "d.json", [{"DefNum": 7, "Category": 31, "category": "X", "ItemName": "Y", "isHidden": "true"}]),
             f"claimtrackings={saved(tmp_path, 'x.json', [{**TRACKING, 'TrackingType': ''}])}"]  # fmt: skip
    file = imported(tmp_path, *files, "--no-scrub", "real-data")
    first, second = rows(file, "patient")
    assert (first["LName"], first["City"], first["TxtMsgOk"], first["Ward"]) == ("Doe", "Salem", "Yes", "")
    assert second["Email"] == "e"
    assert [row["IsHidden"] for row in rows(file, "definition")] == [True]
    assert [row["TrackingType"] for row in rows(file, "claimtracking")] == ["StatusHistory"]
    assert "  # 5, columns that are not known here: {NewColumn: 1}\n" in file.read_text("utf-8")
    told = capsys.readouterr().err
    assert "patient: 1 column not known here, of a newer version: NewColumn in 1 row\n" in told
    assert "claim: 1 row is missing, named by claimtracking.ClaimNum: GET /claims/21\n" in told
    assert "data of real patients" in told
    assert any("office.unscrubbed" in str(warning) for warning in read_fixtures(str(file)).warnings())


def test_a_log_of_pairs_is_read(tmp_path: Path) -> None:
    log = [
        {"https://api.opendental.com/api/v1/claimtrackings?Offset=0": [TRACKING]},
        {"GET /claims/21": {"ClaimNum": 21}},
    ]
    file = imported(tmp_path, saved(tmp_path, "log.json", log), "--keep-numbers")
    assert [rows(file, table)[0]["ClaimNum"] for table in ("claimtracking", "claim")] == [21, 21]


def test_an_archive_is_read_request_by_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = har(
        entry("/claimtrackings", [TRACKING, {**TRACKING, "ClaimTrackingNum": 5}]),
        entry("/claimtrackings/4", {**TRACKING, "ClaimNum": 22}, "PUT"),
        entry("/claimtrackings/9", "ClaimTracking not found", status=404),
        entry("/claims/5", "", "DELETE"), entry("/referrals", [{"ReferralNum": 1}]), entry("/style.css", "x"), entry("/claims/5", "", "PUT"), {**entry("", 1), "request": {"method": "GET", "url": "http://["}},
        entry("/carriers", []), {**entry("/__admin/claims", []), "request": {"method": "GET", "url": "http://a/__admin/claims"}},
       
        entry("/preferences", [{"PrefName": "no name", "ValueString": "1"}, {"PrefNum": 2, "PrefName": "ProgramVersion", "ValueString": "24.3.10"}]),
    )  # fmt: skip
    file = imported(tmp_path, saved(tmp_path, "a.har", archive), "--keep-numbers")
    assert [(row["ClaimTrackingNum"], row["ClaimNum"]) for row in rows(file, "claimtracking")] == [(4, 22), (5, 21)]
    assert load_office(str(file)).imported == "24.3.10"
    told = capsys.readouterr().err
    assert "referrals: 1 response left out, since the mock does not serve this resource" in told
    assert "5 responses without rows left out" in told


WRONG = {
    "no JSON": ("[1,", "1:4: not JSON: "),
    "a refusal": ('"Claim not found"', "1:1: this is not a row: a response is a list of rows or one row"),
    "a list of refusals": (["Claim not found"], "1:1: it is not clear of which resource these rows are"),
    "a mapping with a refusal": ({"claims": "Not found"}, "1:12: this is not a row: "),
    "rows of nothing known": ([{"a": 1}], "1:1: it is not clear of which resource these rows are"),
    "a row that is none": ({"claims": [3]}, "1:13: this is not a row of claims: an object with columns"),
    "a row without its key": ({"claims": [{"PatNum": 3}]}, "1:13: this row has no ClaimNum; each row of claims has it"),
    "a value of another type": ({"claims": [{"ClaimNum": 3, "PatNum": "x"}]},
        "1:39: PatNum must be a whole number of 0 or more"),
    "a day that is none": ([{**TRACKING, "DateTimeEntry": "2023-02-30 00:00:00"}],
        "1:59: DateTimeEntry must be text such as 2023-07-20 14:05:45"),
    "two offices": ([{"DefNum": 7, "Category": 31}, {"DefNum": 7, "Category": 43}],
        "1:59: this row has another Category than the one with the same DefNum before"),
    "two keys": (har(entry("/claims", []), entry("/claims", [], key="ODFHIR a/c")),
        "this request has the keys of another office than one before it"),
    "an entry that is none": (har({"request": {}}), "1:40: this is not an entry of a HAR"),
    "a response that is no JSON": (har({"request": {"method": "GET", "url": "/claims"},
        "response": {"status": 200, "content": {"text": "<p>"}}}), "this response is not JSON"),
    "a fixture of other files": ({"extends": "default", "claim": [], "generate": {}}, "1:2: extends: an office whose"),
    "an office of another form": ({"office": [], "claim": []}, "1:12: office has another form"),
    "a preference of another form": ({"preference": {"A": [1]}, "claim": []}, "1:16: this row has no PrefName or no"),
    "a row without a column that it needs": ([{"DefNum": 7, "ItemName": "x"}], "1:2: this row has no Category; each row"),
    "a preference without value": ({"preferences": [{"PrefName": "A"}]}, "no PrefName or no ValueString"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_has_its_place_and_nothing_is_written(
    tmp_path: Path, data: Any, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = saved(tmp_path, "x.json", data)
    assert main(["import", file, "-o", str(tmp_path / "office.yaml")]) == 2
    ended = capsys.readouterr()
    assert ended.out == ""
    assert ended.err.startswith(f"{file}:")
    assert expected in ended.err
    assert not (tmp_path / "office.yaml").exists()


def test_without_a_file_to_write_it_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = saved(tmp_path, "empty.json", []), saved(tmp_path, "c.json", {"$schema": "x", "claims": [{"ClaimNum": 1}]})
    assert main(["import", *files, "--keep-numbers", "--office-version", "24.1"]) == 0
    ended = capsys.readouterr()
    assert ended.out.endswith('  version: "24.1"\n  imported: "24.1"\n\nclaim:\n  - {ClaimNum: 1}\n')
    assert ended.err == "opendental-mock: rows: 1 of claim\n"
    with pytest.raises(SystemExit):
        main(["import", *files, "--office-version", "new"])
    assert "'new' is not a version of Open Dental" in capsys.readouterr().err


def test_files_without_a_row_make_no_office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = saved(tmp_path, "referrals.json", [{"ReferralNum": 1}])
    assert main(["import", file, f"referrals={file}", "-o", str(tmp_path / "office.yaml")]) == 2
    told = capsys.readouterr().err
    assert "referrals: 2 responses left out, since the mock does not serve this resource" in told
    assert "there is no row in these files" in told
    assert not (tmp_path / "office.yaml").exists()
    assert main(["import", f"claim-trackings={file}"]) == 2
    assert f"{file}:1:1: claim-trackings is not a resource; did you mean claimtrackings?" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", f"claims={tmp_path / 'none.json'}"]) == 2
    assert "none.json: No such file" in capsys.readouterr().err
    large = tmp_path / "claims.json"
    with large.open("wb") as file:
        file.truncate(2**30)
    assert main(["import", str(large)]) == 2
    assert f"{large}:1:1: the file is too large" in capsys.readouterr().err


OFFICES = [*(set(shipped_offices()) - {"large"}), "generated"]


@pytest.mark.parametrize("form", ["yaml", "json"])
@pytest.mark.parametrize("name", parameters(sorted(OFFICES), quick={*OFFICES} - {"generated"}))
def test_an_exported_office_comes_back_as_it_was(tmp_path: Path, name: str, form: str) -> None:
    if name == "generated":
        name = saved(tmp_path, "g.yaml", "extends: practice\ngenerate: {copies: 2, claimtracking: {rows: 20}}\n")
    before = Export(load_office(name, now=NOW))
    file = saved(tmp_path, f"export.{form}", "".join(before.as_yaml() if form == "yaml" else before.as_json()))
    first = imported(tmp_path, file, "--no-scrub", "real-data")
    after = "".join(Export(load_office(str(first), now=NOW)).as_yaml())
    assert re.sub(r"  (imported|unscrubbed): .*\n", "", after) == "".join(before.as_yaml())
    second = imported(tmp_path, saved(tmp_path, "again.yaml", after), "--no-scrub", "real-data")
    assert "".join(Export(load_office(str(second), now=NOW)).as_yaml()) == after


def test_a_served_list_comes_back_as_it_was(tmp_path: Path) -> None:
    def lists(fixture: str) -> dict[str, Any]:
        served: dict[str, Any] = {}
        with MockServer(fixture, mode="local", now=NOW) as server:
            for folder in FOLDERS.values():
                path = f"/{folder.name}?includeHidden=true"
                response = requests.get(f"{server.url}{path}", headers=server.headers, timeout=30)
                served |= {path: response.json()} if response.status_code == 200 else {}
        return served

    before = lists("practice")
    assert sum(map(len, before.values())) > 150
    file = imported(tmp_path, saved(tmp_path, "served.json", before), "--no-scrub", "real-data")
    assert lists(str(file)) == before


def test_definitions_of_the_first_category_load_again(tmp_path: Path) -> None:
    file = saved(
        tmp_path, "definitions.json", [{"DefNum": 5, "Category": 0, "ItemName": "Default", "isHidden": "false"}]
    )
    (row,) = rows(imported(tmp_path, file, "--keep-numbers"), "definition")
    assert (row["DefNum"], row["Category"]) == (5, 0)
