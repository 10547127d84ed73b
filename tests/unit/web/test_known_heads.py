"""Head tests: a head like an earlier one is read as if it had come alone, and is not parsed again."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockserver.web.app import create_app
from mockserver.web.fast import known_heads
from mockserver.web.fast.heads import DECISIVE, Head, HeadParser
from mockserver.web.fast.known_heads import KnownHeads
from mockserver.web.mock import MOCK, Mock
from support.effort import examples

LIST = b"GET /api/v1/claimtrackings HTTP/1.1"
CREATE = b"POST /api/v1/claimtrackings HTTP/1.1"
NAMES = ("traceparent", "X-Request-ID", "Authorization", "X-Twice", "Content-Length") * 2 + (*sorted(DECISIVE),)
VALUES = (
    b"", b" ", b"a b", b"a\tb", b" a", b"a ", b"a\x00", b"a\r\n b", b"a\r\nX-Twice: b", b"a\nb", b"\xc3\xa9", b"\xe9",
    b"0", b"7", b"-1", b"+7", b"007", b"7 8", b"7, 7", b"9" * 11, b"9" * 30, b"localhost", b"elsewhere.example", b"close",
    b"upgrade", b"keep-alive", b"100-continue", b"gzip", b"chunked", b"websocket",
)  # fmt: skip
LENGTHS = st.integers(10, 99).map(lambda length: b"%d" % length)
IDS = st.from_regex(rb"[0-9a-f]{8}", fullmatch=True)
Headers = list[tuple[str, bytes]]
HOST: Headers = [("Host", b"localhost")]


def raw(line: bytes, headers: Headers, colon: bytes = b": ") -> bytes:
    """Return the bytes of a head."""
    return b"\r\n".join([line, *(name.encode() + colon + value for name, value in headers), b"", b""])


TOO_LONG = raw(CREATE, [*HOST, ("Content-Length", b"9" * 20)])


def without_space(trace: bytes, value: bytes) -> bytes:
    """Return a head with a header that has no space after its colon."""
    return raw(CREATE, [*HOST, ("traceparent", trace)])[:-2] + b"X-Twice:" + value + b"\r\n\r\n"


def facts(head: Head | None) -> object:
    """Return what a head says."""
    return head and (head._replace(headers={}, found=head.found), list(head.headers.items()))


class Parser:
    """The parser of a server that remembers, and the heads that it has parsed."""

    def __init__(self, mock: Mock) -> None:
        self.parsed: list[bytes] = []
        self._parser = HeadParser(mock.dispatcher, mock.hosts)
        self.parse = KnownHeads(self._parse).parse

    def _parse(self, data: bytes) -> Head | None:
        self.parsed.append(data)
        return self._parser.parse(data)


@pytest.fixture(scope="module")
def mock() -> Mock:
    """Return a server's mock, whose offices no test here changes."""
    return create_app()[MOCK]


@st.composite
def conversations(draw: st.DrawFn) -> list[bytes]:
    """Return heads with the same headers, of which each differs from the one before in a few values."""
    # As long as the others, since heads of other lengths are not compared.
    odd = st.builds(
        lambda value, length, at: (b"7" * at + value).ljust(length, b"7")[:length],
        st.sampled_from(VALUES) | st.binary(max_size=8), st.sampled_from((2, 8, 9)), st.integers(0, 8),
    )  # fmt: skip
    names = draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=draw(st.integers(0, 4)) < 4))
    plain = [st.just(b"localhost"), *(LENGTHS if name == "Content-Length" else IDS for name in names)]
    headers = [(name, draw(values)) for name, values in zip(("Host", *names), plain, strict=True)]
    said = []
    for _ in range(draw(st.integers(4, 9))):
        colon = b":" if draw(st.integers(0, 9)) == 9 else b": "
        said.append(raw(draw(st.sampled_from((CREATE,) * 9 + (LIST,))), headers, colon))
        for at in draw(st.sets(st.integers(min(1, len(names)), len(names)), min_size=1, max_size=2)):
            headers[at] = (headers[at][0], draw(odd if draw(st.integers(0, 9)) == 9 else plain[at]))
    return said


