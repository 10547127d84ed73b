"""Tests of bugs in the mock: errors are reported in the form of the requested API, with details in the log."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.typedefs import Handler

from conftest import NOW, MakeClient
from mockserver import create_app
from mockserver.api.datetime_encoder import DateTimeEncoder
from mockserver.api.dispatcher import BROKEN
from mockserver.api.operation import Call
from mockserver.contract.contract import load_contract, shipped_contract
from mockserver.errors import ContractBroken
from mockserver.journal.log_format import FORMATS
from mockserver.office.clock import Clock
from mockserver.office.office import Office
from mockserver.office.pages import Record
from mockserver.office.rows import Claim, ClaimTracking
from mockserver.office.tables import TableSpec
from mockserver.web.server import Server


class StoppedClock(Clock):
    """A clock that cannot be read."""

    @property
    def frozen(self) -> bool:
        """Fail."""
        raise RuntimeError("the clock is broken")


def encode(row: ClaimTracking) -> bytes:
    """Refuse the row, as if the code and the schema did not agree."""
    raise ContractBroken(f"claimtrackings/row: {row.ClaimNum} is not what the schema says")


def encoder_of(spec: TableSpec) -> Callable[..., bytes]:
    """Return the encoder of a table: of trackings, one that refuses every row."""
    return encode if spec.name == "claimtracking" else shipped_contract().encoder_of(spec)


def broken_office(**given: Any) -> Office:
    """Return an office that cannot encode a tracking."""
    return Office(specs=shipped_contract().tables, encoder_of=encoder_of, **given)


async def test_a_row_that_does_not_fit_its_schema_is_500_and_is_not_kept(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    office = broken_office(rows={"claim": [Claim(ClaimNum=15)]})
    client = await make_client(office=office, now=None)
    answer = await client.post("/api/v1/claimtrackings", json={"ClaimNum": 15})
    assert (answer.status, await answer.json()) == (500, BROKEN)
    assert answer.headers["X-Mock-Request-Id"] == "1"
    assert "15 is not what the schema says" in caplog.text
    exchange = (await (await client.get("/__admin/requests")).json())["requests"][0]
    assert (exchange["response"]["status"], exchange["explanation"]) == (500, BROKEN)
    assert len(office.claimtracking) == 0


def test_invalid_row_is_never_sent_and_each_column_is_reported() -> None:
    row = ClaimTracking(ClaimTrackingNum=1, ClaimNum=15, DateTimeEntry="yesterday", TrackingType="Nonsense")
    with pytest.raises(ContractBroken, match=r"claimtrackings/row.*TrackingType.*DateTimeEntry|DateTimeEntry.*Type"):
        shipped_contract().encoder("claimtrackings/row")(row)


def test_a_schema_that_refuses_without_a_rule_is_the_mocks_own_bug(tmp_path: Path) -> None:
    (tmp_path / "closed.json").write_text('{"type": "object", "additionalProperties": false}', encoding="utf-8")
    with pytest.raises(ContractBroken, match="closed refuses a value that it has no rule for"):
        load_contract(tmp_path).schemas["closed"].check({"open": True})


async def test_an_admin_request_that_fails_is_a_problem_of_500(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    client = await make_client(office=broken_office(clock=StoppedClock()), now=None)
    answer = await client.get("/__admin/clock")
    assert answer.status == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "this is a bug in opendental-mock" in (await answer.json())["detail"]
    assert "the clock is broken" in caplog.text


@web.middleware
async def counting(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Fail before the mock's own handler, or after it."""
    if "after" in request.query:
        await handler(request)
    return json.loads("{")  # type: ignore[no-any-return]


@pytest.mark.parametrize("how", [0, 1], ids=["outside", "inside"])
async def test_an_error_in_added_middleware_is_not_the_mocks_own(how: int, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(now=NOW)
    app.middlewares.insert(how, counting)
    async with Server(app, port=0) as server, ClientSession() as session:
        root = server.url.removesuffix("/api/v1")
        for path in ("/api/v1/claims", "/api/v1/claims?after=1", "/__admin/health", "/__admin/health?after=1"):
            async with session.get(root + path) as answer:
                text = await answer.text()
            assert answer.status == 500
            assert "JSONDecodeError in counting, test_own_bugs.py line" in text
            assert "code that was added to the app, not part of opendental-mock" in text
            assert "a bug" not in text
    assert "line 1 column 2 (char 1)" in caplog.text


async def test_an_error_of_the_mock_is_its_own_below_added_middleware() -> None:
    app = create_app(office=broken_office(clock=StoppedClock()))
    app.middlewares.append(counting)
    async with (
        Server(app, port=0) as server, ClientSession(server.url.removesuffix("/api/v1")) as session,
        session.get("/__admin/clock?after=1") as answer,
    ):  # fmt: skip
        assert "this is a bug in opendental-mock" in (await answer.json())["detail"]


@pytest.mark.parametrize("form", FORMATS)
def test_the_log_has_the_traceback_in_either_form(form: str) -> None:
    error = LookupError("gone")
    record = logging.LogRecord(
        "mockserver", logging.ERROR, __file__, 1, "it broke", (), (type(error), error, error.__traceback__)
    )
    line = FORMATS[form]().format(record)
    if form == "json":
        event: dict[str, Any] = json.loads(line)
        assert event["event"] == "it broke"
        line = event["traceback"]
    assert line.splitlines()[-1] == "LookupError: gone"


def test_a_row_that_does_not_fit_its_schema_leaves_in_no_other_form() -> None:
    encoder = DateTimeEncoder(shipped_contract(), "claimtrackings/row")
    record = Record("", 1, None, b'{"ClaimNum": 0, "DateTimeEntry": "2023-07-26 09:47:10"}')
    with pytest.raises(ContractBroken, match="does not fit with the DateTimes 'o'"):
        encoder.encoder("o", Clock(), Call())(record)
