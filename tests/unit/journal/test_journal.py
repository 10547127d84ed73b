"""Journal tests: limits in number and size, the real memory of exchanges, and waiting tasks."""

import asyncio
import gc
import json
import tracemalloc

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from mockserver.contract.contract import shipped_contract
from mockserver.journal.exchange import MAX_BODY_BYTES, Exchange
from mockserver.journal.exchange_forms import as_json_text
from mockserver.journal.journal import Journal
from mockserver.journal.trimming import MAX_HEADER_BYTES, MAX_TEXT_LENGTH, MAX_WARNINGS
from mockserver.reports.coverage import Coverage
from support.effort import parameters


def headers(count: int, length: int, mark: int) -> CIMultiDictProxy[str]:
    """Return headers of which no two share their memory."""
    return CIMultiDictProxy(
        CIMultiDict({f"X-Header-{mark}-{number}": f"{mark}".rjust(length) for number in range(count)})
    )


def put(journal: Journal, number: int, shape: str) -> Exchange:
    """Open and close an exchange of that shape."""
    exchange = journal.open("GET", f"/api/v1/claimtrackings?Offset={number}")
    exchange.headers = headers(8, 20, number)
    exchange.rules.extend(["api.credentials", "claimtrackings.list.all"])
    match shape:
        case "long headers":
            exchange.headers = headers(120, 8_000, number)
        case "many headers":
            exchange.headers = headers(2_000, 1, number)
        case "wide characters":
            exchange.headers = CIMultiDictProxy(CIMultiDict({"X": "\N{TOOTH}" + "x" * 3_000 + str(number)}))
        case "bodies":
            exchange.sent, exchange.answer = bytes(100_000 + number), bytes(10_000 + number)
        case "long path":
            exchange.path = f"/{number}".ljust(8_000, "x")
        case "long texts":
            exchange.explanation = str(number) * 100_000
            exchange.hint = f"{'h' * 100_000}{number}"
            exchange.warnings = [("warning.x", f"{'k' * 100_000}{number}")]
        case "many texts":
            exchange.warnings = [("warning.x", f"{number} {n}") for n in range(2_000)]
            exchange.rules = ["warning.x"] * 2_000
    journal.close(exchange)
    return exchange


SHAPES = ["plain", "long headers", "many headers", "wide characters", "bodies", "long path", "long texts", "many texts"]


@pytest.mark.parametrize("shape", parameters(SHAPES, quick=("bodies",)))
def test_the_bytes_that_are_counted_are_those_that_are_taken(shape: str) -> None:
    journal = Journal()
    put(journal, 0, shape)
    gc.collect()
    tracemalloc.start()
    try:
        before = journal.bytes
        for number in range(1, 51):
            put(journal, number, shape)
        gc.collect()
        taken, counted = tracemalloc.get_traced_memory()[0], journal.bytes - before
    finally:
        tracemalloc.stop()
    assert counted / 2 < taken < counted * 1.25, (taken / 50, counted / 50)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_more_bytes_are_kept_than_allowed(shape: str) -> None:
    journal = Journal(max_exchanges=1_000, max_bytes=100_000)
    for number in range(200):
        put(journal, number, shape)
        assert journal.bytes <= 100_000
    assert journal.dropped + len(journal) == 200


@pytest.mark.parametrize("max_bytes", [0, 1, 100])
def test_a_journal_without_room_keeps_nothing_and_counts_what_it_drops(max_bytes: int) -> None:
    journal = Journal(max_bytes=max_bytes)
    put(journal, 1, "plain")
    assert (len(journal), journal.bytes, journal.dropped) == (0, 0, 1)


def test_headers_are_kept_as_far_as_they_fit_and_the_exchange_says_so() -> None:
    journal = Journal()
    exchange = journal.open("GET", "/")
    exchange.headers = CIMultiDict(
        [("Host", "localhost"), ("Cookie", "x" * MAX_HEADER_BYTES), ("Accept", "a"), ("Accept", "b")]
    )
    journal.close(exchange)
    assert exchange.cut
    assert list(exchange.headers.items()) == [("Host", "localhost"), ("Accept", "a"), ("Accept", "b")]
    assert put(journal, 1, "plain").cut is False


def test_a_long_body_is_kept_up_to_its_limit_and_shared_by_equal_answers() -> None:
    journal, kept = Journal(), []
    bodies = [mark.encode() * length for length in (MAX_BODY_BYTES, MAX_BODY_BYTES + 1, 2_000_000) for mark in "ab"]
    for body in bodies:
        for _ in range(2):
            exchange = journal.open("GET", "/")
            exchange.answer = body
            journal.close(exchange)
            assert (exchange.answer, exchange.cut) == (body[:MAX_BODY_BYTES], len(body) > MAX_BODY_BYTES)
            kept.append(exchange.answer)
    is_shared = [one is other for one, other in zip(kept[::2], kept[1::2], strict=True)]
    assert is_shared == [True, True, True, True, False, False], "nothing is held that is much longer"


