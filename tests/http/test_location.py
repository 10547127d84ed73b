"""Location tests: the header with the URL of a created row, as clients of the server read it."""

import json
import socket
from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlsplit

import pytest
import requests

from mockserver import MockServer

MAX_WAIT = 30
PROCEDURE = json.dumps({"PatNum": 101, "ProcDate": "2023-07-26", "ProcStatus": "TP", "procCode": "D0120"}).encode()


def ca(server: MockServer) -> str | bool:
    return server.tls_ca if server.url.startswith("https") else True


def created(server: MockServer, url: str, body: bytes | Iterable[bytes] = PROCEDURE, **more: str) -> requests.Response:
    """Create a procedure below this URL, and return the answer."""
    headers = server.headers | more
    answer = requests.post(f"{url}/procedurelogs", headers=headers, data=body, verify=ca(server), timeout=MAX_WAIT)
    assert answer.status_code == 201, answer.text
    return answer


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_the_location_of_a_new_row_is_where_the_row_is(tls: bool) -> None:
    with MockServer("practice", tls=tls) as server:
        for base in (server.url, server.url.removesuffix("/api/v1")):
            for body in (PROCEDURE, iter([PROCEDURE])):  # on the fast path; on the slow one, in chunks
                answer = created(server, base, body)
                number, location = answer.json()["ProcNum"], answer.headers["Location"]
                assert location == f"{base}/procedurelogs/{number}"
                row = requests.get(location, headers=server.headers, verify=ca(server), timeout=MAX_WAIT)
                assert row.json()["ProcNum"] == number


def test_the_location_names_the_host_that_the_client_named() -> None:
    with MockServer("practice", allowed_hosts="mock.example") as server:
        location = created(server, server.url, Host="mock.example:8080").headers["Location"]
        assert location.startswith("http://mock.example:8080/api/v1/procedurelogs/")


def test_a_client_that_names_no_host_gets_the_path() -> None:
    with MockServer("practice") as server:
        headers = "".join(f"{name}: {value}\r\n" for name, value in server.headers.items())
        head = f"POST /api/v1/procedurelogs HTTP/1.0\r\n{headers}Content-Length: {len(PROCEDURE)}\r\n\r\n"
        address = urlsplit(server.url)
        with socket.create_connection((address.hostname or "", address.port or 0), MAX_WAIT) as connection:
            connection.sendall(head.encode() + PROCEDURE)
            with connection.makefile("rb") as answer:
                lines = answer.read().decode().splitlines()
        assert any(line.startswith("Location: /api/v1/procedurelogs/") for line in lines), lines


@pytest.mark.parametrize("mode", ["remote", "local", "service"])
def test_only_mode_remote_has_a_location(mode: Literal["remote", "local", "service"]) -> None:
    with MockServer("practice", mode=mode) as server:
        answer = created(server, server.url)
        assert ("Location" in answer.headers) == (mode == "remote")
        covered = [rule for rule in server.requests[-1].rules if ".location" in rule]
        assert covered == ["procedurelogs.create.location" + ("" if mode == "remote" else ".local")]


@pytest.mark.parametrize(
    ("path", "body", "status"), [("procedurelogs", "{}", 400), ("commlogs", '{"PatNum": 101, "Note": "Called"}', 201)]
)
def test_a_refusal_and_a_create_without_it_have_none(path: str, body: str, status: int) -> None:
    with MockServer("practice") as server:
        answer = requests.post(f"{server.url}/{path}", headers=server.headers, data=body, timeout=MAX_WAIT)
        assert (answer.status_code, "Location" in answer.headers) == (status, False)
