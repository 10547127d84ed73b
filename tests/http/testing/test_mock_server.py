"""Mock server tests: ready within its `with` block, gone after it, and controlled by its test."""

import asyncio
import gc
import json
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import aiohttp
import pytest

from conftest import NOW
from mockserver import AsyncMockServer, FixtureNotFound, MockServer
from mockserver.messages import listed
from mockserver.office.rows import Claim, ClaimTracking, DefCategory, Definition
from mockserver.resources.folder import shipped_folders
from mockserver.seeding.single_row import Row
from mockserver.web.server import CannotListen
from support.asking import answer, ask


def test_it_serves_inside_the_block_and_nothing_is_left_outside() -> None:
    before = threading.active_count()
    with MockServer(now=NOW) as server:
        assert ask(server)[0]["ClaimTrackingNum"] == 45
        url = server.url
    assert threading.active_count() == before
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url + "/claimtrackings", timeout=5)


def test_an_exception_in_the_block_leaves_nothing_either() -> None:
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError), MockServer():
        raise ZeroDivisionError
    assert threading.active_count() == before


@pytest.mark.thorough
def test_many_servers_in_a_row_leave_no_thread_and_no_socket() -> None:
    before = threading.active_count()
    for _ in range(50):
        with MockServer() as server:
            ask(server)
    gc.collect()
    assert threading.active_count() <= before  # of other tests, some may end meanwhile


def test_two_servers_at_once_are_two_offices() -> None:
    with MockServer() as one, MockServer() as other:
        ask(one, body={"ClaimNum": 15})
        assert len(one.office.claimtracking) == 9
        assert len(other.office.claimtracking) == 8


def test_used_port_raises_on_start() -> None:
    with MockServer() as server:
        port = int(server.url.split(":")[-1].split("/")[0])
        with pytest.raises(CannotListen), MockServer(port=port):
            pass


def test_missing_fixture_raises_in_the_constructor() -> None:
    with pytest.raises(FixtureNotFound):
        MockServer("nothing")


def test_a_server_is_used_once() -> None:
    server = MockServer()
    with server:
        pass
    with pytest.raises(RuntimeError), server:
        pass


def test_fixtures_are_given_by_position_or_by_name() -> None:
    for server in (MockServer("paging"), MockServer(fixtures="paging"), MockServer(fixtures=["default", "paging"])):
        assert len(server.office.claimtracking) > 100
    with pytest.raises(TypeError, match="not both"):
        MockServer("default", fixtures="paging")


def test_start_and_stop_do_what_the_block_does() -> None:
    before = threading.active_count()
    server = MockServer()
    server.stop()  # there is nothing to stop yet
    assert repr(server) == "<MockServer, not started>"
    assert server.start() is server
    assert repr(server) == f"<MockServer at {server.url}>"
    assert ask(server)[0]["ClaimTrackingNum"] == 45
    with pytest.raises(RuntimeError, match="was started before; make another"):
        server.start()
    server.stop()
    server.stop()
    assert threading.active_count() == before
    assert repr(server) == "<MockServer, stopped>"
    assert [one.status for one in server.requests] == [200]
    with pytest.raises(RuntimeError, match="was started before; make another"):
        server.start()


async def test_the_async_twin_starts_and_stops_too() -> None:
    server = AsyncMockServer()
    await server.stop()
    assert await server.start() is server
    assert repr(server) == f"<AsyncMockServer at {server.url}>"
    url = server.url + "/claimtrackings"
    async with aiohttp.ClientSession(headers=server.headers) as session, session.get(url) as answer:
        assert answer.status == 200
    with pytest.raises(RuntimeError, match="was started before; make another"):
        await server.start()
    await server.stop()
    await server.stop()
    assert repr(server) == "<AsyncMockServer, stopped>"


