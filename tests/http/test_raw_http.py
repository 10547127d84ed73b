"""Raw HTTP tests: any bytes get a response in the API's form."""

import asyncio
import gzip
import json
import logging
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from conftest import NOW
from mockserver import create_app
from mockserver.web.server import Server
from support.effort import examples
from support.raw_http import JSON, MAX_WAIT, TOO_LARGE, Answer, connect, message, read_answers, serving

STATUSES = {200, 201, 400, 401, 404}
CREATE = b'{"ClaimNum": 15}'


def request(method: str, target: str, *headers: str, body: bytes | None = None) -> bytes:
    """Return a request that asks to close the connection, so that the response has an end."""
    return message(method, target, "Connection: close", *headers, body=body)


def get(target: str, *headers: str) -> bytes:
    return request("GET", target, *headers)


def post(body: bytes, *headers: str, target: str = "/api/v1/claimtrackings") -> bytes:
    types = () if any(header.startswith("Content-Type") for header in headers) else (JSON,)
    return request("POST", target, *types, *headers, body=body)


def post_and_go_on(body: bytes) -> bytes:
    return post(body).replace(b"Connection: close\r\n", b"", 1)


def chunked(*chunks: bytes) -> bytes:
    return request("POST", "/api/v1/claimtrackings", JSON, "Transfer-Encoding: chunked") + b"".join(chunks)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """Return a server of the default office, on a socket."""
    async with serving(limit=None) as running:
        yield running


async def answers(server: Server, raw: bytes) -> list[Answer]:
    """Return all responses to `raw` until the server closes, each validated against the API's form."""
    async with asyncio.timeout(MAX_WAIT):
        reader, writer = await connect(server)
        with suppress(ConnectionError):  # the server need not read all of a request that it refuses
            writer.write(raw)
            await writer.drain()
        found = [checked(answer) async for answer in read_answers(reader, head=raw.startswith(b"HEAD "))]
        writer.close()
    return found


def checked(answer: Answer) -> Answer:
    assert answer.status in STATUSES
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["server"] == "opendental-mock"
    if answer.body:
        assert isinstance(answer.value, str if answer.status >= 400 else dict | list)
    return answer


NO_METHOD, NO_URL, BAD_HEADERS = (
    "it does not begin with a method of HTTP", "its target is not a URL", "its headers are invalid",
)  # fmt: skip
UNREADABLE = {
    "garbage": (b"\x00\x01 garbage\r\n\r\n", NO_METHOD),
    "TLS": (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        "it looks like HTTPS, and this server speaks HTTP",
    ),
    "no target": (b"GET  HTTP/1.1\r\nHost: localhost\r\n\r\n", NO_URL),
    "unknown verb": (request("FOO", "/api/v1/claimtrackings"), NO_METHOD),
    "verb in lower case": (request("get", "/api/v1/claimtrackings"), NO_METHOD),
    "unsupported version": (
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", "its first line is not that of an HTTP/1.1 request"
    ),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "it looks like HTTP/2, and this server speaks HTTP/1.1"),
    "no Host": (b"GET / HTTP/1.1\r\n\r\n", "it has no Host header"),
    "two Hosts": (get("/", "Host: localhost"), BAD_HEADERS),
    "header without a colon": (get("/", "bad header"), BAD_HEADERS),
    "control character in a header": (get("/", "A: \x00"), BAD_HEADERS),
    "header that is like a message": (get("/", "Missing 'Host'"), BAD_HEADERS),
    "huge header": (get("/", "A: " + "a" * 100_000), TOO_LARGE),
    "many large headers": (get("/", *["A: " + "a" * 1_000] * 100), TOO_LARGE),
    "a thousand headers": (get("/", *["A: b"] * 1000), "it has more than 128 headers"),
    "very long URL": (get("/api/v1/" + "a" * 100_000), TOO_LARGE),
    "bytes in the URL": (get("/\xff\xfe"), NO_URL),
    "bytes in the query": (get("/api/v1/claimtrackings?\xff=\xfe"), NO_URL),
    "absolute target without a host": (get("http:///claimtrackings"), NO_URL),
    "absolute target with a bad host": (get("http://[::1/claimtrackings"), NO_URL),
    "absolute target with a bad port": (get("http://localhost:99999/claimtrackings"), NO_URL),
    "other scheme": (get("mailto:a@b"), NO_URL),
    "CONNECT to a bad port": (request("CONNECT", "localhost:99999999"), NO_URL),
    "Content-Length is text": (request("POST", "/api/v1/claimtrackings", "Content-Length: many"), BAD_HEADERS),
    "Content-Length is negative": (request("POST", "/api/v1/claimtrackings", "Content-Length: -1"), BAD_HEADERS),
    "Content-Length twice": (post(b"{}", "Content-Length: 3"), BAD_HEADERS),
    "Content-Length beyond 64 bits": (
        request("POST", "/api/v1/claimtrackings", f"Content-Length: {10**30}"), BAD_HEADERS
    ),
    "Content-Length and chunks": (post(b"0\r\n\r\n", "Transfer-Encoding: chunked"), BAD_HEADERS),
    "unknown transfer encoding": (
        request("POST", "/api/v1/claimtrackings", "Transfer-Encoding: morse") + b"0\r\n\r\n", BAD_HEADERS
    ),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "why"), UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_invalid_http_gets_one_400_with_its_reason_and_closes(server: Server, raw: bytes, why: str) -> None:
    (answer,) = await answers(server, raw)
    assert answer.status == 400
    assert answer.value == f"The request could not be read: {why}."


