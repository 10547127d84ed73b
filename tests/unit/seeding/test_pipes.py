"""Pipe tests: fixtures and observations from pipes and devices, which are read once and are beside no other file."""

import json
import os
import socket
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mockserver import FixtureError, FixtureNotFound, load_office
from mockserver.cli import main
from mockserver.cli.verify_input import observations_of, wanted_rules
from mockserver.contract.contract import shipped_contract
from mockserver.observations.observation import observed
from mockserver.seeding.locate import is_read_once
from support.observations import write_observed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in the file system")
RULE = "claimtrackings.list.ClaimNum.zero"

Pipe = Callable[[str], str]


@pytest.fixture
def pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipe]:
    """Return a function that puts a text into a new pipe, and returns its name; the test is in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    opened: list[int] = []

    def make(text: str) -> str:
        reader, writer = os.pipe()
        opened.append(reader)
        with open(writer, "w", encoding="utf-8") as file:
            file.write(text)
        return f"/dev/fd/{reader}"

    yield make
    for descriptor in opened:
        os.close(descriptor)


def test_a_pipe_is_yaml_or_json_by_its_text(pipe: Pipe) -> None:
    note = (
        "\U0001f9b7"  # two escapes in JSON, one character that the vendor's column cannot hold; YAML has no such pairs
    )
    yaml, text = "claim: [7]\n", json.dumps({"claim": [8], "claimtracking": [{"ClaimNum": 8, "Note": note}]})
    office = load_office(pipe(yaml), pipe(text))
    assert [claim.ClaimNum for claim in office.claim] == [7, 8]
    assert [tracking.Note for tracking in office.claimtracking] == ["\ufffd"]
    assert len(load_office(pipe("")).claim) == 0


@pytest.mark.parametrize(
    ("text", "place"), [("claim: [7]\nclam: [8]\n", "2:1"), ('{"claim": [7],\n "clam": [8]}', "2:2")]
)
def test_a_mistake_in_a_pipe_has_its_place(text: str, place: str, pipe: Pipe) -> None:
    name = pipe(text)
    with pytest.raises(FixtureError) as refused:
        load_office(name)
    (diagnostic,) = refused.value.diagnostics
    assert str(diagnostic).startswith(f"{name}:{place}: ")


def test_a_pipe_names_files_in_the_working_directory(pipe: Pipe, tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("claim: [7]\n")
    observed = write_observed(tmp_path, {RULE: {"outcome": "differs", "variant": "all"}})
    office = load_office(pipe(f"extends: base.yaml\nobserved: [{observed.name}]\nclaim: [8]\n"))
    assert [claim.ClaimNum for claim in office.claim] == [7, 8]
    assert office.observed == (observed.name,)


def test_a_named_pipe_names_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("claim: [7]\n")
    named = tmp_path / "office.yaml"
    os.mkfifo(named)
    threading.Thread(target=named.write_text, args=["extends: base.yaml\nclaim: [8]\n"], daemon=True).start()
    assert [claim.ClaimNum for claim in load_office(str(named)).claim] == [7, 8]


def test_observations_from_a_pipe_are_read_once(pipe: Pipe, tmp_path: Path) -> None:
    text = write_observed(tmp_path, {RULE: {"outcome": "differs", "variant": "all"}}).read_text("utf-8")
    options = Namespace(
        rule=[RULE], claim=None, may_create=None, last_failed=None, not_tried=None, only=[], resource=[]
    )
    contract = observed(shipped_contract(), observations_of("--observed", [pipe(text)]))
    assert contract.rules[RULE].played == "all"
    assert wanted_rules(options, contract) == {RULE}
    assert main(["openapi", "--observed", pipe(text)]) == 0
    assert main(["check", "default", "--observed", pipe(text)]) == 0


def test_what_is_read_once_is_not_watched(pipe: Pipe, capsys: pytest.CaptureFixture[str]) -> None:
    name = pipe("claim: [7]\n")
    assert main(["serve", "--port", "0", "--watch", "--fixtures", "default", "--fixtures", name]) == 2
    told = f"opendental-mock: --watch: {name} cannot be read again; leave the flag out, or give a file\n"
    assert capsys.readouterr().err == told
    assert not is_read_once("x" * 300)


def test_a_socket_is_no_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind("socket")
        with pytest.raises(FixtureNotFound, match=r"socket: No such device or address|Operation not supported"):
            load_office("socket")
