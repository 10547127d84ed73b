"""Remote server tests: `connect` has the controls of a MockServer, without its process or its libraries."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from mockserver import MockServer, RemoteServer, connect
from mockserver.office.rows import Claim, Definition
from mockserver.testing.clock_control import ClockControl
from mockserver.testing.controls import Controls
from mockserver.testing.office_control import OfficeControl
from mockserver.testing.remote_controls import RemoteClock, RemoteOffice

NOW = "2026-01-15 10:00:00"
# What is not data: code that runs in the server, and the server itself.
IN_ITS_PROCESS = {"call", "on", "tenant", "tls_ca"}


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(admin_token="Sesame", now=NOW) as running:
        yield running


@pytest.fixture
def remote(server: MockServer) -> RemoteServer:
    connected = connect(server.url, token="Sesame")
    connected.reset()
    return connected


def create(remote: RemoteServer, **fields: Any) -> requests.Response:
    body = {"ClaimNum": 15} | fields
    return requests.post(f"{remote.url}/claimtrackings", json=body, headers=remote.headers, timeout=30)


def public(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")} - IN_ITS_PROCESS


@pytest.mark.parametrize(
    ("there", "here"), [(Controls, RemoteServer), (ClockControl, RemoteClock), (OfficeControl, RemoteOffice)]
)
def test_it_has_all_controls(there: type, here: type) -> None:
    assert public(there) <= public(here)


def test_rows_are_read_stored_and_deleted(remote: RemoteServer, server: MockServer) -> None:
    assert remote.office.claimtracking == server.office.claimtracking
    assert remote.office.claim == server.office.claim
    assert remote.office.definition == server.office.definition
    row = remote.office.put("claimtracking", ClaimNum=15)
    assert (row.ClaimTrackingNum, row.DateTimeEntry) == (52, NOW)
    assert remote.office.put(replace(row, Note="Sent.")) == server.office.claimtracking[0]
    remote.office.delete(row)
    assert remote.office.put("claim", ClaimNum=77) == server.office.claim[-1]
    assert isinstance(remote.office.put("definition", DefNum=1, Category=31), Definition)
    remote.office.delete("claim", 77)
    assert 77 not in {claim["ClaimNum"] for claim in remote.office.rows("claim")}
    assert remote.office.put("carrier", CarrierNum=5, CarrierName="Acme")["CarrierName"] == "Acme"


@pytest.mark.parametrize(
    ("do", "error", "words"),
    [
        (lambda one: one.office.put("claimtracking", ClaimNum=99), ValueError, "claimtracking[0].ClaimNum 99 is not a claim of this office"),
        (lambda one: one.office.put("claims"), ValueError, "did you mean claim?"),
        (lambda one: one.office.put(5), TypeError, "and not 5"),
        (lambda one: one.office.put(Claim(ClaimNum=1), Note=""), TypeError, "or the name of a table with columns"),
        (lambda one: one.office.delete("claim"), TypeError, "office.delete takes a row, or the name of a table"),
        (lambda one: one.office.delete("claim", 3), ValueError, "claim 3 cannot be deleted"),
        (lambda one: one.office.replace({"claim": [{"ClaimNum": 0}]}), ValueError, "claim[0].ClaimNum"),
        (lambda one: one.office_of("Key"), ValueError, "--office-per-key"),
        (lambda one: one.fault(operation="create"), ValueError, "claimtrackings/create"),
        (lambda one: one.clock.freeze("noon"), ValueError, "yyyy-MM-dd HH:mm:ss"),
        (lambda one: one.clock.advance(1e99), ValueError, "advance"),
        (lambda one: one.wait_for(status=7), ValueError, "'7' is not a status"),
        (lambda one: one.wait_for(seconds=0, kind="fault"), TimeoutError, "0 of 1 exchanges have come in 0 seconds, with kind='fault'"),
        (lambda one: one.preferences.pop("ClaimTrackingStatusExcludesNone"), TypeError, "cannot be removed"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(remote: RemoteServer, do: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error) as refused:
        do(remote)
    assert words in str(refused.value)


def test_clock_and_preferences(remote: RemoteServer, server: MockServer) -> None:
    remote.clock.freeze(datetime(2026, 2, 1, 9))
    remote.clock.advance(60)
    assert remote.clock.now == server.clock.now == "2026-02-01 09:01:00"
    remote.clock.run()
    assert remote.clock.now > "2026-02-01"
    remote.preferences["ClaimTrackingStatusExcludesNone"] = True
    assert dict(remote.preferences) == dict(server.preferences)
    assert len(remote.preferences) == 1
    assert create(remote).status_code == 400


def test_faults_and_the_journal(remote: RemoteServer, server: MockServer) -> None:
    remote.fault(name="throttled", operation="claimtrackings/create", retry_after=7)
    assert [fault["hits"] for fault in remote.faults] == [0]
    assert create(remote).status_code == 429
    assert create(remote, ClaimNum=99).status_code == 404
    (refused,) = remote.wait_for(kind="refused")
    assert (refused.sent_json(), refused.answer_json()) == ({"ClaimNum": 99}, "Claim not found.")
    names = ("id", "method", "path", "operation", "status", "rules", "warnings", "refused_by", "hint", "fault", "kept")
    for here, there in zip(remote.requests, server.requests, strict=True):
        assert [getattr(here, name) for name in names] == [getattr(there, name) for name in names]
    remote.clear_faults()
    assert remote.faults == []


def test_snapshots_offices_and_coverage(remote: RemoteServer, server: MockServer) -> None:
    snapshot, office = remote.snapshot(), remote.office.export()
    assert create(remote).status_code == 201
    assert remote.contract.met == server.contract.met > 0
    snapshot.restore()
    snapshot.delete()
    assert remote.office.export() == office
    remote.office.replace('{"claim": [{"ClaimNum": 3}]}')
    assert [claim.ClaimNum for claim in server.office.claim] == [3]
    remote.reset()
    assert remote.requests == []


def test_an_office_of_a_key_is_a_control_of_its_own() -> None:
    with MockServer(office_per_key=True) as server:
        remote, night = connect(server.url), connect(server.url, office="Night")
        remote.office_of("Night").put("claim", ClaimNum=77)
        assert 77 in {claim.ClaimNum for claim in night.office.claim}
        assert 77 not in {claim.ClaimNum for claim in remote.office.claim}
        assert night.headers["Authorization"].endswith("/Night")


def test_it_connects_by_the_variables_and_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("Sesame\n")
    with MockServer(tls=True, admin_token="Sesame") as server:
        monkeypatch.setenv("OPENDENTAL_BASE_URL", server.url.removesuffix("/api/v1"))
        monkeypatch.setenv("OPENDENTAL_MOCK_ADMIN_TOKEN", f"@{tmp_path / 'token'}")
        monkeypatch.setenv("OPENDENTAL_MOCK_TLS_CA", server.tls_ca)
        assert repr(connect()) == f"<RemoteServer at {server.url}>"
        assert connect().admin_url == server.admin_url
        monkeypatch.delenv("OPENDENTAL_MOCK_ADMIN_TOKEN")
        with pytest.raises(ConnectionError, match=r"it answers 401; --admin-token \(token=\) gives the token"):
            connect()


def test_nobody_there_is_a_connection_error() -> None:
    with pytest.raises(ConnectionError, match=r"no server is ready at http://127.0.0.1:9/api/v1: no server listens"):
        connect("http://127.0.0.1:9")


def test_it_imports_no_library_of_the_server() -> None:
    code = "import mockserver, sys; mockserver.connect; print(*{'aiohttp', 'jsonschema', 'yaml', 'asyncio'} & sys.modules.keys())"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, timeout=60)
    assert ended.stdout.strip() == ""
