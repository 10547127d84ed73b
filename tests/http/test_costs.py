"""Cost tests: responses to expensive requests, and the time that they take."""

import io
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from conftest import Client, MakeClient
from mockserver.messages import shown
from mockserver.suggestions import closest
from mockserver.web.mock import MOCK
from support.effort import parameters

HEADERS = {"Content-Type": "application/json", "Authorization": "ODFHIR Dev/Cust"}
# Each took 2.5 seconds or more. The limit is on CPU time, and generous, for a busy machine.
MAX_SECONDS = 1.5


def most(text: bytes, between: bytes = b",") -> bytes:
    """Return `text` repeated as often as a body may contain it."""
    return (text + between) * (16_000_000 // (len(text) + len(between))) + text


TOO_MUCH = {
    "arrays": lambda: b"[" + most(b"[]") + b"]",
    "arrays in a field": lambda: b'{"ClaimNum":[' + most(b"[]") + b"]}",
    "objects in an unknown field": lambda: b'{"x":[' + most(b"{}") + b"]}",
    "numbers in a field": lambda: b'{"ClaimNum":[' + most(b"1.5") + b"]}",
    "names": lambda: b"{" + b",".join(b'"k%d":1' % number for number in range(1_200_000)) + b"}",
    "one name": lambda: b"{" + most(b'"ClaimNum":15') + b"}",
}


async def post(client: Client, body: bytes, most_seconds: float = MAX_SECONDS) -> tuple[int, Any, str]:
    sent = io.BytesIO(body)
    before = time.process_time()
    response = await client.post("/api/v1/claimtrackings", data=sent, headers=HEADERS)
    answer = await response.json()
    assert time.process_time() - before < most_seconds
    return response.status, answer, response.headers.get("X-Mock-Hint", "")


@pytest.mark.parametrize("name", parameters(TOO_MUCH, quick=("arrays in a field", "numbers in a field")))
async def test_a_body_of_millions_of_values_is_refused_before_it_is_read(name: str, client: Client) -> None:
    expected = (400, "The request body is not valid JSON.", "more than 100,000 names and values")
    assert await post(client, TOO_MUCH[name]()) == expected


LONG: dict[str, tuple[Callable[[], bytes | str], int]] = {
    "a name": (lambda: b'{"ClaimNum":15,"' + b"n" * 16_000_000 + b'":1}', 201),
    "a note of characters beyond the basic plane": (
        lambda: "{" + f'"ClaimNum":15,"Note":"{"😀" * 8_000_000}"' + "}",
        201,
    ),
    "a note of brackets": (lambda: b'{"ClaimNum":15,"Note":"' + b"[" * 16_000_000 + b'"}', 201),
    "a note of escapes": (lambda: b'{"ClaimNum":15,"Note":"' + b'\\"' * 8_000_000 + b'"}', 201),
    "a text for a number": (lambda: '{"ClaimNum":["' + "\u20ac" * 5_000_000 + '"]}', 400),
    "numbers for a number": (lambda: b'{"ClaimNum":[' + b",".join([b"9" * 2_000] * 4_000) + b"]}", 400),
    "space": (lambda: b" " * 16_000_000, 400),
    "commas": (lambda: b"," * 16_000_000, 400),
    "quotes": (lambda: b'"' * 16_000_000, 400),
    "words": (lambda: b"a " * 8_000_000, 400),
    "escapes of half a character": (lambda: b'{"ClaimNum":15,"Note":"' + rb"\ud800" * 2_700_000 + b'"}', 201),
}


@pytest.mark.parametrize(
    "name", parameters(LONG, quick=("a name", "a note of escapes", "numbers for a number", "quotes"))
)
async def test_a_body_with_something_long_is_answered_soon(name: str, client: Client) -> None:
    make, status = LONG[name]
    body = make()
    raw = body if isinstance(body, bytes) else body.encode()
    assert (await post(client, raw))[0] == status


async def test_undocumented_fields_get_at_most_21_warnings(make_client: MakeClient) -> None:
    fields = {f"field{number}": number for number in range(45_000)} | {"ClaimNum": 15, "UserNum": 1, "x" * 70: 1}
    body = json.dumps(fields).encode()
    client = await make_client()
    assert (await post(client, body))[0] == 201
    exchange = list(client.app[MOCK].shared.journal)[-1]
    texts = [text for _, text in exchange.warnings]
    assert texts[:2] == ["UserNum cannot be set; it is ignored.", "field0 is not a documented field."]
    assert texts[-2:] == ["field19 is not a documented field.", "44,981 more fields are not documented."]
    assert len(texts) == 22
    assert exchange.rules.count("warning.undocumented-field") == 20


async def test_a_name_is_quoted_and_compared_as_far_as_it_is_short(client: Client) -> None:
    await post(client, json.dumps({"ClaimNum": 15, "ClaimNum" * 10: 1}).encode())
    exchange = list(client.app[MOCK].shared.journal)[-1]
    name = ("ClaimNum" * 10)[:57] + "..."
    assert [text for _, text in exchange.warnings] == [f"{name} is not a documented field."]
    assert closest("a" * 61, ["a" * 61]) is None
    assert closest("a" * 60, ["a" * 61]) == "a" * 61


async def test_undocumented_parameters_get_at_most_21_warnings(client: Client) -> None:
    query = "&".join(f"p{number}" for number in range(1_000))
    response = await client.get(f"/api/v1/claimtrackings?{query}", headers=HEADERS)
    assert (response.status, response.headers["X-Mock-Warnings"]) == (200, "21")
    exchange = list(client.app[MOCK].shared.journal)[-1]
    assert exchange.warnings[-1][1] == "980 more parameters are not documented."


@pytest.mark.thorough
async def test_a_page_of_10000_rows_in_the_longest_form_is_answered_soon(
    make_client: MakeClient, tmp_path: Any
) -> None:
    key = {"DeveloperKey": "Dev", "CustomerKey": "Cust", "Permissions": ["ReadAll", "Enterprise"]}
    file = tmp_path / "office.json"
    file.write_text(json.dumps({"claim": [1], "apikey": [key], "generate": {"claimtracking": {"rows": 10_000}}}))
    client = await make_client(str(file), mode="local")
    form = ("dMyHhmsftFzKgddMMyyHHhhmmssffttFFzzKKggdddMMMyyyfffFFFzzzdddMMMM" * 2)[:100]
    before = time.process_time()
    response = await client.get(f"/api/v1/claimtrackings?DateTimeFormatString={form}", headers=HEADERS)
    rows = await response.json()
    assert time.process_time() - before < 4 * MAX_SECONDS  # a form of 8 kB took 67 seconds
    assert (response.status, len(rows), len({row["DateTimeEntry"] for row in rows})) == (200, 10_000, 10_000)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("é😀\n", r'"\u00e9\ud83d\ude00\n"'),
        ({"a": [1, None, True, 1.5]}, '{"a": [1, null, true, 1.5]}'),
        ("a" * 58, f'"{"a" * 58}"'),
        ("a" * 59, f'"{"a" * 56}...'),
        ([0] * 9_000_000, ("[" + "0, " * 20)[:57] + "..."),
    ],
    ids=["text", "object", "short enough", "too long", "list"],
)
def test_a_value_is_shown_as_json_and_cut(value: object, text: str) -> None:
    assert shown(value) == text
