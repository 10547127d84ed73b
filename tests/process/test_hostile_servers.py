"""Hostile server tests: the commands that ask a server get something else there, and say so in one sentence."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import cycle, product
from typing import Any

import pytest

from mockserver import MockServer
from mockserver.cli import admin_client, main
from mockserver.reports.coverage import is_coverage
from support.effort import thorough_unless
from support.spoiling_proxy import Reply, Request, Spoiled, SpoilingProxy

CODES = {"health": 1, "export": 2, "report": 2, "env": 0}
NO_MOCK = "the server there is not opendental-mock, or is another version of it"
LATE = "no response in time"
ESC = "\x1b[31m"


def storm(proxy: SpoilingProxy) -> Iterator[bytes]:
    while not proxy.is_closing.is_set():
        yield b"HTTP/1.1 100 Continue\r\n\r\n" * 100


def dripping(head: bytes, drop: bytes) -> Callable[[SpoilingProxy], Iterator[bytes]]:
    def drip(proxy: SpoilingProxy) -> Iterator[bytes]:
        yield head
        while not proxy.is_closing.wait(0.01):
            yield drop

    return drip


def endless(proxy: SpoilingProxy) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
    while not proxy.is_closing.is_set():
        yield b" " * 100_000


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SERVERS: dict[str, tuple[Any, str]] = {
    "a page": (Reply(200, b"<html>", {"Content-Type": "text/html"}), NO_MOCK),
    "an escape sequence": (Reply(200, ESC.encode(), {"Content-Type": "application/yaml"}), NO_MOCK),
    "no text": (Reply(200, b"\xff\xfe"), NO_MOCK),
    "a list": (Reply(200, b"[1]"), NO_MOCK),
    "null": (Reply(200, b"null"), NO_MOCK),
    "nested lists": (Reply(200, b"[" * 100_000), NO_MOCK),
    "a long number": (Reply(200, b'{"rules":' + b"9" * 5_000 + b"}"), NO_MOCK),
    "another service": (Reply(200, b'{"status": "ok"}'), NO_MOCK),
    "other keys": (Reply(200, json.dumps({"DeveloperKey": "a b", "CustomerKey": ESC}).encode()), NO_MOCK),
    "numbers as keys": (Reply(200, b'{"DeveloperKey": 1, "CustomerKey": [2]}'), NO_MOCK),
    "other rules": (Reply(200, json.dumps({"rules": [{"id": ESC}], "refusals": 1, "status": []}).encode()), NO_MOCK),
    "not found": (Reply(404), "it answers 404: it is not opendental-mock, or it runs with --no-admin"),
    "an error": (Reply(500, ESC.encode()), "it answers 500"),
    "an odd status": (lambda _: [f"HTTP/1.1 999 {ESC}\r\nContent-Length: 0\r\n\r\n".encode()], "not valid HTTP"),
    "no HTTP": (lambda _: [b"\x16\x03\x01"], "not valid HTTP"),
    "nothing": (lambda _: None, "the connection broke off"),
    "half a body": (lambda _: [OK + b"Content-Length: 9\r\n\r\n{"], "the response broke off"),
    "only 100 Continue": (storm, LATE),
    "a head that drips": (dripping(b"HTTP/1.1 200 OK\r\nX: ", b"a"), LATE),
    "a body that drips": (dripping(OK + b"\r\n", b" "), LATE),
    "an endless body": (endless, "the response is too long"),
}


@pytest.fixture
def proxy() -> Iterator[SpoilingProxy]:
    with SpoilingProxy(1) as proxy:
        yield proxy


def url(proxy: SpoilingProxy) -> str:
    return f"http://127.0.0.1:{proxy.port}/api/v1"


def always(answer: Reply | Callable[[SpoilingProxy], Iterable[bytes] | None], proxy: SpoilingProxy) -> None:
    def spoil(_request: Request, _forward: Callable[[], Reply]) -> Spoiled:
        return answer if isinstance(answer, Reply) else answer(proxy)

    proxy.spoil = spoil


def each_by_one(values: Collection[Any]) -> list[Any]:
    """Return each value with each command, as parameters of a test. In a quick run one of them meets it."""
    quick = [*zip(values, cycle(CODES), strict=False)]
    return [pytest.param(*pair, marks=thorough_unless(quick=pair in quick)) for pair in product(values, CODES)]


@pytest.mark.parametrize(("name", "command"), each_by_one(SERVERS))
def test_whatever_is_no_mock_is_one_sentence(
    name: str,
    command: str,
    proxy: SpoilingProxy,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer, told = SERVERS[name]
    for limit in ("_SECONDS", "_EXPORT_SECONDS"):
        monkeypatch.setattr(admin_client, limit, 0.5 if told == LATE else 30)
    monkeypatch.setattr(admin_client, "_MAX_BYTES", 10_000_000)
    always(answer, proxy)
    assert main([command, "--url", url(proxy), "--admin-token", "Sesame"]) == CODES[command]
    said = capsys.readouterr()
    (line,) = said.err.splitlines()
    assert line.startswith("opendental-mock: ")
    assert line.endswith(told)
    assert "Sesame" not in line
    assert line.isprintable()
    assert ESC not in said.out
    assert (said.out == "") == (command != "env")
    assert len(proxy.received) == 1


@pytest.mark.parametrize(("status", "command"), each_by_one([301, 302, 303, 307, 308]))
def test_a_redirect_is_not_followed(
    command: str, status: int, proxy: SpoilingProxy, capsys: pytest.CaptureFixture[str]
) -> None:
    with SpoilingProxy(1) as elsewhere:
        always(Reply(status, b"", {"Location": url(elsewhere)}), proxy)
        assert main([command, "--url", url(proxy), "--admin-token", "Sesame"]) == CODES[command]
        assert elsewhere.received == []
    why = f"it answers {status}, a redirect, which is not followed; give the address of the server itself"
    assert capsys.readouterr().err.endswith(f": {why}\n")


@pytest.mark.thorough
def test_export_waits_for_a_server_that_is_busy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(admin_client, "_SECONDS", 0.5)
    with MockServer() as server, SpoilingProxy(int(re.findall(r":(\d+)/", server.url)[0])) as proxy:

        def slow(_request: Request, forward: Callable[[], Reply]) -> Reply:
            proxy.is_closing.wait(1.5)  # longer than the limit of the other commands
            return forward()

        proxy.spoil = slow
        assert main(["export", "--url", url(proxy)]) == 0
        assert "claimtracking:" in capsys.readouterr().out
        assert main(["health", "--url", url(proxy)]) == 1
        assert capsys.readouterr().err.endswith(f": {LATE}\n")


def test_a_token_of_any_characters_reaches_the_server(capsys: pytest.CaptureFixture[str]) -> None:
    with MockServer(admin_token="Sésame-✓") as server:
        assert main(["health", "--url", server.url, "--admin-token", "Sésame-✓"]) == 0
        assert main(["health", "--url", server.url, "--admin-token", "Sesame"]) == 1
    assert "it answers 401; --admin-token (token=) gives the token that the server requires" in capsys.readouterr().err


def test_the_form_of_coverage_is_that_of_a_server() -> None:
    with MockServer() as server:
        coverage = server.coverage()
    assert is_coverage(coverage)
    derived = {"summary", "scope", "last"}  # what the page shows; the commands compute it from the counts
    for name in coverage.keys() - derived:
        for wrong in (None, "x", 1.5, [1], {"host": "x"}):
            assert not is_coverage(coverage | {name: wrong})
        assert not is_coverage({key: value for key, value in coverage.items() if key != name})
    for name in coverage["rules"][0].keys() - derived:
        rule = {key: value for key, value in coverage["rules"][0].items() if key != name}
        assert not is_coverage(coverage | {"rules": [rule]})