PATHS = {
    "OPTIONS *": (request("OPTIONS", "*"), 404),
    "CONNECT": (request("CONNECT", "localhost:443"), 404),
    "CONNECT with a path": (request("CONNECT", "/api/v1/claimtrackings"), 404),
    "CONNECT to what is no name": (request("CONNECT", "xn--"), 404),
    "absolute target that is no name": (get("http://xn--/api/v1/claimtrackings"), 404),
    "absolute target": (get("http://localhost/api/v1/claimtrackings"), 200),
    "absolute target without a path": (get("http://localhost"), 404),
    "absolute target, https": (get("https://localhost/api/v1/claimtrackings"), 200),
    "two slashes": (get("//claimtrackings"), 404),
    "slashes alone": (get("///"), 404),
    "two slashes and a bracket": (get("//["), 404),
    "trailing slash": (get("/api/v1/claimtrackings/"), 200),
    "trailing slash at a number": (request("PUT", "/api/v1/claimtrackings/45/", JSON, body=b"{}"), 200),
    "dots": (get("/api/v1/../claimtrackings"), 404),
    "encoded slash": (get("/api%2fv1/nothing"), 404),
    "encoded zero": (get("/api/v1/claim%00trackings"), 404),
    "encoded junk": (get("/api/v1/%ff%fe"), 404),
    "encoded line break": (get("/api/v1/a%0d%0ab"), 404),
    "half an encoding": (get("/api/v1/%"), 404),
    "junk in the query": (get("/api/v1/claimtrackings?%ff=%00&%zz&=&&"), 200),
    "junk as a number": (get("/api/v1/claimtrackings?ClaimNum=%ff"), 400),
    "fragment": (get("/api/v1/claimtrackings#%00"), 200),
    "long URL": (get("/api/v1/" + "%C3%A9" * 1300), 404),
    "number of 5 000 digits": (request("PUT", "/api/v1/claimtrackings/" + "9" * 5000, JSON, body=b"{}"), 400),
    "parameter of 5 000 digits": (get("/api/v1/claimtrackings?Limit=" + "9" * 5000), 400),
    "HTTP/1.0": (b"GET /api/v1/claimtrackings HTTP/1.0\r\n\r\n", 200),
    "odd Content-Type": (get("/api/v1/claimtrackings", "Content-Type: ;;;=\xff"), 200),
    "odd Cookie": (get("/api/v1/claimtrackings", "Cookie: \x80=;;;="), 200),
}
VERBS = ("DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "M-SEARCH", "QUERY", "LINK", "CONNECT")


@pytest.mark.parametrize(("raw", "status"), PATHS.values(), ids=PATHS.keys())
async def test_an_odd_target_or_header_gets_the_apis_own_answer(server: Server, raw: bytes, status: int) -> None:
    (answer,) = await answers(server, raw)
    assert answer.status == status


@pytest.mark.parametrize("verb", VERBS)
async def test_a_verb_that_the_api_does_not_have_is_400_or_404_and_never_405(server: Server, verb: str) -> None:
    (answer,) = await answers(server, request(verb, "/api/v1/claimtrackings"))
    assert answer.status == (404 if verb == "CONNECT" else 400)
    assert "allow" not in answer.headers


EXPECTATIONS = {
    "unknown": (post(CREATE, "Expect: cake"), {201}),
    "empty": (post(CREATE, "Expect: "), {201}),
    "unknown, at no resource": (post(CREATE, "Expect: cake", target="/api/v1/nothing"), {400, 404}),
    "unknown, with a verb that is not there": (request("DELETE", "/api/v1/claimtrackings", "Expect: cake"), {400}),
    "unknown, of OPTIONS *": (request("OPTIONS", "*", "Expect: cake"), {400, 404}),
}


@pytest.mark.parametrize(("raw", "statuses"), EXPECTATIONS.values(), ids=EXPECTATIONS.keys())
async def test_an_expectation_is_never_417(server: Server, raw: bytes, statuses: set[int]) -> None:
    (answer,) = await answers(server, raw)
    assert answer.status in statuses


def declared(charset: str, body: bytes = CREATE) -> bytes:
    return post(body, f"Content-Type: application/json; charset={charset}")


BODIES = {
    "byte order mark": (post(b"\xef\xbb\xbf" + CREATE), 201),
    "UTF-16": (declared("utf-16", CREATE.decode().encode("utf-16")), 201),
    "UTF-16 little endian": (declared("UTF-16LE", CREATE.decode().encode("utf-16-le")), 201),
    "UTF-32": (declared("utf-32", CREATE.decode().encode("utf-32")), 201),
    "Latin-1": (declared("iso-8859-1", b'{"ClaimNum": 15, "Note": "\xe9"}'), 201),
    "charset in quotes and capitals": (declared('"UTF-8"'), 201),
    "UTF-8 that says UTF-16": (declared("utf-16"), 400),
    "half a surrogate in UTF-16": (declared("utf-16", b"\xff\xfe\x00\xd8"), 400),
    "bad UTF-8": (post(b'{"ClaimNum": 15, "Note": "\xff"}'), 400),
    "surrogate in UTF-8": (post(b'{"ClaimNum": 15, "Note": "\xed\xa0\x80"}'), 400),
    **{
        f"charset {name}": (declared(name), 400)
        for name in (
            "nonsense",
            "hex",
            "zlib",
            "bz2",
            "base64",
            "uu",
            "rot13",
            "idna",
            "punycode",
            "undefined",
            "unicode_escape",
            "utf-7",
            "mbcs",
            "a.b",
            "\xff",
            "x" * 5000,
        )
    },
    "chunk size is text": (chunked(b"zz\r\n{}\r\n"), 400),
    "chunk longer than it says": (chunked(b"2\r\n{} and more\r\n0\r\n\r\n"), 400),
    "chunk size beyond 64 bits": (chunked(b"fffffffffffffffff\r\n{}\r\n"), 400),
    "longer than it says": (request("POST", "/api/v1/claimtrackings", JSON, "Content-Length: 5") + CREATE, 400),
    "empty": (post(b""), 400),
    "no body": (request("POST", "/api/v1/claimtrackings", JSON), 400),
    "blank": (post(b" \r\n"), 400),
    "null": (post(b"null"), 400),
    "array": (post(b"[]"), 400),
    "two objects": (post(CREATE * 2), 400),
    "100 000 arrays deep": (post(b"[" * 100_000), 400),
    "100 000 objects deep": (post(b'{"a":' * 100_000), 400),
    "nested in a field": (post(b'{"ClaimNum": 15, "Note": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"), 400),
    "NaN": (post(b'{"ClaimNum": NaN}'), 400),
    "Infinity": (post(b'{"ClaimNum": 15, "Note": -Infinity}'), 400),
    "1e400": (post(b'{"ClaimNum": 1e400}'), 400),
    "integer of 4 000 digits": (post(b'{"ClaimNum": ' + b"9" * 4000 + b"}"), 400),
    "integer of 5 000 digits": (post(b'{"ClaimNum": ' + b"9" * 5000 + b"}"), 400),
    "key twice": (post(b'{"ClaimNum": 1, "ClaimNum": 15}'), 201),
    "lone surrogate as a key": (post(b'{"ClaimNum": 15, "\\ud800": 1}'), 201),
    "lone surrogate as a number": (post(b'{"ClaimNum": "\\ud800"}'), 400),
    "control characters": (post(b'{"ClaimNum": 15, "Note": "\\u0000\\u001b\\u2028"}'), 201),
    "gzip": (post(gzip.compress(CREATE), "Content-Encoding: gzip"), 201),
    "deflate": (post(zlib.compress(CREATE), "Content-Encoding: deflate"), 201),
    "gzip that is none": (post(b"no gzip at all", "Content-Encoding: gzip"), 400),
    "gzip with a wrong checksum": (post(gzip.compress(CREATE)[:-8] + b"\0" * 8, "Content-Encoding: gzip"), 400),
    "gzip cut off": (post(gzip.compress(CREATE)[:-12], "Content-Encoding: gzip"), 400),
    "deflate that is none": (post(b"\x00\x01\x02", "Content-Encoding: deflate"), 400),
    "empty deflate": (post(b"", "Content-Encoding: deflate"), 400),
    "chunks": (chunked(b"8\r\n" + CREATE[:8] + b"\r\n8\r\n" + CREATE[8:] + b"\r\n0\r\nA: trailer\r\n\r\n"), 201),
    "upgrade": (post(CREATE, "Connection: upgrade", "Upgrade: websocket"), 201),
}


@pytest.mark.parametrize(("raw", "status"), BODIES.values(), ids=BODIES.keys())
async def test_an_odd_body_is_created_or_refused_with_400(server: Server, raw: bytes, status: int) -> None:
    (answer,) = await answers(server, raw)
    assert answer.status == status


@pytest.mark.thorough
async def test_no_depth_of_nesting_is_the_servers_own_fault(server: Server) -> None:
    # Python's limit depends on the call stack, so a depth may be readable but not printable: try each.
    bodies = [b'{"ClaimNum": 15, "Note": %s%s}' % (b"[" * levels, b"]" * levels) for levels in range(1, 1100)]
    found = await answers(server, b"".join(map(post_and_go_on, bodies)) + post(CREATE))
    assert [answer.status for answer in found] == [400] * len(bodies) + [201]


@pytest.mark.parametrize(
    ("levels", "explanation"),
    [(62, "Note is invalid."), (63, "Note is invalid."), (64, "The request body is not valid JSON.")],
    ids=["63 levels", "64 levels", "65 levels"],
)
async def test_a_body_may_nest_64_levels(server: Server, levels: int, explanation: str) -> None:
    (answer,) = await answers(server, post(b'{"ClaimNum": 15, "Note": %s%s}' % (b"[" * levels, b"]" * levels)))
    assert answer.value == explanation


async def test_a_bomb_of_gzip_is_refused_as_too_large(server: Server) -> None:
    bomb = gzip.compress(bytes(70_000_000), 1)
    (answer,) = await answers(server, post(bomb, "Content-Encoding: gzip"))
    assert (answer.status, answer.value) == (400, "The request body is too large.")


async def test_a_body_of_more_than_16_8_million_characters_is_refused(server: Server) -> None:
    (answer,) = await answers(server, post(b'{"ClaimNum": 15, "Note": "%s"}' % (b"a" * 16_800_000)))
    assert (answer.status, answer.value) == (400, "The request body is too large.")


async def test_a_lone_surrogate_is_kept_as_the_replacement_character(server: Server) -> None:
    (answer,) = await answers(server, post(b'{"ClaimNum": 15, "Note": "a\\ud800b"}'))
    assert answer.value["Note"] == "a\ufffdb"


async def test_requests_sent_without_waiting_are_answered_in_their_order(server: Server) -> None:
    raw = post_and_go_on(CREATE) + post_and_go_on(b"{}") + post_and_go_on(CREATE) + get("/nothing")
    assert [answer.status for answer in await answers(server, raw)] == [201, 400, 201, 404]


async def test_garbage_after_an_answer_is_one_400_and_the_end(server: Server) -> None:
    async with asyncio.timeout(MAX_WAIT):
        reader, writer = await connect(server)
        writer.write(post_and_go_on(CREATE))
        first = await anext(read_answers(reader))
        writer.write(b"garbage\r\n\r\n")
        rest = [checked(answer) async for answer in read_answers(reader)]
        writer.close()
    assert [answer.status for answer in (first, *rest)] == [201, 400]


BREAKS = {
    "chunk size is text": ("Transfer-Encoding: chunked", b"2\r\n{}\r\nzz\r\n"),
    "chunk is not as long as it says": ("Transfer-Encoding: chunked", b"2\r\n{} and more\r\n"),
    "chunk of a complete object, then text": (
        "Transfer-Encoding: chunked",
        b"10\r\n" + CREATE + b"\r\n" + b"and more\r\n",
    ),
    "gzip that is none": ("Content-Encoding: gzip\r\nContent-Length: 4", b"gzip"),
}


@pytest.mark.parametrize(
    ("target", "statuses"),
    [("/api/v1/claimtrackings", {400}), ("/api/v1/nothing", {404})],
    ids=["a body that is read", "a body that is not"],
)
@pytest.mark.parametrize(("header", "body"), BREAKS.values(), ids=BREAKS.keys())
async def test_a_body_that_breaks_once_the_request_is_in_hand_is_answered_once(
    server: Server, target: str, statuses: set[int], header: str, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with asyncio.timeout(MAX_WAIT):
        reader, writer = await connect(server)
        writer.write(request("POST", target, JSON, "Expect: 100-continue", header))
        assert (await anext(read_answers(reader))).status == 100
        writer.write(body)
        found = [checked(answer) async for answer in read_answers(reader)]
        writer.close()
    assert [answer.status for answer in found] == [next(iter(statuses))]
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_client_that_leaves_before_the_end_of_its_body_changes_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    @web.middleware
    async def watching(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            begun.set()
            return await handler(request)
        finally:
            ended.set()

    app = create_app(now=NOW)
    app.middlewares.insert(0, watching)
    async with asyncio.timeout(MAX_WAIT), Server(app, port=0) as server:
        before = await answers(server, get("/api/v1/claimtrackings"))
        begun.clear()
        ended.clear()
        _, writer = await connect(server)
        writer.write(request("POST", "/api/v1/claimtrackings", JSON, "Content-Length: 99") + CREATE)
        await begun.wait()
        writer.close()
        await ended.wait()
        after = await answers(server, get("/api/v1/claimtrackings"))
    assert [answer.value for answer in after] == [answer.value for answer in before]
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_invalid_http_is_not_quoted_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving() as server:
        await answers(server, post_and_go_on(b"{}") + b"Note Jane\r\n\r\n")
        await answers(server, get("http://Jane@localhost:99999/"))
        await answers(server, get("/?key=Jane", "Jane"))
    assert caplog.text.count("could not be read") == 3
    assert "Jane" not in caplog.text


async def test_aiohttp_access_log_is_off(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await answers(server, get("/api/v1/claimtrackings"))
    assert {record.name for record in caplog.records} <= {"mockserver", "asyncio"}


async def test_an_error_outside_the_app_is_a_500_in_the_apis_form(caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(now=NOW)
    app.middlewares.insert(0, raising)
    async with asyncio.timeout(MAX_WAIT), Server(app, port=0) as server:
        reader, writer = await connect(server)
        writer.write(get("/api/v1/claimtrackings"))
        (answer,) = [answer async for answer in read_answers(reader)]
        writer.close()
    assert (answer.status, answer.headers["content-type"]) == (500, "application/json")
    assert "LookupError in raising" in answer.value
    assert "not part of opendental-mock" in answer.value
    assert "broken on purpose" in caplog.text


@web.middleware
async def raising(request: web.Request, handler: Handler) -> web.StreamResponse:
    raise LookupError("broken on purpose")


@pytest.mark.parametrize(
    ("host", "told"),
    [("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("0.0.0.0", "127.0.0.1")],
    ids=["address", "name", "every address"],
)
async def test_the_base_url_is_one_that_a_client_here_can_use(host: str, told: str) -> None:
    async with Server(create_app(now=NOW), host=host, port=0) as server:
        assert urlsplit(server.url).hostname == told
        (answer,) = await answers(server, get("/api/v1/claimtrackings"))
    assert answer.status == 200


@pytest.mark.thorough  # it waits for four of them
async def test_server_stops_within_5_seconds_despite_a_waiting_client() -> None:
    begun = asyncio.Event()

    @web.middleware
    async def hanging(request: web.Request, handler: Handler) -> web.StreamResponse:
        begun.set()
        await asyncio.Event().wait()
        return await handler(request)

    app = create_app(now=NOW)
    app.middlewares.insert(0, hanging)
    running = AsyncExitStack()
    server = await running.enter_async_context(Server(app, port=0))
    reader, writer = await connect(server)
    writer.write(get("/api/v1/claimtrackings"))
    await asyncio.wait_for(begun.wait(), MAX_WAIT)
    await asyncio.wait_for(running.aclose(), 5)
    assert await asyncio.wait_for(reader.read(), MAX_WAIT) == b""
    writer.close()


ANYTHING = st.binary(max_size=300)
LIKE_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.sampled_from(("ClaimNum", "Note", "a")) | st.text(), inside),
    max_leaves=10,
).map(lambda value: json.dumps(value).encode())
REQUESTS = st.one_of(
    ANYTHING.map(lambda junk: b"GET /api/v1/" + junk + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
    ANYTHING.map(lambda junk: get("/api/v1/claimtrackings", "X: ")[:-4] + junk + b"\r\n\r\n"),
    ANYTHING.map(
        lambda junk: b"GET /api/v1/claimtrackings?" + junk + b" HTTP/1.1\r\nHost: localhost\r\n\r\n\0\r\n\r\n"
    ),
    (ANYTHING | LIKE_JSON).map(post),
    (ANYTHING | LIKE_JSON).map(lambda body: request("PUT", "/api/v1/claimtrackings/45", JSON, body=body)),
    ANYTHING.map(lambda body: post(body, "Content-Encoding: gzip")),
    ANYTHING.map(lambda body: declared("utf-16", body)),
)


@examples(100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=REQUESTS)
async def test_random_bytes_get_an_answer_in_the_apis_form(server: Server, raw: bytes) -> None:
    assert await answers(server, raw)
