"""Admin API fuzz tests: random query strings, headers and bodies get a problem at worst, never a server error."""

import asyncio
import gzip
import logging
from random import Random
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from mockserver import create_app
from mockserver.web.server import Server
from support.effort import parameters, some
from support.raw_http import serving

NAMES = [
    "operation",
    "method",
    "path",
    "status",
    "rule",
    "warning",
    "since",
    "limit",
    "count",
    "wait",
    "office",
    "x",
    "",
]
VALUES = [
    "", "0", "1", "-1", "1.0", "1e0", "0x1", "1_0", "+1", " 1", "\u0663", "9" * 30, "9" * 5000, "nan", "inf", "-inf", "1e999",
    "any", "GET", "create", "\x00", "\N{TOOTH}", "%", "%zz", "%ff", "[", "a b", "null",
]  # fmt: skip
HEADERS = [
    ("Origin", "http://["), ("Origin", "http://[::1"), ("Origin", "null"), ("Origin", ""), ("Origin", "//"), ("Origin", "http://a:b"),
    ("Host", "[::1"), ("Host", "[::1]evil.example"), ("Host", ""), ("Host", "localhost:port"), ("Host", "[]"), ("Host", "127.1"),
    ("Accept", "application/yaml"), ("Accept", ";;,,"), ("Accept", "\xff"),
    ("Content-Type", "application/json"), ("Content-Type", "application/json; charset=nonsense"), ("Content-Type", ";"),
    ("Content-Encoding", "gzip"), ("Content-Encoding", "deflate"), ("Content-Encoding", "nonsense"),
    ("X-Mock-Admin-Token", "\xe9"), ("Authorization", "Bearer"), ("Authorization", ""), ("Sec-Fetch-Site", "x"),
    ("If-None-Match", '"'), ("Range", "bytes=9-1"), ("Expect", "nonsense"),
]  # fmt: skip
BODIES = [
    b"", b"{", b"null", b"[]", b"NaN", b'"x"', b"\xff", b"\x1f\x8b\x08", gzip.compress(b"{}", mtime=0), gzip.compress(b"{}", mtime=0)[:-4], b"[" * 5000,
    b'{"now": "0001-01-01 00:00:00"}', b'{"now": "9999-12-31 23:59:59", "advance": 1}', b'{"advance": 1e999}', b'{"advance": NaN}',
    b'{"now": null, "advance": 3155760000}', b'{"name": "throttled", "times": null}', b'{"then": "delay", "delay": NaN}',
    b'{"name": "throttled", "match": {"ClaimNum": NaN}}', b'{"name": "throttled", "explanation": "\\ud800"}',
    b'{"name": "throttled", "match": {"\\ud800": "\\ud800"}}', b'{"name": "throttled", "retry_after": 1e2}',
    b'{"name": "throttled", "status": 4e2}', b'{"then": "status", "status": 400.0, "explanation": "x"}', b'{"times": ' + b"9" * 5000 + b"}",
    b'{"ClaimTrackingStatusExcludesNone": 1}', b'{"ClaimTrackingStatusExcludesNone": true}', b'{"claim": [1]}', b'{"claim": [1e300]}',
    b'{"claim": [1], "claimtracking": [{"ClaimNum": 1, "DateTimeEntry": "now-99999999w"}]}',
    b'{"claim": [1], "claimtracking": [{"ClaimNum": 1, "DateTimeEntry": "now+9w"}]}',
    b'{"claim": [1], "claimtracking": [{"ClaimNum": 1, "Note": "\\ud800"}]}', b'{"claim": [1], "claimtracking": [{"ClaimNum": 1.0}]}',
    b'{"claim": [1], "generate": {"claimtracking": {"rows": 3}}}', b'{"claim": {"1": 2}}', b'{"definition": [{"DefNum": 1, "Category": 31.0}]}',
    b'{"office": {"version": "' + b"9" * 5000 + b'"}}', b'{"fault": [{"name": "throttled"}]}', b'{"extends": ["default"]}',
]  # fmt: skip


def routes() -> list[tuple[str, str]]:
    """Return method and path of every route of the admin API."""
    found = []
    for route in create_app().router.routes():
        assert route.resource is not None
        path = route.resource.canonical.replace("{id}", "1").replace("{name}", "x")
        if path.startswith("/__admin"):
            found.append((route.method, path))
    return found


def a_request(random: Random, method: str, path: str) -> bytes:
    """Return a strategy for requests to that path, with any query, headers and body."""
    pairs = [(random.choice(NAMES), random.choice(VALUES)) for _ in range(random.randrange(3))]
    query = "&".join(f"{name}={quote(value, safe='[%') if random.random() < 0.9 else '%'}" for name, value in pairs)
    body = random.choice(BODIES)
    headers = {"Host": "localhost", "Content-Type": "application/json", "X-Mock-Admin-Token": "Sesame"}
    headers |= dict(random.sample(HEADERS, random.randrange(3)))
    lines = [f"{method} {path}?{query} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "Connection: close", "", ""]).encode("latin-1") + body


async def status_of(server: Server, request: bytes) -> int:
    url = urlsplit(server.url)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(request)
    line = await reader.readline()
    writer.close()
    return int(line.split()[1])


@pytest.mark.parametrize(
    "settings",
    parameters([{}, {"office_per_key": True, "admin_token": "Sesame"}], quick=({},)),
    ids=["plain", "guarded"],
)
async def test_no_request_is_too_odd_for_the_admin_api(
    settings: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    random = Random(22)
    every = routes()
    async with serving(limit=120, **settings) as server:
        for number in range(some(400, least=len(every))):
            request = a_request(random, *every[number % len(every)])
            assert await status_of(server, request) < 500, request
    assert [record.getMessage() for record in caplog.records] == []
