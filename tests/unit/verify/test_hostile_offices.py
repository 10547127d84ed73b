"""Tests of offices whose responses cannot be trusted, in type or in time: a run ends, and tells what it has written."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.cases import CaseRequest
from mockserver.http_client import NOT_JSON, Answer, LostError
from mockserver.observations.files import read_observations
from mockserver.verify.client import OfficeClient
from mockserver.verify.conversation import Conversation, EndedError, NoAnswerError
from mockserver.verify.observation_file import as_yaml
from mockserver.verify.report import as_ctrf, as_json, as_junit, report_of
from mockserver.verify.report_text import as_text
from support.effort import parameters
from support.practice import CLAIM, Practice, key_of
from support.spoiling_proxy import HOST, Forward, Reply, Request, Spoiled, SpoilingProxy
from support.verifying import verified

ESCAPE = "\x1b[31mEVIL\x1b[0m\r\n]]>: {a: 1}"
VALUES: dict[str, Any] = {
    "list": [1, {}], "object": {"a": 1}, "null": None, "fraction": 1.5, "NaN": float("nan"), "text": ESCAPE,
    "big": 10**4000, "boolean": True, "negative": -1, "surrogate": "\ud800",
}  # fmt: skip
COLUMNS = ("ClaimNum", "DateTimeEntry", "DefNum", "Category", "CustomTracking", "ClaimTrackingNum", "TrackingType", "PatNum",
           "ClaimStatus", "SecDateTEdit", "isHidden", "PrefName", "ValueString", "ItemName")  # fmt: skip
RUN_AT = datetime(2026, 11, 24, tzinfo=UTC)


def changed_rows(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[..., Spoiled]:
    """Return an office that changes each row of its lists."""

    def spoil(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        is_list = request.method == "GET" and reply.body[:1] == b"["
        return reply.with_value([change(row) for row in reply.value]) if is_list else reply

    return spoil


def check_run(practice: Practice, folder: Path) -> None:
    """Run, and check that the allowance is kept, and that every report can be written and read."""
    run = verified(practice.url, key_of(), claim=CLAIM, may_create=2)
    assert len([request for request in practice.creates if b"may be ignored" in request.body]) <= 2
    report = report_of(run, RUN_AT)
    (folder / "saved.yaml").write_text(as_yaml(report), encoding="utf-8")
    read_observations([folder / "saved.yaml"])
    for text in (as_text(report, verbose=True), as_json(report), as_junit(report), as_ctrf(report), as_yaml(report)):
        assert "EVIL" not in text
        assert "\x1b" not in text
        text.encode()


@pytest.mark.thorough
@pytest.mark.parametrize("value", parameters(VALUES, quick=("text",)))
def test_a_value_of_any_type_is_no_traceback(value: str, tmp_path: Path) -> None:
    def change(row: dict[str, Any]) -> dict[str, Any]:
        return {name: VALUES[value] if name in COLUMNS else old for name, old in row.items()}

    with Practice(tmp_path, spoil=changed_rows(change)) as practice:
        check_run(practice, tmp_path)


@pytest.mark.thorough
@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("value", ["list", "text", "missing"])
def test_a_column_of_another_type_is_no_traceback(column: str, value: str, tmp_path: Path) -> None:
    def change(row: dict[str, Any]) -> dict[str, Any]:
        rest = {name: old for name, old in row.items() if name != column}
        return rest if value == "missing" or column not in row else rest | {column: VALUES[value]}

    with Practice(tmp_path, spoil=changed_rows(change)) as practice:
        check_run(practice, tmp_path)


@pytest.mark.thorough
@pytest.mark.parametrize("body", parameters(
    [b"[" * 100_000, b"NaN", b'"\xff\xfe\xed\xa0\x80"', b'[{"ClaimNum": ' + b"9" * 9_000 + b"}]", b"\x1f\x8b\x00", b"",
     b"[null, [], 1]"], quick=(b"[null, [], 1]",),
))  # fmt: skip
def test_a_body_of_any_bytes_is_no_traceback(body: bytes, tmp_path: Path) -> None:
    with Practice(tmp_path, spoil=lambda _, forward: Reply(forward().status, body)) as practice:
        check_run(practice, tmp_path)


def version_is(text: Any) -> Callable[..., Spoiled]:
    return changed_rows(lambda row: row | {"ValueString": text} if row.get("PrefName") == "ProgramVersion" else row)


@pytest.mark.parametrize(
    "text",
    parameters(
        ["25.4.48\x1b[31m", "25", "9" * 5_000 + ".1", "", None, 25.4, "DeveloperOfTests4d1b/x"],
        quick=("25.4.48\x1b[31m", "25", 25.4),
    ),
)
def test_what_is_no_version_is_not_told(text: Any, tmp_path: Path) -> None:
    with Practice(tmp_path, spoil=version_is(text)) as practice:
        run = verified(practice.url, key_of(), rules=["api.Limit"])
        assert "version" not in run.facts.values
        assert "25.4.48" not in as_text(report_of(run, RUN_AT))


@pytest.mark.parametrize("text", ["9" * 5_000, "1000000000", "901", "Fri, 31 Dec 2199 23:59:59 GMT"])
def test_an_office_that_asks_to_stay_away_is_left(text: str) -> None:
    def spoil(_request: Request, _forward: Forward) -> Reply:
        return Reply(429, b'"wait"', {"Retry-After": text})

    with SpoilingProxy(1, spoil) as proxy:
        conversation = Conversation(client_of(proxy), pace=0)
        with pytest.raises(EndedError, match="asks to wait for more than 15 minutes"):
            conversation.ask("/api/v1/preferences")
        assert len(proxy.received) == 1


@pytest.mark.parametrize(
    ("text", "waits"),
    [("900", 900), ("", 5), ("soon", 5), ("٣", 5), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("-1", 5)],
)
def test_an_office_that_asks_to_wait_is_waited_for(text: str, waits: float) -> None:
    def spoil(_request: Request, _forward: Forward) -> Reply:
        return Reply(429, b'"wait"', {"Retry-After": text.encode().decode("latin-1")})

    slept: list[float] = []
    with SpoilingProxy(1, spoil) as proxy:
        conversation = Conversation(client_of(proxy), pace=0, sleep=slept.append, clock=lambda: 0.0)
        with pytest.raises(NoAnswerError, match="asks to wait"):
            conversation.ask("/api/v1/preferences")
    assert slept == [waits] * 3 if waits else slept == []


def client_of(proxy: SpoilingProxy, seconds: float = 30) -> OfficeClient:
    return OfficeClient(f"http://{HOST}:{proxy.port}/api/v1", key_of(), seconds=seconds)


def endless(start: bytes, part: bytes, pause: float = 0.0) -> Iterator[bytes]:
    """Yield bytes without end, with a pause between them."""
    yield start
    pauses = threading.Event()
    while True:
        yield part
        pauses.wait(pause)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
NEVER_ENDING: dict[str, tuple[bytes, bytes, float]] = {
    "1xx": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100, 0),
    "head": (b"HTTP/1.1 200 OK\r\nX-A: ", b"a", 0.02),
    "status": (b"HTTP/1.1 200 ", b"a", 0.02),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" ", 0.02),
    "chunk": (CHUNKED + b"1;", b"a", 0.02),
    "trailers": (CHUNKED + b"2\r\n[]\r\n0\r\n", b"X-A: b\r\n" * 100, 0),
    "nothing": (b"", b"", 0.02),
}


@pytest.mark.parametrize("kind", parameters(NEVER_ENDING, quick=("1xx", "head", "chunk")))
def test_a_response_that_never_ends_is_left(kind: str) -> None:
    start, part, pause = NEVER_ENDING[kind]
    with SpoilingProxy(1, lambda *_: endless(start, part, pause)) as proxy:
        began = time.monotonic()
        with pytest.raises(LostError, match="no response in time"):
            client_of(proxy, seconds=0.2).send(CaseRequest("GET", "/api/v1/x"))
        assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "sent",
    [[b"HTTP/1.1 999 X\r\nContent-Length: 2\r\n\r\n[]"], [b"HTTP/1.1 000 X\r\n\r\n"], [b"\x16\x03\x01\r\n\r\n"], []],
)
def test_what_is_no_response_is_none(sent: Iterable[bytes]) -> None:
    with SpoilingProxy(1, lambda *_: sent) as proxy, pytest.raises(LostError):
        client_of(proxy).send(CaseRequest("GET", "/api/v1/x"))


def test_half_a_character_is_replaced() -> None:
    text = r'{"a\ud800": ["\uDC00x", "\ud83d\ude00", "\\ud800"]}'
    assert Answer(200, {}, text.encode()).value == {"a\ufffd": ["\ufffdx", "\U0001f600", r"\ud800"]}
    assert Answer(200, {}, json.dumps(float("inf")).encode()).value is NOT_JSON
    assert Answer(200, {}, b"\xef\xbb\xbf[]").value == []
