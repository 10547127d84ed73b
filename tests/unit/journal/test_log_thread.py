"""Log thread tests: slow handlers delay no client, and all records are handled in the end."""

import json
import logging
import threading
import time
import urllib.request
from collections.abc import Iterator

import pytest

from mockserver import MockServer
from mockserver.journal.log_format import FORMATS
from mockserver.journal.log_thread import LogThread

MAX_WAIT = 20
REQUESTS = 250
log = logging.getLogger("mockserver")


class Stuck(logging.Handler):
    """A handler that blocks until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()
        self.began = threading.Event()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.began.set()
        self.let.wait(MAX_WAIT)
        self.said.append(record.getMessage())


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    handler, level = Stuck(), log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    yield handler
    handler.let.set()
    log.removeHandler(handler)
    log.setLevel(level)


def ask(server: MockServer, count: int) -> None:
    for _ in range(count):
        request = urllib.request.Request(f"{server.url}/claimtrackings?ClaimNum=25", headers=server.headers)
        request.add_header("Content-Type", "application/json")
        urllib.request.urlopen(request, timeout=MAX_WAIT).read()


def test_a_slow_handler_keeps_no_client_waiting(stuck: Stuck) -> None:
    with MockServer() as server:
        ask(server, REQUESTS)
        assert stuck.began.wait(MAX_WAIT)
        ask(server, 1)
        assert stuck.said == []
        stuck.let.set()
    assert len("\n".join(stuck.said).splitlines()) == REQUESTS + 1


@pytest.mark.thorough
def test_a_server_stops_although_a_handler_does_not_come_back(stuck: Stuck, caplog: pytest.LogCaptureFixture) -> None:
    with MockServer() as server:
        ask(server, 1)
    assert stuck.said == []
    stuck.let.set()
    end = time.monotonic() + MAX_WAIT
    while "GET " not in caplog.text:  # the next handler has it, too
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_quick_handler_has_seen_all_of_it_when_the_block_is_left(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "mockserver"), MockServer() as server:
        ask(server, REQUESTS)
        server.call(lambda: log.warning("%s, and its arguments", "a record"))
        log.warning("from another thread")
    lines = [line for record in caplog.records for line in record.getMessage().splitlines()]
    assert len([line for line in lines if line.startswith("GET ")]) == REQUESTS
    assert "a record, and its arguments" in lines
    assert "from another thread" in lines


def test_a_handler_that_raises_loses_no_other_record(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    class Picky(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.getMessage() == "bad":
                raise LookupError("no room in the diary")

    handler = Picky()
    log.addHandler(handler)
    with caplog.at_level(logging.INFO, "mockserver"), LogThread():
        for text in ("a", "bad", "b"):
            log.info(text)
    log.removeHandler(handler)
    assert [record.getMessage() for record in caplog.records if record.name == "mockserver"] == ["a", "b"]
    assert "no room in the diary" in capfd.readouterr().err


def test_filters_see_each_record_once_and_none_is_left_behind() -> None:
    seen: list[str] = []

    def see(record: logging.LogRecord) -> bool:
        seen.append(record.getMessage())
        return True

    before = list(log.filters)
    with LogThread():
        log.addFilter(see)
        log.warning("once")
    log.removeFilter(see)
    assert seen == ["once"]
    assert log.filters == before


def test_records_over_the_limit_are_dropped_and_counted_in_their_place(stuck: Stuck) -> None:
    with LogThread(max_characters=4) as thread:
        for text in ("first", "a", "b", "ccc\nccc", "d\nd\nd\nd"):
            log.info(text)
            assert stuck.began.wait(MAX_WAIT)
        log.info("e")
        log.info("ffff")
        assert not thread.flush(0)
        stuck.let.set()
        assert thread.flush(MAX_WAIT)
        log.info("g")
    dropped = "{} lines of the log were dropped".format
    assert stuck.said == ["first", "a", "b", dropped(6), "e", dropped(1), "g"]


def test_a_record_over_the_limit_is_handled_if_nothing_waits(stuck: Stuck) -> None:
    with LogThread(max_characters=1):
        log.info("first")
        assert stuck.began.wait(MAX_WAIT)
        log.info("long")
        stuck.let.set()
    assert stuck.said == ["first", "long"]


@pytest.mark.parametrize(("form", "level"), [("text", "WARNING"), ("json", "warning")])
def test_dropped_lines_are_counted_in_the_form_of_the_log(stuck: Stuck, form: str, level: str) -> None:
    with LogThread(stuck, FORMATS[form](), max_characters=1):
        log.info("first")
        assert stuck.began.wait(MAX_WAIT)
        for _ in range(3):
            log.info("next")
        stuck.let.set()
    said = stuck.said[-1]
    assert "2 lines of the log were dropped" in (json.loads(said)["event"] if form == "json" else said)
    assert level in said