def test_texts_that_quote_what_came_are_cut() -> None:
    exchange = put(Journal(), 7, "long texts")
    for text in (exchange.explanation, exchange.hint, exchange.warnings[0][1]):
        assert len(text) == MAX_TEXT_LENGTH
        assert text.endswith("...")
    many = put(Journal(), 7, "many texts")
    assert (len(many.warnings), many.rules, many.cut) == (MAX_WARNINGS, ["warning.x"], True)


def test_coverage_keeps_of_an_exchange_only_what_it_shows() -> None:
    coverage = Coverage()
    tracemalloc.start()
    try:
        for number in range(200):
            exchange = Exchange(id=number, method="GET", path=f"/{number}".ljust(8_000, "x"), sent=bytes(50_000))
            exchange.warnings.append(("warning.x", f"odd {number}"))
            coverage.add(exchange)
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert taken < 200 * 2_000 + 60_000, "the last exchange is still there"
    first = coverage.as_json([], strict=False, switches=())["warnings"][0]
    assert first["request"].startswith("GET /0xxx")
    assert len(first["request"]) == 500


async def test_waiter_sees_each_exchange_once_and_wakes_on_the_last() -> None:
    journal = Journal()
    asked = 0

    def matches(exchange: Exchange) -> bool:
        nonlocal asked
        asked += 1
        return exchange.method == "POST"

    for method in ("POST", "GET"):
        journal.close(journal.open(method, "/"))
    waiting = [asyncio.ensure_future(journal.wait(matches, 3, 30)) for _ in range(100)]
    await asyncio.sleep(0)
    assert (journal.waiting, asked) == (100, 200)
    for _ in range(50):
        journal.close(journal.open("GET", "/"))
    journal.close(journal.open("POST", "/"))
    await asyncio.sleep(0)
    assert (asked, any(one.done() for one in waiting)) == (200 + 100 * 51, False)
    journal.close(journal.open("POST", "/"))
    assert await asyncio.gather(*waiting) == [True] * 100
    assert asked == 200 + 100 * 52
    assert journal.waiting == 0


async def test_existing_exchanges_end_a_wait_at_once() -> None:
    journal = Journal()
    journal.close(journal.open("GET", "/"))
    assert await journal.wait(lambda _: True, 1, 0)
    assert await journal.wait(lambda _: False, 0, 0)
    assert not await journal.wait(lambda _: True, 2, 0)


async def test_clearing_the_journal_resets_waiting_counts() -> None:
    journal = Journal(max_exchanges=1)
    waiting = asyncio.ensure_future(journal.wait(lambda _: True, 2, 30))
    await asyncio.sleep(0)
    journal.close(journal.open("GET", "/"))
    journal.clear()
    journal.close(journal.open("GET", "/"))
    await asyncio.sleep(0)
    assert not waiting.done()
    journal.close(journal.open("GET", "/"))
    assert await waiting, "an exchange that has made room for another has come all the same"


def test_bodies_can_be_read_as_json() -> None:
    exchange = Exchange(id=7, method="POST", path="/", sent=b'{"ClaimNum": 15}', answer=b'"Claim not found."')
    assert exchange.sent_json() == {"ClaimNum": 15}
    assert exchange.answer_json() == "Claim not found."


@pytest.mark.parametrize(
    ("body", "why"),
    [(b"", "is empty"), (b'"' + b"x" * 100_000 + b'"', "was cut"), (b"[1", "is not JSON: .+"), (b"\xff", "is not JSON: .+")],
)  # fmt: skip
def test_body_that_is_not_json_says_why(body: bytes, why: str) -> None:
    journal = Journal()
    exchange = journal.open("POST", "/")
    exchange.sent = exchange.answer = body
    journal.close(exchange)
    with pytest.raises(ValueError, match=f"^exchange 1: the body of the request {why}$"):
        exchange.sent_json()
    with pytest.raises(ValueError, match=f"^exchange 1: the body of the response {why}$"):
        exchange.answer_json()


@pytest.mark.parametrize(("answer", "body"), [(b"", None), (b'[{"ClaimNum": 7}]', [{"ClaimNum": 7}])])
def test_a_served_exchange_is_json_with_or_without_a_body(answer: bytes, body: object) -> None:
    exchange = Journal().open("DELETE", "/api/v1/claims/7")
    exchange.status, exchange.operation, exchange.answer = 200, "claims/delete", answer
    assert json.loads(as_json_text(exchange, shipped_contract().rules))["response"]["body"] == body
