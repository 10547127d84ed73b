"""Tests of text of others in all outputs: programs can read them, and people see no control characters."""

import json
import logging
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockserver import MockServer
from mockserver.cli.github import annotations
from mockserver.contract.contract import shipped_contract
from mockserver.journal import exchange_forms
from mockserver.journal.log_format import FORMATS
from mockserver.reports.ctrf import as_ctrf
from mockserver.reports.report_junit import as_junit
from mockserver.reports.report_text import as_text
from mockserver.reports.step_summary import as_markdown
from mockserver.syntax import strict_yaml
from support.effort import examples

MAX_WAIT = 10
ODD = [
    "\ud83d",
    "\ude00",
    "\x1b[31m",
    "\x07",
    "\x9b",
    "\u202e",
    "\u2066",
    "\ufffe",
    "\uffff",
    "\x00",
    "\n",
    "\x7f",
    "\u2028",
]
TEXTS = st.lists(st.sampled_from([*ODD, "a", "é", "\U0001f600"]), min_size=1, max_size=6).map("".join)
# Bytes that HTTP allows in a header, most of which are not UTF-8.
BYTES = st.lists(st.sampled_from([*b"ab?&=/", *range(0x80, 0x100)]), max_size=8).map(bytes)


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(strict=True) as server:
        yield server


def send(server: MockServer, query: bytes, header: bytes, fields: dict[str, str]) -> None:
    """Send a request with these fields, and read its response."""
    body = json.dumps(fields).encode()
    head = b"POST /api/v1/claimtrackings?%b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nUser-Agent: %b\r\n"
    more = b"Authorization: ODFHIR a/b%b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=MAX_WAIT) as connection:
        connection.sendall(head % (quote(query, "=&").encode(), header) + more % (header, len(body)) + body)
        with connection.makefile("rb") as response:
            check_json(response.read().partition(b"\r\n\r\n")[2].decode())


def administer(server: MockServer, path: str, value: Any = None, method: str = "GET") -> str:
    """Return the body of a response of the admin API, whatever its status."""
    body = None if value is None else json.dumps(value).encode()
    request = Request(f"{server.admin_url}/{path}", body, {"Content-Type": "application/json"}, method=method)
    try:
        with urlopen(request, timeout=MAX_WAIT) as response:
            return str(response.read().decode())
    except OSError as error:
        return str(error.read().decode())  # type: ignore[attr-defined]  # of HTTPError


def check_json(text: str) -> Any:
    """Return the value of a text that any parser of JSON can read."""
    value = json.loads(text)
    json.dumps(value, ensure_ascii=False).encode()
    return value


def check_printable(text: str) -> None:
    assert [line for line in text.split("\n") if not line.isprintable()] == []


@pytest.mark.thorough
@examples(40)
@given(query=BYTES, header=BYTES, name=TEXTS, value=TEXTS)
@example(query=b"\xe9", header=b"\xe9", name="\ud83d", value="\ude00")
def test_request_in_all_outputs(server: MockServer, query: bytes, header: bytes, name: str, value: str) -> None:
    server.reset()
    send(server, query, header, {"ClaimNum": "15", "Note": value})
    send(server, query, header, {"ClaimNum": "15", name: value})
    send(server, query, header, {"ClaimNum": value})
    exchanges, report = server.requests, server.contract
    assert exchanges
    for form in ("requests", "requests.har", "contract", "office", "health"):
        check_json(administer(server, form))
    check_json(as_ctrf(report, datetime.now(UTC)))
    check_json(json.dumps(report.as_json()))
    ElementTree.fromstring(as_junit(report).encode())
    as_markdown(report, []).encode()
    logged = [(exchange, exchange_forms.line(exchange)) for exchange in exchanges]
    record = logging.makeLogRecord({"msg": value, "levelname": "INFO", "exchanges": logged})
    for line in FORMATS["json"]().format(record).split("\n"):
        check_json(line)
    texts = [exchange_forms.as_text(exchange, shipped_contract().rules) for exchange in exchanges]
    for text in (*texts, as_text(report, verbose=True), *annotations(report), FORMATS["text"]().format(record)):
        check_printable(text)
        text.encode()


@examples(40)
@given(name=TEXTS, value=TEXTS)
@example(name="\ud83d", value="\ude00")
def test_admin_api_and_python_keep_valid_text(server: MockServer, name: str, value: str) -> None:
    server.reset()
    fault = {"name": "throttled", "explanation": value, "match": {"Note": value}}
    office = {"claim": [15], "claimtracking": [{"ClaimNum": 15, "Note": value}], "preference": {name: value}}
    for path, body, method in [
        ("faults", fault, "POST"), ("faults", fault | {"match": {name: value}}, "POST"), ("preferences", {name: value}, "PATCH"), ("office", office, "PUT"),
        ("office", office | {name: value}, "PUT"), ("clock", {name: value}, "PUT"),
    ]:  # fmt: skip
        check_json(administer(server, path, body, method))
    server.fault(**fault)
    server.office.put("definition", DefNum=1, Category=31, ItemName=value)
    server.preferences["X"] = value
    asked = quote(value, errors="surrogatepass")
    for path in ("faults", "preferences", "office", f"requests?text={asked}", f"requests?{asked}=1", asked):
        check_json(administer(server, path))
    document = Request(f"{server.admin_url}/office", headers={"Accept": "application/yaml"})
    with urlopen(document, timeout=MAX_WAIT) as response:
        check_json(json.dumps(strict_yaml.load(response.read().decode())))
