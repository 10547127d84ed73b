"""Selection tests of the admin API: the rows of a table, page by page and by values of columns."""

from typing import Any

import pytest

from conftest import Client, MakeClient
from mockserver.office.table import Table

OFFICE = "/__admin/office"


async def select(client: Client, query: str) -> tuple[list[Any], int]:
    response = await client.get(f"{OFFICE}/{query}")
    assert response.status == 200, await response.text()
    return await response.json(), int(response.headers["X-Total-Count"])


async def numbers(client: Client, query: str) -> list[int]:
    return [next(iter(row.values())) for row in (await select(client, query))[0]]


async def test_rows_come_page_by_page_in_the_order_of_the_table(client: Client) -> None:
    every, total = await select(client, "claimtracking")
    assert total == len(every) == 8
    pages = [await select(client, f"claimtracking?limit=3&offset={offset}") for offset in (0, 3, 6, 9)]
    assert [row for rows, _ in pages for row in rows] == every
    assert {total for _, total in pages} == {8}
    assert await select(client, "claimtracking?limit=0") == ([], 8)
    assert await select(client, "claimtracking?offset=7") == (every[7:], 8)


@pytest.mark.parametrize(
    ("query", "column"),
    [
        ("claimtracking?ClaimNum=3&ClaimNum=25", "ClaimNum"),  # an index
        ("claimtracking?ClaimTrackingNum=50&ClaimTrackingNum=34&ClaimTrackingNum=99", "ClaimTrackingNum"),  # the key
        ("claimtracking?TrackingDefNum=339&TrackingDefNum=345", "TrackingDefNum"),  # a reference
        ("claimtracking?TrackingDefNum=0", "TrackingDefNum"),  # a reference to no row
        ("claimtracking?TrackingType=ClaimUser", "TrackingType"),  # neither
        ("claimtracking?Note=Faxed%20the%20narrative.", "Note"),
        ("claimtracking?DateTimeEntry=2023-07-18%2009:01:12", "DateTimeEntry"),
        ("definition?IsHidden=true", "IsHidden"),
        ("claim?ClaimFee=0", "ClaimFee"),
    ],
)
async def test_columns_select_rows_in_the_order_of_the_table(client: Client, query: str, column: str) -> None:
    table, _, parameters = query.partition("?")
    wanted = [one.partition("=")[2].replace("%20", " ") for one in parameters.split("&")]
    values = {value.lower() for value in wanted} | {f"{value}.0" for value in wanted}
    expected = [row for row in (await select(client, table))[0] if str(row[column]).lower() in values]
    assert expected
    assert await select(client, query) == (expected, len(expected))
    assert await select(client, f"{query}&limit=1") == (expected[:1], len(expected))


async def test_several_columns_select_together(client: Client) -> None:
    assert await numbers(client, "claimtracking?ClaimNum=25&ClaimNum=3&TrackingType=ClaimUser") == [48, 49]
    assert await numbers(client, "claimtracking?ClaimNum=25&ClaimTrackingNum=49&ClaimTrackingNum=48") == [49]
    assert await numbers(client, "claimtracking?ClaimNum=99") == []


async def test_a_column_of_text_with_a_number_selects_by_its_number(make_client: MakeClient) -> None:
    client = await make_client("practice")
    assert await numbers(client, "commlog?CommType=271") == [1, 2]
    assert await numbers(client, "claimpayment?CheckAmt=480") == [52]
    assert await numbers(client, "procedurelog?ProcFee=110&limit=1") == [7002]


async def test_an_index_is_used(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def looks_at_all(_table: Table[Any]) -> None:
        raise AssertionError("all rows were looked at")

    monkeypatch.setattr(Table, "__iter__", looks_at_all)
    for query in ("ClaimNum=25", "ClaimTrackingNum=49", "TrackingDefNum=339"):
        assert await numbers(client, f"claimtracking?{query}")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("claim?limit=x", "limit must be a whole number from 0 to"),
        ("claim?offset=-1", "offset must be a whole number from 0 to"),
        ("claim?limit=1&limit=2", "limit is given more than once; give it once."),
        ("claim?PatNumm=1", "claim has no column 'PatNumm'; did you mean PatNum?"),
        ("claim?PatNum=x", "PatNum is a whole number, and not 'x'."),
        ("claim?PatNum=9223372036854775808", "PatNum is a whole number, and not '9223372036854775808'."),
        ("claim?ClaimFee=nan", "ClaimFee is a number like 250.0, and not 'nan'."),
        ("procedurelog?ProcFee=much", "ProcFee is a number like 250.0, and not 'much'."),
        ("claim?ClaimFee=", "ClaimFee is a number like 250.0, and not ''."),
        ("claim?ClaimStatus=X", "'X' is not a ClaimStatus; there are U, H, W, S, R, I."),
        ("claim?DateSent=today", "DateSent is a Date like 2023-07-20, and not 'today'."),
        ("definition?IsHidden=1", "IsHidden is true or false, and not '1'."),
        ("userod?userGroupNums=1", "userGroupNums has several values"),
        ("claims?limit=1", "'claims' is not a table of rows; did you mean claim?"),
    ],
)
async def test_what_cannot_be_selected_is_a_problem(client: Client, query: str, words: str) -> None:
    response = await client.get(f"{OFFICE}/{query}")
    assert response.status in (400, 404)
    assert words in (await response.json())["detail"]
