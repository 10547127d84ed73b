"""Piece tests: however requests are split over segments, none is lost before invalid data."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.web.pieces import END_OF_HEAD, Pieces
from support.effort import examples
from support.raw_http import (
    JSON,
    KEYS,
    LIST,
    OTHER,
    PLAIN,
    connect,
    message,
    read_answers,
    serving,
)

GARBAGE = b"Get / HTTP/9\r\n\r\n"
CHUNKS = b'8\r\n{"ClaimN\r\n8\r\num": 15}\r\n'
VALID = {
    "list": (PLAIN["list"], 200),
    "create": (PLAIN["create"], 201),
    "other resource": (OTHER["other resource"], None),
    "clock": (OTHER["health"], 200),
    "chunks": (message("POST", LIST, JSON, "Transfer-Encoding: chunked") + CHUNKS + b"0\r\n\r\n", 201),
    "chunks and a trailer": (
        message("POST", LIST, JSON, "Transfer-Encoding: chunked") + CHUNKS + b"0\r\nA: b\r\n\r\n", 201
    ),
    "a body like a head": (message("PUT", LIST + "/45", KEYS, JSON, body=b'{"Note":\r\n\r\n"x"}\r\n\r\n'), 200),
}  # fmt: skip


async def statuses(pieces: list[bytes], *, path: str = "fast") -> list[int]:
    """Return the statuses of all responses to these pieces, until the server closes the connection."""
    async with serving(path=path) as server:
        reader, writer = await connect(server)
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        found = [answer.status async for answer in read_answers(reader)]
        writer.close()
        return found


@pytest.mark.parametrize("path", ["fast", "slow"])
@pytest.mark.parametrize("cut", [1, 2, 3, 4, 5])
async def test_a_head_whose_end_is_split_is_not_lost_before_garbage(path: str, cut: int) -> None:
    raw = PLAIN["list"]
    assert await statuses([raw[:-cut], raw[-cut:] + GARBAGE], path=path) == [200, 400]


@pytest.mark.parametrize("path", ["fast", "slow"])
async def test_none_of_many_requests_is_lost_before_garbage(path: str) -> None:
    assert await statuses([PLAIN["list"] * 100 + GARBAGE], path=path) == [200] * 100 + [400]


@pytest.mark.parametrize("path", ["fast", "slow"])
@pytest.mark.parametrize("framing", ["length", "chunks"])
async def test_no_request_after_a_long_body_is_lost(path: str, framing: str) -> None:
    body = b'{"ClaimNum": 15, "Note": "%s"}' % (b"a" * 2_000_000)
    if framing == "length":
        long = message("POST", LIST, JSON, body=body)
    else:
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:1_200_000], body[1_200_000:]))
        long = message("POST", LIST, JSON, "Transfer-Encoding: chunked") + chunks + b"0\r\n\r\n"
    raw = long + PLAIN["list"] + PLAIN["create"] + GARBAGE
    assert await statuses([raw], path=path) == [201, 200, 201, 400]


@examples(40, database=None)
@given(
    st.lists(st.sampled_from(list(VALID)), min_size=1, max_size=50),
    st.lists(st.integers(0, 10_000), max_size=8),
    st.sampled_from(["fast", "slow"]),
)
def test_no_request_is_lost_before_garbage(names: list[str], cuts: list[int], path: str) -> None:
    raw = b"".join(VALID[name][0] for name in names) + GARBAGE
    edges = [0, *sorted(cut for cut in cuts if cut < len(raw)), len(raw)]
    found = asyncio.run(statuses([raw[start:end] for start, end in pairwise(edges)], path=path))
    assert len(found) == len(names) + 1
    assert found[-1] == 400
    assert all(status == VALID[name][1] for name, status in zip(names, found, strict=False) if VALID[name][1])


@pytest.mark.parametrize("path", ["fast", "slow"])
async def test_a_body_that_never_ends_behind_many_requests_ends_the_connection(path: str) -> None:
    async with serving(path=path) as server:
        reader, writer = await connect(server)
        writer.write(PLAIN["list"] * 100 + PLAIN["create"][:-1])
        writer.write_eof()
        assert [answer.status async for answer in read_answers(reader)] == [200] * 100
        writer.close()


@given(st.lists(st.lists(st.sampled_from([b"\r", b"\n", b"\r\n\r\n", b"a", b"GET"])).map(b"".join), max_size=9))
def test_pieces_end_with_each_head_and_lose_nothing(segments: list[bytes]) -> None:
    pieces, taken = Pieces(), list[bytes]()
    for segment in segments:
        pieces.add(segment)
        while pieces:
            taken.append(pieces.take())
    raw = b"".join(segments)
    assert b"".join(taken) == raw
    ends, place = set(), 0
    for piece in taken:
        place += len(piece)
        ends.add(place)
    heads = raw.split(END_OF_HEAD)[:-1]
    place = 0
    for head in heads:
        place += len(head) + len(END_OF_HEAD)
        assert place in ends


def test_a_body_is_taken_without_a_search() -> None:
    pieces = Pieces()
    pieces.begin_body(10, lambda: False)
    pieces.add(b"\r\n\r\nab")
    assert pieces.take() == b"\r\n\r\nab"
    pieces.add(b"\r\n\r\nGET\r\n\r\n")
    assert [pieces.take(), pieces.take()] == [b"\r\n\r\n", b"GET\r\n\r\n"]


def test_line_ends_in_chunks_are_not_all_taken_for_the_end() -> None:
    pieces = Pieces()
    pieces.begin_body(None, lambda: False)
    pieces.add(END_OF_HEAD * 10_000)
    taken = 0
    while pieces:
        pieces.take()
        taken += 1
    assert taken < 100


def test_nothing_is_taken_after_a_stop() -> None:
    pieces = Pieces()
    pieces.add(b"a\r\n\r\nb")
    pieces.take()
    pieces.stop()
    pieces.add(b"c")
    assert not pieces
