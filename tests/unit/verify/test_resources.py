"""Tests of resources: which ones a run asks about, what it reads of them, and that no data of patients leaves it."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mockserver import MockServer
from mockserver.cli import main
from mockserver.contract.case_files import shipped_cases
from mockserver.contract.contract import shipped_contract
from mockserver.contract.office_cases import is_learned, office_cases
from mockserver.observations.observation import DIFFERS, HOLDS, MASKED
from mockserver.office.client_key import client_key
from mockserver.resources.folder import shipped_folders
from mockserver.syntax.strict_yaml import load
from mockserver.verify.plan import DEFAULT, asked_of, choices, only
from support.deviations import answers, without
from support.practice import FULL_KEYS, Practice, key_of, office
from support.spoiling_proxy import Forward, Reply, Request, Spoil, Spoiled
from support.verifying import outcomes_of, verified

RULES = shipped_contract().rules
FOLDERS = shipped_folders()
SHIPPED = {case.id for case in shipped_cases()}
READS = [case for case in office_cases() if case.id not in SHIPPED]
SECRET_DAY = "1931-07-09"
SECRET_NUMBER = re.compile("7301[0-9]{3}")

pytestmark = pytest.mark.usefixtures("a_process_of_its_own")


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFICE_KEYS", FULL_KEYS)


@cache
def neighbourhood() -> Mapping[str, Any]:
    """Return the office `practice`, with secrets in each column of health information, and in numbers of patients."""
    text = Path("fixtures/practice.yaml").read_text("utf-8")
    tables = load(re.sub(r"\b(PatNum|Guarantor|Subscriber): ([0-9]{3})", r"\1: 7301\2", text))
    for folder in FOLDERS.values():
        secret = {
            column.attribute: SECRET_DAY if column.type == "Date" else f"SECRET-{column.phi}"
            for column in folder.columns.values()
            if column.is_stored
            and column.phi not in ("", "none")
            and column.type in ("Text", "Date")
            and column.sent.get("maxLength", 255) > len("SECRET-birthdate")
        }
        if folder.is_in_fixtures and folder.table in tables:
            tables[folder.table] = [{**row, **secret} for row in tables[folder.table]]
    return {**tables, "apikey": office()["apikey"]}


def practice(folder: Path, version: str = "25.4.48", spoil: Spoil | None = None) -> Practice:
    return Practice(folder, fixture={**neighbourhood(), "office": {"version": version}}, spoil=spoil)


def verify(at: Practice, *words: str) -> int:
    return main(["verify", "--url", at.url, "--keys-from", "OFFICE_KEYS", *words])


def rules_of(*resources: str) -> set[str]:
    return only(RULES, standings=(), ids=(), resources=resources)


def test_each_resource_is_read_and_holds() -> None:
    with MockServer("practice") as mock:
        run = verified(mock.url, client_key(mock.tenant.office.apikey.values()), rules=rules_of("all"))
    found = outcomes_of(run)
    assert [rule for rule, one in found.items() if one.outcome in (DIFFERS, MASKED)] == []
    read = {f"{folder.name}.{one.name}.row" for folder in FOLDERS.values() for one in folder.operations.values()
            if one.method == "GET"}  # fmt: skip
    assert {rule for rule in read if found[rule].outcome != HOLDS} == {"definitions.get.row"}  # of a newer office
    played = {case.id for case in run.plan.played}
    unseen = {
        asked_of(RULES[case.rules[0]]) for case in READS if case.id in played and found[case.rules[0]].outcome != HOLDS
    }
    assert unseen == {"clinics", "eobattaches"}  # of which one is listed, so that no order shows
    assert len(played & {case.id for case in READS}) > 150
    asked = Counter(request.path for request in mock.requests if request.method == "GET")
    assert all(asked[f"/api/v1/{name}"] <= 2 for name in ("carriers", "claimprocs", "patplans"))  # learned, and shared


@pytest.mark.parametrize(
    ("resource", "name", "rule"),
    [
        ("claimprocs", "ProcNum", "claimprocs.list.ProcNum"),
        ("procedurelogs", "DateTStamp", "procedurelogs.list.empty"),
        ("patients/Simple", "Gender", "patients.simple.Gender"),
        ("patients", "LName", "patients.list.LName"),
    ],
)
def test_a_filter_that_an_office_ignores_differs(resource: str, name: str, rule: str, tmp_path: Path) -> None:
    for spoil, outcome in ((None, HOLDS), (without(name, resource), DIFFERS)):
        with practice(tmp_path, spoil=spoil) as at:
            assert outcomes_of(verified(at.url, key_of(), rules=[rule]))[rule].outcome == outcome


def test_an_office_is_not_asked_what_its_version_does_not_have(tmp_path: Path) -> None:
    with practice(tmp_path, version="23.2.15") as at:
        found = outcomes_of(verified(at.url, key_of(), rules=rules_of("claimprocs")))
    assert [rule for rule, one in found.items() if one.outcome == DIFFERS] == []
    assert found["claimprocs.list.ProcNum"].why == "it needs an office of version 23.2.16 or later"


def test_a_refusal_about_another_table_masks_the_case(tmp_path: Path) -> None:
    rule = "inssubs.list.PlanNum.unknown"
    for text, outcome in (("Carrier not found.", MASKED), ("No such plan.", HOLDS)):
        with practice(tmp_path, spoil=answers("inssubs.PlanNum=9", 404, text, was=404)) as at:
            assert outcomes_of(verified(at.url, key_of(), rules=[rule]))[rule].outcome == outcome


def test_a_list_that_does_not_come_is_told(tmp_path: Path) -> None:
    def away(request: Request, forward: Forward) -> Spoiled:
        return Reply(503, b"") if request.path.endswith("/carriers") else forward()

    with practice(tmp_path, spoil=away) as at:
        found = outcomes_of(verified(at.url, key_of(), rules=rules_of("carriers")))
    assert found["carriers.get.row"].why == "status 503 came instead of an answer of the API"
    assert found["carriers.get.CarrierNum.unknown"].outcome == HOLDS


def test_no_value_of_a_patient_is_sent() -> None:
    learned = {name for case in READS for name in case.facts if "." in name and f"{{{name}}}" in case.call}
    columns = {name: FOLDERS[name.split(".")[0]].columns[name.split(".")[1]] for name in learned}
    assert len(columns) > 30
    assert [name for name, column in columns.items() if not is_learned(column)] == []
    assert [name for name, column in columns.items() if column.phi not in ("", "none")] == []


@pytest.mark.thorough
def test_no_value_of_a_patient_reaches_a_file_or_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def another_form(_: Request, forward: Forward) -> Spoiled:
        reply = forward()
        is_list = reply.body[:2] == b"[{"
        return (
            reply.with_value([{name: [value] for name, value in row.items()} for row in reply.value])
            if is_list
            else reply
        )

    def refused_by_name(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        told = f"No patient SECRET-name, born {SECRET_DAY}, of 7301101, for {request.path}."
        is_filter = reply.status == 200 and re.search(r"/(patients|claimprocs)\b.*\?", request.path)
        return reply.with_value(told, 404) if is_filter else reply

    bodies: list[bytes] = []

    def as_it_is(_: Request, forward: Forward) -> Spoiled:
        bodies.append((reply := forward()).body)
        return reply

    def ignored(request: Request, forward: Forward) -> Spoiled:
        path = request.path.partition("?")[0] if re.search("/(patients|claimprocs)", request.path) else request.path
        return forward(replace(request, path=path))

    for number, spoil in enumerate((as_it_is, ignored, another_form, refused_by_name)):
        folder = tmp_path / str(number)
        folder.mkdir()
        files = [f"--{name}={folder / name}" for name in ("save", "junit", "ctrf", "report")]
        with practice(tmp_path, spoil=spoil) as at:
            verify(at, "--resource", "patients", "--resource", "claimprocs", "--verbose", *files)
            sent = "".join(request.path for request in at.received)
        assert "SECRET" not in sent
        assert SECRET_DAY not in sent
        written = "".join(file.read_text() for file in folder.iterdir()) + "".join(capsys.readouterr())
        differing = json.loads((folder / "report").read_text())["outcomes"]["differs"]
        assert (differing == 0) == (spoil is as_it_is)
        assert all(
            secret.encode() in b"".join(bodies) for secret in ("SECRET-name", "SECRET-text", SECRET_DAY, "7301101")
        )
        assert not re.search(f"SECRET|{SECRET_DAY}|{SECRET_NUMBER.pattern}", written)


def test_a_run_asks_about_claimtrackings_and_each_request_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved, told = tmp_path / "saved.yaml", tmp_path / "report.json"
    with practice(tmp_path) as at:
        assert verify(at, f"--save={saved}", f"--report={told}") == 0
        neighbours = {name for name in FOLDERS if any(f"/{name}" in one.path for one in at.received)}
    assert neighbours == {"claimtrackings", "claims", "definitions", "preferences"}  # as far as their cases need it
    assert "Not asked (--resource): " in capsys.readouterr().out
    report = json.loads(told.read_text())
    assert {asked_of(RULES[one["id"]]) for one in report["rules"]} == {*DEFAULT}
    left = Counter(asked_of(RULES[rule]) for rule in rules_of("all") - rules_of(*DEFAULT))
    assert report["not_asked"] == load(saved.read_text())["not_asked"] == left
    assert main(["check", str(saved)]) == 0


def test_a_resource_is_asked_about_alone(tmp_path: Path) -> None:
    told = tmp_path / "report.json"
    with practice(tmp_path) as at:
        assert verify(at, "--resource", "claimprocs", "--resource=carriers", f"--report={told}") == 0
    assert {one["id"] for one in json.loads(told.read_text())["rules"]} == rules_of("claimprocs", "carriers")


def test_the_plan_tells_what_each_resource_costs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with practice(tmp_path) as at:
        verify(at, "--plan", "--resource", "claimprocs")
        told = capsys.readouterr().out
        lines = [line.split() for line in told.splitlines() if re.fullmatch(r"  \S+ +\d+ +\d+", line)]
        assert [name for name, *_ in lines] == choices(RULES)
        cases, requests = next((cases, requests) for name, cases, requests in lines if name == "claimprocs")
        assert f"{cases} cases, about {requests} requests" in told
        looked = len(at.received)
        verify(at, "--resource", "claimprocs")
        sent = Counter(request.path for request in at.received[looked:])
        assert sent.total() == looked + int(requests), sent  # one more is a GET whose answer was lost on a busy machine
        capsys.readouterr()
        verify(at, "--plan", "--rule", "api.Limit")
        assert "--resource" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--resource", "claimprcs"), "no resource claimprcs; did you mean claimprocs? Choose all, api, claimtrackings,"),
        (("--resource", "claims", "--rule", "api.Limit"), "--rule: api.Limit is of api, which --resource leaves out"),
    ],
)  # fmt: skip
def test_a_wrong_resource_is_told(
    words: tuple[str, ...], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with practice(tmp_path) as at:
        assert verify(at, *words) == 2
        assert at.received == []
    assert told in capsys.readouterr().err