@example(said=[raw(CREATE, [*HOST, ("X-Twice", value)]) for value in (b"00", b"\xc3\xa9", b"00", b"11")])
@example(said=[raw(CREATE, [*HOST, ("X-Twice", value)]) for value in (b"abc", b"abd", b"ab ")])
@example(said=[raw(CREATE, [*HOST, ("Content-Length", b"1" * 19 + last)]) for last in (b"1", b"2")] + [TOO_LONG])
@example(said=[without_space(*values) for values in ((b"aaa", b"00"), (b"bbb", b"00"), (b"cc", b"000"))])
@given(said=conversations())
@examples(1_000)
def test_each_head_is_read_as_if_it_came_alone(mock: Mock, said: list[bytes]) -> None:
    async def read() -> None:
        remembering, alone = Parser(mock), HeadParser(mock.dispatcher, mock.hosts)
        for data in said:
            assert facts(remembering.parse(data)) == facts(alone.parse(data))

    asyncio.run(read())


def traced(number: int, *more: tuple[str, bytes], length: int = 7, spelling: Callable[[str], str] = str) -> bytes:
    """Return a head with a trace id."""
    headers = [*HOST, ("traceparent", b"%032x" % number), *more, ("Content-Length", b"%d" % length)]
    return raw(CREATE, [(spelling(name), value) for name, value in headers])


@pytest.mark.parametrize("spelling", [str, str.lower, str.upper])
async def test_a_head_with_another_trace_id_is_not_parsed(mock: Mock, spelling: Callable[[str], str]) -> None:
    parser = Parser(mock)
    said = [traced(number, spelling=spelling) for number in range(9)]
    heads = [parser.parse(data) for data in said]
    assert parser.parsed == said[:2]  # of which the second shows what varies
    assert [head and head.headers["traceparent"] for head in heads] == [f"{number:032x}" for number in range(9)]


async def test_a_head_with_another_trace_id_and_length_is_not_parsed(mock: Mock) -> None:
    parser = Parser(mock)
    heads = [parser.parse(traced(number, length=number * 9 + 10)) for number in range(9)]
    assert parser.parsed == [traced(0, length=10), traced(1, length=19)]
    assert [head and head.length for head in heads] == [number * 9 + 10 for number in range(9)]


async def test_clients_with_other_headers_do_not_take_each_others_model(mock: Mock) -> None:
    parser = Parser(mock)
    clients: list[Headers] = [[], [("Accept", b"*/*")]]
    said = [traced(number, *headers) for number in range(9) for headers in clients]
    assert all(parser.parse(data) for data in said)
    assert parser.parsed == said[:4]


async def test_values_vary_that_have_varied_before(mock: Mock) -> None:
    parser = Parser(mock)
    both = [(1, b"a"), (2, b"a"), (2, b"b"), (3, b"b"), (4, b"c")]
    said = [traced(number, ("X-Session", session)) for number, session in both]
    assert all(parser.parse(data) for data in said)
    assert parser.parsed == said[:3]


@pytest.mark.parametrize("name", sorted(DECISIVE))
async def test_a_header_that_decides_is_always_parsed(mock: Mock, name: str) -> None:
    parser = Parser(mock)
    headers = [] if name == "host" else HOST
    said = [raw(LIST, [*headers, (name, value)]) for value in (b"localhost", b"127.0.0.1", b"[::1]:801")]
    for data in said:
        parser.parse(data)
    assert parser.parsed == said


async def test_the_heads_and_models_that_are_kept_are_limited(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_heads, "_MAX_REMEMBERED", 2)
    parser = Parser(mock)
    lists = [raw(LIST.replace(b" HTTP", b"?Limit=%d HTTP" % number), HOST) for number in (1, 2, 3)]
    for data in (*lists, lists[2], lists[1], lists[0]):
        parser.parse(data)
    assert parser.parsed == [*lists, lists[0]]


async def test_a_model_that_changes_takes_no_others_place(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_heads, "_MAX_REMEMBERED", 2)
    parser = Parser(mock)
    lists = [raw(LIST, [*HOST, ("traceparent", b"%d" % number)]) for number in range(3)]
    said = [lists[0], traced(0), traced(1), lists[1], lists[2]]
    assert all(parser.parse(data) for data in said)
    assert parser.parsed == said[:4]


async def test_a_long_head_is_parsed_each_time(mock: Mock) -> None:
    parser = Parser(mock)
    said = [raw(LIST, [*HOST, ("Cookie", b"x" * 3_000)])] * 2
    assert all(parser.parse(data) for data in said)
    assert parser.parsed == said