FORKED = """
import asyncio, os, sys, warnings
from mockserver import AsyncMockServer, MockServer

warnings.simplefilter("ignore", DeprecationWarning)  # of a fork beside threads, which is what this is about

def refused(use):
    try:
        use()
    except RuntimeError as error:
        return "was forked from" in str(error)
    return False

def run_in_child(server, others):
    child = os.fork()
    if child == 0:
        import urllib.request
        uses = [lambda: server.office.claimtracking, lambda: server.requests, lambda: server.clock.now, server.reset, *others]
        fine = [refused(use) for use in uses]
        fine.append(repr(server).endswith("/api/v1>"))
        print(fine, flush=True)
        if isinstance(server, MockServer):  # whose thread still serves in the parent
            with urllib.request.urlopen(server.url + "/claimtrackings", timeout=30) as answer:
                print(answer.status, flush=True)
        sys.exit(0)  # out of the block
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), len(server.office.claimtracking), flush=True)

async def on_a_loop():
    async with AsyncMockServer() as server:
        run_in_child(server, [lambda: server.stop().send(None)])

parent = os.getpid()
try:
    if sys.argv[1] == "thread":
        with MockServer(loop=sys.argv[2]) as server:
            run_in_child(server, [server.stop, server.start])
    else:
        asyncio.run(on_a_loop())
finally:
    if os.getpid() != parent:
        os._exit(0 if isinstance(sys.exc_info()[1], SystemExit) else 1)  # as multiprocessing does
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
@pytest.mark.parametrize(
    ("words", "lines"),
    [
        pytest.param(("thread", "asyncio"), [str([True] * 7), "200", "0 8"], marks=pytest.mark.thorough),
        (("thread", "auto"), [str([True] * 7), "200", "0 8"]),
        pytest.param(("loop",), [str([True] * 6), "0 8"], marks=pytest.mark.thorough),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_forked_process_gets_a_runtime_error(words: tuple[str, ...], lines: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FORKED, *words], capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert ended.stdout.splitlines() == lines, ended.stderr
    assert ended.returncode == 0


def test_rows_can_be_read_and_put_from_the_tests_thread() -> None:
    with MockServer(now=NOW) as server:
        server.office.put(Claim(ClaimNum=77))
        server.office.put(Definition(DefNum=900, Category=31))
        row = ClaimTracking(ClaimTrackingNum=60, ClaimNum=77, DateTimeEntry="2023-07-26 09:00:00", TrackingDefNum=900)
        server.office.put(row)
        assert server.office.claimtracking[0] == row
        assert [one["ClaimTrackingNum"] for one in ask(server, "/claimtrackings?ClaimNum=77")] == [60]
        assert Claim(ClaimNum=77) in server.office.claim
        assert server.office.definition[-1].DefNum == 900
        assert ask(server, body={"ClaimNum": 77})["ClaimTrackingNum"] == 61


def test_clock_preferences_faults_journal_and_coverage_are_at_hand() -> None:
    with MockServer(now=NOW) as server:
        server.clock.advance(60)
        assert server.clock.now == "2023-07-26 09:48:10"
        server.clock.freeze("2024-01-01 00:00:00")
        assert ask(server, body={"ClaimNum": 15})["DateTimeEntry"] == "2024-01-01 00:00:00"
        server.clock.run()
        assert server.clock.now > "2026"
        assert len(server.preferences) == 1
        assert dict(server.preferences) == {"ClaimTrackingStatusExcludesNone": False}
        server.preferences["ClaimTrackingStatusExcludesNone"] = True
        assert answer(server, body={"ClaimNum": 15})[0] == 400
        server.fault(name="gateway-timeout")
        assert answer(server)[0] == 504
        assert [(one.method, one.status) for one in server.requests] == [("POST", 201), ("POST", 400), ("GET", 504)]
        assert server.contract.met > 5
        server.reset()
        assert server.requests == []
        assert server.clock.now == NOW
        assert len(server.office.claimtracking) == 8


def test_invalid_arguments_are_refused_with_a_remedy() -> None:
    with MockServer() as server:
        with pytest.raises(ValueError, match="throttled"):
            server.fault(name="trottled")
        with pytest.raises(KeyError, match="ClaimTrackingStatusExcludesNone"):
            server.preferences["ClaimTrackingStatusExcludesnone"] = True
        with pytest.raises(ValueError, match='must be true or false, and is "1"'):
            server.preferences["ClaimTrackingStatusExcludesNone"] = "1"
        with pytest.raises(TypeError):
            del server.preferences["ClaimTrackingStatusExcludesNone"]
        with pytest.raises(ValueError, match="yyyy-MM-dd HH:mm:ss"):
            server.clock.freeze("noon")
        for seconds, words in (
            (1e300, "3155760000 or less"), ("60", "must be a number"), (True, "must be a number"), (float("nan"), "must be a number"),
        ):  # fmt: skip
            with pytest.raises(ValueError, match=words):
                server.clock.advance(seconds)  # type: ignore[arg-type]


def test_the_clock_takes_datetimes_and_keeps_its_time_when_it_cannot_move() -> None:
    server = MockServer(now=datetime(2023, 7, 26, 9, 47, 10, 999))
    assert server.clock.now == NOW
    server.clock.freeze(datetime(2024, 2, 29, 23, 59, 59, 999_999))
    assert server.clock.now == "2024-02-29 23:59:59"
    instant = datetime(2024, 1, 1, 12, tzinfo=timezone(timedelta(hours=5)))
    server.clock.freeze(instant)
    assert server.clock.now == instant.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    with pytest.raises(ValueError, match="out of the calendar"):
        server.clock.freeze(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=23, minutes=59))))
    with pytest.raises(TypeError, match="nor a datetime"):
        server.clock.freeze(instant.date())  # type: ignore[arg-type]
    server.clock.freeze("9999-12-31 23:59:59")
    with pytest.raises(ValueError, match="there is no time"):
        server.clock.advance(1)
    assert server.clock.now == "9999-12-31 23:59:59"


TRACKING = ClaimTracking(ClaimTrackingNum=60, ClaimNum=15, DateTimeEntry="2023-07-26 09:00:00")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        pytest.param(Claim(ClaimNum=0), "claim[0].ClaimNum must be 1 or more, and is 0", id="claim"),
        pytest.param(Claim(ClaimNum=1, ClaimStatus="s"),
                     'claim[0].ClaimStatus must be one of U, H, W, S, R, I, and is "s"; did you mean S?', id="status"),
        pytest.param(Definition(DefNum=1, Category=31, ItemName=None),  # type: ignore[arg-type]
                     'definition[0].ItemName must be text, and is null; "" is empty text', id="definition"),
        pytest.param(replace(TRACKING, ClaimTrackingNum=0, DateTimeEntry="yesterday"),
                     "claimtracking[0].ClaimTrackingNum must be 1 or more, and is 0\n"
                     "claimtracking[0].DateTimeEntry must have the form of 2023-07-20 14:05:45 or now-3d, and is"
                     ' "yesterday"', id="everything at once"),
        pytest.param(replace(TRACKING, DateTimeEntry=datetime(2023, 7, 26)),  # type: ignore[arg-type]
                     'claimtracking[0].DateTimeEntry must be text, and is "2023-07-26 00:00:00"', id="only Python has it"),
        pytest.param(replace(TRACKING, DateTimeEntry="2023-02-30 00:00:00"),
                     'claimtracking[0].DateTimeEntry must be a day of the calendar, and is "2023-02-30 00:00:00"',
                     id="no such day"),
        pytest.param(replace(TRACKING, ClaimNum=9),
                     "claimtracking[0].ClaimNum 9 is not a claim of this office; claims are 1, 3, 15, 19, 25", id="no claim"),
        pytest.param(replace(TRACKING, TrackingDefNum=340),
                     "claimtracking[0].TrackingDefNum 340 is of category 43; did you mean TrackingErrorDefNum? Of category"
                     " 31 are 339 (Information needed), 341 (Resubmitted), 342 (Faxed to carrier), 345 (Denied)",
                     id="another category"),
        pytest.param(Definition(DefNum=345, Category=43),
                     "definition[0].Category must be 31, and is 43; trackings that name it as TrackingDefNum are 45",
                     id="trackings name it"),
    ],
)  # fmt: skip
def test_invalid_row_has_the_errors_of_a_fixture_and_changes_nothing(row: Row, words: str) -> None:
    server = MockServer(now=NOW)
    before = server.office.claim, server.office.definition, server.office.claimtracking
    with pytest.raises(ValueError, match=re.escape(words) + "$"):
        server.office.put(row)
    assert (server.office.claim, server.office.definition, server.office.claimtracking) == before


def test_only_a_row_can_be_put() -> None:
    with pytest.raises(TypeError, match=r"office\.put takes a ClaimTracking, Claim or Definition .* type dict"):
        MockServer().office.put({"ClaimNum": 15})  # type: ignore[call-overload]


def test_a_row_is_stored_as_one_of_a_fixture_is() -> None:
    server = MockServer(now=NOW)
    server.office.put(Definition(DefNum=900, Category=DefCategory.CLAIM_ERROR_CODE, ItemName="\U0001f9b7"))
    server.office.put(Definition(DefNum=900, Category=43, ItemName="E-900"))  # the category stays
    server.office.put(Definition(DefNum=900, Category=50))  # nothing names it
    server.office.put(replace(TRACKING, DateTimeEntry="now-3d", TrackingDefNum=345, TrackingErrorDefNum=343))
    assert server.office.definition[-1] == Definition(DefNum=900, Category=50)
    assert server.office.claimtracking[0].DateTimeEntry == "2023-07-23 09:47:10"


async def test_the_async_twin_serves_on_the_callers_loop() -> None:
    async with AsyncMockServer(now=NOW) as server, aiohttp.ClientSession(headers=server.headers) as session:
        async with session.post(server.url + "/claimtrackings", json={"ClaimNum": 15}) as answer:
            assert answer.status == 201
        server.fault(operation="claimtrackings/list", then="status", status=503, explanation="Down.")
        async with session.get(server.url + "/claimtrackings") as answer:
            assert answer.status == 503
        assert [one.status for one in server.requests] == [201, 503]


async def test_keys_have_offices_of_their_own_and_none_sees_anothers_rows() -> None:
    async with AsyncMockServer(office_per_key=True) as server, aiohttp.ClientSession() as session:

        async def use(key: str, times: int) -> None:
            headers = {"Authorization": f"ODFHIR Dev/{key}"}
            for count in range(times):
                body = {"ClaimNum": 15, "Note": key}
                async with session.post(server.url + "/claimtrackings", json=body, headers=headers) as answer:
                    assert (await answer.json())["ClaimTrackingNum"] == 52 + count
                url = server.url + "/claimtrackings?ClaimNum=15"
                async with session.get(url, headers=headers) as answer:
                    rows = await answer.json()
                assert [row["Note"] for row in rows] == [key] * (count + 1)

        await asyncio.gather(*(use(f"key{number}", 5 + number % 3) for number in range(20)))
        admin = server.url.removesuffix("/api/v1") + "/__admin"
        async with session.get(f"{admin}/requests?office=key3&limit=1000") as answer:
            assert (await answer.json())["total"] == 2 * (5 + 3 % 3)
        async with session.post(f"{admin}/reset?office=key3") as answer:
            assert answer.status == 200
        async with session.get(f"{admin}/health?office=key3") as answer:
            assert (await answer.json())["claimtrackings"] == 8
        async with session.get(f"{admin}/health?office=key4") as answer:
            assert (await answer.json())["claimtrackings"] > 8
        assert len(server.office.claimtracking) == 8


async def test_an_office_can_be_named_only_where_each_key_has_one() -> None:
    async with AsyncMockServer() as server, aiohttp.ClientSession() as session:
        url = server.url.removesuffix("/api/v1") + "/__admin/health?office=key"
        async with session.get(url) as answer:
            assert answer.status == 400
            assert "--office-per-key" in (await answer.json())["detail"]


def test_a_preference_that_a_test_sets_is_listed() -> None:
    with MockServer() as server:
        server.preferences["RecallDaysPast"] = 365
        assert ask(server, path="/preferences?PrefName=RecallDaysPast") == [
            {"PrefNum": 15, "PrefName": "RecallDaysPast", "ValueString": "365"}
        ]
        with pytest.raises(KeyError, match="office: version"):
            server.preferences["ProgramVersion"] = "24.1"
        with pytest.raises(ValueError, match="must be text or a whole number or true or false"):
            server.preferences["RecallDaysPast"] = [365]  # type: ignore[assignment]


def test_a_claim_has_the_name_that_its_status_has_now() -> None:
    with MockServer() as server:
        server.office.put(Claim(ClaimNum=15, CustomTracking=345))
        assert ask(server, path="/claims/15")["customTracking"] == "Denied"
        server.office.put(Definition(DefNum=345, Category=DefCategory.CLAIM_CUSTOM_TRACKING, ItemName="Refused"))
        assert ask(server, path="/claims/15")["customTracking"] == "Refused"
        with pytest.raises(ValueError, match="CustomTracking 340 is of category 43"):
            server.office.put(Claim(ClaimNum=15, CustomTracking=340))
        with pytest.raises(ValueError, match="ClaimStatus must be"):
            server.office.put(Claim(ClaimNum=15, ClaimStatus="Sent"))
        assert ask(server, path="/claims/15")["customTracking"] == "Refused"


def test_headers_have_a_key_that_the_office_accepts() -> None:
    with MockServer("keys") as server:
        assert server.headers["Authorization"] == "ODFHIR MockDeveloperKey/FrontDesk"
        assert ask(server, body={"ClaimNum": 15})["ClaimNum"] == 15
    assert MockServer().headers["Authorization"] == "ODFHIR MockDeveloperKey/MockCustomerKey"


def test_the_admin_url_is_where_the_admin_api_is() -> None:
    with MockServer("keys") as server, urllib.request.urlopen(server.admin_url + "/keys", timeout=30) as answer:
        assert json.load(answer) == {"DeveloperKey": "MockDeveloperKey", "CustomerKey": "FrontDesk"}
    with pytest.raises(RuntimeError, match="no admin API, since it was made with admin=False"):
        MockServer(admin=False).admin_url  # noqa: B018


def test_a_row_can_be_put_by_its_columns() -> None:
    with MockServer(now=NOW) as server:
        claim = server.office.put("claim", ClaimNum=78, DateService="now-1d")
        assert claim.DateService == "2023-07-25"
        assert server.office.put("claim", ClaimNum=77, ClaimFee=250) == Claim(
            ClaimNum=77, ClaimFee=250.0, SecDateTEdit=NOW
        )
        server.office.put("definition", DefNum=900, Category=DefCategory.CLAIM_CUSTOM_TRACKING, ItemName="Lost")
        row = server.office.put("claimtracking", ClaimNum=77, TrackingDefNum=900)
        assert row == ClaimTracking(ClaimTrackingNum=52, ClaimNum=77, DateTimeEntry=NOW, TrackingDefNum=900)
        assert [one["ClaimTrackingNum"] for one in ask(server, "/claimtrackings?ClaimNum=77")] == [52]
        changed = server.office.put(replace(row, Note="Found.", DateTimeEntry="now-1d"))
        assert (changed.Note, changed.DateTimeEntry) == ("Found.", "2023-07-25 09:47:10")
        assert ask(server, body={"ClaimNum": 77})["ClaimTrackingNum"] == 53


@pytest.mark.parametrize(
    ("table", "columns", "words"),
    [
        ("claim", {"ClaimNumm": 15}, "claim[0].ClaimNum is missing; every row has it: a whole number of 1 or more\n"
                                     "claim[0].ClaimNumm is not known; did you mean ClaimNum?"),
        ("claim", {"ClaimNum": "15"}, 'claim[0].ClaimNum must be a whole number, and is "15"; leave out the quotes'),
        ("claimtracking", {"ClaimNum": 9}, "claimtracking[0].ClaimNum 9 is not a claim of this office; claims are 1, 3, 15, 19, 25"),
        ("claimtracking", {"ClaimNum": 15, "DateTimeEntry": "now - 3d"},
         'claimtracking[0].DateTimeEntry must have the form of 2023-07-20 14:05:45 or now-3d, and is "now - 3d"; did you mean now-3d?'),
        ("clam", {"ClaimNum": 15}, "'clam' is not a table of rows; did you mean claim?"),
        ("apikey", {}, f"'apikey' is not a table of rows; there are {listed(shipped_folders().tables())}."),
    ],
)  # fmt: skip
def test_columns_have_the_errors_of_a_fixture_and_change_nothing(
    table: Any, columns: dict[str, Any], words: str
) -> None:
    server = MockServer(now=NOW)
    before = server.office.claim, server.office.claimtracking
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        server.office.put(table, **columns)
    assert (server.office.claim, server.office.claimtracking) == before


def test_a_row_can_name_itself() -> None:
    with MockServer("practice") as server:
        assert server.office.put("patient", PatNum=999, LName="Doe", Guarantor=999).Guarantor == 999
        with pytest.raises(ValueError, match=r"^patient\[0\]\.Guarantor 998 is not a patient of this office; "):
            server.office.put("patient", PatNum=999, LName="Doe", Guarantor=998)
        server.office.put("patient", PatNum=998, LName="Doe", Guarantor=999)
        with pytest.raises(
            ValueError, match=r"^patient 999 cannot be deleted; patients that name it as Guarantor are 998$"
        ):
            server.office.delete("patient", 999)
        server.office.delete("patient", 998)
        server.office.delete("patient", 999)


def test_row_and_columns_together_are_refused() -> None:
    with pytest.raises(TypeError, match="takes a Claim, or the name of a table with columns, not both"):
        MockServer().office.put(Claim(ClaimNum=1), ClaimStatus="S")  # type: ignore[call-overload]


def test_no_row_without_a_number_follows_the_highest_number_there_is() -> None:
    server = MockServer(now=NOW)
    server.office.put("claimtracking", ClaimTrackingNum=2**63 - 1, ClaimNum=15)
    with pytest.raises(ValueError, match=r"claimtracking\[0\] has no ClaimTrackingNum left: 9223372036854775807 was"):
        server.office.put("claimtracking", ClaimNum=15)
    server.office.put("claimtracking", ClaimTrackingNum=60, ClaimNum=15)


def test_deleted_rows_are_gone_and_their_numbers_are_not_used_again() -> None:
    with MockServer(now=NOW) as server:
        row = ask(server, body={"ClaimNum": 15})
        assert row["ClaimTrackingNum"] == 52
        ask(server, "/claimtrackings?ClaimNum=15")  # a page that is kept until the table changes
        server.office.delete(server.office.claimtracking[0])
        server.office.delete("claimtracking", 45)
        assert ask(server, "/claimtrackings?ClaimNum=15") == []
        assert {52, 45}.isdisjoint(one.ClaimTrackingNum for one in server.office.claimtracking)
        assert ask(server, body={"ClaimNum": 15})["ClaimTrackingNum"] == 53
        server.office.delete("definition", server.office.put("definition", DefNum=900, Category=31).DefNum)
        server.office.delete(server.office.put("claim", ClaimNum=77))
        assert answer(server, "/claims/77")[0] == 404
        server.reset()
        assert server.office.claimtracking[0].ClaimTrackingNum == 45
        assert ask(server, body={"ClaimNum": 15})["ClaimTrackingNum"] == 52


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (("claim", 3), "claim 3 cannot be deleted; trackings that name it as ClaimNum are 48, 46"),
        ((Claim(ClaimNum=3),), "claim 3 cannot be deleted; trackings that name it as ClaimNum are 48, 46"),
        (("definition", 345), "definition 345 cannot be deleted; trackings that name it as TrackingDefNum are 45; "
                              "claims that name it as CustomTracking are 19"),
        (("definition", 351), "351 is not a definition of this office; did you mean 341?"),
        (("claim", 1000), "1000 is not a claim of this office; there are 1, 3, 15, 19, 25."),
        (("claim", "15"), "'15' is not a claim of this office; there are 1, 3, 15, 19, 25."),
        (("claim", True), "True is not a claim of this office; there are 1, 3, 15, 19, 25."),
        (("claims", 15), "'claims' is not a table of rows; did you mean claim?"),
    ],
)  # fmt: skip
def test_row_that_cannot_be_deleted_stays_and_the_message_says_why(what: Any, words: str) -> None:
    server = MockServer(now=NOW)
    server.office.put("claim", ClaimNum=19, CustomTracking=345)
    before = server.office.claim, server.office.definition
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        server.office.delete(*what)
    assert (server.office.claim, server.office.definition) == before


@pytest.mark.parametrize("what", [("claim",), (Claim(ClaimNum=1), 1), (15,), (None, 1)], ids=str)
def test_delete_takes_a_row_or_a_table_and_a_number(what: Any) -> None:
    with pytest.raises(TypeError, match=r"office\.delete takes a "):
        MockServer().office.delete(*what)


def test_category_of_a_definition_stays_while_a_claim_names_it() -> None:
    server = MockServer("empty")
    server.office.put("definition", DefNum=900, Category=31)
    server.office.put("claim", ClaimNum=77, CustomTracking=900)
    with pytest.raises(ValueError, match="must be 31, and is 43; claims that name it as CustomTracking are 77"):
        server.office.put("definition", DefNum=900, Category=43)


def test_snapshot_restores_the_office_and_keeps_journal_and_faults() -> None:
    with MockServer(now=NOW) as server:
        ask(server, body={"ClaimNum": 15})
        saved = server.snapshot()
        for _ in range(2):
            ask(server, body={"ClaimNum": 15})
            server.preferences["ClaimTrackingStatusExcludesNone"] = True
            server.clock.advance(60)
            saved.restore()
            assert [one.ClaimTrackingNum for one in server.office.claimtracking][:2] == [52, 45]
            assert server.preferences["ClaimTrackingStatusExcludesNone"] is False
            assert server.clock.now == NOW
        assert len(server.requests) == 3
        assert ask(server, body={"ClaimNum": 15})["ClaimTrackingNum"] == 53


def test_office_of_a_key_is_read_changed_and_restored_alone() -> None:
    with MockServer(now=NOW, office_per_key=True) as server:
        mine, others = server.office_of("A"), server.office_of("B")
        saved = mine.snapshot()
        mine.put("claim", ClaimNum=77)
        assert ask(server, body={"ClaimNum": 77}, key="A")["ClaimTrackingNum"] == 52
        assert mine.claimtracking[0].ClaimNum == 77
        assert len(others.claimtracking) == len(server.office.claimtracking) == 8
        saved.restore()
        assert len(mine.claimtracking) == 8
        assert 77 not in [one.ClaimNum for one in mine.claim]


def test_office_of_a_key_needs_an_office_for_each_key() -> None:
    with pytest.raises(ValueError, match="there is one office for all keys; make the server with office_per_key=True"):
        MockServer().office_of("A")
    server = MockServer("keys", office_per_key=True)
    assert len(server.office_of("FrontDesk").claimtracking) == 8
    with pytest.raises(ValueError, match="'A' is not a customer key of the fixture"):
        server.office_of("A")
