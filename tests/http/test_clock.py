"""Clock tests over HTTP: the ends of the calendar, frozen and running, with time zones ahead of and behind UTC."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from conftest import Client
from mockserver.office.rows import Claim, ClaimTracking
from mockserver.web.mock import MOCK

API = "/api/v1/claimtrackings"
FIRST, LAST = "0001-01-01 00:00:00", "9999-12-31 23:59:59"


@pytest.mark.parametrize("form", ["o", "U", "r", "zzz", "yyyy-MM-dd HH:mm:ss zz", "%y", "G"])
async def test_a_row_of_any_date_leaves_in_any_form(client: Client, zone: str, form: str) -> None:
    office = client.app[MOCK].shared.office
    office.claim.put(Claim(ClaimNum=77))
    moments = (FIRST, "0004-02-29 12:00:00", "1969-07-20 20:17:40", LAST)
    for number, moment in enumerate(moments, 1):
        office.claimtracking.put(ClaimTracking(ClaimTrackingNum=1000 + number, ClaimNum=77, DateTimeEntry=moment))
    answer = await client.get(API, params={"ClaimNum": "77", "DateTimeFormatString": form})
    assert answer.status == 200, await answer.text()
    assert len(await answer.json()) == len(moments)


@pytest.mark.parametrize("now", [FIRST, LAST])
async def test_an_office_at_an_end_of_the_calendar_answers(client: Client, zone: str, now: str) -> None:
    assert (await client.put("/__admin/clock", json={"now": now})).status == 200
    created = await client.post(API, json={"ClaimNum": 15})
    assert (created.status, (await created.json())["DateTimeEntry"]) == (201, now)
    assert (await client.get(API, params={"DateTimeFormatString": "zzz U"})).status == 200
    fixture = {"claim": [1], "claimtracking": [{"ClaimNum": 1, "DateTimeEntry": f"now{sign}1d"} for sign in "+-"]}
    assert (await client.put("/__admin/office", json=fixture)).status == 400
    assert (await (await client.get("/__admin/clock")).json())["now"] == now


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("sign", [1, -1])
async def test_a_clock_is_not_moved_out_of_the_calendar(client: Client, frozen: bool, sign: int) -> None:
    if not frozen:
        await client.put("/__admin/clock", json={"now": None})
    before: dict[str, Any] = {}
    refused = False
    for _ in range(100):  # at most a hundred years at a time
        before = await (await client.get("/__admin/clock")).json()
        answer = await client.put("/__admin/clock", json={"advance": sign * 3_155_760_000})
        refused = (answer.status, answer.content_type) == (400, "application/problem+json")
        if refused:
            break
        assert answer.status == 200
    assert refused
    after = await (await client.get("/__admin/clock")).json()
    moved = datetime.fromisoformat(after["now"]) - datetime.fromisoformat(before["now"])
    assert (after["frozen"], moved < timedelta(minutes=10)) == (frozen, True)
    assert (await client.get(API, params={"DateTimeFormatString": "U"})).status == 200


async def test_a_refused_time_changes_nothing(client: Client) -> None:
    before = await (await client.get("/__admin/clock")).json()
    answer = await client.put("/__admin/clock", json={"now": LAST, "advance": 60})
    assert answer.status == 400
    assert await (await client.get("/__admin/clock")).json() == before
